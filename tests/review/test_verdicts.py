"""What people decide stands, ends, is replaced and taken back; and whoever comes second is told."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from rules.model import Checks, Outcome
from syncd.review import verdicts
from syncd.review.models import Finding, Flag, Verdict
from syncd.review.verdicts import Overtaken, Refused
from syncd.strategy.models import Decision
from syncd.trackers.models import Item
from tests.review.desk import ANA, DAY, OMAR, START, Desk, Write, epic, orphans, policy, queue, the_flag
from tests.trackers.conftest import made

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(write: Write) -> Desk:
    """An unlinked epic with two stories."""
    return write().put(*epic(1, 2, 3)).judge()


def goals() -> set[str]:
    return set(Decision.objects.values_list("primary_goal", flat=True))


def test_a_link_is_evidence_for_all_below_and_the_flag_is_gone_at_once(desk: Desk) -> None:
    verdict = desk.decide(the_flag(), "link", target="claims")
    assert (queue(), the_flag().resolved_because) == ([], "linked to claims by ana@acme.example")
    desk.judge()
    assert goals() == {"claims"}
    assert Finding.objects.count() == 0
    assert (the_flag().state, the_flag().verdict, the_flag().fared) == ("resolved", verdict, "acted")


def test_an_exemption_needs_a_category_and_a_reason_and_ends_after_ninety_days(desk: Desk) -> None:
    verdict = desk.decide(the_flag(), "exempt", target="maintenance", reason="keeps the lights on")
    assert (the_flag().state, verdict.until) == ("exempt", desk.now + 90 * DAY)
    desk.judge()
    assert set(Decision.objects.values_list("exempt", flat=True)) == {"maintenance"}
    assert the_flag().state == "resolved"
    desk.wait(91).judge()
    assert queue() == [("unlinked", "WEB-1", 3)]
    assert the_flag().regressed == 1


@pytest.mark.parametrize(
    ("kind", "how", "state"),
    [
        ("false_positive", {"reason": "the label is wrong"}, "exempt"),
        ("accept", {"reason": "after the fair", "until": START + 30 * DAY}, "exempt"),
        ("snooze", {"until": START + 30 * DAY}, "snoozed"),
    ],
)
def test_what_hides_a_flag_ends_on_its_day_and_says_so(kind: str, how: Any, state: str, desk: Desk) -> None:
    verdict = desk.decide(the_flag(), kind, **how)
    desk.judge()
    assert (the_flag().state, queue()) == (state, [])
    assert Finding.objects.count() == 3, "what was found is still counted"
    assert verdict.until
    desk.now = verdict.until - timedelta(minutes=2)
    desk.judge()
    assert queue() == []
    desk.judge()
    assert queue() == [("unlinked", "WEB-1", 3)]
    verdict.refresh_from_db()
    assert verdict.ended_at == desk.now
    assert "is over" in verdict.ended_because
    assert the_flag().detail["reopened"] == verdict.ended_because
    assert (the_flag().verdict, the_flag().regressed) == (None, 0)
    assert desk.settled.ended == 1


def test_a_snooze_until_it_grows_ends_when_more_is_at_stake_and_not_when_less_is(desk: Desk) -> None:
    desk.decide(the_flag(), "snooze", until_event="grows")
    desk.put(made(3, parent="jira:WEB-1", status_category="done")).judge()
    assert queue() == []
    desk.put(made(3, parent="jira:WEB-1"), made(4, parent="jira:WEB-1")).judge()
    assert queue() == [("unlinked", "WEB-1", 4)]
    assert "it clears 4 now, and 3 when it was decided" in the_flag().detail["reopened"]


@pytest.mark.parametrize(
    "change", [{"status": "paused"}, {"title": "An app for patients"}, {"outcome": Outcome("users", target=5)}]
)
def test_a_snooze_until_the_goal_changes_ends_when_it_does(change: dict[str, Any], write: Write) -> None:
    desk = write().put(made(1, labels=("goal:app",))).judge()
    desk.decide(the_flag(), "snooze", until_event="goal_changes")
    desk.judge()
    desk.follow(policy(goals=desk.policy.strategy.goals, grace_days=0))
    desk.judge()
    assert queue() == [], "another version of the same goal is no change"
    changed = [replace(goal, **change) if goal.id == "app" else goal for goal in desk.policy.strategy.goals]
    desk.follow(policy(goals=tuple(changed)))
    desk.judge()
    assert queue() == [("off_strategy", "WEB-1", 1)]
    assert "the goal app changed" in the_flag().detail["reopened"]


def test_what_is_snoozed_and_gone_is_resolved_in_silence_and_stays_snoozed_if_it_returns(desk: Desk) -> None:
    desk.decide(the_flag(), "snooze", until=START + 30 * DAY)
    desk.put(*epic(1, 2, 3, status_category="done")).judge()
    assert (the_flag().state, desk.settled.resolved) == ("resolved", 0)
    desk.put(*epic(1, 2, 3)).judge()
    assert (the_flag().state, the_flag().regressed) == ("snoozed", 1)


@pytest.mark.parametrize(
    ("kind", "how"),
    [
        ("link", {"target": "claims"}),
        ("exempt", {"target": "maintenance", "reason": "keeps the lights on"}),
        ("false_positive", {"reason": "no"}),
        ("accept", {"reason": "later", "until": START + 30 * DAY}),
        ("snooze", {"until_event": "grows"}),
    ],
)
@pytest.mark.parametrize("judged", [True, False])
def test_every_decision_can_be_taken_back_and_all_is_as_it_was(kind: str, how: Any, judged: bool, desk: Desk) -> None:
    def everything() -> tuple[object, ...]:
        columns = ("state", "clears", "stake", "severity", "message", "detail", "verdict", "fared", "resolved_because")
        findings = Finding.objects.order_by("item").values_list("item", "fingerprint", "group", "held")
        return list(Flag.objects.order_by("id").values_list(*columns)), list(findings), goals()

    before = everything()
    verdict = desk.decide(the_flag(), kind, **how)
    if judged:
        desk.judge()
    assert everything() != before
    desk.undo(verdict, OMAR)
    assert queue() == [("unlinked", "WEB-1", 3)], "it is back at once"
    desk.judge()
    assert everything() == before
    verdict.refresh_from_db()
    assert (verdict.author, verdict.undone_by) == (ANA, OMAR), "the row stays"
    with pytest.raises(Refused, match=r"omar@acme\.example took it back"):
        desk.undo(verdict)


def test_what_was_repaired_meanwhile_does_not_come_back_for_long_when_a_decision_is_taken_back(desk: Desk) -> None:
    verdict = desk.decide(the_flag(), "link", target="claims")
    desk.judge()
    desk.put(*epic(1, 2, 3, status_category="done")).judge()
    desk.undo(verdict)
    desk.judge()
    assert (queue(), the_flag().state) == ([], "resolved")


def test_deciding_again_replaces_and_taking_that_back_restores_what_stood(desk: Desk) -> None:
    first = desk.decide(the_flag(), "snooze", until=START + 60 * DAY)
    second = desk.decide(the_flag(), "link", author=OMAR, target="claims")
    first.refresh_from_db()
    assert first.ended_because == "replaced: linked to claims by omar@acme.example"
    with pytest.raises(Refused, match="replaced: linked to claims"):
        desk.undo(first)
    desk.judge()
    desk.undo(second)
    assert (the_flag().state, the_flag().verdict) == ("snoozed", first)
    desk.judge()
    assert (the_flag().state, goals()) == ("snoozed", {""})


def test_a_replaced_link_is_evidence_no_more_and_again_when_it_is_restored(desk: Desk) -> None:
    desk.decide(the_flag(), "link", target="claims")
    desk.judge()
    second = desk.decide(the_flag(), "link", target="activation")
    desk.judge()
    assert goals() == {"activation"}
    desk.undo(second)
    desk.judge()
    assert (goals(), queue()) == ({"claims"}, [])


def test_whoever_decides_second_is_told_what_the_first_decided(desk: Desk) -> None:
    seen_by_ana, seen_by_omar = the_flag(), the_flag()
    desk.decide(seen_by_ana, "exempt", target="maintenance", reason="on call")
    with pytest.raises(Overtaken, match=r"exempt \(maintenance\) until 21 February 2027 by ana@acme.example: on call"):
        desk.decide(seen_by_omar, "link", author=OMAR, target="claims")
    assert Verdict.objects.count() == 1


def test_rulings_are_links_and_exemptions_that_stand(desk: Desk) -> None:
    row = Item.objects.get(key="WEB-1").id
    assert verdicts.rulings([row]) == {}
    verdict = desk.decide(the_flag(), "link", target="claims", reason="it is about claims")
    (ruling,) = verdicts.rulings([row])[row]
    assert (ruling.kind, ruling.target, ruling.author, ruling.made_at) == ("link", "claims", ANA, verdict.made_at)
    desk.undo(verdict)
    assert verdicts.rulings([row]) == {}
    desk.decide(the_flag(), "snooze", until_event="grows")
    assert verdicts.rulings([row]) == {}


@pytest.mark.parametrize(
    ("kind", "how", "told"),
    [
        ("link", {"target": "no-such"}, "there is no goal no-such"),
        ("link", {"target": "app"}, "the goal app is not in force: it is dropped"),
        ("link", {"target": "desktop"}, "it is a non-goal"),
        ("exempt", {"target": "maintenance"}, "say why"),
        ("exempt", {"reason": "so"}, "name the category"),
        ("false_positive", {}, "say why"),
        ("accept", {"reason": "so"}, "say until when"),
        ("snooze", {}, "say until when"),
        ("snooze", {"until": START - DAY}, "22 November 2026 is over"),
        ("snooze", {"until_event": "goal_changes"}, "is about no goal"),
        ("accept", {"until_event": "grows", "reason": "so"}, "only a snooze waits"),
        ("ignore", {}, "ignore is no decision"),
    ],
)
def test_what_cannot_be_decided_is_refused_with_the_reason_and_nothing_is_stored(
    kind: str, how: Any, told: str, desk: Desk
) -> None:
    with pytest.raises(Refused, match=told):
        desk.decide(the_flag(), kind, **how)
    assert (Verdict.objects.count(), the_flag().state) == (0, "open")


def test_what_is_resolved_by_itself_is_not_decided(desk: Desk) -> None:
    desk.put(*epic(1, 2, 3, status_category="done")).judge()
    with pytest.raises(Refused, match="there is nothing left to decide"):
        desk.decide(the_flag(), "snooze", until_event="grows")


def test_a_group_that_is_snoozed_stays_a_group_however_few_are_left(write: Write) -> None:
    desk = write().put(*orphans(6)).judge()
    desk.decide(the_flag(), "snooze", until=START + 30 * DAY)
    desk.judge()
    desk.put(*orphans(4, status_category="done")).judge()
    assert (queue(), the_flag().state) == ([], "snoozed")
    desk.wait(31).judge()
    assert len(queue()) == 2


def test_an_orphan_that_somebody_decided_about_is_not_counted_with_others(write: Write) -> None:
    desk = write().put(*orphans(4)).judge()
    lone = Flag.objects.get(item__key="WEB-1")
    verdict = desk.decide(lone, "accept", reason="later", until=START + 30 * DAY)
    desk.put(*orphans(4, first=5)).judge()
    assert the_flag(item=None).detail["items"] == 7
    desk.undo(verdict)
    desk.judge()
    assert the_flag(item=None).detail["items"] == 8


def test_a_decision_about_a_group_says_the_same_about_each_and_is_taken_back_as_one(write: Write) -> None:
    desk = write().put(*orphans(6)).judge()
    verdict = desk.decide(the_flag(), "exempt", target="maintenance", reason="imports are upkeep")
    desk.judge()
    assert set(Decision.objects.values_list("exempt", flat=True)) == {"maintenance"}
    assert verdict.members.count() == 6
    with pytest.raises(Refused, match="part of decision"):
        desk.undo(verdict.members.first())
    desk.undo(verdict)
    desk.judge()
    assert set(Decision.objects.values_list("exempt", flat=True)) == {""}
    assert queue() == [("unlinked", "import", 6)]


def test_a_flag_about_a_goal_is_accepted_and_neither_linked_nor_exempt(write: Write) -> None:
    desk = write(policy(checks=Checks(modes={"stale_goal": "off"})))
    desk.put(made(1, labels=("goal:claims",))).judge()
    flag = the_flag(goal="claims", rule="starved_goal")
    assert (flag.item, flag.severity, flag.detail["open"]) == (None, "low", 1)
    with pytest.raises(Refused, match="a link does not clear starved_goal"):
        desk.decide(flag, "link", target="activation")
    with pytest.raises(Refused, match="only work is exempt"):
        desk.decide(flag, "exempt", target="maintenance", reason="so")
    desk.decide(flag, "accept", reason="hiring", until=desk.now + 30 * DAY)
    desk.put(made(1, labels=("goal:claims",), status="Doing", status_category="in_progress")).judge()
    assert the_flag(goal="claims", rule="starved_goal").state == "resolved"
