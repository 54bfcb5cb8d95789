"""The filters of the list of items, as a form and as chips."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django import forms
from django.utils.safestring import SafeString

from connectors.item import KINDS
from rules.model import Strategy
from syncd.trackers.listing import Filters
from syncd.web.drawing import fields

KIND_WORDS: Mapping[str, str] = {kind: kind.replace("_", " ").capitalize() for kind in KINDS}
STATUS_WORDS: Mapping[str, str] = {
    "todo": "To do",
    "in_progress": "In progress",
    "done": "Done",
    "cancelled": "Cancelled",
}
NAMES = {
    "text": "Title or key",
    "tracker": "Tracker",
    "container": "In",
    "kind": "Work",
    "status": "Status",
    "goal": "Goal",
    "owner": "Owner",
    "label": "Label",
    "since": "Changed since",
}
SWITCHES = {"unlinked": "Without a goal", "exempt": "Exempt", "deleted": "Not in their tracker any more"}


FRONT = ("q", "goal", "status", "tracker")
"""Fields that are always there; the others are folded away until one of them is set."""

Choices = tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
"""Field -> value and words of each of its choices."""


class Fields(forms.Form):
    """One value of each; an address may hold several, which the chips show and the form sends along."""

    q = forms.CharField(label="Words", required=False, max_length=300, widget=forms.TextInput(attrs={"type": "search"}))
    goal = forms.ChoiceField(label="Goal", required=False)
    status = forms.ChoiceField(label="Status", required=False)
    tracker = forms.ChoiceField(label="Tracker", required=False)
    container = forms.ChoiceField(label="In", required=False)
    kind = forms.ChoiceField(label="Work", required=False)
    owner = forms.CharField(label="Owner", required=False, max_length=200)
    label = forms.CharField(label="Label", required=False, max_length=200)
    since = forms.DateField(label="Changed since", required=False, widget=forms.DateInput(attrs={"type": "date"}))


@dataclass(frozen=True, slots=True)
class Bar:
    """``front`` and ``folded`` are fields, drawn. ``switches``: name, words, and whether it is on. ``kept``: what the
    address holds and no field shows, which stays in chips."""

    front: SafeString
    folded: SafeString
    unfolded: bool
    switches: list[tuple[str, str, bool]]
    kept: list[tuple[str, str]]


def bar(filters: Filters, *, strategy: Strategy, trackers: Sequence[str], places: Sequence[str]) -> Bar:
    held = {name: _first(getattr(filters, name)) for name in Fields.base_fields}
    offered = {
        "goal": [(goal.id, f"{'· ' * depth}{goal.title}") for goal, depth in strategy.walk()],
        "status": STATUS_WORDS.items(),
        "tracker": [(name, name) for name in trackers],
        "container": [(name, name) for name in places],
        "kind": KIND_WORDS.items(),
    }
    choices = tuple((name, _choices(values, held[name])) for name, values in offered.items())
    front, folded = _drawn(tuple(held.items()), choices)
    set_ = [name for name in (*held, *SWITCHES) if name not in FRONT and getattr(filters, name)]
    switches = [(name, words, bool(getattr(filters, name))) for name, words in SWITCHES.items()]
    return Bar(front, folded, bool(set_), switches, filters.beside((*held, *SWITCHES)))


def _choices(values: Iterable[tuple[str, str]], held: Any) -> tuple[tuple[str, str], ...]:
    """With what the address asks for, even where there is no such thing."""
    known = dict(values)
    more = [(held, held)] if held and held not in known else []
    return (("", "Any"), *known.items(), *more)


@lru_cache(maxsize=64)
def _drawn(held: tuple[tuple[str, Any], ...], choices: Choices) -> tuple[SafeString, SafeString]:
    """The same for everybody who asks for the same: drawing the fields takes as long as the rest of the page's frame."""
    form = Fields(initial=dict(held), auto_id="by-%s")
    for name, offered in choices:
        form.fields[name].choices = offered  # type: ignore[attr-defined]
    return fields(form[name] for name in FRONT), fields(form[name] for name in form.fields if name not in FRONT)


def _first(value: Any) -> Any:
    return (value[0] if value else "") if isinstance(value, tuple) else value


def chips(filters: Filters, strategy: Strategy) -> Iterator[tuple[str, str]]:
    """What leaves something out, in words, with the query string of the same without it."""
    for name, value in filters.pairs:
        yield _chip(name, value, strategy), filters.without(name, value).query


def _chip(name: str, value: str, strategy: Strategy) -> str:
    if name in SWITCHES:
        return SWITCHES[name]
    if name == "q":
        return f"“{value}”"
    if name == "goal" and value in strategy.by_id:
        return f"Goal: {strategy.by_id[value].title}"
    words: Mapping[str, str] = {"kind": KIND_WORDS, "status": STATUS_WORDS}.get(name, {})
    return f"{NAMES[name]}: {words.get(value, value)}"
