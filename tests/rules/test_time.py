"""When time alone changes a judgement: never before ``next_at``, and then it may."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.engine import Judge
from rules.match import Scope, View, compile_condition, flips
from rules.match.turning import TRIED
from rules.model import Case, Judgement, Policy, Ruling
from tests.rules.cast import NOW, at, item, labelled, policy, refers, rule, under
from tests.rules.worlds import World, policies, worlds

TICK = timedelta.resolution
LATER = (timedelta(hours=2), timedelta(days=1), timedelta(days=9), timedelta(days=60), timedelta(days=4000))


def judged(case: Case, by: Policy, now: datetime = NOW) -> Judgement:
    return next(Judge(by).judge([case], now))


@given(worlds(), policies(), st.sampled_from(LATER), st.sampled_from([0, 3]))
@settings(max_examples=100)
def test_nothing_changes_before_next_at(world: World, by: Policy, ahead: timedelta, grace: int) -> None:
    judge = Judge(replace(by, grace_days=grace))
    cases = world.cases()
    for case, told in zip(cases, judge.judge(cases, NOW), strict=True):
        assert told.next_at is None or told.next_at > NOW
        ends = told.next_at or datetime.max.replace(tzinfo=NOW.tzinfo)
        for moment in (NOW + TICK, min(NOW + ahead, ends - TICK), ends - TICK):
            later = next(judge.judge([case], moment))
            assert later._replace(next_at=None) == told._replace(next_at=None)
            assert later.next_at == told.next_at


# One condition

DUE = {"due": date(2026, 12, 10)}
TURNS: list[tuple[dict[str, Any], dict[str, Any], datetime | None]] = [
    # the item was made on 22 October, touched on 21 November; now is noon of 22 November
    ({"age": {"older_than": "90d"}}, {}, at("2027-01-20") + TICK),
    ({"age": {"older_than": "10d"}}, {}, None),
    ({"age": {"newer_than": "40d"}}, {}, at("2026-12-01") + TICK),
    ({"age": {"newer_than": "30d"}}, {}, None),
    ({"age": {"older_than": "40d", "newer_than": "50d"}}, {}, at("2026-12-01") + TICK),
    ({"created": {"older_than": "5w"}}, {}, at("2026-11-26") + TICK),
    ({"created": {"before": "2027-01-01"}}, {}, None),
    ({"created": {"after": "2027-01-01"}}, {}, None),
    ({"updated": {"older_than": "36h"}}, {}, at("2026-11-22") + timedelta(hours=12) + TICK),
    ({"updated": {"newer_than": "2w"}}, {}, at("2026-12-05") + TICK),
    ({"in_state": {"older_than": "7d"}}, {}, at("2026-11-27") + TICK),
    ({"due": {"overdue": True}}, DUE, at("2026-12-11")),
    ({"due": {"overdue": True}}, {"due": date(2026, 11, 21)}, None),
    ({"due": {"overdue": True}}, {**DUE, "status_category": "done"}, None),
    ({"due": {"overdue": True}}, {}, None),
    ({"due": {"overdue": False}}, {"due": date(2026, 11, 22)}, at("2026-11-23")),
    ({"due": {"within": "14d"}}, DUE, at("2026-11-26")),
    ({"due": {"within": "36h"}}, DUE, at("2026-12-09")),
    ({"due": {"within": "14d"}}, {"due": date(2026, 11, 25)}, at("2026-11-26")),
    ({"due": {"within": "14d"}}, {"due": date(2026, 11, 20)}, None),
    ({"due": {"older_than": "1d"}}, DUE, at("2026-12-11") + TICK),
    ({"due": {"before": "2026-12-24"}}, DUE, None),
    ({"due": {"overdue": True}}, {"due": date.max}, None),
    ({"due": {"within": "2w"}}, {"due": date.min}, None),
    # groups: only what time can still change
    ({"kind": "bug", "age": {"older_than": "90d"}}, {}, None),
    ({"kind": "story", "age": {"older_than": "90d"}}, {}, at("2027-01-20") + TICK),
    ({"any": [{"kind": "bug"}, {"age": {"older_than": "90d"}}]}, {}, at("2027-01-20") + TICK),
    ({"any": [{"kind": "story"}, {"age": {"older_than": "90d"}}]}, {}, None),
    ({"any": [{"age": {"older_than": "90d"}}, {"kind": "story"}]}, {}, at("2027-01-20") + TICK),
    ({"none": [{"age": {"newer_than": "40d"}}]}, {}, at("2026-12-01") + TICK),
    ({"none": [{"age": {"newer_than": "40d"}}], "kind": "bug"}, {}, None),
    ({"all": [{"age": {"older_than": "40d"}}, {"age": {"older_than": "60d"}}]}, {}, at("2026-12-21") + TICK),
    ({"all": [{"age": {"older_than": "60d"}}, {"field": {"Team": "x"}}]}, {}, at("2026-12-21") + TICK),
    ({"all": [{"age": {"newer_than": "40d"}}, {"all": [{"kind": "bug"}, {"age": {"older_than": "5d"}}]}]}, {}, None),
    ({"label": "x"}, {}, None),
]  # fmt: skip


def turn(when: dict[str, Any], case: Case, now: datetime = NOW) -> datetime | None:
    scope = Scope()
    clause = compile_condition(when, scope).clause
    view = View.of(case, scope.lexicon)
    return flips(clause, view, now, clause.test(view, now))


@pytest.mark.parametrize(("when", "values", "expected"), TURNS, ids=lambda value: str(value)[:60])
def test_a_condition_tells_when_its_answer_changes(
    when: dict[str, Any], values: dict[str, Any], expected: datetime | None
) -> None:
    case = Case(item(**values), state_since=at("2026-11-20"))
    assert turn(when, case) == expected
    told = compile_condition(when).explain(case, NOW)
    for moment in [expected - TICK] if expected else [NOW + each for each in LATER]:
        assert compile_condition(when)(case, moment) is told.matched
    if expected:
        assert compile_condition(when).explain(case, expected) != told


def test_an_answer_that_comes_back_has_both_turns() -> None:
    when = {"age": {"older_than": "40d", "newer_than": "50d"}}
    first = turn(when, labelled())
    assert first
    assert turn(when, labelled(), first) == at("2026-12-11") + TICK
    assert turn(when, labelled(), at("2026-12-12")) is None


def test_the_time_of_what_stands_above_counts() -> None:
    above = {"created_at": at("2026-11-01")}
    assert turn({"parent": {"age": {"older_than": "30d"}}}, under({}, above)) == at("2026-12-01") + TICK
    assert turn({"ancestor": {"age": {"older_than": "30d"}}}, under({}, {}, above)) is None
    assert turn({"parent": {"age": {"older_than": "30d"}}}, labelled()) is None


def test_a_rule_that_looks_at_the_time_very_often_is_looked_at_early() -> None:
    when = {"any": [{"field": {"Team": "x"}}, *({"age": {"older_than": f"{n}d"}} for n in range(900, 800, -1))]}
    first = turn(when, labelled())
    assert first == at("2026-10-22") + timedelta(days=801) + TICK
    never = {"all": [{"any": [{"age": {"older_than": f"{n}d"}} for n in range(100, 200)]}, {"any": [{"kind": "bug"}]}]}
    assert turn(never, labelled()) is None
    veiled = {"any": [{"all": [{"age": {"older_than": f"{n}d"}}, {"kind": "bug"}]} for n in range(100, 200)]}
    assert turn(veiled, labelled()) == at("2026-10-22") + timedelta(days=100 + TRIED) + TICK


# The judgement

AGED = rule("aged", "link", "live", age={"older_than": "60d"})
ON = at("2026-12-21") + TICK


@pytest.mark.parametrize("mode", ["monitor", "suggest", "enforce"])
def test_a_rule_in_any_mode_sets_next_at(mode: Any) -> None:
    by = policy(replace(AGED, mode=mode))
    assert judged(labelled("goal:trust"), by).next_at == ON
    assert judged(labelled("goal:trust"), by, ON).trials != judged(labelled("goal:trust"), by).trials


def test_needs_goal_sets_it() -> None:
    by = policy(needs_goal={"age": {"older_than": "60d"}})
    assert judged(labelled(), by).next_at == ON
    assert [finding.kind for finding in judged(labelled(), by, ON).findings] == ["unlinked"]


def test_what_stands_above_and_what_is_referred_to_set_it() -> None:
    old = {"created_at": at("2026-10-22")}
    young = {"created_at": at("2026-11-22")}
    case = under(young, old)
    assert judged(case, policy(AGED)).next_at == ON
    assert not judged(case, policy(AGED)).links
    assert [link.goal for link in judged(case, policy(AGED), ON).links] == ["live"]
    pointing = Case(item(**young), references=(refers("closes", item("OTHER-1", **old)),))
    assert judged(pointing, policy(AGED)).next_at == ON
    assert judged(pointing, policy(AGED), ON).links


def test_rulings_set_it_until_they_end() -> None:
    case = labelled()
    ends = at("2026-12-01")
    ruling = Ruling(kind="link", target="live", author="Ana", made_at=NOW, until=ends)
    ruled = replace(case, rulings={case.item.id: (ruling,)})
    assert judged(ruled, policy()).next_at == ends
    assert judged(ruled, policy(), ends - TICK).links
    assert not judged(ruled, policy(), ends).links
    assert judged(ruled, policy(), ends).next_at is None


def test_the_end_of_a_goal_sets_it_for_what_serves_it_alone() -> None:
    by = policy()
    goals = tuple(replace(goal, ends=date(2026, 12, 31)) if goal.id == "trust" else goal for goal in by.strategy.goals)
    by = replace(by, strategy=replace(by.strategy, goals=goals))
    assert judged(labelled("goal:trust"), by).next_at == at("2027-01-01")
    assert [finding.kind for finding in judged(labelled("goal:trust"), by, at("2027-01-01")).findings] == [
        "off_strategy"
    ]
    assert judged(labelled("goal:live"), by).next_at is None


def test_a_judgement_in_which_nothing_looks_at_the_time_has_none() -> None:
    assert judged(labelled("goal:live"), policy()).next_at is None
