from datetime import UTC, date, datetime

import pytest

from rules.examples import wrong_examples
from rules.model import Example, Goal, Policy, Rule, Strategy

NOW = datetime(2026, 11, 23, tzinfo=UTC)
GOALS = Strategy("", (Goal(id="activation", kind="objective", title="Live in a day"),))


def wrong(when: dict, *examples: Example) -> list[tuple[str, str]]:
    rule = Rule("checkout", "link", "activation", when, examples=examples)
    return list(wrong_examples(Policy(GOALS, (rule,)), NOW))


@pytest.mark.parametrize(
    ("when", "values"),
    [
        ({"label": "checkout"}, {"labels": ["checkout"]}),
        ({"text": {"any": ["payment intent"], "in": ["title"]}}, {"title": "Add payment intent retries"}),
        ({"age": {"older_than": "30d"}}, {"created_at": "2026-10-01"}),
        ({"due": {"overdue": True}}, {"due": "2026-11-20"}),
        ({"assignee": "Ana"}, {"assignees": ["Ana"]}),
        ({"reporter": "Omar"}, {"reporter": "Omar"}),
        ({"points": {"min": 8}}, {"points": 13}),
    ],
)
def test_an_example_is_tried_with_the_values_it_names(when: dict, values: dict) -> None:
    assert wrong(when, Example(values, matches=True)) == []
    assert [rule for rule, _ in wrong(when, Example(values, matches=False))] == ["checkout"]
    assert [rule for rule, _ in wrong(when, Example({}, matches=True))] == ["checkout"]


def test_a_wrong_example_is_told_with_its_values_and_the_reason() -> None:
    [(_, told)] = wrong({"label": "checkout"}, Example({"labels": ["billing"]}, matches=True))
    assert told.startswith("labels ['billing'] should match: ")
    assert "checkout" in told


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"lables": ["checkout"]}, "unknown value of an item 'lables': did you mean 'labels'?"),
        ({"kind": "storey"}, "unknown value 'storey': did you mean 'story'?"),
        ({"title": ["x"]}, "expected a word, got ['x']"),
        ({"created_at": "soon"}, "Invalid isoformat string: 'soon'"),
        ({"points": "many"}, "expected a number, got 'many'"),
        ({"now": True}, "expected a word, got True"),
    ],
)
def test_an_example_that_is_no_item_is_told(values: dict, told: str) -> None:
    [(_, what)] = wrong({"label": "checkout"}, Example(values, matches=False))
    assert f"cannot be tried: {told}" in what


def test_an_example_may_bring_its_own_now() -> None:
    aged = {"created_at": date(2026, 1, 1), "now": "2026-02-01"}
    assert wrong({"age": {"older_than": "30d"}}, Example(aged, matches=True)) == []
    assert wrong({"age": {"older_than": "90d"}}, Example(aged, matches=False)) == []
