"""The review queue: which flags somebody asks for, and what a row of it shows. Pages, API and command line share it.

    a query string → ``filters`` → ``finding`` (which flags) → ``listing`` (a page of them), ``counting`` (how many)

What is asked for is a value, :class:`Filters`, and the query string of an address says the same: whoever has the address
sees the same list. Ages are relative and stay so.
"""

from syncd.review.queue.counting import Count, counts
from syncd.review.queue.filters import (
    AUTO,
    CHOICES,
    DECIDED,
    LONGEST_AGE,
    REVIEW,
    SEVERITIES,
    SNOOZED,
    SORTS,
    TABS,
    USUAL,
    Filters,
)
from syncd.review.queue.finding import matching
from syncd.review.queue.listing import Row, rows, shown, suggested_for

__all__ = [
    "AUTO",
    "CHOICES",
    "DECIDED",
    "LONGEST_AGE",
    "REVIEW",
    "SEVERITIES",
    "SNOOZED",
    "SORTS",
    "TABS",
    "USUAL",
    "Count",
    "Filters",
    "Row",
    "counts",
    "matching",
    "rows",
    "shown",
    "suggested_for",
]
