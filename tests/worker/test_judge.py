import random
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from config import files
from connectors.item import Item as Incoming
from connectors.item import Person, Ref
from rules import explain
from syncd.review.models import Finding, Flag
from syncd.strategy.models import Decision, Link, StrategyVersion
from syncd.trackers import due, presence, store
from syncd.trackers.models import Item, Stream
from syncd.worker.judge import Bench
from tests.trackers.conftest import NOW, made

pytestmark = pytest.mark.django_db

TRACKERS = """
changes: {blast_radius: 100%}
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


@pytest.fixture
def bench(tmp_path: Path) -> Write:
    """A bench by the usual strategy, or by another."""

    def write(strategy: str = STRATEGY, rules: str = "") -> Bench:
        for name, text in (("syncd.yaml", TRACKERS), ("strategy.yaml", strategy), ("rules.yaml", rules)):
            (tmp_path / name).write_text(text)
        return Bench(files.load(tmp_path))

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
    assert (done.items, done.opened) == (3, 1)
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


def test_a_change_of_strategy_judges_anew_whom_it_touches_and_a_comment_judges_nothing(stream: Stream, bench: Write) -> None:
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


@pytest.mark.parametrize("seed", range(12))
def test_judging_what_is_due_after_any_edits_gives_what_judging_everything_gives(
    seed: int, stream: Stream, bench: Write
) -> None:
    rng = random.Random(seed)
    judge = bench()
    put(stream, *(made(n) for n in range(1, 13)))
    judge.judge()
    for _ in range(30):
        _edit(stream, rng)
        if rng.random() < 0.5:
            judge.judge()
    judge.judge()
    incremental = _everything()
    due.mark_all()
    judge.judge()
    assert incremental == _everything()


def _edit(stream: Stream, rng: random.Random) -> None:
    number = rng.randint(1, 12)
    if rng.random() < 0.1:
        presence.bury([Item.objects.get(native_id=str(10000 + number)).id], "gone", timezone.now())
        return
    others = [n for n in range(1, 13) if n != number]
    key = rng.choice([f"WEB-{number}", f"PAY-{number}"])
    refs = (Ref(rng.choice(["closes", "mentions", "links"]), f"jira:WEB-{rng.choice(others)}", "body"),)
    put(
        stream,
        changed(
            number,
            key=key,
            address=f"jira:{key}",
            title=rng.choice(["One", "Two"]),
            labels=rng.choice([(), (), ACTIVATION, CLAIMS, DESKTOP, ACTIVATION + CLAIMS]),
            parent=rng.choice(["", f"jira:WEB-{rng.choice(others)}"]),
            refs=rng.choice([(), refs]),
            status_category=rng.choice(["todo", "in_progress", "done"]),
            kind=rng.choice(["epic", "story", "bug", "pull_request"]),
        ),
    )


def _everything() -> tuple[object, ...]:
    return (
        dict(Decision.objects.values_list("item", "fingerprint")),
        set(Link.objects.values_list("item", "goal", "strength", "primary", "against")),
        set(Finding.objects.values_list("item", "fingerprint", "message", "fix")),
        set(
            Flag.objects.exclude(state="resolved").values_list("fingerprint", "clears", "message", "severity", "owner")
        ),
    )
