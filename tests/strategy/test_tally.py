"""A day's tally is what counting its items one by one gives, on both databases."""

from collections import Counter
from datetime import timedelta
from random import Random

import pytest

from rules.model import Rule
from syncd.review.goals import done_since
from syncd.strategy.models import Decision, Link, Tallied, Tally
from syncd.strategy.tally import intervals, keeping, making, reading
from syncd.strategy.tally.reading import Amount
from syncd.strategy.tally.rows import day_of
from syncd.trackers.models import Item, Stream, Tracker
from tests.review.desk import DAY, START, Desk, policy
from tests.trackers.conftest import made

pytestmark = pytest.mark.store

TODAY = START.date()
UPKEEP = Rule(id="upkeep", action="exempt", target="maintenance", when={"label": ["upkeep"]}, mode="enforce")
WORDS = Rule(id="words", action="link", target="claims", when={"text": ["claim"]}, mode="enforce")
LABELS = [(), ("goal:activation",), ("goal:claims",), ("upkeep",), ("desktop",), ("goal:activation", "desktop")]


@pytest.fixture
def desk(stream: Stream) -> Desk:
    Stream.objects.update(last_success_at=START, filled_at=START)
    return Desk(stream, policy(UPKEEP, WORDS))


def company(chance: Random, count: int):
    """Items of every sort that the tally tells apart."""
    for number in range(1, count + 1):
        category = chance.choice(["todo", "in_progress", "done", "done", "cancelled"])
        yield made(
            number,
            container=chance.choice(["WEB", "PAY"]),
            labels=chance.choice(LABELS),
            title=chance.choice(["Sort the list", "Correct a claim"]),
            points=chance.choice([None, 1.0, 2.5]),
            status_category=category,
            status=category,
            closed_at=START - chance.choice([1, 5, 13, 20]) * DAY if category == "done" else None,
        )


def counted(desk: Desk) -> Counter:
    """By the book: every item looked at on its own."""
    since, found = done_since(desk.policy, desk.now), Counter()
    for item in Item.objects.filter(deleted_at=None, tracker__active=True).select_related("decision"):
        lately = item.status_category == "done" and item.closed_at and item.closed_at >= since
        if item.status_category in ("todo", "in_progress") or lately:
            decision = item.decision
            side = "goal" if decision.primary_goal else "exempt" if decision.exempt else "unlinked"
            name = decision.primary_goal or decision.exempt
            key = (item.container, side, name, decision.strength if decision.primary_goal else 0, item.status_category)
            found[key] += 1
    return found


def tallied(day=TODAY) -> Counter:
    by = ("container", "side", "name", "strength", "status")
    return Counter({key: amount.items for key, amount in reading.sums([day], by)})


@pytest.mark.parametrize("seed", range(3))
def test_the_tally_of_today_is_what_counting_one_by_one_gives(seed: int, desk: Desk) -> None:
    chance = Random(seed)
    desk.put(*company(chance, 60)).judge()
    assert tallied() == counted(desk)
    assert sum(tallied().values()) > 20
    assert {key[1] for key in tallied()} == {"goal", "exempt", "unlinked"}
    desk.put(*company(chance, 60)).judge()
    assert tallied() == counted(desk)


def test_points_and_days_are_those_of_the_items(desk: Desk) -> None:
    desk.put(made(1, labels=("goal:claims",), points=3.0, status="a", status_category="todo"))
    desk.put(made(2, labels=("goal:claims",), points=None)).judge()
    desk.put(made(1, labels=("goal:claims",), points=3.0, status="b", status_category="in_progress")).judge()
    desk.wait(0.25).put(made(3)).judge()
    ((_, amount),) = reading.sums([TODAY], ("name",), name=["claims"])
    assert (amount.items, amount.estimated, amount.points) == (2, 1, 3.0)
    assert amount.days == pytest.approx(0.25, abs=0.01)


def test_what_is_tied_to_a_non_goal_stands_beside_what_it_serves(desk: Desk) -> None:
    desk.put(made(1, labels=("goal:activation", "desktop")), made(2, labels=("desktop",))).judge()
    beside = reading.sums([TODAY], ("side", "name"), sides=(Tally.AGAINST,))
    assert [(key, amount.items) for key, amount in beside] == [(("against", "desktop"), 2)]
    assert sum(tallied().values()) == 2


def test_flags_are_counted_where_the_queue_finds_them(desk: Desk) -> None:
    desk.put(made(1, labels=("goal:app",)), made(2, labels=("desktop",))).judge()
    flagged = reading.sums([TODAY], ("name",), sides=(Tally.FLAGGED,))
    assert {key[0]: amount.items for key, amount in flagged} == {"app": 1, "desktop": 1}


def test_a_day_that_is_over_stays_and_an_item_judged_late_corrects_only_today(desk: Desk) -> None:
    desk.put(made(1)).judge()
    before = tallied()
    desk.wait(1).put(made(1, labels=("goal:claims",))).judge()
    assert tallied() == before == Counter({("WEB", "unlinked", "", 0, "todo"): 1})
    assert tallied(day_of(desk.now)) == Counter({("WEB", "goal", "claims", 5, "todo"): 1})


def test_work_of_a_stale_stream_is_counted_as_such(desk: Desk) -> None:
    desk.put(made(1), made(2)).judge()
    Stream.objects.update(broken_since=desk.now)
    making.make(done_since(desk.policy, desk.now), desk.now)
    assert reading.total(amount for _, amount in reading.sums([TODAY], ("side",))).stale == 2


def test_work_that_the_tracker_hides_is_counted_for_a_while(desk: Desk) -> None:
    desk.put(made(1), made(2)).judge()
    Item.objects.filter(key="WEB-1").update(deleted_at=desk.now, fate="forbidden")
    making.make(START, desk.now)
    sides = {key[0]: amount.items for key, amount in reading.sums([TODAY], ("side",), (*Tally.WHOLE, Tally.HIDDEN))}
    assert sides == {"hidden": 1, "unlinked": 1}
    desk.wait(100)
    making.make(START, desk.now)
    assert [key for key, _ in reading.sums([day_of(desk.now)], ("side",), [Tally.HIDDEN])] == []


def test_what_is_not_judged_yet_waits_and_what_left_the_configuration_is_gone(desk: Desk) -> None:
    desk.put(made(1))
    making.make(START, desk.now)
    assert tallied() == Counter({("WEB", "waiting", "", 0, "todo"): 1})
    Tracker.objects.update(active=False)
    making.make(START, desk.now)
    assert tallied() == Counter()


def test_weeks_before_the_first_day_are_reckoned_once(desk: Desk) -> None:
    desk.put(
        made(1, labels=("goal:claims",), created_at=START - 40 * DAY),
        made(2, created_at=START - 10 * DAY),
        made(3, created_at=START - 40 * DAY, status_category="done", closed_at=START - 9 * DAY),
    ).judge()
    days = reading.weeks(TODAY)
    assert len(days) == 12
    assert [day.reckoned for day in days] == [True] * 11 + [False]
    assert [day.day.isoweekday() for day in days[:11]] == [7] * 11
    by_day = {day.day: sum(tallied(day.day).values()) for day in days}
    assert list(by_day.values()) == [0] * 5 + [2] * 4 + [3, 3, 3]
    Item.objects.update(created_at=START)
    desk.put(made(4)).judge()
    assert {day.day: sum(tallied(day.day).values()) for day in days[:-1]} == {d: by_day[d] for d in list(by_day)[:-1]}


def test_nothing_is_reckoned_while_a_first_sync_is_under_way(desk: Desk) -> None:
    Stream.objects.update(filled_at=None)
    desk.put(made(1)).judge()
    assert not Tallied.objects.filter(reckoned=True).exists()
    Stream.objects.update(filled_at=desk.now)
    desk.put(made(2)).judge()
    assert Tallied.objects.filter(reckoned=True).count() == 11


def test_a_large_store_rests_between_two_tallies_and_a_small_one_does_not(desk: Desk) -> None:
    desk.put(made(1)).judge()
    assert making.rests_until(desk.now) is None
    Tallied.objects.filter(day=TODAY).update(seconds=4.0)
    assert making.rests_until(desk.now) == Tallied.objects.get(day=TODAY).made_at + timedelta(seconds=240)
    desk.put(made(2)).judge()
    assert sum(tallied().values()) == 1
    desk.wait(5 / 24 / 60).judge()
    assert sum(tallied().values()) == 2
    Tallied.objects.filter(day=TODAY).update(seconds=4.0)
    assert making.rests_until(desk.now + DAY) is None


def test_days_are_kept_for_a_quarter_weeks_for_years(db) -> None:
    for back in range(0, 1200, 1):
        day = TODAY - timedelta(days=back)
        Tallied.objects.create(day=day, made_at=START, seconds=0, since=START)
    Tally.objects.create(day=TODAY - timedelta(days=121), side="unlinked", items=1)
    keeping.prune(START)
    days = set(Tallied.objects.values_list("day", flat=True))
    assert all(TODAY - timedelta(days=back) in days for back in range(101))
    old = [day for day in days if day < TODAY - timedelta(days=107)]
    assert {day.isoweekday() for day in old} == {7}
    assert min(days) >= TODAY - timedelta(days=3 * 365)
    assert not Tally.objects.exists()
    assert keeping.prune(START) == 0


def rows(**amounts: Amount):
    keys = {"firm": ("goal", "claims", 5), "weak": ("goal", "claims", 1), "other": ("goal", "activation", 5)}
    return [(keys.get(name, (name, "", 0)), amount) for name, amount in amounts.items()]


def test_where_all_is_known_a_share_is_exact() -> None:
    share = intervals.share(rows(firm=Amount(6), other=Amount(2), unlinked=Amount(2)), "goal")
    assert (share.low, share.likely, share.high, share.seen) == (0.8, 0.8, 0.8, 1.0)
    assert share.exact
    assert share.told


def test_what_is_weak_stale_or_hidden_widens_the_interval_to_both_sides() -> None:
    day = rows(firm=Amount(4, stale=1), weak=Amount(2), unlinked=Amount(2), waiting=Amount(1), hidden=Amount(1))
    share = intervals.share(day, "goal", ["claims"])
    assert (share.low, share.likely, share.high) == (0.3, 0.75, 0.8)
    assert share.seen == pytest.approx(0.7)
    unlinked = intervals.share(day, "unlinked")
    assert (unlinked.low, unlinked.high) == (0.2, pytest.approx(0.7))
    assert intervals.blind(day) == intervals.Blind(items=9, stale=1, hidden=1, waiting=1, weak=2)


def test_below_a_set_coverage_no_share_is_told() -> None:
    assert not intervals.share(rows(firm=Amount(10, stale=5)), "goal").told
    assert intervals.share(rows(firm=Amount(10, stale=4)), "goal").told
    assert intervals.share(rows(), "goal") is None


def test_the_truth_lies_within_the_interval(desk: Desk) -> None:
    """Whatever the unseen items turn out to be."""
    chance = Random(7)
    for _ in range(200):
        firm, weak, unlinked = (chance.randint(0, 9) for _ in range(3))
        stale, hidden = chance.randint(0, firm), chance.randint(0, 4)
        share = intervals.share(rows(firm=Amount(firm, stale=stale), weak=Amount(weak), unlinked=Amount(unlinked),
                                     hidden=Amount(hidden)), "goal")  # fmt: skip
        if share is None:
            continue
        serve = firm - stale + chance.randint(0, stale) + chance.randint(0, weak) + chance.randint(0, hidden)
        assert share.low - 1e-9 <= serve / (firm + weak + unlinked + hidden) <= share.high + 1e-9


def test_reading_costs_the_same_however_many_items_there_are(desk: Desk, django_assert_num_queries) -> None:
    desk.put(*company(Random(1), 40)).judge()
    with django_assert_num_queries(1):
        reading.sums([TODAY], ("side", "name"))
    assert Decision.objects.count() == 40
    assert Link.objects.exists()
