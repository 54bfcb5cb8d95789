"""``/messages/``: what somebody is told, and how that ends; for operators also what did not arrive."""
