"""What a plan tells besides its numbers, and that it only reads."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from connectors.item import Person
from syncd.review import verdicts
from syncd.review.models import Finding, Flag
from syncd.strategy.models import Decision, Draft, Link, StrategyVersion
from syncd.trackers.models import Due, Item, Stream
from syncd.trackers.reading import reading
from tests.trackers.conftest import made
from tests.worker.plan.conftest import STRATEGY, Folder

pytestmark = pytest.mark.django_db

ANA = (Person("a", "Ana"),)
RULES = """
rules:
  - id: checkout
    link: claims
    mode: enforce
    because: Checkout is claims
    when: {label: checkout}
"""
WRITES = ("INSERT", "UPDATE", "DELETE", "CREATE", "DROP", "ALTER", "REPLACE")

Put = Callable[..., None]


def dropped(goal: str) -> str:
    """The usual strategy with a goal dropped."""
    return STRATEGY.replace(f"id: {goal}, kind: objective", f"id: {goal}, status: dropped, kind: objective")


def test_links_are_told_by_goal_with_their_reason(folder: Folder, put: Put) -> None:
    put(made(1, labels=("checkout",)), made(2, labels=("goal:claims",)), made(3, parent="jira:WEB-1"))
    folder.judge()
    folder.write(rules=RULES, strategy=STRATEGY.replace('labels: ["goal:claims"]', "labels: []"))
    with folder.plan() as plan:
        assert plan.links.by_goal() == [
            {"change": "gained", "was": "", "will_be": "claims", "items": 2},
            {"change": "lost", "was": "claims", "will_be": "", "items": 1},
        ]
        [epic, child] = plan.links.samples("", "claims", 5)
        assert (epic["key"], epic["because"]) == ("WEB-1", "matches the rule checkout: label is checkout")
        assert child["because"].startswith("inherits from WEB-1")
        [lost] = plan.links.samples("claims", "", 5)
        assert lost["because"] == "no longer carries the label goal:claims"


def test_flags_are_told_by_rule_team_and_owner(folder: Folder, put: Put) -> None:
    put(made(1, labels=("checkout",), assignees=ANA), made(2, labels=("goal:claims",), container="PAY"))
    folder.judge()
    folder.write(rules=RULES, strategy=STRATEGY.replace('labels: ["goal:claims"]', "labels: []"))
    with folder.plan() as plan:
        assert plan.flags.counts("rule") == [{"rule": "unlinked", "opened": 1, "cleared": 1}]
        assert plan.flags.counts("container") == [
            {"container": "PAY", "opened": 1, "cleared": 0},
            {"container": "WEB", "opened": 0, "cleared": 1},
        ]
        assert plan.flags.counts("owner") == [
            {"owner": "", "opened": 1, "cleared": 0},
            {"owner": "Ana", "opened": 0, "cleared": 1},
        ]
        [opened] = plan.flags.samples("opened", "unlinked", 5)
        assert (opened["key"], opened["item"]) == ("WEB-2", "acme-jira:10002")


def test_findings_that_are_held_are_no_flags(folder: Folder, put: Put) -> None:
    put(made(1, labels=("goal:claims",)), made(2, labels=("goal:claims",), status_category="in_progress"))
    folder.write(rules="grace: 3 working days in progress").judge()
    folder.write(strategy=STRATEGY.replace('labels: ["goal:claims"]', "labels: []"))
    with folder.plan() as plan:
        assert [row["key"] for row in plan.flags.changed() if row["rule"] == "unlinked"] == ["WEB-2"]
        assert plan.effect.changed == 2


def test_rules_that_match_nothing_and_rules_that_decide_nothing_are_told(folder: Folder, put: Put) -> None:
    put(made(1, labels=("goal:claims", "checkout")))
    folder.judge()
    other = "\n  - {id: nothing, exempt: ops, mode: monitor, when: {label: chekout}}"
    folder.write(rules=f"{RULES.rstrip()}{other}")
    with folder.plan() as plan:
        idle = {rule.rule: (rule.state, rule.matches) for rule in plan.idle_rules}
        assert idle == {"checkout": ("shadowed", 1), "nothing": ("dead", 0)}
        [shadowed] = [rule for rule in plan.idle_rules if rule.state == "shadowed"]
        assert "the label goal:claims (1)" in shadowed.because


def test_a_new_rule_on_trial_tells_what_it_matches_though_nothing_changes(folder: Folder, put: Put) -> None:
    put(*(made(number, labels=("billing",)) for number in range(1, 8)), made(8, labels=("other",)))
    folder.write(rules=RULES).judge()
    trial = "\n  - {id: billing, link: claims, when: {label: billing, none: [{field: {Team: Web}}]}}"
    folder.write(rules=f"{RULES.rstrip()}{trial}")
    with folder.plan() as plan:
        [told] = plan.edited_rules
        assert (told.rule, told.edit, told.mode, told.matches, told.unknown) == ("billing", "new", "monitor", 0, 7)
    folder.write(rules=f"{RULES.rstrip()}{trial.replace(', none: [{field: {Team: Web}}]', '')}")
    with folder.plan() as plan:
        [told] = plan.edited_rules
        assert (told.matches, told.unknown, plan.effect.changed) == (7, 0, 0)
        assert [sample.key for sample in told.samples] == ["WEB-1", "WEB-2", "WEB-3", "WEB-4", "WEB-5"]
        assert told.samples[0].because == "label is billing"


def test_a_rule_is_edited_when_it_is_judged_by_otherwise(folder: Folder, put: Put) -> None:
    put(made(1, labels=("checkout",)))
    folder.write(rules=RULES).judge()
    folder.write(rules=RULES.replace("Checkout is claims", "Whoever pays, claims"))
    with folder.plan() as plan:
        assert plan.edited_rules == ()
    folder.write(rules=RULES.replace("mode: enforce", "mode: suggest"))
    with folder.plan() as plan:
        [told] = plan.edited_rules
        assert (told.rule, told.edit, told.mode, told.matches) == ("checkout", "edited", "suggest", 1)


def test_words_that_occur_on_no_item_are_told_with_the_nearest_that_does(folder: Folder, put: Put) -> None:
    put(made(1, labels=("checkout", "area/pay"), components=("api",), fields={"Team": "Web"}))
    folder.judge()
    rules = """
    rules:
      - id: stray
        exempt: ops
        when:
          label: {any: [chekout, "area/*", "zone/*"]}
          component: API
          status: Donne
          none: [{field: {Team: Wb, Squad: Blue}}, {parent: {component: apy}}]
    """
    folder.write(
        rules=rules, strategy=STRATEGY.replace("labels: [desktop]", 'items: ["acme-jira:WEB-1", "acme-jira:WEB-9"]')
    )
    with folder.plan() as plan:
        found = {(stray.where, stray.sort, stray.word): stray.nearest for stray in plan.strays}
    assert found.pop(("goal activation", "label", "goal:activation")) == ""
    assert found.pop(("goal claims", "label", "goal:claims")) == ""
    assert found == {
        ("rule stray", "label", "chekout"): "checkout",
        ("rule stray", "label", "zone/*"): "",
        ("rule stray", "status", "Donne"): "",
        ("rule stray", "field", "Wb"): "Web",
        ("rule stray", "field", "Squad"): "",
        ("rule stray", "field", "Blue"): "",
        ("rule stray", "component", "apy"): "api",
        ("goal desktop", "item", "acme-jira:WEB-9"): "",
    }


def test_a_goal_that_is_dropped_is_a_decision_about_each_item_in_flight(folder: Folder, put: Put) -> None:
    partners = """
    partners:
      - id: globex
        name: Globex Health
        owner: pia@acme.example
        cadence: weekly
        share: {where: {label: partner}, fields: {title: public_title}}
        commitments:
          - {id: sso, who: acme, what: Single sign-on, by: 2026-12-15, success: It works, items: ["acme-jira:WEB-3"]}
    """
    label = ("goal:activation",)
    put(
        made(1, labels=label, status_category="in_progress", assignees=ANA),
        made(2, labels=label),
        made(3, labels=label),
        made(4, labels=(*label, "checkout")),
        made(5, labels=label, status_category="done"),
        made(6, parent="jira:WEB-1"),
    )
    folder.write(partners=partners).judge()
    gone = STRATEGY.replace('labels: ["goal:activation"]', "labels: []")
    folder.write(
        rules=RULES, strategy=gone.replace("owner: ana@acme.example,", "owner: ana@acme.example, status: dropped,")
    )
    with folder.plan() as plan:
        [recall] = plan.recalls.found()
        told = {
            (each.key, remedy): (each.owner, each.to)
            for remedy in recall.remedies
            for each in plan.recalls.items("activation", remedy)
        }
    assert (recall.goal, recall.edit, recall.losing, recall.follow) == ("activation", "dropped", 5, 1)
    assert told == {
        ("WEB-1", "keep"): ("Ana", ""),
        ("WEB-2", "stop"): ("ana@acme.example", ""),
        ("WEB-3", "keep"): ("ana@acme.example", ""),
        ("WEB-4", "re-link"): ("ana@acme.example", "claims"),
    }
    [promise] = recall.commitments
    assert (promise.id, promise.owner, promise.remedy) == ("globex/sso", "pia@acme.example", "keep")
    assert "promised to Globex Health by 2026-12-15" in promise.because


def test_a_goal_whose_labels_another_takes_over_is_merged_and_its_work_is_linked_there(
    folder: Folder, put: Put
) -> None:
    put(made(1, labels=("goal:activation",)))
    folder.judge()
    lines = STRATEGY.splitlines()
    kept = "\n".join(line for line in lines if "activation" not in line)
    folder.write(strategy=kept.replace('["goal:claims"]', '["goal:claims", "goal:activation"]'))
    with folder.plan() as plan:
        [recall] = plan.recalls.found()
        assert (recall.edit, recall.into, dict(recall.remedies)) == ("merged", "claims", {"re-link": 1})


def test_the_draft_is_held_against_what_people_decided(folder: Folder, put: Put) -> None:
    put(made(1, labels=("checkout",)), made(2), made(3))
    folder.judge()
    now = timezone.now()
    flags = {flag.item.key: flag for flag in Flag.objects.select_related("item") if flag.item}
    for key in ("WEB-1", "WEB-2"):
        verdicts.decide(flags[key], "link", "Ana", target="claims", reason="it is", now=now)
    verdicts.decide(flags["WEB-3"], "false_positive", "Ana", reason="no", until=now + timedelta(days=9), now=now)
    folder.judge()
    folder.write(rules=RULES)
    with folder.plan() as plan:
        told = plan.agreement
    assert (told.links, told.links_found, told.mistakes, told.mistakes_repeated) == (2, 1, 1, 1)
    assert [(one.key, one.draft) for one in told.samples] == [
        ("WEB-2", "serves no goal"),
        ("unlinked", "would be found again"),
    ]


def test_agreements_are_compared_field_by_field(folder: Folder, put: Put) -> None:
    put(made(1))
    partner = "{id: globex, name: Globex, owner: pia@acme.example, cadence: weekly, share: {where: {label: partner}, fields: {due: month}}}"
    folder.write(partners=f"partners: [{partner}]").judge()
    edited = partner.replace("month", "day").replace("cadence: weekly", "cadence: monthly, mutual: [date]")
    folder.write(partners=f"partners: [{edited}]")
    with folder.plan() as plan:
        assert [(each.partner, each.path, each.was, each.will_be) for each in plan.partners] == [
            ("globex", "cadence", "weekly", "monthly"),
            ("globex", "mutual", None, ["date"]),
            ("globex", "share.fields.due", "month", "day"),
        ]
        assert plan.effect.changed == 0


def test_a_plan_sends_no_statement_that_writes_and_leaves_every_table_as_it_is(folder: Folder, put: Put) -> None:
    put(*(made(number, labels=("checkout",) if number % 2 else ()) for number in range(1, 9)))
    folder.judge()
    folder.write(rules=RULES, strategy=dropped("activation"))
    tables = (Item, Stream, Due, Decision, Link, Finding, Flag, StrategyVersion, Draft)
    before = [list(table.objects.order_by("pk").values()) for table in tables]
    with CaptureQueriesContext(connection) as sent, folder.plan() as plan:
        assert plan.effect.changed
    assert [query["sql"] for query in sent if query["sql"].lstrip().upper().startswith(WRITES)] == []
    assert [list(table.objects.order_by("pk").values()) for table in tables] == before


def test_the_database_itself_refuses_to_write_while_a_plan_is_open(folder: Folder, put: Put) -> None:
    put(made(1))
    folder.judge()
    with pytest.raises(DatabaseError), reading():
        Item.objects.update(title="changed")
    assert Item.objects.get().title == "Story 1"
    Item.objects.update(title="changed")  # and takes it again afterwards
    assert Item.objects.get().title == "changed"


@pytest.mark.django_db(transaction=True)
def test_a_plan_sees_one_moment(folder: Folder, put: Put) -> None:
    put(made(1))
    folder.judge()
    with reading():
        assert Item.objects.count() == 1
        with pytest.raises(DatabaseError):
            put(made(2))


def test_the_queries_of_a_plan_do_not_grow_with_what_it_finds(folder: Folder, put: Put) -> None:
    put(made(1, labels=("checkout",)))
    folder.judge()
    folder.write(rules=RULES)

    def queries() -> int:
        with CaptureQueriesContext(connection) as sent, folder.plan():
            pass
        return len(sent)

    one = queries()
    put(*(made(number, labels=("checkout",)) for number in range(2, 60)))
    assert queries() == one
