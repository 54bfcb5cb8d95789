"""Search over items and goals: what is read of them, and how it is found again."""

from syncd.trackers.search.finding import Found, Hit, find
from syncd.trackers.search.indexing import Indexed, index

__all__ = ["Found", "Hit", "Indexed", "find", "index"]
