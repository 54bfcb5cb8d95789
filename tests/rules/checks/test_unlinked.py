"""``unlinked``: open work that ought to serve a goal. Where it stands and in which words is in ``test_checks``."""

from dataclasses import replace
from datetime import date

from rules.model import Accepts
from tests.rules.cast import GOALS, at, labelled
from tests.rules.checks.bench import judged


def test_the_ways_that_it_names_change_with_the_day_on_which_a_goal_is_over() -> None:
    ending = replace(GOALS[1], ends=date(2026, 11, 30), accepts=Accepts(labels=("goal:live",)))
    goals = {"goals": (GOALS[0], ending, *GOALS[2:])}
    before = judged("unlinked", labelled(), policy_=goals)
    assert before.next_at == at("2026-12-01")
    after = judged("unlinked", labelled(), before.next_at, policy_=goals)
    assert "goal:live" in before.findings[0].fix
    assert "goal:live" not in after.findings[0].fix
    assert after.next_at is None
