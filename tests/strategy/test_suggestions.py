"""Suggestions in the store: for whom, from what, when anew, and what they never do."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from connectors.item import Item as Incoming
from rules.model import Goal, Strategy
from syncd.review.models import Flag, Verdict
from syncd.strategy import suggestions, versions
from syncd.strategy.models import Link, Suggestion
from syncd.trackers import store
from syncd.trackers.models import Item, Stream
from syncd.worker import suggest as module
from syncd.worker.suggest import Suggesting
from tests.strategy.conftest import STRATEGY, Write
from tests.trackers.conftest import NOW, made

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 27)
REJECTED = "Rejected claims of insurers come back without a reason"


def put(stream: Stream, *items: Incoming) -> None:
    store.upsert(stream, items, timezone.now())


def changed(number: int, **values: Any) -> Incoming:
    changed.times = getattr(changed, "times", 0) + 1  # type: ignore[attr-defined]
    return made(number, updated_at=NOW + timedelta(minutes=changed.times), **values)  # type: ignore[attr-defined]


def working(number: int, **values: Any) -> Incoming:
    """An item that is flagged when it serves no goal."""
    return changed(number, **{"status_category": "in_progress", **values})


def ranked() -> dict[str, list[str]]:
    return {row.item.key: [one["goal"] for one in row.ranked] for row in Suggestion.objects.select_related("item")}


def shown(*keys: str) -> dict[str, list[Any]]:
    policy = versions.policy_of(versions.newest())  # type: ignore[arg-type]
    ids = dict(Item.objects.filter(key__in=keys).values_list("id", "key"))
    return {ids[id_]: list(found) for id_, found in suggestions.suggestions_for(ids, policy.strategy).items()}


RULES = ""


def test_flagged_items_get_a_suggestion_with_the_words_that_they_share(stream: Stream, bench: Write) -> None:
    put(stream, working(1, title=REJECTED), working(2, title="Zebra crossing"))
    bench(rules=RULES).judge()
    done = Suggesting().suggest()
    assert (done.items, done.more) == (2, False)
    assert ranked() == {"WEB-1": ["claims", "activation"], "WEB-2": []}, "it abstains where nothing speaks for a goal"
    [best, _] = shown("WEB-1", "WEB-2")["WEB-1"]
    assert (best.goal, best.title, best.confidence) == ("claims", "Claims accepted by insurers", None)
    assert {"claims", "insurers"} <= set(best.words)


def test_a_suggestion_links_nothing(stream: Stream, bench: Write) -> None:
    put(stream, working(1, title=REJECTED))
    judge = bench(rules=RULES)
    judge.judge()
    Suggesting().suggest()
    judge.judge()
    assert Suggestion.objects.exists()
    assert not Link.objects.exists()
    assert Flag.objects.get(rule="unlinked").state == "open"


def test_nothing_is_suggested_twice_and_a_change_of_status_asks_for_nothing(stream: Stream, bench: Write) -> None:
    put(stream, working(1, title=REJECTED))
    judge = bench(rules=RULES)
    judge.judge()
    assert [Suggesting().suggest().items for _ in range(2)] == [1, 0]
    put(stream, working(1, title=REJECTED, status="Doing", priority="High"))
    judge.judge()
    assert Suggesting().suggest().items == 0


def test_another_text_of_the_item_is_suggested_for_anew(stream: Stream, bench: Write) -> None:
    put(stream, working(1, title=REJECTED))
    judge = bench(rules=RULES)
    judge.judge()
    Suggesting().suggest()
    put(stream, working(1, title="Setup takes a day, new clinics live"))
    judge.judge()
    assert Suggesting().suggest().items == 1
    assert ranked()["WEB-1"][0] == "activation"


@pytest.mark.parametrize(
    ("old", "new", "anew"),
    [
        ("Rejected claims", "Claims that come back", 1),
        ("Claims accepted by insurers", "Claims paid", 1),
        ("id: claims, kind: objective,", "id: claims, kind: objective, status: paused,", 1),
        ("title: No desktop client", "title: Nothing for the desktop", 0),
        ("vision: Clinics on day one", "vision: Another", 0),
    ],
)
def test_everything_is_suggested_anew_when_the_goals_say_something_else(
    old: str, new: str, anew: int, stream: Stream, bench: Write
) -> None:
    put(stream, working(1, title=REJECTED))
    bench(rules=RULES).judge()
    suggesting = Suggesting()
    suggesting.suggest()
    assert old in STRATEGY
    bench(STRATEGY.replace(old, new), RULES).judge()
    assert suggesting.suggest().items == anew


def test_links_that_people_made_are_learned_from_and_enough_new_ones_are_learned_anew(
    stream: Stream, bench: Write
) -> None:
    put(stream, working(1, title="Zebra crossing", labels=("zoo",)))
    judge = bench(rules=RULES)
    judge.judge()
    suggesting = Suggesting()
    suggesting.suggest()
    assert ranked()["WEB-1"] == []
    zebras = [made(n, title=f"Zebra stripes {n}", labels=("goal:activation", "zoo")) for n in range(10, 18)]
    put(stream, *zebras)
    judge.judge()
    assert suggesting.suggest().items == 1
    assert ranked()["WEB-1"][0] == "activation"
    assert "label zoo" in shown("WEB-1")["WEB-1"][0].words
    put(stream, made(18, title="One more", labels=("goal:activation",)))
    judge.judge()
    assert suggesting.suggest().items == 0, "one more of many teaches little"


def test_what_is_suggested_does_not_depend_on_the_order_in_which_items_arrived(stream: Stream, bench: Write) -> None:
    put(stream, *(made(n, title=f"Zebra stripes {n}", labels=("goal:activation",)) for n in range(1, 9)))
    put(stream, *(made(n, title=f"Zebra claim {n}", labels=("goal:claims",)) for n in range(9, 15)))
    bench(rules=RULES).judge()
    model = suggestions.model(versions.policy_of(versions.newest()).strategy, TODAY)  # type: ignore[arg-type]
    reversed_ = {goal: items[::-1] for goal, items in reversed(model.examples.items())}
    asked = made(20, title="Zebra stripes and a claim")
    first, second = (suggestions.Model("", model.goals, each).fit().rank(asked) for each in (model.examples, reversed_))
    assert first == second


def test_what_somebody_called_wrong_teaches_nothing(stream: Stream, bench: Write) -> None:
    put(stream, *(made(n, labels=("goal:activation",)) for n in (1, 2)))
    bench(rules=RULES).judge()
    strategy = versions.policy_of(versions.newest()).strategy  # type: ignore[arg-type]
    item = Item.objects.get(key="WEB-1")
    verdict = Verdict.objects.create(item=item, kind="false_positive", author="Ana", made_at=NOW)
    assert [len(items) for items in suggestions.model(strategy, TODAY).examples.values()] == [1]
    verdict.undone_at = NOW
    verdict.save()
    assert [len(items) for items in suggestions.model(strategy, TODAY).examples.values()] == [2]


def test_the_newest_links_of_each_goal_are_learned_from_and_not_more_than_so_many(
    stream: Stream, bench: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(stream, *(made(n, labels=("goal:activation",)) for n in range(1, 9)), made(9, labels=("goal:claims",)))
    bench(rules=RULES).judge()
    strategy = versions.policy_of(versions.newest()).strategy  # type: ignore[arg-type]
    monkeypatch.setattr(suggestions, "EACH", 6)
    monkeypatch.setattr(suggestions, "ALL", 4)
    examples = suggestions.model(strategy, TODAY).examples
    assert {goal: len(items) for goal, items in examples.items()} == {"activation": 3, "claims": 1}
    assert min(examples["activation"]) > min(Item.objects.values_list("id", flat=True))


def goal(id_: str, **values: Any) -> Goal:
    return Goal(id=id_, **{"kind": "objective", "title": id_, **values})


def test_only_goals_that_work_may_be_taken_up_for_are_candidates() -> None:
    strategy = Strategy(
        "",
        (
            goal("theme", kind="theme"),
            goal("below", parent="theme"),
            goal("bare", kind="theme"),
            goal("over", ends=date(2026, 11, 26)),
            goal("last-day", ends=TODAY),
            goal("below-over", parent="over"),
            goal("paused", status="paused"),
            goal("below-paused", parent="paused"),
            goal("non", kind="non_goal"),
        ),
    )
    assert [each.id for each in suggestions.candidates(strategy, TODAY)] == ["below", "bare", "last-day"]


def test_where_flags_stand_comes_first_and_the_newest_of_them(
    stream: Stream, bench: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(
        stream,
        working(1, kind="epic"),
        working(2, parent="jira:WEB-1"),
        working(3, kind="epic"),
        working(4, parent="jira:WEB-1"),
    )
    bench(rules=RULES).judge()
    monkeypatch.setattr(module, "BATCH", 1)
    order = [key for page in module._due("x") for key in Item.objects.filter(id__in=page).values_list("key", flat=True)]
    assert list(dict.fromkeys(order)) == ["WEB-3", "WEB-1", "WEB-4", "WEB-2"]


def test_a_slice_ends_when_its_time_is_over_and_the_next_goes_on(
    stream: Stream, bench: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(stream, *(working(n) for n in range(1, 6)))
    bench(rules=RULES).judge()
    monkeypatch.setattr(module, "BATCH", 2)
    suggesting = Suggesting()
    slices = [suggesting.suggest(1e-9) for _ in range(4)]
    assert [slice_.items for slice_ in slices] == [2, 2, 1, 0]
    assert [slice_.more for slice_ in slices] == [True, True, True, False]


def test_what_has_nothing_new_costs_statements_that_do_not_grow(stream: Stream, bench: Write) -> None:
    def statements(numbers: range) -> int:
        put(stream, *(working(n) for n in numbers))
        bench(rules=RULES).judge()
        suggesting.suggest()
        with CaptureQueriesContext(connection) as queries:
            suggesting.suggest()
        return len(queries)

    suggesting = Suggesting()
    assert statements(range(1, 10)) == statements(range(10, 60))


def test_before_the_first_sync_there_is_nothing_to_suggest(db: None) -> None:
    assert Suggesting().suggest().items == 0


def test_confidence_is_a_number_once_enough_suggestions_were_answered(
    stream: Stream, bench: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(stream, *(working(n, title=REJECTED) for n in range(1, 5)), working(5, title="Zebra crossing"))
    bench(rules=RULES).judge()
    Suggesting().suggest()
    monkeypatch.setattr(suggestions, "REVIEWED", 3)

    def answer(key: str, kind: str) -> Verdict:
        item = Item.objects.get(key=key)
        return Verdict.objects.create(item=item, kind=kind, author="Ana", made_at=timezone.now())

    answer("WEB-5", "link")
    answer("WEB-1", "link")
    answer("WEB-1", "link")
    answer("WEB-2", "snooze")
    answer("WEB-2", "exempt")
    assert shown("WEB-4")["WEB-4"][0].confidence is None, "two were answered; nothing was suggested for WEB-5"
    last = answer("WEB-3", "false_positive")
    assert 0 < shown("WEB-4")["WEB-4"][0].confidence < 1
    last.undone_at = timezone.now()
    last.save()
    assert shown("WEB-4")["WEB-4"][0].confidence is None


def test_goals_that_are_gone_are_not_shown(stream: Stream, bench: Write) -> None:
    put(stream, working(1, title=REJECTED))
    bench(rules=RULES).judge()
    Suggesting().suggest()
    assert [one.goal for one in shown("WEB-1")["WEB-1"]] == ["claims", "activation"]
    kept = [line for line in STRATEGY.splitlines() if "id: claims" not in line]
    bench("\n".join(kept), RULES).judge()
    assert [one.goal for one in shown("WEB-1")["WEB-1"]] == ["activation"]


def test_suggestions_for_what_serves_a_goal_by_now_are_forgotten_unless_they_were_answered(
    stream: Stream, bench: Write
) -> None:
    put(stream, *(working(n, title=REJECTED) for n in (1, 2, 3)))
    judge = bench(rules=RULES)
    judge.judge()
    Suggesting().suggest()
    Verdict.objects.create(item=Item.objects.get(key="WEB-2"), kind="link", author="Ana", made_at=timezone.now())
    put(stream, *(working(n, title=REJECTED, labels=("goal:claims",)) for n in (1, 2)))
    judge.judge()
    suggestions.prune()
    assert ranked().keys() == {"WEB-2", "WEB-3"}
