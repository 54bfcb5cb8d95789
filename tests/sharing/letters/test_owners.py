"""Whoever owns a relationship hears what the partner said, what waits for approval, and of a cadence that was missed."""

from datetime import timedelta
from uuid import uuid4

import pytest

from syncd.notify.models import Message
from syncd.sharing.letters import owners
from syncd.sharing.models import Taken
from tests.sharing.letters.conftest import AGREEMENT, NOW, configure, mail_at

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "partners", "outside"])


@pytest.fixture(autouse=True)
def _mail(settings):
    configure(settings, mail=mail_at(1))


def said(deal, says="Globex Health accepts", **more):
    return Taken.objects.create(said=uuid4(), deal=deal, at=NOW, says=says, **more)


def told(now=NOW):
    before = set(Message.objects.values_list("pk", flat=True))
    owners.tell(now)
    return list(Message.objects.exclude(pk__in=before).order_by("to"))


def test_the_owner_and_our_other_contacts_hear_what_was_said_once(deal):
    said(deal)
    said(deal, "Globex Health writes: when?", outcome="It was already decided.")
    letters = told()
    assert [letter.to for letter in letters] == ["ana@acme.example", "omar@acme.example"]
    assert letters[0].subject == "Globex Health: 2 answers"
    assert "Globex Health accepts" in letters[0].text
    assert "It was already decided." in letters[0].html
    assert "https://syncd.acme.example/partners/globex/" in letters[0].text
    assert told() == []
    assert not Taken.objects.filter(told_at=None).exists()


def test_places_that_want_to_hear_of_partners_are_told_as_well(deal, settings, monkeypatch):
    monkeypatch.setenv("HOOK", "json://localhost")
    configure(settings, notify=[{"url": {"env": "HOOK"}, "name": "room", "about": ["partners"]}])
    said(deal)
    [letter] = told()
    assert (letter.way, letter.to, letter.topic) == ("place", "room", "partners")


def test_an_edit_that_waits_is_told_once_an_edit(deal):
    deal.draft, deal.draft_digest, deal.widens = AGREEMENT, "a" * 64, [["share.fields.due", "the due date by month"]]
    deal.save()
    letters = told()
    assert len(letters) == 2
    assert letters[0].subject == "What Globex Health is to see waits for approval"
    assert "The due date by month" in letters[0].text
    assert told(NOW + timedelta(days=1)) == []
    deal.draft_digest = "b" * 64
    deal.save()
    assert len(told(NOW + timedelta(days=1))) == 2


def test_a_missed_cadence_is_told_and_repeated_after_a_week(deal):
    assert told(NOW + timedelta(days=6)) == []
    letters = told(NOW + timedelta(days=7))
    assert letters[0].subject == "Globex Health has had no word for 7 days"
    assert told(NOW + timedelta(days=8)) == []
    assert len(told(NOW + timedelta(days=14))) == 2
    deal.told_at = NOW + timedelta(days=14)
    deal.save()
    assert told(NOW + timedelta(days=15)) == []


def test_killed_in_between_it_is_told_once(deal, monkeypatch):
    said(deal)
    with monkeypatch.context() as patch:
        patch.setattr(owners, "written", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            owners.tell(NOW)
    assert len(told()) == 2
