"""Near misses: rules all of whose clauses hold but one."""

from typing import Any

import pytest

from rules.engine import Judge
from rules.model import Case
from tests.rules.cast import NOW, item, labelled, policy, rule, under

STORY = labelled("checkout", title="Payment retries", components=("api",))

NEAR: list[tuple[dict[str, Any], str]] = [
    # one clause of several fails: its words
    ({"label": "checkout", "kind": "bug"}, "kind is story, not bug"),
    ({"label": "checkout", "kind": "story", "component": "web"}, "component is api, not web"),
    ({"all": [{"label": "checkout"}, {"text": "refund"}]}, 'title or body has no "refund"'),
    ({"label": "checkout", "all": [{"kind": "story"}, {"text": "refund"}]}, 'title or body has no "refund"'),
    ({"label": "checkout", "none": [{"kind": "story"}]}, "excluded: kind is story"),
    ({"label": "checkout", "none": [{"kind": "story"}, {"label": "x"}]}, "excluded: kind is story"),
    ({"label": "checkout", "any": [{"kind": "bug"}, {"component": "web"}]}, "kind is story, not bug and component is api, not web"),
    ({"none": [{"label": "checkout"}, {"kind": "bug"}]}, "excluded: label is checkout"),
    ({"label": "checkout", "field": {"Team": "A"}}, "field Team is not known"),
    ({"label": "checkout", "age": {"older_than": "90d"}}, "created 2026-10-22; wanted: older than 90d"),
    ({"age": {"newer_than": "90d", "older_than": "60d"}}, "created 2026-10-22; wanted: older than 60d"),
    # none at all: it matches, more than one clause fails, or there is but one
    ({"label": "checkout", "kind": "story"}, ""),
    ({"label": "x", "kind": "bug"}, ""),
    ({"label": "checkout", "kind": "bug", "component": "web"}, ""),
    ({"label": "checkout", "none": [{"kind": "story"}, {"component": "api"}]}, ""),
    ({"label": "x"}, ""),
    ({"none": [{"label": "checkout"}]}, ""),
    ({"any": [{"label": "x"}, {"kind": "bug"}]}, ""),
]  # fmt: skip


@pytest.mark.parametrize(("when", "because"), NEAR, ids=lambda value: str(value)[:70])
def test_a_rule_that_fails_by_one_clause_is_a_near_miss(when: dict[str, Any], because: str) -> None:
    told = [trial.because for trial in Judge(policy(rule("r", "link", "live", **when))).near_misses(STORY, NOW)]
    assert told == ([because] if because else [])


def test_near_misses_come_in_the_order_of_the_rules_with_their_answers() -> None:
    rules = (
        rule("unknown", "link", "live", label="checkout", field={"Team": "A"}),
        rule("far", "link", "live", label="x", kind="bug"),
        rule("near", "exempt", "ops", "monitor", label="checkout", kind="bug"),
    )
    misses = list(Judge(policy(*rules)).near_misses(STORY, NOW))
    assert [(trial.rule, trial.matched) for trial in misses] == [("unknown", None), ("near", False)]


def test_what_stands_above_counts_as_one_clause() -> None:
    by = Judge(policy(rule("r", "link", "live", label="checkout", parent={"kind": "epic", "label": "x"})))
    case = under({"labels": ("checkout",)}, {"labels": ("y",)})
    assert [trial.because for trial in by.near_misses(case, NOW)] == ["parent WEB-2: label is y, not x"]
    assert not list(by.near_misses(Case(item()), NOW))
