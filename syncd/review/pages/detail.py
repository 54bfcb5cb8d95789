"""What stands beside the list: one flag with its verbs, why it is one, what was asked, and what happened."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.safestring import SafeString

from rules.explain import Suggested
from rules.model import Strategy
from syncd.accounts.access import Act, may
from syncd.accounts.models import User
from syncd.review import access, history, queue, shapes
from syncd.review.models import Finding, Flag, Question
from syncd.review.pages import lines, words
from syncd.review.pages.forms import fields_of
from syncd.review.pages.panel import Panel, panel
from syncd.review.pages.verbs import ASK, LINK, Verb, offered
from syncd.trackers.kept import Given, kept
from syncd.web.checks import Shown, shown
from syncd.web.templatetags.look import percent

MEMBERS = 20
"""Items of a group that a page lists."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A verb with the fields of the form that it asks for, empty."""

    verb: Verb
    form: SafeString


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """Everything about one flag; ``choices`` are empty for who may only look."""

    flag: Flag
    row: queue.Row
    look: Shown
    seen: str
    suggested: Suggested | None
    sure: str
    choices: Sequence[Choice]
    ask: SafeString
    frozen: str
    panel: Panel | None
    """None where no single item is meant: a group, or a goal."""
    history: Sequence[history.Entry]
    standing: int
    questions: Sequence[Question]
    members: Sequence[Finding]
    rule: str
    """Of a group: the rule that would repair it, as YAML."""
    figures: Sequence[tuple[str, Any]]
    then: int = 0
    """The flag that comes next in the list; 0: there is none."""


def detail(person: User, flag: Flag, strategy: Strategy, now: datetime, then: int = 0) -> Detail:
    [row] = queue.shown([flag])
    best = row.suggested[0] if row.suggested and flag.state == "open" else None
    whole = history.of_item(flag.item) if flag.item else history.log(flag)
    standing = flag.verdict_id or 0 if may(person, Act.DECIDE) else 0
    return Detail(
        flag=flag,
        row=row,
        look=shown(flag.rule),
        seen=lines.seen(flag),
        suggested=best,
        sure=words.sure(best) if best else "",
        choices=_choices(person, flag, strategy, suggested=best is not None),
        ask=fields_of(ASK, strategy),
        frozen=history.frozen(flag, now),
        panel=panel(flag.item, whole, flag, standing) if flag.item else None,
        history=whole,
        standing=standing,
        questions=access.asked_about(person, flag.pk),
        members=_members(flag),
        rule=shapes.suggested_rules([flag]).get(flag.id, ""),
        figures=[(word, _figure(flag.detail[name])) for name, word in _FIGURES.items() if name in flag.detail],
        then=then,
    )


_FIGURES = {
    "actual": "Gets of the effort",
    "intended": "Was to get",
    "last": "Last word",
    "days": "Longest that is fine, in days",
    "open": "Items that wait",
    "items": "Items counted",
    "held": "Held back below it",
}
"""Of a flag's detail, what people read."""


def _figure(value: Any) -> str:
    return percent(value) if isinstance(value, float) else str(value)


def _choices(person: User, flag: Flag, strategy: Strategy, *, suggested: bool) -> list[Choice]:
    if not may(person, Act.DECIDE):
        return []
    verbs = offered(flag, suggested=suggested)
    return [Choice(verb=verb, form=fields_of(verb, strategy)) for verb in verbs if verb is not LINK or suggested]


def _members(flag: Flag) -> list[Finding]:
    """Of a group: the items that it counts."""
    if "shape" not in flag.detail:
        return []
    return kept("members", _first_members).rows(group=flag.fingerprint)


def _first_members() -> QuerySet[Finding]:
    found = Finding.objects.filter(group=Given("group", Finding.group.field))
    return found.select_related("item").only("item__key", "item__title").order_by("id")[:MEMBERS]
