"""Who did what, when: the security log, what people decided, and what was put in force, as one list.

Each of the three is a table to which rows are only added. A page takes the newest of each below its own row id and
merges them, so that it costs the same however long the past is.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from heapq import merge
from itertools import islice
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import BadRequest
from django.db.models import Q, QuerySet

from config.problems import nearest
from rules.calendar import spelled
from syncd.accounts.access import Act, may
from syncd.accounts.models import AuditEvent, User
from syncd.review.models import Verdict
from syncd.strategy.models import StrategyVersion
from syncd.web import words
from syncd.web.keyset import BadCursor

SIZE = 50
KINDS = ("security", "decision", "direction")
"""``security``: the log of accounts and verbs; ``decision``: verdicts; ``direction``: versions of strategy and rules."""
LONGEST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """``who``: an actor as it is written; ``what``: a verb or the kind of a verdict; days are in UTC, both included."""

    kind: str = ""
    who: str = ""
    what: str = ""
    since: date | None = None
    until: date | None = None

    @classmethod
    def of(cls, query: Any) -> "Asked":
        """:raises BadRequest: a kind or a day that is none"""
        kind = query.get("kind", "").strip()
        if kind and kind not in KINDS:
            raise BadRequest(f"kind={kind}: {nearest(kind, KINDS)}")
        who, what = (query.get(name, "").replace("\0", "").strip()[:LONGEST] for name in ("who", "what"))
        since, until = (_day(name, query.get(name, "")) for name in ("since", "until"))
        return cls(kind=kind, who=who, what=what, since=since, until=until)

    @property
    def query(self) -> str:
        pairs = [(name, getattr(self, name)) for name in ("kind", "who", "what", "since", "until")]
        return urlencode([(name, str(value)) for name, value in pairs if value])

    def without(self, name: str) -> "Asked":
        nothing: Any = "" if name in ("kind", "who", "what") else None
        return replace(self, **{name: nothing})


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was done. ``source`` and ``id``: the row that says so; ``says``: the rest, in words."""

    at: datetime
    source: str
    id: int
    who: str
    what: str
    target: str
    says: str
    ip: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page, the newest first. ``older``: cursor of what follows; empty where nothing does."""

    lines: Sequence[Line]
    older: str


def page(person: User, asked: Asked, after: str = "", size: int = SIZE) -> Sheet:
    """In one query for each table. :raises BadCursor: ``after`` is no place in this list"""
    below = _below(after)
    found = [] if not may(person, Act.OPERATE) else list(islice(_merged(asked, below, size + 1), size + 1))
    lines = found[:size]
    if len(found) <= size:
        return Sheet(lines, "")
    reached = dict(below) | {line.source: line.id for line in lines}
    return Sheet(lines, ".".join(str(reached.get(kind, "")) for kind in KINDS))


def every(person: User, asked: Asked, most: int) -> Iterator[Line]:
    """For a file: the newest so many."""
    return islice(_merged(asked, {}, most), most) if may(person, Act.OPERATE) else iter(())


def _merged(asked: Asked, below: dict[str, int], most: int) -> Iterator[Line]:
    kinds = (asked.kind,) if asked.kind else KINDS
    read = {"security": _security, "decision": _decisions, "direction": _directions}
    return merge(*(read[kind](asked, below.get(kind), most) for kind in kinds), key=_order, reverse=True)


def _order(line: Line) -> tuple[datetime, int, int]:
    return line.at, -KINDS.index(line.source), line.id


def _security(asked: Asked, below: int | None, most: int) -> Iterator[Line]:
    found = AuditEvent.objects.filter(_within("at", asked))
    found = found.filter(actor=asked.who) if asked.who else found
    found = found.filter(verb=asked.what) if asked.what else found
    for row in _newest(found, below, most):
        facts = ", ".join(f"{name.replace('_', ' ')}: {_plain(value)}" for name, value in sorted(row.facts.items()))
        yield Line(row.at, "security", row.id, row.actor, row.verb, row.target, facts, row.ip)


def _decisions(asked: Asked, below: int | None, most: int) -> Iterator[Line]:
    found = Verdict.objects.filter(_within("made_at", asked), of=None).select_related("flag", "item").defer("item__doc")
    found = found.filter(Q(author=asked.who) | Q(undone_by=asked.who)) if asked.who else found
    found = found.filter(kind=asked.what) if asked.what else found
    for row in _newest(found, below, most):
        about = row.item.key if row.item else row.flag.message if row.flag else f"decision {row.id}"
        yield Line(row.made_at, "decision", row.id, row.author, row.kind, about, _fate(row))


def _fate(verdict: Verdict) -> str:
    """What was decided, and what became of it: the row itself tells when it was taken back, and by whom."""
    if verdict.undone_at:
        return f"{verdict.says}; taken back by {verdict.undone_by} on {words.moment(verdict.undone_at)}"
    if verdict.ended_at:
        return f"{verdict.says}; ended on {spelled(verdict.ended_at)}: {verdict.ended_because}"
    return verdict.says


def _directions(asked: Asked, below: int | None, most: int) -> Iterator[Line]:
    if asked.what and asked.what != "in_force":
        return
    found = StrategyVersion.objects.filter(_within("applied_at", asked)).defer("strategy", "rules", "files")
    found = found.filter(author=asked.who) if asked.who else found
    for row in _newest(found, below, most):
        yield Line(row.applied_at, "direction", row.id, row.author, "in_force", f"version {row.id}", row.message)


def _newest(found: QuerySet[Any], below: int | None, most: int) -> QuerySet[Any]:
    return (found if below is None else found.filter(id__lt=below)).order_by("-id")[:most]


def _within(column: str, asked: Asked) -> Q:
    which = Q()
    if asked.since:
        which &= Q(**{f"{column}__gte": datetime.combine(asked.since, time.min, UTC)})
    if asked.until:
        which &= Q(**{f"{column}__lt": datetime.combine(asked.until, time.min, UTC) + timedelta(days=1)})
    return which


def _plain(value: Any) -> str:
    return ", ".join(map(_plain, value)) if isinstance(value, list) else str(value)


def _below(cursor: str) -> dict[str, int]:
    if not cursor:
        return {}
    parts = cursor.split(".")
    if len(parts) != len(KINDS) or not all(part == "" or (part.isascii() and part.isdigit()) for part in parts):
        raise BadCursor
    if any(len(part) > 18 for part in parts):
        raise BadCursor
    return {kind: int(part) for kind, part in zip(KINDS, parts, strict=True) if part}


def _day(name: str, value: str) -> date | None:
    if not value.strip():
        return None
    try:
        found = date.fromisoformat(value.strip())
    except ValueError:
        raise BadRequest(f"{name}={value}: expected a day, such as {name}=2026-11-20") from None
    if not date(1970, 1, 1) <= found <= date(9000, 1, 1):
        raise BadRequest(f"{name}={value}: expected a day between 1970 and 9000")
    return found
