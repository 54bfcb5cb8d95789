"""``/partners/``: what our own people see of each partner, and do about it."""
