"""Mirrors: the partner's copy kept in the partner's own tools, from the copy alone."""
