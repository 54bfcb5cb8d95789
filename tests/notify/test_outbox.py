"""What leaves, what is tried again, what is given up; and that nothing is sent twice that must not be."""

from datetime import timedelta

import pytest
from django.utils import timezone

from syncd.notify import outbox
from syncd.notify.models import Message
from syncd.notify.ways import NotSent, Refused, Unclear
from tests.notify.conftest import MONDAY, configure, mail_at

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


def states() -> list[tuple[str, int]]:
    return list(Message.objects.order_by("id").values_list("state", "attempts"))


def test_what_is_due_leaves_and_is_noted(mailbox, message):
    message()
    message(next_at=MONDAY + MINUTE)
    assert outbox.deliver(5, MONDAY) is False
    assert states() == [("sent", 1), ("waiting", 0)]
    assert [letter["Subject"] for letter in mailbox.letters] == ["Hello"]
    assert outbox.trouble() is None


def test_a_failure_is_tried_again_later_and_later_and_given_up(mailbox, message):
    mailbox.refuses["MAIL"] = "451 later, please"
    message()
    now, pauses = MONDAY, []
    while (row := Message.objects.get()).state == Message.WAITING:
        pauses.append(row.next_at - now)
        now = row.next_at
        outbox.deliver(5, now)
    assert [pause / MINUTE for pause in pauses] == [0, 1, 5, 30, 120, 300, 600]
    assert (row.state, row.attempts) == ("dead", 7)
    assert "later, please" in row.error


def test_what_the_other_side_refuses_for_good_is_given_up_at_once(mailbox, message):
    mailbox.refuses["RCPT"] = "550 nobody of this name"
    message()
    outbox.deliver(5, MONDAY)
    assert states() == [("dead", 1)]
    assert "nobody of this name" in Message.objects.get().error


def test_without_a_mail_server_a_mail_waits_and_says_so_and_goes_once_there_is_one(mailbox, message, settings):
    port = mailbox.port
    configure(settings)
    message()
    outbox.deliver(5, MONDAY)
    row = Message.objects.get()
    assert (row.state, row.attempts) == ("waiting", 0)
    assert row.error == "mail is not configured: write mail: into syncd.yaml"
    configure(settings, mail=mail_at(port))
    outbox.deliver(5, row.next_at)
    assert states() == [("sent", 1)]


def test_what_nobody_could_send_for_three_days_is_given_up_and_shown(message, settings):
    configure(settings)
    message()
    outbox.deliver(5, MONDAY + timedelta(days=3, minutes=1))
    assert states() == [("dead", 0)]


def test_a_digest_that_a_worker_left_half_way_is_not_sent_again(mailbox, message):
    message(once=True, state=Message.SENDING, attempts=1, lease_until=MONDAY)
    outbox.deliver(5, MONDAY + MINUTE)
    assert states() == [("unknown", 1)]
    assert mailbox.letters == []


def test_an_alert_that_a_worker_left_half_way_is_sent_again(mailbox, message):
    message(state=Message.SENDING, attempts=1, lease_until=MONDAY)
    outbox.deliver(5, MONDAY + MINUTE)
    assert states() == [("sent", 2)]
    assert len(mailbox.letters) == 1


def test_what_another_worker_is_sending_is_left_to_it(mailbox, message):
    message(state=Message.SENDING, attempts=1, lease_until=MONDAY + MINUTE)
    outbox.deliver(5, MONDAY)
    assert states() == [("sending", 1)]


def test_of_two_workers_that_see_a_message_one_takes_it(message):
    seen, again = message(), Message.objects.get()
    assert outbox._claim(seen, MONDAY) is True
    assert outbox._claim(again, MONDAY) is False


def test_a_connection_that_breaks_after_the_message_was_handed_over_is_unclear(mailbox, message):
    mailbox.hangs_up = True
    message(once=True)
    message(once=False)
    outbox.deliver(5, MONDAY)
    outbox.deliver(5, MONDAY + MINUTE)
    assert [state for state, _ in states()] == ["unknown", "waiting"]
    assert "may have arrived" in Message.objects.first().error


def test_a_receiver_that_fails_holds_up_nobody_else(message, monkeypatch):
    tried = []

    def away(row):
        tried.append(row.to)
        if row.to == "away":
            raise NotSent("no answer")

    monkeypatch.setitem(outbox.WAYS, Message.WEBHOOK, away)
    for _ in range(5):
        message(way=Message.WEBHOOK, to="away")
    message(way=Message.WEBHOOK, to="there")
    outbox.deliver(5, MONDAY)
    assert tried == ["away", "there"]


def test_a_mistake_of_ours_is_a_failure_like_another(message, monkeypatch):
    monkeypatch.setitem(outbox.WAYS, Message.MAIL, lambda _row: 1 / 0)
    message()
    outbox.deliver(5, MONDAY)
    row = Message.objects.get()
    assert (row.state, row.error) == ("waiting", "a mistake in syncd: ZeroDivisionError")


def test_what_was_given_up_can_be_tried_again(mailbox, message):
    row = message(state=Message.DEAD, attempts=7, error="no")
    assert outbox.again(row, MONDAY) is True
    outbox.deliver(5, MONDAY)
    assert states() == [("sent", 1)]
    assert outbox.again(row, MONDAY) is False


@pytest.mark.parametrize("error", [Refused("no"), Unclear("?")])
def test_the_status_page_is_told_what_did_not_arrive(message, monkeypatch, error):
    def fails(_row):
        raise error

    monkeypatch.setitem(outbox.WAYS, Message.MAIL, fails)
    message(once=True, made_at=timezone.now(), next_at=timezone.now())
    outbox.deliver(5)
    trouble = outbox.trouble()
    assert trouble.stuck == 1
    assert trouble.why.startswith("mail to ana@acme.example: ")


def test_what_is_old_goes(message):
    for state, days in ((Message.SENT, 31), (Message.SENT, 29), (Message.DEAD, 31), (Message.DEAD, 91)):
        message(state=state, made_at=MONDAY - timedelta(days=days))
    outbox.prune(MONDAY)
    assert [state for state, _ in states()] == ["sent", "dead"]
