"""One turn: what is due is written down, and leaves, whatever else fails."""

import base64

import pytest

from syncd.notify.models import Message
from syncd.notify.tick import tick
from syncd.trackers.models import Tracker
from tests.notify.conftest import MONDAY, configure, mail_at
from tests.review.desk import DAY, Desk, orphans

pytestmark = pytest.mark.django_db


def test_a_turn_tells_people_operators_and_programs(
    desk: Desk, subscribe, omar, mailbox, receiver, settings, monkeypatch
):
    monkeypatch.setenv("HOOK", f"whsec_{base64.b64encode(b'k' * 32).decode()}")
    hook = {"name": "ci", "url": receiver.url, "secrets": ({"env": "HOOK"},), "allow_private": True}
    configure(settings, mail=mail_at(mailbox.port), webhooks=(hook,))
    subscribe()
    tick(5, desk.now)
    desk.put(*orphans(1, label="")).judge()
    Tracker.objects.update(broken_since=MONDAY, error="it does not answer")
    assert tick(5, MONDAY + DAY) is False
    assert [(letter["To"], letter["Subject"]) for letter in mailbox.letters] == [
        ("omar@acme.example", "acme-jira cannot be read"),
        ("ana@acme.example", "1 flag to look at: 1 new"),
    ]
    assert len(receiver.had) == 1
    tick(5, MONDAY + DAY)
    assert (len(mailbox.letters), len(receiver.had)) == (2, 1)


def test_what_does_not_fit_into_a_slice_is_left_for_the_next(mailbox, message, monkeypatch):
    message()
    assert tick(0, MONDAY) is True
    assert Message.objects.get().state == Message.WAITING
