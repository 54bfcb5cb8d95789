"""What a contact has not been told yet, read from the copy alone."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from syncd.partners.models import OURS, Change, Comment, Commitment, Partner, Proposal, Step
from syncd.partners.pages.telling import Told as Line
from syncd.partners.pages.telling import told
from syncd.sharing.letters.writing import to_partners

FRESH = timedelta(days=2)
"""What is older is no news that has to be told at once."""
SETTLED = timedelta(minutes=1)
"""By then whatever the worker writes to the copy is to be seen."""
MOST = 20
"""Changes that a letter lists."""


@dataclass(frozen=True, slots=True)
class Thing:
    """Something to be told at once. ``mark`` tells it from others."""

    mark: str
    says: str
    url: str


@dataclass(frozen=True, slots=True)
class News:
    things: list[Thing]
    lines: list[tuple[Line, str]]
    """Changes of items, the newest first, each with its address."""
    changes: int
    """How many there are, counted up to one more than are listed."""
    comments: int
    until: datetime


def news(partner: Partner, since: datetime | None, known: list[str], now: datetime) -> News:
    """:param since: up to when everything was told; None: nothing was
    :param known: marks of what was told at once
    """
    until = now - SETTLED
    changes = Change.objects.filter(partner=partner, at__lte=until).select_related("item")
    comments = Comment.objects.filter(partner=partner, side=OURS, at__lte=until)
    if since:
        changes, comments = changes.filter(at__gt=since), comments.filter(at__gt=since)
    rows = list(changes.order_by(*Change.NEWEST_FIRST)[: MOST + 1])
    lines = [(line, _address(line)) for line in map(told, rows[:MOST])]
    things = [thing for thing in _things(partner, now) if thing.mark not in known]
    return News(things, lines, len(rows), comments[: MOST + 1].count(), until)


def _things(partner: Partner, now: datetime) -> Iterator[Thing]:
    day = (now - FRESH).astimezone(UTC).date()
    ours = Proposal.objects.filter(partner=partner, by_side=OURS, made_on__gte=day)
    for row in ours.filter(state__in=(Proposal.OPEN, Proposal.TOLD)).order_by("made_on", "id"):
        asks = "It waits for your answer." if row.state == Proposal.OPEN else "It needs no answer."
        yield Thing(f"proposal {row.id}", f"{row.says} {asks}", to_partners("commitment", row.commitment_id))
    recent = Step.objects.filter(partner=partner, at__gt=now - FRESH).values("commitment")
    moved = Commitment.objects.filter(partner=partner, id__in=recent).order_by("place", "by", "id")
    for one in moved.filter(stage=Commitment.REMOVED):
        why = f" {one.reason}" if one.reason else ""
        yield Thing(f"removed {one.id}", f"“{one.what}” is no longer promised.{why}", to_partners("commitment", one.id))
    for one in moved.filter(stage=Commitment.OFFERED, theirs_on=None):
        yield Thing(f"offered {one.id}", f"“{one.what}” waits for you to accept it.", to_partners("commitment", one.id))


def _address(line: Line) -> str:
    return to_partners("item", line.item) if line.item else to_partners("changes")
