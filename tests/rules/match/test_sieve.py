"""Rules that cannot match are told from an item's values: never one too many, and not all of the others."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.item import Person
from rules.match import Scope, View, compile_condition
from rules.match import sieve as sieves
from rules.match.sieve import Sieve
from tests.rules.cast import NOW, item, line

ATOMS = st.sampled_from(
    [
        {"label": ["a", "c"]},
        {"label": "b*"},
        {"label": {"all": ["a", "b"], "none": ["c"]}},
        {"label": {"none": ["a"]}},
        {"kind": ["story", "bug"]},
        {"status_category": "done"},
        {"component": "web"},
        {"assignee": "Ana"},
        {"field": {"Missing": "x"}},
        {"text": {"any": ["checkout", "crash"], "none": ["epic"]}},
        {"text": {"all": ["checkout", "retries"], "in": ["title"]}},
        {"text": {"none": ["checkout"]}},
        {"regex": "ret.*s"},
        {"parent": {"label": "b"}},
        {"points": {"min": 3}},
        {"age": {"older_than": "10d"}},
        {"due": {"overdue": True}},
    ]
)
CONDITIONS = st.recursive(
    ATOMS,
    lambda inner: st.dictionaries(
        st.sampled_from(["any", "all", "none"]), st.lists(inner, min_size=1, max_size=3), min_size=1, max_size=2
    ),
    max_leaves=8,
)
LABELS = ("a", "b", "bb", "c")


@st.composite
def views(draw: st.DrawFn, scope: Scope) -> View:
    values: dict[str, Any] = {
        "kind": draw(st.sampled_from(["story", "bug", "task"])),
        "labels": tuple(draw(st.lists(st.sampled_from(LABELS), unique=True))),
        "title": draw(st.sampled_from(["Checkout retries", "Crash", "Epic crash", ""])),
        "components": draw(st.sampled_from([(), ("web",)])),
        "assignees": draw(st.sampled_from([(), (Person("1", "Ana"),)])),
        "status_category": draw(st.sampled_from(["todo", "done"])),
        "points": draw(st.sampled_from([None, 5.0])),
    }
    return View.of(line(item("WEB-1", **values), item("WEB-2", kind="epic", labels=("b",))), scope.lexicon)


@given(st.data(), st.lists(CONDITIONS, min_size=1, max_size=6))
def test_what_does_not_pass_is_false_whatever_the_time_and_what_does_is_true_if_nothing_else_is_asked(
    data: st.DataObject, whens: list[dict[str, Any]]
) -> None:
    scope = Scope()
    clauses = [compile_condition(when, scope).clause for when in whens]
    view = data.draw(views(scope))
    passing = Sieve(clauses, range(len(clauses))).passing(view)
    assert [*passing] == sorted(set(passing))
    for place in set(range(len(clauses))) - set(passing):
        for later in (timedelta(), timedelta(days=400)):
            assert clauses[place].test(view, NOW + later) is False
    for place in passing:
        if clauses[place].exact:
            assert clauses[place].test(view, NOW) is True


@pytest.mark.parametrize(
    ("when", "passes"),
    [
        ({"label": "a"}, True),
        ({"label": "A*"}, True),
        ({"label": "c"}, False),
        ({"label": {"all": ["a", "c"]}}, False),
        ({"label": "a", "kind": "epic"}, False),
        ({"text": ["crash"]}, False),
        ({"text": {"any": ["checkout"], "in": ["body"]}}, False),
        ({"regex": "crash"}, False),
        ({"any": [{"label": "c"}, {"text": ["crash"]}]}, False),
        ({"any": [{"label": "c"}, {"text": ["checkout"]}]}, True),
        ({"all": [{"any": [{"label": "c"}, {"kind": "epic"}]}], "age": {"older_than": "1d"}}, False),
        ({"label": {"none": ["a"]}}, True),
        ({"none": [{"label": "a"}]}, True),
        ({"any": [{"label": "c"}, {"points": {"min": 3}}]}, True),
    ],
)
def test_what_an_item_has_nothing_for_is_left_out(when: dict[str, Any], passes: bool) -> None:
    """The last three are False as well, but not for want of a value."""
    matcher = compile_condition(when)
    view = View.of(line(item("WEB-1", labels=("a", "b"), title="Checkout")), matcher.scope.lexicon)
    assert bool(Sieve([matcher.clause], [when]).passing(view)) is passes


def test_many_values_take_no_more_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sieves, "KEPT", 10)
    matcher = compile_condition({"label": "l7"})
    sieve = Sieve([matcher.clause], [0])
    for number in [*range(40), 7]:
        view = View.of(line(item("WEB-1", labels=(f"l{number}",))), matcher.scope.lexicon)
        assert sieve.passing(view) == ((0,) if number == 7 else ())
    [(_, suited)] = sieve._suited
    assert len(suited) <= 10
