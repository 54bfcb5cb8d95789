"""Explanations: the sentence, the way to the goal with the break marked, and JSON that keeps them."""

from dataclasses import replace

import orjson
import pytest
from hypothesis import given, settings

from rules.engine import Judge
from rules.explain import Explanation, explain, from_json, to_json
from rules.model import Case, Policy
from tests.rules import worlds as everything
from tests.rules.cast import GOALS, NOW, item, labelled, policy, refers, rule, under
from tests.rules.test_engine import worlds

POLICY = policy()
JUDGE = Judge(POLICY)
LIVE, LIVE_EPIC = {"labels": ("goal:live",)}, item("EPIC-1", kind="epic", labels=("goal:live",))


def explained(case: Case) -> Explanation:
    return explain(next(JUDGE.judge([case], NOW)), case, POLICY, NOW)


def way(case: Case) -> list[str]:
    """The steps by key or goal, the broken one in brackets."""
    names = [step.text.split(" ")[0] if step.kind == "item" else step.text for step in explained(case).path]
    return [f"[{n}]" if step.broken else n for n, step in zip(names, explained(case).path, strict=True)]


VISION = "Every clinic invoices on day one"


@pytest.mark.parametrize(
    ("case", "steps"),
    [
        (labelled("goal:live"), ["WEB-1", "Live", "Growth", VISION]),
        (labelled("goal:fast"), ["WEB-1", "Fast", "Live", "Growth", VISION]),
        (under({}, {}, LIVE), ["WEB-1", "WEB-2", "WEB-3", "Live", "Growth", VISION]),
        (under({}, LIVE, {}), ["WEB-1", "WEB-2", "Live", "Growth", VISION]),
        (under({}, {}), ["WEB-1", "WEB-2", "[no goal]"]),
        (labelled("ops"), ["WEB-1", "needs no goal (maintenance)"]),
        (labelled("goal:old"), ["WEB-1", "[Old]", VISION]),
        (labelled("goal:under"), ["WEB-1", "Under", "[Rest]", VISION]),
        (labelled("goal:past"), ["WEB-1", "[Past]", VISION]),
        (labelled("no:rewrite"), ["WEB-1", "[Rewrite]", VISION]),
        (
            Case(item(), references=(refers("closes", item("PLAIN-1"), LIVE_EPIC),)),
            ["WEB-1", "PLAIN-1", "EPIC-1", "Live", "Growth", VISION],
        ),
        (
            replace(under({}, {}), references=(refers("closes", LIVE_EPIC, by="acme-jira:n-WEB-2"),)),
            ["WEB-1", "WEB-2", "EPIC-1", "Live", "Growth", VISION],
        ),
    ],
)
def test_the_way_leads_from_the_item_to_the_vision_or_shows_its_break(case: Case, steps: list[str]) -> None:
    assert way(case) == steps


@pytest.mark.parametrize(
    ("case", "verdict"),
    [
        (labelled("goal:live"), "WEB-1 “Title of WEB-1” serves “Live”: it carries the label goal:live."),
        (
            under({}, LIVE),
            (
                "WEB-1 “Title of WEB-1” serves “Live”: it inherits from WEB-2 “Title of WEB-2”, which carries "
                "the label goal:live."
            ),
        ),
        (
            labelled("no:rewrite"),
            "WEB-1 “Title of WEB-1” is tied to the non-goal “Rewrite”: it carries the label no:rewrite.",
        ),
        (
            under({}, {"labels": ("ops",)}),
            (
                "WEB-1 “Title of WEB-1” needs no goal (maintenance): it inherits from WEB-2 “Title of WEB-2”, "
                "which matches the rule ops: label is ops."
            ),
        ),
        (labelled(), "WEB-1 “Title of WEB-1” serves no goal: nothing ties it to one."),
        (under({}, {}), "WEB-1 “Title of WEB-1” serves no goal: nothing ties it or the items above it to one."),
        (
            labelled(parent="jira:GONE-1"),
            "WEB-1 “Title of WEB-1” serves no goal: nothing known ties it to one, and jira:GONE-1 above it is not stored.",
        ),
    ],
)
def test_the_verdict_is_one_sentence(case: Case, verdict: str) -> None:
    assert explained(case).verdict == verdict


def test_an_explanation_holds_evidence_what_was_outranked_findings_and_trials() -> None:
    case = under({"labels": ("goal:old",), "title": "Onboarding"}, LIVE)
    told = explained(case)
    assert [evidence.source for evidence in told.links[0].evidence] == ["goal:old"]
    assert [evidence.source for evidence in told.outranked] == ["acme-jira:n-WEB-2", "words"]
    assert [finding.kind for finding in told.findings] == ["off_strategy"]
    assert told.findings[0].fix
    assert [trial.rule for trial in told.trials] == [each.id for each in POLICY.rules]
    assert {trial.rule: trial.because for trial in told.trials}["area"] == "label is goal:old, not area/security*"


def test_an_explanation_is_json_as_it_is() -> None:
    told = orjson.loads(orjson.dumps(explained(under({}, LIVE))))
    assert told["path"][0] == {
        "kind": "item",
        "id": "acme-jira:n-WEB-1",
        "text": "WEB-1 “Title of WEB-1”",
        "broken": "",
    }
    assert told["links"][0]["evidence"][0]["strength"] == 4


def test_a_judgement_is_explained_even_when_strategy_and_case_have_moved_on() -> None:
    judgement = next(JUDGE.judge([under({}, LIVE)], NOW))
    told = explain(judgement, labelled(), policy(rule("r", "link", "trust", label=["x"]), goals=(GOALS[3],)), NOW)
    assert [step.text for step in told.path] == ["WEB-1 “Title of WEB-1”", "live", VISION]
    assert told.path[1].broken == "it is no longer in the strategy"


@given(worlds())
def test_json_gives_back_every_judgement(cases: list[Case]) -> None:
    for judgement in JUDGE.judge(cases, NOW):
        assert from_json(to_json(judgement)) == judgement
        assert to_json(from_json(to_json(judgement))) == to_json(judgement)


@given(worlds())
def test_every_judgement_can_be_explained(cases: list[Case]) -> None:
    for case, judgement in zip(cases, JUDGE.judge(cases, NOW), strict=True):
        told = explain(judgement, case, POLICY, NOW)
        assert told.path[0].id == case.item.id
        assert told.verdict.endswith(".")
        assert any(step.broken for step in told.path) == (
            (not judgement.links and not judgement.against and not judgement.exempt)
            or any(finding.kind == "off_strategy" for finding in judgement.findings)
        )


def test_the_fields_of_the_json_are_those_documented() -> None:
    told = orjson.loads(to_json(next(JUDGE.judge([under({}, LIVE)], NOW))))
    assert list(told) == [
        "item", "links", "against", "exempt", "exempt_by", "findings", "trials", "outranked", "own",
    ]  # fmt: skip
    assert list(told["links"][0]) == ["goal", "strength", "evidence", "primary"]
    assert list(told["links"][0]["evidence"][0]) == ["goal", "strength", "kind", "source", "detail", "via"]


def test_the_way_out_of_a_circle_leads_across() -> None:
    """WEB-1 and WEB-2 are each other's parents; WEB-1 closes WEB-3, which lies under WEB-2."""
    one, two = item("WEB-1", parent="jira:WEB-2"), item("WEB-2", parent="jira:WEB-1", labels=("goal:live",))
    three = item("WEB-3", parent="jira:WEB-2")
    case = Case(one, (two,), (refers("closes", three, two),), cycle=True)
    [judgement] = JUDGE.judge([case], NOW)
    told = explain(judgement, case, POLICY, NOW)
    assert [step.id for step in told.path if step.kind == "item"] == [one.id, three.id, two.id]


@given(everything.worlds(), everything.policies())
@settings(max_examples=40)
def test_the_way_leads_to_the_item_at_which_the_evidence_stands(world: everything.World, by: Policy) -> None:
    cases = world.cases()
    for case, judgement in zip(cases, Judge(by).judge(cases, NOW), strict=True):
        items = [step.id for step in explain(judgement, case, by, NOW).path if step.kind == "item"]
        for link in (*judgement.links, *judgement.against)[:1]:
            assert (link.evidence[0].via or case.item.id) in items
