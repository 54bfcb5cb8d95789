"""Rows of the queue as its page draws them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from html import escape

from django.template.defaultfilters import capfirst, floatformat
from django.utils.safestring import SafeString

from rules.explain import Suggested
from syncd.review.models import Flag
from syncd.review.pages import words
from syncd.review.pages.address import Address
from syncd.review.queue import Row
from syncd.web.checks import Shown, shown
from syncd.web.drawing import NOTHING, fill
from syncd.web.templatetags.look import icon, tag, tracker_icon, when


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One flag in the queue; :meth:`drawn` as the queue has it. ``seen``: how it stood when it was shown."""

    id: int
    url: SafeString
    title: str
    raised: Shown
    """The check or rule that raised it: two flags of one item differ in it."""
    key: str
    kind: str
    tracker: str
    owner: str
    stake: float
    age: SafeString | str
    seen: str
    says: str = ""
    """What was decided, or why it is no more; empty while it is open."""
    suggestion: str = ""
    sure: str = ""
    chosen: bool = False
    locked: bool = False
    """All that match are selected: this one cannot be left out."""
    here: bool = False
    """It is open beside the list."""

    def drawn(self) -> SafeString:
        return fill(
            _ROW,
            id=self.id,
            url=self.url,
            title=self.title,
            name=self.key or self.title,
            check=self.raised.word,
            mark=tag(self.raised.word, self.raised.tone, self.raised.glyph),
            work=self._work() if self.key else NOTHING,
            owner=fill(_OWNER, icon=icon("user", 13), owner=self.owner) if self.owner else NOTHING,
            says=fill(_SAYS, says=capfirst(self.says)) if self.says else NOTHING,
            suggests=self._suggests() if self.suggestion else NOTHING,
            seen=self.seen,
            stake=_stake(self.stake),
            age=self.age,
            open=" here" if self.here else "",
            current=_CURRENT if self.here else NOTHING,
            checked=f"{' checked' if self.chosen else ''}{' disabled' if self.locked else ''}",
        )

    def _work(self) -> SafeString:
        hush = fill(_HUSH, tracker=self.tracker) if self.tracker else NOTHING
        return fill(_WORK, icon=tracker_icon(self.kind), key=self.key, tracker=hush)

    def _suggests(self) -> SafeString:
        sure = fill(_SURE, sure=self.sure) if self.sure else NOTHING
        return fill(_SUGGESTS, icon=icon("sparkles", 14), goal=self.suggestion, sure=sure)


_ROW = """
<li class="row{open}" id="flag-{id}" data-row>
  <label class="pick"><input type="checkbox" name="item" value="{id}"{checked}><span class="hush">Select {name}: {check}</span></label><input type="hidden" name="seen" value="{id}:{seen}">
  <div class="body">
    <h2><a href="{url}"{current} data-open>{title}</a></h2>
    <p class="meta">{mark}{work}{owner}</p>{says}{suggests}
  </div>
  <p class="stake">{stake}<small>at stake</small><small>{age}</small></p>
</li>"""
_CURRENT = SafeString(' aria-current="true"')
_WORK = "<span>{icon}{key}{tracker}</span>"
_HUSH = ' <span class="hush">in {tracker}</span>'
_OWNER = "<span>{icon}{owner}</span>"
_SAYS = '<p class="small soft">{says}</p>'
_SUGGESTS = '<p class="suggests">{icon}<span>{goal}{sure}</span></p>'
_SURE = ' <span class="soft">{sure}</span>'


def lines(rows: Sequence[Row], address: Address, opened: int, now: datetime) -> Iterator[Line]:
    """:param opened: the flag beside the list, by id; 0: none"""
    before, behind = map(escape, address.flag_urls())
    for row in rows:
        flag = row.flag
        best: Suggested | None = row.suggested[0] if row.suggested else None
        yield Line(
            id=flag.pk,
            url=SafeString(f"{before}{flag.pk}/{behind}"),
            title=flag.message,
            raised=shown(flag.rule),
            key=row.key,
            kind=row.kind,
            tracker=row.tracker,
            owner=flag.owner,
            stake=flag.stake,
            age=when(flag.opened_at, now),
            says=_says(flag),
            seen=seen(flag),
            suggestion=best.title if best else "",
            sure=words.sure(best) if best else "",
            chosen=address.every or flag.pk in address.chosen,
            locked=address.every,
            here=flag.pk == opened,
        )


@lru_cache(maxsize=1_024)
def _stake(value: float) -> SafeString:
    return SafeString(floatformat(value, "-1"))


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
