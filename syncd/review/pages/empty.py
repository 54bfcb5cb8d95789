"""Why the list is empty, honestly: never "all done" while syncd does not know."""

from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlencode

from django.urls import NoReverseMatch, reverse

from syncd.review.pages.address import Address, with_query
from syncd.review.queue import AUTO, DECIDED, REVIEW, SNOOZED, Filters
from syncd.trackers.models import Stream, Tracker
from syncd.web.words import ago


@dataclass(frozen=True, slots=True)
class Empty:
    """As ``web/parts/empty.html`` shows it. ``state``: ``clear``, ``none_match``, ``end``, ``no_tracker``, ``failing``,
    ``looked``, ``filling`` or ``nothing``."""

    state: str
    glyph: str
    title: str
    says: str
    tone: str = ""
    command: str = ""
    route: str = ""
    word: str = ""
    query: str = ""

    @property
    def url(self) -> str:
        """Where it leads on; empty while there is no such page."""
        try:
            return with_query(reverse(self.route), self.query) if self.route else ""
        except NoReverseMatch:
            return ""


NOTHING = {
    SNOOZED: ("alarm-clock", "Nothing is snoozed", "What somebody puts off waits here, the longest first."),
    DECIDED: ("gavel", "Nothing is decided yet", "Every decision stands here for ever, with the way back."),
    AUTO: ("bot", "Nothing was handled by itself", "What syncd resolves, holds back or doubts is listed here."),
}


def empty(address: Address, now: datetime, looked: int = 0) -> Empty:
    """Of a list without rows; at most three queries.

    :param looked: flags that were looked at, where there are more
    """
    filters = address.filters
    trackers = list(Tracker.objects.filter(active=True))
    if not trackers:
        says = "What syncd.yaml names is here once the worker has begun. Whether all of it can be read:"
        return Empty("no_tracker", "plug", "No tracker is connected", says, command="syncd check")
    if error := _failing():
        return Empty(
            "failing", "circle-alert", "The trackers cannot be read", f"{error}. What the queue would hold is not known.",
            "bad", "syncd check", "status", "See the trackers",
        )  # fmt: skip
    if looked:
        return _further(filters, looked)
    if address.after:
        says, back = "The queue was looked through to its end.", "From the beginning"
        return Empty("end", "search-x", "No further flag matches", says, route="review", word=back, query=filters.query)
    if filters.narrowing:
        says = "Take away one of the filters above, or all of them."
        return Empty("none_match", "search-x", "No flag matches", says)
    if filters.tab != REVIEW:
        return Empty("nothing", *NOTHING[filters.tab])
    return _clear(now)


def _further(filters: Filters, looked: int) -> Empty:
    says = f"{looked:,} flags were looked at for this page: go on, or take away a filter."
    found = Empty("looked", "telescope", "None among those looked at", says)
    if not filters.q:
        return found
    return replace(found, route="search", query=urlencode({"q": filters.q}), word="Search all items for it")


def _failing() -> str:
    """What is wrong, in words; empty while every stream is read."""
    broken = Tracker.objects.filter(active=True, broken_since__isnull=False).order_by("broken_since").first()
    if broken:
        return f"{broken.name}: {broken.error or 'it does not answer'}"
    streams = Stream.objects.filter(active=True, tracker__active=True, broken_since__isnull=False)
    stream = streams.select_related("tracker").order_by("broken_since").first()
    return f"{stream}: {stream.error or 'it cannot be read'}" if stream else ""


def _clear(now: datetime) -> Empty:
    streams = Stream.objects.filter(active=True, tracker__active=True).order_by("last_success_at")
    read = list(streams.values_list("last_success_at", flat=True))
    known = [when for when in read if when]
    if len(known) < len(read) or not read:
        says = "What is found comes here as it is read."
        return Empty("filling", "hourglass", "The first sync is under way", says)
    says = f"Everything read {ago(min(known), now)} serves a goal, is exempt, or was decided."
    return Empty("clear", "circle-check", "The queue is clear", says, "good", route="goals", word="See the goals")
