"""How a partner's places stand, for our own people."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.db.models import Count, Q

from syncd.mirrors.merging import field_of
from syncd.mirrors.models import Intent, Mirror, Row
from syncd.web.words import counted

STUBBORN = 3
"""Tries after which a row that fails is no passing trouble."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One place: what is there, what is on its way, what is wrong."""

    mirror: Mirror
    live: int
    removed: int
    """Rows that the partner took away; they are not made again by themselves."""
    waiting: int
    refused: int
    """Of those that wait: rows that the tracker does not take."""
    why: str
    """What it said to the last of these."""
    differing: int
    """Rows in which the partner wrote something of its own."""

    @property
    def since(self) -> datetime | None:
        return self.mirror.broken_since


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that the partner changed in its own tool, and that is kept."""

    mirror: Mirror
    item: str
    """Public id."""
    url: str
    field: str
    ours: str
    theirs: str


@dataclass(frozen=True, slots=True)
class Trouble:
    """A place at which syncd cannot do what was agreed, for operators. ``says`` tells why, with the remedy."""

    mirror: Mirror
    says: str
    since: datetime


def troubles() -> Iterator[Trouble]:
    """Places that cannot be written to, and those that take some rows and others not; in two queries."""
    for mirror in Mirror.objects.filter(ended_at=None).exclude(broken_since=None).order_by("partner", "id"):
        if mirror.broken_since:
            yield Trouble(mirror, f"{mirror.error}; {_remedy(mirror)}", mirror.broken_since)
    failing = Intent.objects.filter(attempts__gte=STUBBORN, mirror__ended_at=None, mirror__broken_since=None)
    rows = failing.exclude(error="").select_related("mirror").order_by("mirror__partner", "mirror", "made_at")
    for mirror, intents in groupby(rows, key=lambda intent: intent.mirror):
        first, *others = intents
        says = f"{counted(1 + len(others), 'row')} could not be written or withdrawn: {first.error}; {_remedy(mirror)}"
        yield Trouble(mirror, says, first.made_at)


def _remedy(mirror: Mirror) -> str:
    return f"syncd check and syncd partners mirror {mirror.partner} --dry-run look at it without writing"


def of(partner: str) -> list[Standing]:
    """The places of a partner that are not over."""
    return [_standing(mirror) for mirror in Mirror.objects.filter(partner=partner, ended_at=None).order_by("id")]


def differences(partner: str, most: int = 200) -> Iterator[Difference]:
    """What the partner wrote over our values, the latest rows first."""
    rows = Row.objects.filter(mirror__partner=partner, mirror__ended_at=None, state=Row.LIVE).exclude(theirs={})
    for row in rows.select_related("mirror").order_by("-written_at")[:most]:
        for slot, theirs in row.theirs.items():
            ours = row.values.get(field_of(slot), "")
            yield Difference(row.mirror, row.item, row.url, field_of(slot), ours, theirs)


def _standing(mirror: Mirror) -> Standing:
    counts = mirror.rows.aggregate(
        live=Count("pk", filter=Q(state=Row.LIVE)),
        removed=Count("pk", filter=Q(state=Row.REMOVED)),
        differing=Count("pk", filter=Q(state=Row.LIVE) & ~Q(theirs={})),
    )
    intents = Intent.objects.filter(mirror=mirror)
    refused = intents.exclude(error="")
    why = refused.order_by("-next_at").values_list("error", flat=True).first() or ""
    return Standing(mirror, **counts, waiting=intents.count(), refused=refused.count(), why=why)
