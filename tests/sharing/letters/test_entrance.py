"""Whoever asks and is known gets a letter with a link, and nobody else can tell."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from syncd.notify import outbox
from syncd.notify.models import Message
from syncd.partners.desk.models import Asked
from syncd.partners.models import Contact, Link, Partner
from syncd.sharing import letters
from syncd.sharing.letters.entrance import GONE, LASTS, MOST
from tests.partners import world

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "partners", "outside"])


def ask(email, at=None):
    return Asked.objects.create(email=email, at=at or timezone.now())


def test_the_whole_way_from_asking_to_being_in(globex, mailbox, settings):
    settings.PARTNER_URL = "http://testserver"
    client = Client(enforce_csrf_checks=True)
    world.send(client, "/p/", email="Pia@globex.example")
    assert letters.wanted()
    for message in letters.admit(timezone.now()):
        outbox.send_now(message, timezone.now())
    [mail] = mailbox.letters
    assert mail["To"] == "pia@globex.example"
    text = mail.get_body(("plain",)).get_content()
    path = re.search(r"http://testserver(/p/enter/\S+)", text)[1]
    assert world.send(client, path).status_code == 303
    assert "Signed in as pia@globex.example" in client.get("/p/").content.decode()
    assert not letters.wanted()


def test_somebody_unknown_gets_nothing(globex):
    ask("zoe@globex.example")
    assert letters.admit(timezone.now()) == []
    assert not Asked.objects.exists()
    assert not Message.objects.exists()


def test_while_sharing_is_stopped_nobody_is_let_in(globex):
    Partner.objects.update(open=False)
    ask("pia@globex.example")
    assert letters.admit(timezone.now()) == []


def test_a_contact_of_two_partners_gets_a_letter_for_each(globex):
    other = world.partner("initech", "pia@globex.example")
    ask("pia@globex.example")
    made = letters.admit(timezone.now())
    assert len(made) == 2
    assert {message.subject for message in made} == {
        "Your link to the work of Acme and Globex Health",
        "Your link to the work of Acme and Initech Health",
    }
    assert Link.objects.filter(kind="magic", partner=other.partner).count() == 1


def test_killed_before_it_was_noted_it_is_one_letter(globex, monkeypatch):
    ask("pia@globex.example")
    with monkeypatch.context() as patch:
        patch.setattr(Asked, "delete", lambda _: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            letters.admit(timezone.now())
    letters.admit(timezone.now())
    assert Message.objects.count() == 1


def test_who_asks_in_anothers_name_does_not_fill_their_mailbox(globex):
    for _ in range(MOST + 3):
        ask("pia@globex.example")
    assert len(letters.admit(timezone.now())) == MOST


def test_a_letter_that_left_keeps_no_secret_and_one_that_is_late_does_not_leave(globex, mailbox):
    now = timezone.now()
    ask("pia@globex.example")
    [sent] = letters.admit(now)
    assert "/p/enter/" in sent.text
    outbox.send_now(sent, now)
    ask("pia@globex.example")
    [late] = letters.admit(now)
    letters.admit(now + LASTS + timedelta(seconds=1))
    sent.refresh_from_db()
    late.refresh_from_db()
    assert (sent.state, sent.text, sent.html) == ("sent", GONE, "")
    assert (late.state, late.text, late.error) == ("dead", GONE, "its link is out of date")


def test_asked_too_long_ago_it_is_not_answered(globex):
    ask("pia@globex.example", timezone.now() - LASTS)
    assert letters.admit(timezone.now()) == []


def test_a_contact_who_left_takes_the_link_along(globex):
    ask("pia@globex.example")
    letters.admit(timezone.now())
    Contact.objects.all().delete()
    assert not Link.objects.filter(kind="magic").exists()
