import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from config import files
from connectors.item import Item as Incoming
from connectors.item import Person, Ref
from rules import explain
from syncd.review.models import Event, Finding, Flag
from syncd.strategy.models import Decision, Link, PastDecision, StrategyVersion
from syncd.trackers import due, presence, store
from syncd.trackers.models import Item, Round, Stream
from syncd.worker import marks
from syncd.worker.judge import Bench
from tests.trackers.conftest import NOW, made

pytestmark = pytest.mark.django_db

TRACKERS = """
trackers:
  - {name: acme-jira, kind: jira, url: "https://acme.example", auth: {token: {env: T}}, scope: {projects: [WEB]}}
"""
STRATEGY = """
vision: Clinics on day one
goals:
  - {id: activation, kind: objective, title: Live in a day, accepts: {labels: ["goal:activation"]}}
  - {id: claims, kind: objective, title: Claims accepted, accepts: {labels: ["goal:claims"]}}
  - {id: desktop, kind: non_goal, title: No desktop client, accepts: {labels: [desktop]}}
"""
ACTIVATION, CLAIMS, DESKTOP = ("goal:activation",), ("goal:claims",), ("desktop",)

Write = Callable[..., Bench]
Clock = Callable[[], datetime]


@pytest.fixture
def bench(tmp_path: Path) -> Write:
    """A bench by the usual strategy, or by another."""

    def write(strategy: str = STRATEGY, rules: str = "", clock: Clock = timezone.now) -> Bench:
        for name, text in (("syncd.yaml", TRACKERS), ("strategy.yaml", strategy), ("rules.yaml", rules)):
            (tmp_path / name).write_text(text)
        return Bench(files.load(tmp_path), clock)

    return write


def put(stream: Stream, *items: Incoming) -> None:
    store.upsert(stream, items, timezone.now())


def changed(number: int, **values: object) -> Incoming:
    """The item again, changed later than any before it."""
    changed.hours = getattr(changed, "hours", 0) + 1  # type: ignore[attr-defined]
    return made(number, updated_at=NOW + timedelta(hours=changed.hours), **values)  # type: ignore[attr-defined]


def goals() -> dict[str, str]:
    return dict(Decision.objects.values_list("item__key", "primary_goal"))


def flags() -> set[tuple[str, str, int]]:
    """The open flags about items; how goals fare has tests of its own."""
    return set(Flag.objects.filter(state="open", item__isnull=False).values_list("rule", "item__key", "clears"))


def flag() -> Flag:
    """The only flag about an item."""
    return Flag.objects.get(item__isnull=False)


def test_an_item_serves_what_its_epic_serves(stream: Stream, bench: Write) -> None:
    put(stream, made(1, labels=ACTIVATION), made(2, parent="jira:WEB-1"), made(3))
    done = bench().judge()
    assert goals() == {"WEB-1": "activation", "WEB-2": "activation", "WEB-3": ""}
    assert (done.items, done.opened) == (3, Flag.objects.count())
    assert set(Link.objects.values_list("item__key", "goal")) == {("WEB-1", "activation"), ("WEB-2", "activation")}


def test_unlinked_work_is_one_flag_at_the_ancestor_that_clears_most(stream: Stream, bench: Write) -> None:
    epic = made(1, kind="epic", assignees=(Person("u", "Ana"),))
    put(stream, epic, *(made(n, parent="jira:WEB-1") for n in range(2, 6)), made(6, parent="jira:WEB-5", kind="task"))
    bench().judge()
    assert flags() == {("unlinked", "WEB-1", 6)}
    found = flag()
    assert (found.owner, found.severity) == ("Ana", "medium")
    assert "goal:activation" in found.fix


def test_linking_the_epic_clears_as_many_as_the_flag_said(stream: Stream, bench: Write) -> None:
    put(stream, made(1, kind="epic"), made(2, parent="jira:WEB-1"), made(3, parent="jira:WEB-1"))
    bench().judge()
    before = Finding.objects.count()
    clears = flag().clears
    put(stream, changed(1, kind="epic", labels=CLAIMS))
    done = bench().judge()
    assert before - Finding.objects.count() == clears == 3
    assert (done.resolved, flags()) == (1, set())
    assert flag().resolved_because == "linked to claims: carries the label goal:claims"


def test_the_same_finding_reopens_the_same_flag(stream: Stream, bench: Write) -> None:
    put(stream, made(1))
    bench().judge()
    for labels in (CLAIMS, ()):
        put(stream, changed(1, labels=labels))
        bench().judge()
    found = flag()
    assert (found.state, found.regressed, found.resolved_because) == ("open", 1, "")


def test_work_for_a_non_goal_and_work_between_two_goals_is_flagged(stream: Stream, bench: Write) -> None:
    put(stream, made(1, labels=DESKTOP), made(2, labels=ACTIVATION + CLAIMS), made(3, parent="jira:WEB-2"))
    bench().judge()
    assert flags() == {("off_strategy", "WEB-1", 1), ("conflict", "WEB-2", 2)}


def test_a_change_of_strategy_judges_anew_whom_it_touches_and_a_comment_judges_nothing(
    stream: Stream, bench: Write
) -> None:
    put(stream, made(1, labels=ACTIVATION), made(2, labels=CLAIMS))
    assert bench().judge().items == 2
    assert bench(f"# reviewed\n{STRATEGY}").judge().items == 0
    dropped = STRATEGY.replace("title: Live in a day", "title: Live in a day, status: dropped")
    assert bench(dropped).judge().items == 1
    assert flags() == {("off_strategy", "WEB-1", 1)}
    assert StrategyVersion.objects.count() == 2


def test_a_deleted_item_takes_its_findings_along_and_its_children_are_judged_by_themselves(
    stream: Stream, bench: Write
) -> None:
    put(stream, made(1, kind="epic"), made(2, parent="jira:WEB-1"), made(3))
    bench().judge()
    presence.bury([Item.objects.get(key="WEB-3").id], "gone", timezone.now())
    bench().judge()
    assert flags() == {("unlinked", "WEB-1", 2)}
    assert not Decision.objects.filter(item__key="WEB-3").exists()
    gone = Flag.objects.get(rule="unlinked", item__key="WEB-3")
    assert (gone.state, gone.resolved_because) == ("resolved", "the item was deleted or left the scope")


def test_a_reference_that_waited_for_its_target_links_when_it_arrives(stream: Stream, bench: Write) -> None:
    closes = (Ref("closes", "jira:WEB-1", "body"),)
    put(stream, made(9, kind="pull_request", refs=closes))
    bench().judge()
    assert goals() == {"WEB-9": ""}
    put(stream, made(1, labels=CLAIMS))
    bench().judge()
    assert goals() == {"WEB-1": "claims", "WEB-9": "claims"}


def test_the_explanation_is_kept_as_it_was_decided(stream: Stream, bench: Write) -> None:
    put(stream, made(1, labels=ACTIVATION), made(2, parent="jira:WEB-1"))
    bench().judge()
    stored = explain.from_json(Decision.objects.get(item__key="WEB-2").explanation)
    [evidence] = stored.links[0].evidence
    assert (evidence.kind, evidence.via) == ("parent", "acme-jira:10001")


def test_judging_what_stayed_the_same_writes_nothing(stream: Stream, bench: Write) -> None:
    put(stream, made(1, labels=ACTIVATION), made(2, parent="jira:WEB-1"), made(3))
    bench().judge()
    due.mark_all()
    done = bench().judge()
    assert (done.items, done.changed, done.opened, done.resolved) == (3, 0, 0, 0)


def test_an_edit_of_one_rule_judges_its_candidates_and_nobody_else(stream: Stream, bench: Write) -> None:
    put(stream, made(1, labels=("ux",)), made(2, labels=("ops",)), made(3), made(4, parent="jira:WEB-1"))
    rule = "{id: ux, link: activation, mode: enforce, when: {label: LABEL}}"
    bench(rules=f"rules: [{rule.replace('LABEL', 'ux')}]").judge()
    done = bench(rules=f"rules: [{rule.replace('LABEL', 'ops')}]").judge()
    assert done.items == 3  # who matched, who matches now, and the child of the one that is no longer linked
    assert goals() == {"WEB-1": "", "WEB-2": "activation", "WEB-3": "", "WEB-4": ""}


def test_a_walk_that_was_cut_short_goes_on_where_it_was(stream: Stream, bench: Write, monkeypatch) -> None:
    monkeypatch.setattr(marks, "BATCH", 2)
    put(stream, *(made(number, labels=("ux",)) for number in range(1, 7)))
    bench().judge()
    edited = bench(rules="rules: [{id: ux, link: activation, mode: enforce, when: {label: ux}}]")
    assert edited.judge(seconds=1e-9).more
    assert 0 < Round.objects.get().seen < 6
    while bench(rules="rules: [{id: ux, link: activation, mode: enforce, when: {label: ux}}]").judge(1e-9).more:
        pass
    assert (Round.objects.get().seen, Round.objects.get().found) == (6, 6)
    assert set(goals().values()) == {"activation"}


def test_time_alone_has_an_item_judged_again_when_its_answer_turns(stream: Stream, bench: Write) -> None:
    rules = "rules: [{id: old, exempt: maintenance, mode: enforce, when: {age: {older_than: 40d}}}]"
    put(stream, made(1))
    now = NOW
    judge = bench(rules=rules, clock=lambda: now)
    assert judge.judge().items == 1
    assert judge.judge().items == 0
    now += timedelta(days=9)
    assert judge.judge().items == 0
    now += timedelta(days=2)
    assert judge.judge().items == 1
    assert Decision.objects.get().exempt == "maintenance"


def test_judging_what_stays_the_same_writes_no_row(stream: Stream, bench: Write) -> None:
    put(stream, made(1, labels=ACTIVATION), made(2, parent="jira:WEB-1"), made(3), made(4, labels=DESKTOP))
    judge = bench()
    judge.judge()
    before = _rows()
    due.mark_all()
    with CaptureQueriesContext(connection) as queries:
        assert judge.judge().items == 4
    written = [query["sql"].replace('"', "") for query in queries]
    written = [sql for sql in written if sql.startswith(("INSERT", "UPDATE", "DELETE"))]
    assert not [sql for sql in written if re.match(r"\w+ (INTO |FROM )?(strategy_|review_(finding|event))", sql)]
    assert _rows() == before


def _rows() -> list[list[dict[str, object]]]:
    """Everything that judging writes, with the ids of its rows."""
    models = (Decision, PastDecision, Link, Finding, Flag, Event)
    return [list(model.objects.order_by("id").values()) for model in models]


def test_a_batch_is_the_same_statements_for_sixty_items_and_for_more(stream: Stream, bench: Write) -> None:
    def statements(first: int, last: int) -> int:
        epic = made(first, labels=ACTIVATION, refs=(Ref("closes", f"jira:WEB-{first + 1}", "body"),))
        put(stream, epic, *(made(number, parent=f"jira:WEB-{first}") for number in range(first + 1, last)))
        with CaptureQueriesContext(connection) as queries:
            judge.judge()
        return len(queries)

    judge = bench()
    judge.judge()
    few = statements(1, 61)
    assert statements(101, 221) <= few


def test_an_edit_of_a_goal_reaches_those_whom_only_a_rule_ties_to_it(stream: Stream, bench: Write) -> None:
    rules = "rules: [{id: ux, link: claims, mode: enforce, when: {label: ux}}]"
    put(stream, made(1, labels=("ux",)), made(2, labels=ACTIVATION))
    bench(rules=rules).judge()
    paused = STRATEGY.replace("title: Claims accepted", "title: Claims accepted, status: paused")
    assert bench(paused, rules).judge().items == 1
    assert flags() == {("off_strategy", "WEB-1", 1)}
