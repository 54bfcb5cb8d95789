"""What happened to a flag is told from its first finding on; the funnel loses no finding on the way."""

from datetime import timedelta

import pytest

from rules.model import Checks, Rule
from syncd.review import funnel, history
from syncd.review.models import Flag
from syncd.trackers.models import Stream
from tests.review.desk import ANA, DAY, OMAR, QUIET, Desk, Write, epic, orphans, policy, queue, the_flag
from tests.trackers.conftest import made

pytestmark = pytest.mark.django_db


def test_the_log_tells_of_finding_deciding_taking_back_and_repair_in_order(write: Write) -> None:
    desk = write().put(made(1)).judge()
    verdict = desk.decide(the_flag(), "accept", reason="after the fair", until=desk.now + 30 * DAY)
    desk.undo(verdict, OMAR)
    desk.decide(the_flag(), "snooze", until=desk.now + DAY)
    desk.judge()
    desk.wait(2).judge()
    desk.put(made(1, labels=("goal:claims",))).judge()
    told = [(entry.what, entry.who) for entry in history.log(the_flag())]
    assert [pair for pair in told if pair[1]] == [("decided", ANA), ("undone", OMAR), ("decided", ANA)]
    assert [what for what, who in told if not who] == ["open", "open", "ended", "open", "resolved"]
    assert history.log(the_flag())[-1].says == "linked to claims: carries the label goal:claims"


def test_a_flag_says_that_it_is_frozen_while_the_stream_of_its_work_is_stale(write: Write, stream: Stream) -> None:
    desk = write().put(made(1)).judge()
    assert history.frozen(the_flag(), desk.now) == ""
    later = desk.now + timedelta(hours=3, minutes=10)
    assert history.frozen(the_flag(), later) == "frozen: acme-jira/WEB not synced for 3 h"


def test_flags_about_goals_neither_open_nor_resolve_while_a_stream_is_stale(write: Write, stream: Stream) -> None:
    desk = write(policy(checks=Checks(modes=QUIET | {"starved_goal": "enforce"})))
    stream.broken_since = desk.now
    stream.save()
    desk.put(made(1, labels=("goal:claims",))).judge()
    assert queue() == []
    desk.wait(0.1)
    stream.broken_since, stream.last_success_at = None, desk.now
    stream.save()
    desk.judge()
    assert ("starved_goal", "claims", 1) in queue()


def test_the_funnel_accounts_for_every_finding_with_its_reason(write: Write) -> None:
    trial = Rule("trial", "flag", "late", {"label": "late"}, "monitor")
    upkeep = Rule("upkeep", "exempt", "maintenance", {"label": "upkeep"}, "enforce")
    desk: Desk = write(policy(trial, upkeep))
    desk.put(
        *orphans(6),
        *epic(20, 21, 22),
        made(30, kind="bug"),
        made(31, labels=("upkeep",)),
        made(32, parent="jira:WEB-999"),
        made(33, labels=("late", "goal:claims")),
        made(34),
        made(35, status_category="done"),
        made(36, labels=("goal:claims",)),
    ).judge()
    desk.decide(Flag.objects.get(item__key="WEB-34"), "snooze", until_event="grows")
    counts = {step.reason: step.count for step in funnel.funnel()}
    assert counts == {
        "raw": 15,
        "finished": 1,
        "needs_no_goal": 1,
        "exempt": 1,
        "unknown": 1,
        "baseline": 0,
        "grace": 0,
        "monitor": 1,
        "decided": 1,
        "grouped_root": 2,
        "grouped_shape": 5,
        "unsettled": 0,
        "shown": 2,
    }
    assert len(queue()) == 2
    assert funnel.held() == [("monitor", "late", 1)]


def test_the_steps_of_the_funnel_lead_from_all_to_what_is_shown(write: Write) -> None:
    write().put(*orphans(6), *epic(20, 21, 22)).judge()
    raw, *between, shown = funnel.funnel()
    assert raw.count - sum(step.count for step in between) == shown.count == shown.left == len(queue())
