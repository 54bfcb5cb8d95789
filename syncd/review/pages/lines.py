"""Rows of the queue as its page draws them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from rules.explain import Suggested
from syncd.review.models import Flag
from syncd.review.pages import words
from syncd.review.pages.address import Address
from syncd.review.queue import Row
from syncd.web.checks import shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What ``web/parts/flag_row.html`` shows of a flag. ``seen``: how it stood when it was shown."""

    id: int
    url: str
    title: str
    rule: str
    tone: str
    glyph: str
    key: str
    kind: str
    tracker: str
    owner: str
    stake: float
    clears: int
    opened_at: datetime
    says: str
    """What was decided, or why it is no more; empty while it is open."""
    seen: str
    chosen: bool
    suggestion: str
    sure: str


def lines(rows: Sequence[Row], address: Address) -> Iterator[Line]:
    for row in rows:
        look, flag = shown(row.flag.rule), row.flag
        best: Suggested | None = row.suggested[0] if row.suggested else None
        yield Line(
            id=flag.pk,
            url=address.flag_url(flag.pk),
            title=flag.message,
            rule=look.word,
            tone=look.tone,
            glyph=look.glyph,
            key=row.key,
            kind=row.kind,
            tracker=row.tracker,
            owner=flag.owner,
            stake=flag.stake,
            clears=flag.clears,
            opened_at=flag.opened_at,
            says=_says(flag),
            seen=seen(flag),
            chosen=address.every or flag.pk in address.chosen,
            suggestion=best.title if best else "",
            sure=words.sure(best) if best else "",
        )


def _says(flag: Flag) -> str:
    if flag.state == "open":
        return ""
    if flag.verdict and (flag.state != "resolved" or not flag.resolved_because):
        return flag.verdict.says
    return flag.resolved_because


def seen(flag: Flag) -> str:
    """How a flag stands, to be sent back with what is decided about it."""
    return f"{flag.state}.{flag.verdict_id or 0}"


def as_seen(flag: Flag, told: str) -> Flag:
    """The flag as somebody saw it: deciding tells whether it is so still. Not told, it is as it is."""
    state, _, verdict = told.partition(".")
    if state in Flag.STATES and verdict.isdecimal() and len(verdict) < 19:
        flag.state, flag.verdict_id = state, int(verdict) or None
    return flag
