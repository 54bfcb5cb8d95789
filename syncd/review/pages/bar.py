"""The filters of the queue as fields."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django import forms
from django.utils.safestring import SafeString

from rules.model import Strategy
from syncd.review.models import RuleRecord
from syncd.review.pages import words
from syncd.review.queue import CHOICES, SEVERITIES, USUAL, Filters
from syncd.review.records import EVERY_CHECK
from syncd.trackers import bulk
from syncd.trackers.models import Tracker
from syncd.web import drawing
from syncd.web.checks import shown

FOLDED = ("goal", "tracker", "owner", "severity", "age")
"""Fields that are folded away until one of them is set."""

Choices = tuple[tuple[str, tuple[tuple[Any, str], ...]], ...]
"""Field -> value and words of each of its choices."""


@dataclass(frozen=True, slots=True)
class Bar:
    """``front`` and ``folded`` are fields, drawn. ``kept``: what the address holds and no field shows, which stays in chips
    (a project, a second rule)."""

    front: SafeString
    folded: SafeString
    unfolded: bool
    kept: list[tuple[str, str]]


def bar(filters: Filters, strategy: Strategy) -> Bar:
    """In two queries."""
    held = {name: value[0] if isinstance(value, tuple) and value else value for name, value in _values(filters)}
    held["sort"] = filters.sort or USUAL[filters.tab]
    front, folded = _drawn(tuple(held.items()), tuple(_choices(filters, strategy)))
    unfolded = any(getattr(filters, name) for name in FOLDED)
    return Bar(front, folded, unfolded, filters.beside(Fields.base_fields))


class Fields(forms.Form):
    q = forms.CharField(label="Words", required=False, widget=forms.TextInput(attrs={"type": "search"}))
    rule = forms.ChoiceField(label="Flag", required=False)
    goal = forms.ChoiceField(label="Goal", required=False)
    tracker = forms.ChoiceField(label="Tracker", required=False)
    owner = forms.CharField(label="Owner", required=False)
    severity = forms.ChoiceField(label="Severity", required=False)
    age = forms.ChoiceField(label="Open for", required=False)
    sort = forms.ChoiceField(label="Sort by", required=False)


@lru_cache(maxsize=64)
def _drawn(held: tuple[tuple[str, Any], ...], choices: Choices) -> tuple[SafeString, SafeString]:
    """The same for everybody who asks for the same: drawing the fields takes as long as the rest of the page's frame."""
    form = Fields(initial=dict(held), auto_id="by-%s")
    for name, offered in choices:
        form.fields[name].choices = offered  # type: ignore[attr-defined]
    front = [form[name] for name in form.fields if name not in FOLDED]
    return drawing.fields(front), drawing.fields(form[name] for name in FOLDED)


def _choices(filters: Filters, strategy: Strategy) -> Iterator[tuple[str, tuple[tuple[Any, str], ...]]]:
    recorded = (row["rule"] for row in bulk.every(RuleRecord, ["rule"]))
    rules = sorted(((rule, shown(rule).word) for rule in {*EVERY_CHECK, *recorded, *filters.rule}), key=lambda p: p[1])
    trackers = sorted(row["name"] for row in bulk.select(Tracker, ["name"], active=True))
    yield "rule", (("", "Any"), *rules)
    yield "goal", (("", "Any"), *((goal.id, goal.title) for goal in strategy.goals))
    yield "tracker", (("", "Any"), *((name, name) for name in trackers))
    yield "severity", (("", "Any"), *((word, word.capitalize()) for word in SEVERITIES))
    yield "age", (("", "Any time"), *((days, f"{word} or longer") for days, word in words.AGES.items()))
    yield "sort", tuple((name, words.SORTS[name]) for name in CHOICES[filters.tab])


def _values(filters: Filters) -> list[tuple[str, Any]]:
    return [(name, getattr(filters, name) or "") for name in Fields.base_fields]
