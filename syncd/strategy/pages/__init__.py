"""Pages about goals and alignment."""
