"""Due dates and commitments as an iCalendar file (RFC 5545): a day each, without alarms."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from django.urls import reverse
from icalendar import Calendar, Event

from syncd.partners.feeds.entries import absolute, printable
from syncd.partners.models import OURS, Commitment, Item, Partner
from syncd.partners.pages import periods
from syncd.partners.pages.telling import UNTITLED

MOST = 1_000
"""Items with a date that are told, the latest dates first."""


def written(partner: Partner) -> bytes:
    """The same copy gives the same bytes: the stamp of an event is the day on which the partner last saw it change."""
    calendar = Calendar()
    calendar.add("prodid", "-//syncd//partner calendar//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", f"{partner.company} and {partner.name}")
    calendar.add("refresh-interval", timedelta(hours=1), parameters={"VALUE": "DURATION"})
    for event in (*_items(partner), *_commitments(partner)):
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _items(partner: Partner) -> Iterator[Event]:
    rows = Item.objects.filter(partner=partner, when__gt="").order_by("-when", "id")[:MOST]
    for item in rows:
        day = periods.last_day(item.when)
        if day is None:
            continue
        exact = item.when == day.isoformat()
        title = item.title or UNTITLED
        summary = title if exact else f"{title} (by the end of {periods.words(item.when)})"
        about = f"State: {item.status}" if item.status else ""
        yield _event(item.id, day, summary, about, absolute(reverse("item", args=[item.id])), item.changed_on)


def _commitments(partner: Partner) -> Iterator[Event]:
    rows = Commitment.objects.filter(partner=partner).exclude(stage=Commitment.REMOVED)
    for row in rows.order_by("by", "id"):
        owes = partner.company if row.who == OURS else partner.name
        about = f"Success: {row.success}" + (f"\nState: {row.state}" if row.state else "")
        stamp = max(filter(None, (row.ours_on, row.theirs_on)), default=row.by)
        url = absolute(reverse("commitment", args=[row.id]))
        yield _event(row.id, row.by, f"{owes}: {row.what}", about, url, stamp)


def _event(public: str, day: date, summary: str, about: str, url: str, stamp: date) -> Event:
    event = Event()
    event.add("uid", f"{public}@syncd")
    event.add("dtstamp", datetime.combine(stamp, time(), UTC))
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("summary", printable(summary))
    if about:
        event.add("description", printable(about))
    event.add("url", url)
    event.add("transp", "TRANSPARENT")
    return event
