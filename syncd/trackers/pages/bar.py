"""The filters of the list of items, as a form and as chips."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms

from connectors.item import KINDS
from rules.model import Strategy
from syncd.trackers.listing import Filters

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


class Bar(forms.Form):
    """One value of each; an address may hold several, which the chips show."""

    q = forms.CharField(label="Words", required=False, max_length=300, widget=forms.TextInput(attrs={"type": "search"}))
    goal = forms.ChoiceField(label="Goal", required=False)
    status = forms.ChoiceField(label="Status", required=False)
    tracker = forms.ChoiceField(label="Tracker", required=False)
    container = forms.ChoiceField(label="In", required=False)
    kind = forms.ChoiceField(label="Work", required=False)
    owner = forms.CharField(label="Owner", required=False, max_length=200)
    label = forms.CharField(label="Label", required=False, max_length=200)
    since = forms.DateField(label="Changed since", required=False, widget=forms.DateInput(attrs={"type": "date"}))

    FRONT = ("q", "goal", "status", "tracker")

    def __init__(self, filters: Filters, *, strategy: Strategy, trackers: Sequence[str], places: Sequence[str]) -> None:
        held = {name: _first(getattr(filters, name)) for name in self.base_fields}
        super().__init__(initial=held, auto_id="by-%s")
        self.filters = filters
        goals = [(goal.id, f"{'· ' * depth}{goal.title}") for goal, depth in strategy.walk()]
        self._offer("goal", goals)
        self._offer("status", list(STATUS_WORDS.items()))
        self._offer("tracker", [(name, name) for name in trackers])
        self._offer("container", [(name, name) for name in places])
        self._offer("kind", list(KIND_WORDS.items()))

    def _offer(self, name: str, choices: Sequence[tuple[str, str]]) -> None:
        field: Any = self.fields[name]
        held = self.initial.get(name)
        more = [(held, held)] if held and held not in dict(choices) else []
        field.choices = [("", "Any"), *choices, *more]

    @property
    def front(self) -> list[forms.BoundField]:
        return [self[name] for name in self.FRONT]

    @property
    def folded(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name not in self.FRONT]

    @property
    def unfolded(self) -> bool:
        return any(self.initial.get(name) for name in self.fields if name not in self.FRONT) or any(
            getattr(self.filters, name) for name in SWITCHES
        )

    @property
    def switches(self) -> list[tuple[str, str, bool]]:
        """Name, words, and whether it is on."""
        return [(name, words, bool(getattr(self.filters, name))) for name, words in SWITCHES.items()]


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
