"""Writes the copy: the only code that does. Each function may run again after a crash and changes nothing then."""
