"""How a partner's places stand, for our own people."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, Q

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
    """Places that cannot be written to, and those that take some rows and others not. One that took some and now takes
    none is in the same trouble since its beginning."""
    failing = Intent.objects.filter(attempts__gte=STUBBORN, mirror__ended_at=None).exclude(error="")
    refused = {
        mirror: (rows, since)
        for mirror, rows, since in failing.values_list("mirror").annotate(Count("row"), Min("made_at")).order_by()
    }
    for mirror in Mirror.objects.filter(ended_at=None).order_by("partner", "id"):
        rows, since = refused.get(mirror.pk, (0, None))
        begun = [at for at in (mirror.broken_since, since) if at]
        if mirror.broken_since:
            yield Trouble(mirror, f"{mirror.error}; {_remedy(mirror)}", min(begun))
        elif rows:
            error = failing.filter(mirror=mirror).order_by("made_at").values_list("error", flat=True)[0]
            says = f"{counted(rows, 'row')} could not be written or withdrawn: {error}; {_remedy(mirror)}"
            yield Trouble(mirror, says, min(begun))


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
