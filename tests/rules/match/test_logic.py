"""The groups obey Kleene's logic of three values, and explanations never contradict answers."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.match import Scope, View, compile_condition
from rules.model import Case
from tests.rules.cast import NOW, item, line

KNOWN = {True: {"kind": "story"}, False: {"kind": "bug"}, None: {"field": {"Missing": "x"}}}
CASE = line(
    item("WEB-1", title="Checkout retries", labels=("a", "b"), points=3.0),
    item("WEB-2", kind="epic", labels=("b",), title="Retries"),
)
ATOMS = st.sampled_from(
    [
        *KNOWN.values(),
        {"label": ["a", "c"]},
        {"label": {"none": ["a*"]}},
        {"text": {"any": ["checkout", "crash"], "none": ["epic"]}},
        {"regex": "ret.*s"},
        {"points": {"min": 3}},
        {"parent": {"label": "b"}},
        {"ancestor": {"field": {"Missing": "x"}}},
        {"age": {"older_than": "10d"}},
        {"due": {"overdue": True}},
    ]
)


def _groups(inner: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    members = st.lists(inner, min_size=1, max_size=3)
    return st.dictionaries(st.sampled_from(["any", "all", "none"]), members, min_size=1, max_size=2)


CONDITIONS = st.recursive(ATOMS, _groups, max_leaves=10)
ANSWERS = st.sampled_from([True, False, None])


def answer(when: dict[str, Any], case: Case = CASE) -> bool | None:
    return compile_condition(when)(case, NOW)


def conjunction(*answers: bool | None) -> bool | None:
    return False if False in answers else None if None in answers else True


def negation(one: bool | None) -> bool | None:
    return None if one is None else not one


@given(st.lists(ANSWERS, min_size=1, max_size=4))
def test_all_any_and_none_are_the_tables_of_kleene(answers: list[bool | None]) -> None:
    members = [KNOWN[one] for one in answers]
    every, nobody = conjunction(*answers), conjunction(*map(negation, answers))
    assert answer({"all": members}) is every
    assert answer({"none": members}) is nobody
    assert answer({"any": members}) is negation(nobody)


@given(CONDITIONS, CONDITIONS)
def test_none_of_two_is_all_of_their_negations(one: dict[str, Any], other: dict[str, Any]) -> None:
    negations = {"all": [{"none": [one]}, {"none": [other]}]}
    assert answer({"none": [one, other]}) is answer(negations)


@given(CONDITIONS)
def test_a_double_negation_changes_nothing(when: dict[str, Any]) -> None:
    assert answer({"none": [{"none": [when]}]}) is answer(when)


@given(st.lists(CONDITIONS, min_size=2, max_size=3))
def test_the_order_of_members_does_not_matter(members: list[dict[str, Any]]) -> None:
    for group in ("any", "all", "none"):
        assert answer({group: members}) is answer({group: members[::-1]})


@given(CONDITIONS)
def test_what_becomes_known_never_reverses_an_answer(when: dict[str, Any]) -> None:
    """Filling in an unknown field may turn None into an answer, never True into False or back."""
    told = answer(when)
    for value in ("x", "y"):
        fields = {"Missing": value}
        known = line(
            item("WEB-1", title="Checkout retries", labels=("a", "b"), points=3.0, fields=fields),
            item("WEB-2", kind="epic", labels=("b",), title="Retries", fields=fields),
        )
        assert told is None or answer(when, known) is told


@given(CONDITIONS)
def test_an_explanation_agrees_with_the_match(when: dict[str, Any]) -> None:
    matched, because = compile_condition(when).explain(CASE, NOW)
    assert matched is answer(when)
    assert because


@given(st.lists(CONDITIONS, min_size=1, max_size=5))
def test_conditions_that_share_a_scope_answer_as_they_do_alone(whens: list[dict[str, Any]]) -> None:
    scope = Scope()
    shared = [compile_condition(when, scope) for when in whens]
    view = View.of(CASE, scope.lexicon)
    assert [matcher.clause.test(view, NOW) for matcher in shared] == [answer(when) for when in whens]


@pytest.mark.parametrize(
    ("when", "prose"),
    [
        ({"label": "x"}, False),
        ({"text": "x"}, True),
        ({"regex": "x"}, True),
        ({"label": "x", "none": [{"text": "y"}]}, False),
        ({"label": "x", "text": {"none": ["y"]}}, False),
        ({"any": [{"label": "x"}, {"text": "y"}]}, True),
        ({"parent": {"text": "x"}}, True),
        ({"component": "x"}, False),
    ],
)
def test_prose_is_what_a_match_may_rest_on(when: dict[str, Any], prose: bool) -> None:
    assert compile_condition(when).prose is prose
