"""The queue, what can be done about a flag, and why it is one: the pages of the review."""
