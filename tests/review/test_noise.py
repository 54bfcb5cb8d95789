"""Few flags, each where one repair clears the most, and each says truly how much that is."""

import random
from dataclasses import replace
from datetime import timedelta

import pytest
import yaml

from config.models.rules import RulesFile
from rules.model import Rule
from syncd.review import shapes
from syncd.review.models import Finding, Flag
from syncd.trackers import due
from tests.review.desk import CLAIMS, Desk, Write, epic, orphans, policy, queue, shown, the_flag
from tests.trackers.conftest import made

pytestmark = pytest.mark.django_db


def test_twelve_orphans_with_one_label_are_one_flag_with_the_rule_that_repairs_them(desk: Desk) -> None:
    desk.put(*orphans(12)).judge()
    assert queue() == [("unlinked", "import", 12)]
    flag = the_flag()
    assert flag.message == "12 items with label import in WEB serve no goal"
    (rule,) = yaml.safe_load(shapes.suggested_rules([flag])[flag.id])
    assert (rule["mode"], rule["link"], rule["when"]["label"]) == ("monitor", "GOAL", "import")


def test_four_alike_are_four_flags_and_a_fifth_makes_them_one(desk: Desk) -> None:
    desk.put(*orphans(4)).judge()
    assert len(queue()) == 4
    desk.put(*orphans(1, first=5)).judge()
    assert queue() == [("unlinked", "import", 5)]
    absorbed = Flag.objects.exclude(item=None)
    assert {(flag.state, flag.resolved_because) for flag in absorbed} == {
        ("resolved", "counted under “5 items with label import in WEB serve no goal”")
    }


def test_who_leaves_a_group_is_told_again_and_has_not_regressed(desk: Desk) -> None:
    desk.put(*orphans(5)).judge()
    desk.put(made(1, labels=("other",))).judge()
    assert len(queue()) == 5
    assert {flag.regressed for flag in Flag.objects.all()} == {0}
    assert the_flag(item=None).state == "resolved"


def test_orphans_that_are_grouped_never_had_a_flag_of_their_own(desk: Desk) -> None:
    desk.put(*orphans(30)).judge(batch=7)
    assert Flag.objects.count() == 1


def test_an_epic_is_told_by_itself_however_many_orphans_are_alike(desk: Desk) -> None:
    desk.put(*orphans(6), *epic(50, 51, 52, labels=("import",))).judge()
    assert queue() == [("unlinked", "import", 9), ("unlinked", "WEB-50", 3)]
    assert the_flag(item=None).message.startswith("6 items")


def test_the_largest_shape_is_told_first_and_nobody_is_counted_twice(desk: Desk) -> None:
    both = [made(number, labels=("import", "legacy")) for number in range(1, 4)]
    desk.put(*both, *orphans(5, first=10), *orphans(6, first=20, label="legacy")).judge()
    groups = {flag.detail["shape"]["word"]: (flag.detail["items"], flag.clears) for flag in Flag.objects.all()}
    assert groups == {"legacy": (9, 9), "import": (5, 8)}
    assert set(Finding.objects.values_list("group", flat=True)) == set(
        Flag.objects.values_list("fingerprint", flat=True)
    )


def test_a_component_groups_as_well_and_another_project_is_another_group(desk: Desk) -> None:
    here = orphans(5, labels=(), components=("Billing",))
    there = orphans(5, first=20, labels=(), components=("Billing",), container="PAY")
    desk.put(*here, *there).judge()
    assert sorted(flag.message for flag in Flag.objects.all()) == [
        "5 items with component billing in PAY serve no goal",
        "5 items with component billing in WEB serve no goal",
    ]


def test_what_is_held_is_counted_and_not_shown(write: Write) -> None:
    desk = write(policy(grace_days=3))
    desk.put(*epic(1, 2, 3)).judge()
    desk.put(*epic(1, 2, 3, status="Doing", status_category="in_progress")).judge()
    assert queue() == []
    assert set(Finding.objects.values_list("held", flat=True)) == {"grace"}
    desk.wait(7)
    due.mark_all()
    desk.judge()
    assert queue() == [("unlinked", "WEB-1", 3)]


def test_a_rule_that_goes_on_trial_takes_its_flags_along_with_the_reason(write: Write) -> None:
    rule = Rule("late", "flag", "late", {"label": "late"}, "enforce")
    desk = write(policy(rule))
    desk.put(made(1, labels=("late", "goal:claims"))).judge()
    assert queue() == [("late", "WEB-1", 1)]
    desk.follow(policy(replace(rule, mode="monitor")))
    desk.judge()
    assert (the_flag().state, the_flag().resolved_because) == ("resolved", "its rule is on trial")


@pytest.mark.parametrize(
    ("now", "because", "fared"),
    [
        ({"labels": ("goal:claims",)}, "linked to claims: carries the label goal:claims", "acted"),
        ({"status_category": "done"}, "the item was closed", "acted"),
        ({"kind": "bug"}, "the item changed, and it no longer applies", "acted"),
    ],
)
def test_a_flag_says_what_resolved_it(now: dict[str, object], because: str, fared: str, desk: Desk) -> None:
    desk.put(made(1)).judge()
    desk.put(made(1, **now)).judge()
    flag = the_flag()
    assert (flag.state, flag.resolved_because, flag.fared) == ("resolved", because, fared)
    assert [event.state for event in flag.events.order_by("id")] == ["open", "resolved"]


def test_a_goal_that_is_in_force_again_resolves_and_is_nobodys_doing(desk: Desk) -> None:
    desk.put(made(1, labels=("goal:app",))).judge()
    assert queue() == [("off_strategy", "WEB-1", 1)]
    revived = tuple(replace(goal, status="active") for goal in desk.policy.strategy.goals)
    desk.wait(1).follow(policy(goals=revived))
    desk.judge()
    flag = the_flag()
    assert (flag.resolved_because, flag.fared) == ("the goal app changed, and it no longer applies", "")


def test_the_same_finding_reopens_the_same_flag_as_regressed(desk: Desk) -> None:
    desk.put(made(1)).judge()
    for labels in (("goal:claims",), ()):
        desk.put(made(1, labels=labels)).judge()
    flag = the_flag()
    assert (flag.state, flag.regressed, flag.fared) == ("open", 1, "")


def test_severity_is_the_work_at_stake(desk: Desk) -> None:
    desk.put(made(1, points=1), made(2, points=13), made(3, points=60, status_category="in_progress")).judge()
    told = {flag.item.key: flag.severity for flag in Flag.objects.select_related("item") if flag.item}
    assert told == {"WEB-1": "low", "WEB-2": "medium", "WEB-3": "high"}


def test_judging_again_writes_nothing_and_settles_nothing(desk: Desk) -> None:
    desk.put(*orphans(6), *epic(50, 51), made(60)).judge()
    before = _everything()
    due.mark_all()
    desk.judge()
    assert (desk.settled.opened, desk.settled.resolved, desk.settled.reopened) == (0, 0, 0)
    assert _everything() == before


def _everything() -> tuple[object, ...]:
    columns = ("fingerprint", "state", "message", "clears", "stake", "severity", "detail", "owner")
    findings = Finding.objects.order_by("fingerprint", "item").values_list(
        "item", "fingerprint", "group", "held", "shape"
    )
    return list(findings), [
        flag for flag in Flag.objects.order_by("fingerprint").values_list(*columns) if flag[1] != "resolved"
    ]


LABELS = ("import", "legacy", "Legacy", "export", "goal:claims")


def _edit(desk: Desk, rng: random.Random) -> None:
    number = rng.randint(1, 30)
    desk.put(
        made(
            number,
            labels=tuple(rng.sample(LABELS, rng.choice([0, 1, 1, 1, 2, 2]))),
            parent=rng.choice(["", "", "", f"jira:WEB-{rng.randint(1, 30)}"]) if number > 4 else "",
            kind=rng.choice(["story", "story", "epic", "bug"]),
            components=rng.choice([(), ("Billing",)]),
            container=rng.choice(["WEB", "WEB", "PAY"]),
            status_category=rng.choice(["todo", "in_progress", "in_progress", "done"]),
        )
    )


@pytest.mark.parametrize("seed", range(8))
def test_after_any_edits_the_flags_are_what_judging_everything_gives(seed: int, desk: Desk) -> None:
    rng = random.Random(seed)
    for _ in range(60):
        _edit(desk, rng)
        if rng.random() < 0.4:
            desk.judge(batch=rng.choice([1, 5, 500]))
    desk.judge()
    incremental = _everything()
    Finding.objects.all().delete()
    Flag.objects.all().delete()
    due.mark_all()
    desk.judge()
    assert incremental == _everything()


@pytest.mark.parametrize("seed", range(8))
def test_the_repair_that_a_flag_names_clears_as_many_findings_as_it_says(seed: int, desk: Desk) -> None:
    rng = random.Random(100 + seed)
    desk.put(*orphans(6), *orphans(5, first=40, label="legacy"))
    for _ in range(60):
        _edit(desk, rng)
    desk.judge()
    flag = rng.choice(list(Flag.objects.filter(state="open", rule="unlinked").order_by("id")))
    before = set(Finding.objects.filter(held="").values_list("item", "fingerprint"))
    if flag.item_id:
        desk.decide(flag, "link", target="claims")
    else:
        desk.follow(policy(_suggested(flag)))
    desk.judge()
    after = set(Finding.objects.filter(held="").values_list("item", "fingerprint"))
    assert len(before - after) == flag.clears
    assert Flag.objects.get(id=flag.id).state == "resolved"


def _suggested(flag: Flag) -> Rule:
    """The rule that comes with the flag, in force, as the configuration reads it."""
    text = yaml.safe_load(shapes.suggested_rules([flag])[flag.id])
    (written,) = RulesFile.model_validate({"rules": tuple(text)}, strict=False).rules
    return Rule(written.id, "link", CLAIMS.id, written.when, "enforce")


def test_the_group_of_a_link_is_all_that_the_rule_would_link(desk: Desk) -> None:
    desk.put(*orphans(6), *epic(50, 51, 52, labels=("import",))).judge()
    flag = the_flag(item=None)
    before = shown()
    desk.decide(flag, "link", target="claims")
    desk.judge()
    assert before - shown() == flag.clears == 9
    assert queue() == []


def test_settling_takes_as_many_queries_for_many_items_as_for_few(
    desk: Desk, django_assert_num_queries: object
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from syncd.review.store import settle

    counts = []
    for first, count in ((1, 6), (100, 60)):
        desk.put(*orphans(count, first=first, label=f"shape-{first}"))
        for ids in iter(lambda: due.take(500), []):
            desk._batch(ids)
        with CaptureQueriesContext(connection) as queries:
            settle(desk.policy, desk.now + timedelta(minutes=1))
        counts.append(len(queries))
    assert counts[1] <= counts[0] + 2, "ten times the items, and perhaps a tally that is due"
