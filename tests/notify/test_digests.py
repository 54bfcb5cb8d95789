"""What a digest tells, when it is made, and that there is one for a slot."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from syncd.notify import digests, letters
from syncd.notify.changes import Content, news
from syncd.notify.models import Digest, Message, Subscription
from syncd.review.models import Flag, SavedView
from tests.notify.conftest import MONDAY
from tests.review.desk import ANA, DAY, Desk, epic, orphans, the_flag

pytestmark = pytest.mark.django_db

TUESDAY_AT_NINE = MONDAY + DAY


def told(now: datetime = TUESDAY_AT_NINE) -> Content | None:
    """What was told in the slot that has just come; None where nothing was."""
    digests.plan(now)
    row = Digest.objects.first()
    return Content.of(row.content) if row and row.state == Digest.TOLD else None


def words(content: Content) -> list[tuple[str, str]]:
    return [(line.key, line.says) for line in content.lines]


def arrived() -> None:
    Message.objects.update(state=Message.SENT)


def test_what_is_new_is_told_with_most_at_stake_first(desk: Desk, subscribe):
    subscribe()
    desk.put(*orphans(2, label=""), *epic(20, 21, 22)).judge()
    content = told()
    assert (content.new, content.back, content.grown, content.resolved) == (3, 0, 0, 0)
    assert words(content) == [("WEB-20", "new"), ("WEB-1", "new"), ("WEB-2", "new")]


def test_nothing_is_sent_when_nothing_has_changed(desk: Desk, subscribe):
    subscribe()
    desk.put(*orphans(2, label="")).judge()
    assert told() is not None
    arrived()
    assert told(TUESDAY_AT_NINE + DAY) is None
    assert Digest.objects.first().state == Digest.QUIET
    assert Message.objects.count() == 1


def test_what_was_there_before_one_subscribed_is_no_news(desk: Desk, subscribe):
    desk.put(*orphans(2, label="")).judge()
    subscribe(since=desk.now)
    assert told() is None


def test_what_has_grown_since_the_last_is_told_with_both_sizes(desk: Desk, subscribe):
    subscribe()
    desk.put(*epic(20, 21, 22)).judge()
    told()
    arrived()
    desk.wait(1).put(*epic(20, 21, 22, 23, 24)).judge()
    content = told(TUESDAY_AT_NINE + DAY + timedelta(hours=1))
    assert (content.new, content.grown) == (0, 1)
    assert words(content) == [("WEB-20", "grown from 3 to 5 items")]


def test_what_is_found_again_after_it_was_resolved_is_back(desk: Desk, subscribe):
    subscribe()
    desk.put(*orphans(1, label="")).judge()
    told()
    arrived()
    desk.wait(1).put(*orphans(1, label="goal:claims")).judge()
    desk.put(*orphans(1, label="")).judge()
    content = told(TUESDAY_AT_NINE + DAY)
    assert (content.new, content.back, content.resolved) == (0, 1, 0)
    assert words(content) == [("WEB-1", "back: found again after it was resolved")]


def test_what_was_snoozed_and_is_due_again_is_back_with_the_reason(desk: Desk, subscribe):
    subscribe()
    desk.put(*orphans(1, label="")).judge()
    told()
    arrived()
    desk.decide(the_flag(), "snooze", until=desk.now + 2 * DAY)
    desk.wait(3).judge()
    content = told(desk.now + timedelta(hours=1))
    assert (content.new, content.back) == (0, 1)
    assert "snooze" in content.lines[0].says


def test_what_was_resolved_is_told_and_by_whom(desk: Desk, subscribe):
    subscribe()
    desk.put(*orphans(2, label="")).judge()
    told()
    arrived()
    first, second = Flag.objects.order_by("id")
    desk.wait(1).decide(first, "link", ANA, target="claims")
    desk.decide(second, "link", "omar@acme.example", target="claims")
    content = told(TUESDAY_AT_NINE + DAY)
    assert (content.to_review, content.resolved, content.mine) == (0, 2, 1)
    assert sorted(says for _, says in words(content)) == [
        "resolved by you",
        "resolved: linked to claims by omar@acme.example",
    ]
    assert letters.subject(content) == "2 flags resolved, nothing new"


def test_at_most_ten_rows_and_the_whole_number_in_the_subject(desk: Desk, subscribe, settings):
    subscribe()
    for number in range(1, 13):
        desk.put(*epic(number * 100, *range(number * 100 + 1, number * 100 + 1 + number)))
    desk.judge()
    content = told()
    assert len(content.lines) == 10
    assert [line.clears for line in content.lines] == [13, 12, 11, 10, 9, 8, 7, 6, 5, 4]
    message = Message.objects.get()
    assert message.subject == "12 flags to look at: 12 new"
    assert "the first 10 below" in message.text
    assert message.text.startswith("12 flags to look at")


def test_fresh_work_outranks_what_is_a_little_more_and_old():
    assert news(10, 0) > news(15, 7)
    assert news(30, 7) > news(10, 0)
    assert news(10, 7) == pytest.approx(5)


def test_a_filter_leaves_out_what_it_leaves_out_in_the_queue(desk: Desk, subscribe):
    subscribe(query="q=WEB-20")
    desk.put(*orphans(2, label=""), *epic(20, 21)).judge()
    assert words(told()) == [("WEB-20", "new")]


def test_a_saved_view_goes_before_the_filter_and_may_change(desk: Desk, subscribe, ana):
    view = SavedView.objects.create(owner=ana, name="Epics", query="q=WEB-20", made_at=MONDAY)
    subscribe(query="q=WEB-1", view=view)
    desk.put(*orphans(2, label=""), *epic(20, 21)).judge()
    assert words(told()) == [("WEB-20", "new")]


def test_a_filter_that_is_not_understood_any_more_ends_the_digest_with_the_reason(desk: Desk, subscribe):
    subscription = subscribe(query="severity=huge")
    digests.plan(TUESDAY_AT_NINE)
    subscription.refresh_from_db()
    assert subscription.ended_at == TUESDAY_AT_NINE
    assert "severity=huge" in subscription.ended_because


def test_a_slot_is_served_once_however_often_one_looks(desk: Desk, subscribe):
    subscribe()
    desk.put(*orphans(1, label="")).judge()
    for minute in range(3):
        digests.plan(TUESDAY_AT_NINE + minute * timedelta(minutes=1))
    assert Digest.objects.count() == Message.objects.count() == 1


def test_of_two_workers_that_serve_a_slot_at_once_one_gets_it(desk: Desk, subscribe, monkeypatch):
    subscription = subscribe()
    desk.put(*orphans(1, label="")).judge()
    monkeypatch.setattr(digests, "due", lambda _now: iter([(subscription, TUESDAY_AT_NINE)]))
    assert digests.plan(TUESDAY_AT_NINE) == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        digests.serve(subscription, TUESDAY_AT_NINE, TUESDAY_AT_NINE)


def test_a_slot_that_was_slept_through_is_missed_and_the_next_one_tells_it(desk: Desk, subscribe):
    subscribe(days=[1])
    desk.put(*orphans(1, label="")).judge()
    assert told(TUESDAY_AT_NINE + timedelta(hours=13)) is None
    assert Digest.objects.get().state == Digest.MISSED
    assert told(TUESDAY_AT_NINE + 7 * DAY).new == 1


def test_what_a_lost_digest_would_have_told_is_in_the_next_one(desk: Desk, subscribe):
    subscribe()
    desk.put(*orphans(1, label="")).judge()
    told()
    Message.objects.update(state=Message.UNKNOWN)
    desk.put(*orphans(1, first=2, label="")).judge()
    assert told(TUESDAY_AT_NINE + DAY).new == 2


def test_somebody_who_was_shut_out_is_told_nothing(desk: Desk, subscribe, ana):
    subscribe()
    desk.put(*orphans(1, label="")).judge()
    ana.is_active = False
    ana.save()
    assert told() is None
    assert Digest.objects.count() == 0


def test_nobody_is_told_what_happened_before_the_day_that_they_chose(desk: Desk, subscribe, ana):
    """Monday at eight in New York is one in the afternoon in UTC."""
    ana.time_zone = "America/New_York"
    ana.save()
    subscribe(days=[1], hour=8)
    desk.put(*orphans(1, label="")).judge()
    digests.plan(TUESDAY_AT_NINE)
    assert Digest.objects.count() == 0
    digests.plan(TUESDAY_AT_NINE + timedelta(hours=4))
    assert Digest.objects.get().slot == TUESDAY_AT_NINE + timedelta(hours=4)


def test_the_number_of_queries_does_not_grow_with_the_queue(desk: Desk, subscribe):
    subscription = subscribe()

    def counted() -> int:
        with CaptureQueriesContext(connection) as asked:
            digests.preview(subscription, desk.now)
        return len(asked)

    desk.put(*orphans(2, label="")).judge()
    few = counted()
    desk.put(*orphans(9, first=50, label=""), *epic(20, 21)).judge()
    assert counted() == few


def test_only_the_sizes_that_the_next_one_needs_are_kept(desk: Desk, subscribe):
    subscription = subscribe()
    for number in range(1, 4):
        desk.put(*orphans(1, first=number, label="")).judge()
        told(TUESDAY_AT_NINE + number * DAY)
        arrived()
    assert [bool(row.known) for row in subscription.digests.all()] == [True, True, False]


def test_a_preview_keeps_nothing(desk: Desk, subscribe):
    subscription = subscribe()
    desk.put(*orphans(1, label="")).judge()
    assert digests.preview(subscription, desk.now).new == 1
    assert (Digest.objects.count(), Message.objects.count()) == (0, 0)


def test_resuming_serves_no_slot_that_is_over(desk: Desk, subscribe):
    subscription: Subscription = subscribe()
    subscription.end("by you", MONDAY)
    desk.put(*orphans(1, label="")).judge()
    subscription.resume(TUESDAY_AT_NINE + timedelta(hours=1))
    assert list(digests.due(TUESDAY_AT_NINE + timedelta(hours=2))) == []
    assert [slot for _, slot in digests.due(TUESDAY_AT_NINE + DAY)] == [TUESDAY_AT_NINE + DAY]
