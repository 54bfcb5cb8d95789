"""What speaks against a decision, in sentences, and the rest of what an explanation tells beside the verdict."""

from dataclasses import replace

import pytest

from rules.engine import Judge
from rules.explain import Explanation, explain
from rules.model import Case, Finding, Policy, Ruling
from tests.rules.cast import NOW, at, item, labelled, policy, rule, under


def told(case: Case, by: Policy | None = None) -> Explanation:
    by = by or policy()
    return explain(next(Judge(by).judge([case], NOW)), case, by, NOW)


@pytest.mark.parametrize(
    ("case", "sentences"),
    [
        (labelled("goal:live"), []),
        (labelled("goal:live", "goal:fast"), []),
        (
            labelled("goal:live", "goal:trust"),
            ["For the goal “Trust” speaks as well that it carries the label goal:trust."],
        ),
        (
            labelled("goal:live", "area/security"),
            [
                (
                    "For the goal “Trust” would speak that it matches the rule area: label is area/security; "
                    "label rule evidence counts less than explicit."
                )
            ],
        ),
        (
            labelled("goal:live", components=("legacy",)),
            [
                "For the non-goal “Rewrite” speaks as well that it matches the rule no-legacy: component is legacy.",
            ],
        ),
    ],
)
def test_evidence_for_another_branch_or_a_non_goal_is_told(case: Case, sentences: list[str]) -> None:
    assert list(told(case).contradictions) == sentences


def test_a_rule_that_misses_by_one_clause_is_near_and_says_which() -> None:
    near = told(labelled("audit", title="Nothing of it"))
    assert near.near == ("both",)
    tried = next(each for each in near.trials if each.rule == "both")
    assert tried.matched is False
    assert tried.near == 'title or body has no "audit"'


def test_a_rule_tells_what_it_does_and_what_it_found() -> None:
    tried = {each.rule: each for each in told(labelled("quiet", title="Onboarding")).trials}
    assert (tried["quiet"].matched, tried["quiet"].mode, tried["quiet"].target) == (True, "monitor", "trust")
    assert [mark.text for mark in tried["quiet"].marks] == ["quiet"]
    assert [mark.text for mark in tried["words"].marks] == ["Onboarding"]
    assert tried["area"].marks == ()


def test_what_people_decided_about_the_item_is_told_and_not_what_they_decided_about_others() -> None:
    ruling = Ruling(kind="link", target="trust", author="Ana", reason="asked by sales", made_at=at("2026-11-01"))
    case = under({}, {})
    child, epic = case.item.id, case.ancestors[0].id
    assert told(replace(case, rulings={child: (ruling,)})).rulings == (ruling,)
    assert told(replace(case, rulings={epic: (ruling,)})).rulings == ()


@pytest.mark.parametrize(("held", "why"), [("baseline", "first read"), ("grace", "begun"), ("monitor", "on trial")])
def test_a_finding_that_is_held_says_why_it_is_not_shown(held: str, why: str) -> None:
    case, by = Case(item()), policy(rule("r", "link", "trust", label=["x"]))
    judgement = next(Judge(by).judge([case], NOW))
    finding = Finding("unlinked", case.item.id, "", "no goal", "link it", held)  # type: ignore[arg-type]
    explanation = explain(judgement._replace(findings=(finding,)), case, by, NOW)
    assert [(each.kind, each.held) for each in explanation.held] == [("unlinked", held)]
    assert why in explanation.held[0].why
