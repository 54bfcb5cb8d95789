"""The disclosure ledger: what became visible to whom, where, since when, by whose approval; and what they knew then.

Lines are only added, in one order for all partners. Each holds the SHA-256 of itself, in canonical JSON together with
the hash of the line before: a line that is changed, left out or put in later breaks every hash that follows. Lines cut
off at the end break no hash; they are found because what stands in the copy has no line then.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import orjson
from django.db.models import OuterRef, Q, Subquery

from syncd.partners.desk.models import Visit
from syncd.partners.models import Contact, Link
from syncd.sharing.models import Disclosure, Shown
from syncd.trackers import bulk

PAGE = "page"
"""The channel of partner pages, their feeds and downloads."""

_SAID = ("partner", "kind", "public", "item", "field", "value", "channel", "version", "approver")
_COLUMNS = (*_SAID, "digest", "at", "before", "hash")
_BATCH = 2000
STRETCH = 10_000
"""Lines whose chain one request checks: a tenth of a second of CPU."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A value that became visible to a partner, or, with ``kind`` ``withdrawn`` and no value, ceased to be.

    The fields are those of :class:`syncd.sharing.models.Disclosure`.
    """

    partner: str
    kind: str
    public: str
    item: str
    field: str
    value: str
    channel: str
    version: str
    approver: str


@dataclass(frozen=True, slots=True)
class Known:
    """A value that a partner could see, and until when; ``until`` None: still then."""

    line: int
    public: str
    item: str
    field: str
    value: str
    channel: str
    version: str
    approver: str
    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Seen:
    """Somebody of the partner who opened something, for the first and the last time."""

    who: str
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Verified:
    """What came of a check of the ledger, or of a stretch of it."""

    lines: int
    broken: int | None = None
    """Id of the first line that is not as it was written; None: all are."""
    says: str = ""
    first: int = 0
    """Id of the first line that was read; 0: none was."""
    last: int = 0
    """Id of the last line that was read; of none, the one after which it would have begun."""
    hash: str = ""
    """Of that line: whoever keeps it notices later if lines were cut off after it was read, or the chain made anew."""
    more: bool = False
    """Whether lines follow that were not read."""

    @property
    def sound(self) -> bool:
        return not self.says


def record(entries: Iterable[Entry], now: datetime) -> int:
    """Add lines. To be called in a transaction that holds the turn to write. :returns: how many"""
    last = Disclosure.objects.order_by("-id").values_list("hash", flat=True).first() or ""
    rows = []
    for entry in entries:
        said = {name: getattr(entry, name) for name in _SAID}
        mark = _hash(said, now, last)
        rows.append((*said.values(), _digest(entry.value), bulk.stamp(now), last, mark))
        last = mark
    bulk.insert(Disclosure, _COLUMNS, rows)
    return len(rows)


def lines(partner: str, after: int = 0, most: int = 100, *, newest: bool = False) -> list[Disclosure]:
    """Lines about a partner in their order, from the one after ``after``; or the newest first, before it where it
    is not 0."""
    found = Disclosure.objects.filter(partner=partner)
    if newest:
        return list((found.filter(id__lt=after) if after else found).order_by("-id")[:most])
    return list(found.filter(id__gt=after).order_by("id")[:most])


def known(partner: str, at: datetime, after: int = 0, most: int | None = None) -> Iterator[Known]:
    """What a partner could have known at a moment: all that was visible to it until then, anywhere, with what took
    its place or was withdrawn before that moment marked so. In the order in which it became visible.

    :param after: the line after which to begin; 0: the first
    :param most: so many; None: all
    """
    until = Disclosure.objects.filter(partner=partner, at__lte=at)
    same = until.filter(public=OuterRef("public"), field=OuterRef("field"), channel=OuterRef("channel"))
    followed = same.filter(id__gt=OuterRef("id")).order_by("id").values("at")[:1]
    rows = until.filter(kind=Disclosure.SHOWN).annotate(until=Subquery(followed)).order_by("at", "id")
    if begun := Disclosure.objects.filter(id=after).values_list("at", flat=True).first():
        rows = rows.filter(at__gte=begun).filter(Q(at__gt=begun) | Q(id__gt=after))
    line: Any  # with ``until``, which the model does not have
    for line in rows[:most].iterator(_BATCH):
        yield Known(
            line.id, line.public, line.item, line.field, line.value, line.channel, line.version, line.approver,
            line.at, line.until,
        )  # fmt: skip


def seen(partner: str) -> Mapping[str, tuple[Seen, ...]]:
    """Public id, or the name of a page -> who opened it: an address, or the label of a share link; who was there
    first stands first, and of several at the same moment by name."""
    names = dict(Contact.objects.filter(partner=partner).values_list("id", "email"))
    for id_, label in Link.objects.filter(partner=partner).values_list("id", "label"):
        names[id_] = f"share link {label}".strip()
    found: defaultdict[str, list[Seen]] = defaultdict(list)
    for visit in Visit.objects.filter(partner=partner):
        found[visit.what].append(Seen(names.get(visit.who, "somebody"), visit.first_at, visit.last_at))
    return {what: tuple(sorted(visits, key=lambda one: (one.first_at, one.who))) for what, visits in found.items()}


def verify() -> Verified:
    """Read the ledger from its first line, and hold what stands in the copies against it."""
    found = stretch()
    missing = _unwritten() if found.sound else ""
    says = f"{missing} is shown, and no line says so: lines are missing at the end"
    return replace(found, says=says) if missing else found


def stretch(after: int = 0, most: int | None = None) -> Verified:
    """Read so many lines, from the one that follows the line ``after``; that one itself is taken as it stands."""
    rows = Disclosure.objects.order_by("id")
    last = rows.filter(id__lte=after).values_list("hash", flat=True).last() or ""
    found = Verified(0, last=after, hash=last)
    ahead = rows.filter(id__gt=after)
    for line in (ahead if most is None else ahead[: most + 1]).iterator(_BATCH):
        if found.lines == most:
            return replace(found, more=True)
        before, count = found.hash, found.lines + 1
        found = replace(found, lines=count, first=found.first or line.id, last=line.id, hash=line.hash)
        if says := _wrong(line, before):
            return replace(found, broken=line.id, says=says)
    return found


def _wrong(line: Disclosure, before: str) -> str:
    """What is wrong with a line that follows the one with the hash ``before``; empty: nothing."""
    if line.before != before:
        return f"line {line.id} does not follow the line before it: lines are missing"
    said = {name: getattr(line, name) for name in _SAID}
    if line.digest != _digest(line.value) or line.hash != _hash(said, line.at, before):
        return f"line {line.id} is not as it was written"
    return ""


def _unwritten() -> str:
    """A value in a copy that no line tells of."""
    shown = Shown.objects.filter(values__isnull=False).select_related("deal").order_by("id")
    batch: list[Shown] = []
    for row in shown.iterator(_BATCH):
        batch.append(row)
        if len(batch) == _BATCH:
            if missing := _missing(batch):
                return missing
            batch = []
    return _missing(batch)


def _missing(batch: list[Shown]) -> str:
    told: dict[tuple[str, str], tuple[str, str]] = {}
    mine = Q(channel=PAGE, public__in=[row.public for row in batch])
    for public, field, kind, value in (
        Disclosure.objects.filter(mine).order_by("id").values_list("public", "field", "kind", "value")
    ):
        told[public, field] = (kind, value)
    for row in batch:
        for field, value in (row.values or {}).items():
            if told.get((row.public, field)) != (Disclosure.SHOWN, value):
                return f"{field} of item {row.item_id} to {row.deal.partner}"
    return ""


def _hash(said: Mapping[str, Any], at: datetime, before: str) -> str:
    line = {**said, "at": at.astimezone(UTC).isoformat(timespec="microseconds"), "before": before}
    return sha256(orjson.dumps(line, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _digest(value: str) -> str:
    return sha256(value.encode()).hexdigest()
