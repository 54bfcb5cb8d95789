"""syncd: the background service that keeps the work honest to the strategy."""

__version__ = "0.1.0"
