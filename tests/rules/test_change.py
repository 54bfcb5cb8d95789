"""What an edit can touch: everything that comes out otherwise is found, and what cannot is left alone."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings

from rules.change import Reach, reach
from rules.engine import Judge
from rules.model import Accepts, Case, CheckMode, Checks, Judgement, Policy, Rule, Ruling
from tests.rules.cast import GOALS, NOW, RULES, item, labelled, policy, rule, under
from tests.rules.worlds import World, edits, worlds

Judgements = dict[str, Judgement]


def full(world: World, by: Policy) -> Judgements:
    """Everything judged; when to look again is left out, for it is not what was decided."""
    return {one.item: one._replace(next_at=None) for one in Judge(by).judge(world.cases(), NOW)}


def incremental(world: World, stored: Judgements, old: Policy, new: Policy) -> Judgements:
    """Only what the edit can touch is judged, then whoever reads from what came out otherwise."""
    reached, judge = reach(old, new), Judge(new)
    cases = {case.item.id: case for case in world.cases()}
    known, due = dict(stored), {id_ for id_, case in cases.items() if is_touched(reached, case, stored[id_])}
    while due:
        id_ = due.pop()
        judgement = next(judge.judge([cases[id_]], NOW))._replace(next_at=None)
        if judgement.own != known[id_].own:
            due |= {reader for reader, case in cases.items() if id_ in read_by(case)}
        known[id_] = judgement
    return known


def is_touched(reached: Reach, case: Case, then: Judgement) -> bool:
    """What a store does with a reach: by its links and findings, and by one scan."""
    about = {link.goal for link in (*then.links, *then.against)}
    for finding in then.findings:
        about |= set(finding.subject.split(","))
    stored = bool(about & reached.goals) or (reached.findings and bool(then.findings))
    return reached.everything or stored or (reached.scans and reached.touches(case, NOW))


def read_by(case: Case) -> Iterable[str]:
    return [*(above.id for above in case.ancestors[:1]), *(each.item.id for each in case.references if not each.by)]


@given(worlds(), edits())
@settings(max_examples=100)
def test_judging_what_an_edit_can_touch_is_judging_everything(world: World, edit: tuple[Policy, Policy]) -> None:
    old, new = edit
    assert incremental(world, full(world, old), old, new) == full(world, new)


# What is left alone


def edited(**changes: Any) -> Reach:
    return reach(policy(), replace(policy(), **changes))


def ruled(id_: str, **changes: Any) -> Reach:
    """The reach of a changed rule."""
    return edited(rules=tuple(replace(one, **changes) if one.id == id_ else one for one in RULES))


def strategy(goal: str, **changes: Any) -> Reach:
    """The reach of a changed goal."""
    goals = tuple(replace(one, **changes) if one.id == goal else one for one in GOALS)
    return edited(strategy=replace(policy().strategy, goals=goals))


def touched(reached: Reach, **values: Any) -> bool:
    return reached.touches(Case(item(**values)), NOW)


def nothing(reached: Reach) -> bool:
    return not (reached.everything or reached.goals or reached.findings or reached.scans)


def test_the_same_policy_touches_nothing() -> None:
    assert nothing(edited())
    assert not touched(edited(), labels=("goal:live",))


def test_an_edit_of_one_rule_touches_its_candidates_and_nothing_else() -> None:
    reached = ruled("area", when={"label": ["area/payments*"]})
    assert reached.scans
    assert (reached.everything, reached.goals, reached.findings) == (False, frozenset(), False)
    assert touched(reached, labels=("area/security",))
    assert touched(reached, labels=("area/payments-eu",))
    assert not touched(reached, labels=("area/web", "goal:live"), title="Onboarding")


def test_a_rule_that_cannot_be_told_is_a_candidate() -> None:
    assert touched(ruled("area", when={"field": {"Team": "A"}}))


def test_a_rule_that_time_may_make_match_is_a_candidate() -> None:
    reached = ruled("area", when={"age": {"older_than": "90d"}})
    assert touched(reached)
    assert not touched(ruled("area", when={"age": {"older_than": "90d"}, "kind": "bug"}))


@pytest.mark.parametrize("changes", [{"because": "Other words"}, {"examples": ()}])
def test_words_and_examples_of_a_linking_rule_touch_nothing(changes: dict[str, Any]) -> None:
    assert nothing(ruled("area", **changes))


def test_the_words_of_a_flagging_rule_touch_what_it_flags() -> None:
    flag = rule("aged", "flag", "aged", label="x")
    reached = reach(policy(flag), policy(replace(flag, because="Too old")))
    assert touched(reached, labels=("x",))
    assert not touched(reached, labels=("y",))


@pytest.mark.parametrize("change", [{"mode": "suggest"}, {"target": "trust"}, {"action": "exempt"}, {"when": {"text": "onboarding", "kind": "story"}}])  # fmt: skip
def test_whatever_judges_in_a_rule_touches_what_it_matches(change: dict[str, Any]) -> None:
    assert touched(ruled("words", **change), title="Onboarding")
    assert not touched(ruled("words", **change), title="Other")


def test_a_rule_that_comes_or_goes_touches_what_it_matches() -> None:
    for reached in (edited(rules=RULES[1:]), reach(policy(*RULES[1:]), policy())):
        assert touched(reached, title="Onboarding")
        assert not touched(reached, components=("setup",))


def test_a_rule_that_moves_touches_what_it_matches_and_those_around_it_do_not() -> None:
    reached = edited(rules=(*RULES[1:], RULES[0]))
    assert touched(reached, title="Onboarding")
    assert not touched(reached, labels=("area/security", "ops"), components=("setup", "legacy"))


def test_many_rules_that_turn_about_are_compared_in_a_moment() -> None:
    many = [Rule(f"r{n}", "link", "live", {"label": f"l{n}"}) for n in range(1000)]
    assert touched(reach(policy(*many), policy(*many[::-1])), labels=("l5",))


def test_the_first_condition_on_parents_touches_everything_and_a_further_one_its_candidates() -> None:
    first, second = (
        rule("one", "link", "live", parent={"label": "x"}),
        rule("two", "link", "live", parent={"label": "y"}),
    )
    assert reach(policy(), policy(*RULES, first)).everything
    reached = reach(policy(*RULES, first), policy(*RULES, first, second))
    assert not reached.everything
    assert touched(reached, labels=("y",))
    assert reached.touches(under({}, {"labels": ("y",)}), NOW)
    assert not reached.touches(under({}, {"labels": ("x",)}), NOW)


@pytest.mark.parametrize("change", [{"owner": "Ana"}, {"share": 0.3}])
def test_what_nobody_judges_by_in_a_goal_touches_nothing(change: dict[str, Any]) -> None:
    assert nothing(strategy("live", **change))


@pytest.mark.parametrize("change", [{"title": "New"}, {"why": "For her"}, {"kind": "theme"}])
def test_a_goal_that_reads_otherwise_touches_what_is_linked_to_it_and_below_it(change: dict[str, Any]) -> None:
    assert strategy("live", **change).goals == {"live", "fast"}
    assert touched(strategy("live", **change), labels=("goal:live", "goal:trust"))
    assert not touched(strategy("live", **change), labels=("goal:trust",))


def test_a_goal_that_ends_changes_what_fixes_advise() -> None:
    assert strategy("live", status="dropped").findings
    assert not strategy("live", title="New").findings


def test_words_that_a_goal_accepts_touch_what_carries_them() -> None:
    reached = strategy("trust", accepts=Accepts(labels=("secure",)))
    assert reached.goals == {"trust"}
    assert touched(reached, labels=("secure",))
    assert touched(reached, labels=("goal:trust",))
    assert not touched(reached, labels=("goal:live",))


def test_a_goal_that_comes_back_touches_what_somebody_linked_to_it() -> None:
    ruling = Ruling(kind="link", target="trust", author="Ana", made_at=NOW)
    lost = replace(policy(), strategy=replace(policy().strategy, goals=GOALS[:3]), rules=())
    reached = reach(lost, replace(lost, strategy=policy().strategy))
    assert reached.touches(replace(labelled(), rulings={labelled().item.id: (ruling,)}), NOW)
    assert not reached.touches(labelled(), NOW)


def test_needs_goal_touches_what_is_now_needed_or_no_longer() -> None:
    reached = edited(needs_goal={"kind": ["epic", "bug"]})
    assert touched(reached, kind="bug")
    assert touched(reached, kind="story")
    assert not touched(reached, kind="epic")
    assert not touched(reached, kind="page")


def _with(**modes: CheckMode) -> Checks:
    return replace(policy().checks, modes={**policy().checks.modes, **modes})


OPEN_WORK: list[tuple[dict[str, Any], bool]] = [
    ({"status_category": "todo"}, True),
    ({"status_category": "in_progress"}, True),
    ({"status_category": "done"}, False),
]


@pytest.mark.parametrize(("values", "expected"), OPEN_WORK)
def test_thresholds_touch_open_work(values: dict[str, Any], expected: bool) -> None:
    for reached in (edited(grace_days=5), edited(baseline=True), edited(checks=_with(blocked="off"))):
        assert touched(reached, **values) is expected


def test_a_check_on_trial_touches_only_what_has_findings() -> None:
    reached = edited(checks=_with(blocked="monitor"))
    assert reached.findings
    assert not reached.scans


def test_conditions_of_a_reach_are_those_of_the_changed_rules_alone() -> None:
    reached = ruled("area", when={"label": ["x"]})
    assert [len(side.book.rules) for side in reached.sides] == [1, 1]
