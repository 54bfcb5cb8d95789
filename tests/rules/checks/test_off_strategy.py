"""``off_strategy``: work tied to what is not wanted. Where it stands and in which words is in ``test_checks``."""

from dataclasses import replace
from datetime import date

from tests.rules.cast import GOALS, at, labelled
from tests.rules.checks.bench import judged


def test_work_for_a_goal_is_looked_at_again_the_day_after_its_period() -> None:
    goals = {"goals": (GOALS[0], replace(GOALS[1], ends=date(2026, 11, 30)), *GOALS[2:])}
    during = judged("off_strategy", labelled("goal:live"), policy_=goals)
    assert (during.findings, during.next_at) == ((), at("2026-12-01"))
    after = judged("off_strategy", labelled("goal:live"), during.next_at, policy_=goals)
    assert after.findings[0].message.endswith("whose period ended on 30 November 2026")


def test_a_goal_without_an_end_gives_no_reason_to_look_again() -> None:
    assert judged("off_strategy", labelled("goal:live")).next_at is None
