"""Decisions keep their history: what was decided at a moment, with the item and the policy of then."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from connectors.item import Item as Incoming
from connectors.item import Ref
from rules.model import Judgement, Link, Strength
from syncd.review.models import Verdict
from syncd.review.why import NotTold, why
from syncd.strategy import history
from syncd.strategy import store as strategy
from syncd.strategy.models import Decision, PastDecision, StrategyVersion
from syncd.trackers import presence, store
from syncd.trackers.models import Item, Stream
from tests.strategy.conftest import STRATEGY, Write
from tests.trackers.conftest import NOW, made

pytestmark = pytest.mark.django_db

ACTIVATION, CLAIMS = ("goal:activation",), ("goal:claims",)


@pytest.fixture
def decide(stream: Stream) -> Callable[..., set[int]]:
    """Items are as given, and decided by a judge that says what it is told."""
    version = StrategyVersion.objects.create(hash="v", strategy={}, rules={}, applied_at=NOW)
    store.upsert(stream, [made(1)], NOW)
    [item] = Item.objects.values_list("id", flat=True)

    def decide(goal: str, now: datetime, next_at: datetime | None = None) -> set[int]:
        links = (Link(goal, Strength.EXPLICIT, (), primary=True),) if goal else ()
        judgement = Judgement("acme-jira:10001", links, next_at=next_at)
        return strategy.record(version, {item: judgement}, now)

    return decide


def hours(number: float) -> datetime:
    return NOW + timedelta(hours=number)


def goal_at(moment: datetime) -> str | None:
    decided = history.decision_at(Item.objects.get().id, moment)
    return decided and (decided.judgement.primary.goal if decided.judgement.primary else "")


def test_a_decision_that_is_replaced_is_kept_for_the_time_that_it_stood(decide: Callable[..., set[int]]) -> None:
    for hour, goal in enumerate(["", "activation", "claims"]):
        decide(goal, hours(hour))
    assert [goal_at(hours(hour)) for hour in (-1, 0, 0.5, 1, 1.5, 2, 99)] == [
        None, "", "", "activation", "activation", "claims", "claims",
    ]  # fmt: skip


def test_the_same_decision_again_is_no_history(decide: Callable[..., set[int]]) -> None:
    decide("claims", hours(0))
    assert decide("claims", hours(1)) == set()
    assert PastDecision.objects.count() == 0
    assert Decision.objects.get().decided_at == hours(0)


def test_when_time_may_change_it_is_kept_and_is_no_new_decision(decide: Callable[..., set[int]]) -> None:
    decide("claims", hours(0), next_at=hours(5))
    assert Decision.objects.get().next_at == hours(5)
    assert decide("claims", hours(1), next_at=hours(9)) == set()
    assert (Decision.objects.get().next_at, Decision.objects.get().decided_at) == (hours(9), hours(0))
    decide("claims", hours(2))
    assert Decision.objects.get().next_at is None
    assert PastDecision.objects.count() == 0


def test_what_was_decided_about_a_deleted_item_is_history(decide: Callable[..., set[int]]) -> None:
    decide("claims", hours(0))
    strategy.forget([Item.objects.get().id], hours(3))
    assert not Decision.objects.exists()
    assert [goal_at(hours(hour)) for hour in (2, 3)] == ["claims", None]


def test_decisions_that_ended_long_ago_are_forgotten(decide: Callable[..., set[int]]) -> None:
    for hour, goal in enumerate(["", "activation", "claims"]):
        decide(goal, hours(hour))
    assert history.prune(hours(1.5) + history.KEEP) == 1
    assert [goal_at(hours(hour)) for hour in (0.5, 1.5, 2)] == [None, "activation", "claims"]


def later(number: int, **values: Any) -> Incoming:
    """The item again, changed after any version before it."""
    later.times = getattr(later, "times", 0) + 1  # type: ignore[attr-defined]
    return made(number, updated_at=NOW + timedelta(minutes=later.times), **values)  # type: ignore[attr-defined]


def put(stream: Stream, *items: Incoming) -> None:
    store.upsert(stream, items, timezone.now())


def test_an_item_is_explained_as_it_was_with_what_stood_above_it_then(stream: Stream, bench: Write) -> None:
    put(
        stream,
        made(1, kind="epic", title="Old epic", labels=ACTIVATION),
        made(2, kind="epic", title="Other epic", labels=CLAIMS),
    )
    put(stream, made(3, title="Old story", parent="jira:WEB-1"))
    judge = bench()
    judge.judge()
    before = timezone.now()
    put(
        stream,
        later(3, title="New story", parent="jira:WEB-2"),
        later(1, kind="epic", title="New epic", labels=ACTIVATION),
    )
    judge.judge()
    story = Item.objects.get(key="WEB-3")
    then, now = why(story, before), why(story)
    assert [step.text for step in then.explanation.path] == [
        "WEB-3 “Old story”", "WEB-1 “Old epic”", "Live in a day", "Clinics on day one",
    ]  # fmt: skip
    assert [step.text for step in now.explanation.path] == [
        "WEB-3 “New story”", "WEB-2 “Other epic”", "Claims accepted by insurers", "Clinics on day one",
    ]  # fmt: skip
    assert "Old epic" in then.explanation.verdict
    assert then.freshness.at == before
    assert now.freshness.at is None


def test_what_an_item_pointed_at_then_is_told(stream: Stream, bench: Write) -> None:
    closes = (Ref("closes", "jira:WEB-1", "body"),)
    put(stream, made(1, title="Target", labels=CLAIMS), made(2, kind="pull_request", refs=closes))
    judge = bench()
    judge.judge()
    before = timezone.now()
    put(stream, later(2, kind="pull_request"), later(1, title="Renamed", key="PAY-9", address="jira:PAY-9"))
    judge.judge()
    request = Item.objects.get(native_id="10002")
    assert why(request, before).explanation.verdict == (
        "WEB-2 “Story 2” serves “Claims accepted by insurers”: "
        "it closes WEB-1 “Target” (in its text), which carries the label goal:claims."
    )
    assert why(request).explanation.links == ()


def test_rules_are_told_as_they_were(stream: Stream, bench: Write) -> None:
    put(stream, made(1, title="Insurer portal"))
    bench().judge()
    before = timezone.now()
    bench(rules="rules:\n  - {id: portals, link: activation, mode: enforce, when: {text: [portal]}}\n").judge()
    item = Item.objects.get()
    assert [tried.rule for tried in why(item, before).explanation.trials] == ["insurers"]
    assert [tried.rule for tried in why(item).explanation.trials] == ["portals"]
    assert [why(item, at).explanation.links[0].goal for at in (before, None)] == ["claims", "activation"]


def test_goals_are_told_as_they_were(stream: Stream, bench: Write) -> None:
    put(stream, made(1, labels=CLAIMS))
    bench().judge()
    before = timezone.now()
    bench(STRATEGY.replace("Claims accepted by insurers", "Renamed")).judge()
    item = Item.objects.get()
    assert "“Claims accepted by insurers”" in why(item, before).explanation.verdict
    assert "“Renamed”" in why(item).explanation.verdict


def test_before_we_knew_the_item_there_is_nothing_to_tell(stream: Stream, bench: Write) -> None:
    put(stream, made(1))
    bench().judge()
    item = Item.objects.get()
    with pytest.raises(NotTold, match=r"WEB-1 was not known at that time: syncd first saw it on \d{4}-"):
        why(item, item.first_known_at - timedelta(seconds=1))


def test_what_is_not_judged_yet_or_gone_says_so(stream: Stream, bench: Write) -> None:
    put(stream, made(1))
    with pytest.raises(NotTold, match="had not been judged by then") as told:
        why(Item.objects.get())
    assert told.value.waits
    judge = bench()
    judge.judge()
    there = timezone.now()
    presence.bury([Item.objects.get().id], "gone", timezone.now())
    judge.judge()
    with pytest.raises(NotTold, match="is not in its tracker any more") as told:
        why(Item.objects.get())
    assert not told.value.waits
    assert (
        why(Item.objects.get(), there).explanation.verdict == "WEB-1 “Story 1” serves no goal: nothing ties it to one."
    )


def test_what_people_had_decided_by_then_is_told_and_what_they_took_back_is_not(stream: Stream, bench: Write) -> None:
    put(stream, made(1))
    bench().judge()
    item, start = Item.objects.get(), timezone.now()
    moments = [start + timedelta(microseconds=step) for step in range(1, 4)]
    Verdict.objects.create(
        item=item, kind="link", target="claims", author="Ana", made_at=moments[0], undone_at=moments[2], undone_by="Ana"
    )
    told = [
        [ruling.author for ruling in why(item, at).explanation.rulings]
        for at in (start, moments[0], moments[1], moments[2])
    ]
    assert told == [[], ["Ana"], ["Ana"], []]


def test_since_when_an_item_was_in_its_state_is_told_as_of_then(stream: Stream, bench: Write) -> None:
    rules = "rules:\n  - {id: stuck, flag: stuck, mode: enforce, when: {status: Doing, in_state: {older_than: 2d}}}\n"
    put(stream, made(1))
    judge = bench(rules=rules)
    judge.judge()
    put(stream, later(1, status="Doing"))
    judge.judge()
    before = timezone.now()
    put(stream, later(1, status="Done", status_category="done"))
    judge.judge()
    [then] = why(Item.objects.get(), before).explanation.trials
    assert "in its state since" in then.because
    assert "not known" not in then.because


def test_flags_that_stood_then_are_told_with_what_was_decided_about_them(stream: Stream, bench: Write) -> None:
    put(stream, made(1, status_category="in_progress"))
    judge = bench()
    judge.judge()
    before = timezone.now()
    put(stream, later(1, labels=CLAIMS))
    judge.judge()
    item = Item.objects.get()
    assert [(flag.rule, flag.state) for flag in why(item, before).flags] == [("unlinked", "open")]
    assert why(item).flags == ()
