"""Partners' people are written to when something concerns them: at once where it waits for them, else once a day."""

from datetime import timedelta
from email.utils import parseaddr
from urllib.parse import urlsplit

import pytest
from django.test import Client

from syncd.notify import outbox
from syncd.notify.models import Message
from syncd.partners.desk.models import Quiet
from syncd.partners.models import OURS, Change, Comment, Partner, Proposal, Step
from syncd.sharing.letters import contacts
from syncd.sharing.reminders import reminders
from tests.partners import world
from tests.sharing.letters.conftest import NOW

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "partners", "outside"])


@pytest.fixture(autouse=True)
def _mail(mailbox):
    """A mail server is there."""


def told(now=NOW) -> list[Message]:
    before = set(Message.objects.values_list("pk", flat=True))
    contacts.tell(now)
    return list(Message.objects.exclude(pk__in=before).order_by("pk"))


@pytest.fixture
def calm(globex):
    """Everything so far is told."""
    assert len(told(NOW)) == 1
    return globex


def change(shared, at, **values):
    usual = {
        "item": shared.item,
        "kind": "changed",
        "field": "due",
        "was": "2026-12-15",
        "now": "2027-01-20",
        "at": at,
        "on": at.date(),
    }
    return Change.objects.create(partner=shared.partner, **usual | values)


def test_the_first_letter_tells_what_waits_and_what_is_shared(globex):
    [letter] = told()
    assert letter.to == "pia@globex.example"
    assert letter.subject == "Acme: 2 commitments need your attention"
    assert "is to come by 20 January 2027 instead of 15 December 2026.” It waits" not in letter.text
    assert "It waits for your answer." in letter.text
    assert "It counts from 95 % on. It needs no answer." in letter.text
    assert "Single sign-on for globex: State: Planned -> In progress" in letter.text
    assert f"https://partners.acme.example/p/items/{globex.item.id}/" in letter.text
    assert f'href="https://partners.acme.example/p/commitments/{globex.sso.id}/"' in letter.html


def test_a_letter_is_word_and_so_the_cadence_is_kept(calm, deal):
    change(calm, now := NOW + timedelta(days=6))
    assert len(told(now + timedelta(hours=1))) == 1
    assert reminders(NOW + timedelta(days=7)) == []
    assert told(NOW + timedelta(days=12)) == [], "and where there is no news, there is none"
    [one] = reminders(NOW + timedelta(days=13, hours=1))
    assert (one.deal, one.since) == (deal, now + timedelta(hours=1))


def test_nothing_new_no_letter(calm):
    assert told(NOW + timedelta(days=3)) == []


def test_changes_wait_until_a_day_has_passed(calm):
    change(calm, NOW + timedelta(hours=1))
    assert told(NOW + timedelta(hours=2)) == []
    [letter] = told(NOW + timedelta(days=1))
    assert letter.subject == "Acme: 1 change in the work for Globex Health"
    assert "Single sign-on for globex: Due: 15 December 2026 -> 20 January 2027" in letter.text
    assert told(NOW + timedelta(days=1, hours=1)) == []


def test_a_proposal_is_told_at_once_and_once(calm):
    now = NOW + timedelta(hours=1)
    Proposal.objects.create(
        partner=calm.partner, commitment=calm.sso, by_side=OURS, subject="dropped", was="x", says="“It” is to be dropped.",
        made_on=now.date(),
    )  # fmt: skip
    [letter] = told(now)
    assert letter.subject == "Acme: 1 commitment needs your attention"
    assert "“It” is to be dropped. It waits for your answer." in letter.text
    assert told(now + timedelta(hours=1)) == told(now + timedelta(days=1)) == []


def test_a_commitment_that_is_removed_is_told_at_once_with_its_reason(calm):
    now = NOW + timedelta(hours=1)
    calm.sso.stage, calm.sso.reason = "removed", "You have another way in by now."
    calm.sso.save()
    Proposal.objects.filter(commitment=calm.sso).update(state="withdrawn")
    Step.objects.create(partner=calm.partner, commitment=calm.sso, side=OURS, says="Removed.", at=now)
    [letter] = told(now)
    assert "is no longer promised. You have another way in by now." in letter.text


def test_what_we_wrote_is_told_without_its_words(calm):
    now = NOW + timedelta(days=1)
    Comment.objects.create(partner=calm.partner, side=OURS, text="secret plan", html="x", at=now - timedelta(hours=1))
    [letter] = told(now)
    assert letter.subject == "Acme wrote to Globex Health"
    assert "secret plan" not in letter.text + letter.html


def test_what_is_withdrawn_has_no_name(calm):
    change(calm, NOW + timedelta(hours=1), item=None, kind="withdrawn", field="", was="", now="")
    [letter] = told(NOW + timedelta(days=1))
    assert "Something is no longer shared" in letter.text


def test_many_changes_are_cut_and_said_to_be(calm):
    for _ in range(25):
        change(calm, NOW + timedelta(hours=1))
    [letter] = told(NOW + timedelta(days=1))
    assert letter.subject == "Acme: more than 20 changes in the work for Globex Health"
    assert letter.text.count("* Single sign-on") == 20
    assert "All changes: https://partners.acme.example/p/changes/" in letter.text


@pytest.mark.parametrize("how", ["quiet", "closed", "no mail"])
def test_who_wants_none_or_can_see_nothing_gets_none(globex, how, settings):
    if how == "quiet":
        Quiet.objects.create(contact=globex.contact.id, partner="globex", at=NOW)
    elif how == "closed":
        Partner.objects.update(open=False)
    else:
        settings.MESSAGES = type(settings.MESSAGES)()
    assert told() == []


def test_the_letter_ends_with_one_click_and_without_signing_in(globex, mailbox, settings):
    [letter] = told()
    assert outbox.deliver(5, NOW) is False
    [mail] = mailbox.letters
    assert parseaddr(mail["To"])[1] == "pia@globex.example"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = mail["List-Unsubscribe"].strip(" <>")
    assert address == letter.unsubscribe
    assert "globex" not in urlsplit(address).path
    program, path = Client(enforce_csrf_checks=True), urlsplit(address).path
    assert "Stop letters" in program.get(path).content.decode()
    assert not Quiet.objects.exists(), "looking at it ends nothing"
    for _ in range(2):
        assert program.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert Quiet.objects.get().contact == globex.contact.id
    change(globex, NOW + timedelta(hours=1))
    assert told(NOW + timedelta(days=2)) == []
    for wrong in (path[:-3], f"{path}x", "/p/quiet/x"):
        assert program.post(wrong).status_code == 404


def test_signed_in_it_can_be_switched_on_again(globex):
    pia = world.signed_in(globex, as_contact=True)
    assert world.send(pia, "/p/settings/", letters="off").status_code == 303
    assert Quiet.objects.count() == 1
    assert world.send(pia, "/p/settings/", letters="on").status_code == 303
    assert not Quiet.objects.exists()


def test_killed_in_between_it_is_told_once(globex, monkeypatch):
    from syncd.sharing.models import Told

    with monkeypatch.context() as patch:
        patch.setattr(Told, "save", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            contacts.tell(NOW)
    assert not Message.objects.exists()
    assert len(told()) == 1


def test_the_same_copy_gives_the_same_bytes(globex):
    [first] = told()
    Message.objects.all().delete()
    from syncd.sharing.models import Told

    Told.objects.all().delete()
    [second] = told()
    assert (first.key, first.subject, first.text, first.html) == (second.key, second.subject, second.text, second.html)
