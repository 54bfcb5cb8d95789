"""Lists of items: what somebody asks for, and the rows. Pages, command line and API share it."""

from syncd.trackers.listing.filters import Filters
from syncd.trackers.listing.listing import SIZE, Page, Row, changed_last, every, ids, rows

__all__ = ["SIZE", "Filters", "Page", "Row", "changed_last", "every", "ids", "rows"]
