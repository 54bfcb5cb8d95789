"""The list of partners, and what Ana does about one of them."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from syncd.accounts.models import AuditEvent
from syncd.partners.desk.models import Said
from syncd.partners.models import Comment, Link, Partner
from syncd.partners.models import Item as Copied
from syncd.sharing.models import Offer
from syncd.trackers.models import Item
from tests.review.pages.conftest import text, toast
from tests.sharing.conftest import AGREEMENT, World, shared
from tests.sharing.pages.conftest import PROMISED, PROMISES, says

pytestmark = [pytest.mark.django_db(databases=["default", "partners"]), pytest.mark.any_store]
PAGE = "/partners/globex/"


def actions(page: str) -> list[str]:
    return re.findall(r'<form[^>]* action="([^"]+)"', page)


# the list


def test_without_partners_the_page_says_how_to_write_the_file(world: World, pm: Client):
    told = text(pm.get("/partners/"))
    assert "No partner yet" in told
    assert "share: where:" in told
    assert "partners.yaml" in told


def test_each_partner_is_listed_with_what_waits(waiting: World, pm: Client):
    told = text(pm.get("/partners/"))
    assert "1 partner waits for somebody to approve" in told
    for word in ("Globex Health", "Not approved yet", "pia@acme.example", "weekly", "never"):
        assert word in told


def test_what_is_shown_and_owed_is_counted(promised: World, pm: Client):
    says(promised, Said.COMMENT, text="When does it start?")
    promise = promised.deal().promises.get(name="sso")
    says(promised, Said.PROPOSE, promise.public, "We are late", subject="date", becomes="2027-01-31")
    told = text(pm.get("/partners/"))
    assert "1 proposal , 1 comment" in re.sub(r"\s+", " ", told.replace(",", " ,"))
    assert "Nothing waits for approval" in told


def test_a_partner_without_word_for_longer_than_agreed_is_marked(globex: World, pm: Client):
    deal = globex.deal()
    assert "Word is due" not in text(pm.get(PAGE)) or deal.approved_at < globex.now
    deal.told_at = deal.approved_at - timedelta(days=400)
    deal.save()
    assert "Word is due" in text(pm.get("/partners/"))


def test_an_ended_agreement_stays_readable_and_offers_nothing(promised: World, pm: Client):
    promised.write()
    promised.cycle()
    page = pm.get(PAGE)
    assert "has no such agreement since" in text(page)
    assert "Single sign-on" in text(page)
    assert not [action for action in actions(page.content.decode()) if action.startswith("/partners/")]
    assert "Ended" in text(pm.get("/partners/"))


def test_more_partners_cost_no_more_queries(world: World, pm: Client, django_assert_max_num_queries):
    counts = []
    for names in (("globex",), ("globex", "initech", "umbrella")):
        world.write(*[{**AGREEMENT, "id": name, "name": name.title()} for name in names])
        world.cycle()
        pm.get("/partners/")
        with django_assert_max_num_queries(40) as asked:
            pm.get("/partners/")
        counts.append(len(asked))
    assert counts[0] == counts[1]


# stopping


def test_stopping_asks_for_a_reason_and_shows_nothing_at_once(globex: World, pm: Client):
    asked = text(pm.get(f"{PAGE}stop/"))
    assert "show nothing" in asked
    assert "This field is required" in text(pm.post(f"{PAGE}stop/", {"because": ""}))
    assert globex.deal().closed_at is None
    told = toast(pm, pm.post(f"{PAGE}stop/", {"because": "They were bought"}))
    assert "Globex Health sees nothing any more" in told
    assert not Partner.objects.get(id="globex").open
    assert "ana@acme.example stopped sharing" in text(pm.get(PAGE))
    globex.cycle()
    assert not Copied.objects.exists()


def test_the_toast_of_stopping_takes_it_back(globex: World, pm: Client):
    page = pm.post(f"{PAGE}stop/", {"because": "by mistake"}, follow=True).content.decode()
    undo = re.search(r'class="toast".*?action="([^"]+)"', page, re.DOTALL)[1]
    assert undo == f"{PAGE}resume/"
    assert "sees again what was agreed" in toast(pm, pm.post(undo))
    globex.cycle()
    assert Partner.objects.get(id="globex").open
    assert globex.titles() == ["Work 1", "Work 2"]


def test_stopping_twice_and_resuming_what_goes_on_are_told(globex: World, pm: Client):
    assert "is not stopped" in toast(pm, pm.post(f"{PAGE}resume/"))
    pm.post(f"{PAGE}stop/", {"because": "so"})
    assert "is stopped already" in text(pm.post(f"{PAGE}stop/", {"because": "again"}))


def test_what_was_done_is_in_the_audit_log(globex: World, pm: Client):
    pm.post(f"{PAGE}stop/", {"because": "They were bought"})
    pm.post(f"{PAGE}resume/")
    pm.post(f"{PAGE}links/", {"label": "The board"})
    verbs = AuditEvent.objects.filter(actor="ana@acme.example").values_list("verb", flat=True)
    assert {"sharing_stopped", "sharing_resumed"} <= set(verbs)


# talking


def test_a_comment_of_theirs_waits_until_it_is_answered(globex: World, pm: Client):
    says(globex, Said.COMMENT, Copied.objects.get(title="Work 1").pk, "Is it <b>ready</b>?")
    page = pm.get(PAGE)
    assert "Is it <b>ready</b>?" in text(page)
    assert "<b>ready</b>" not in page.content.decode()
    assert "Not answered" in text(page)
    to = Comment.objects.get().pk
    told = toast(pm, pm.post(f"{PAGE}say/", {"to": to, "text": "Next week"}))
    assert "can read it" in told
    reply = Comment.objects.get(side="ours")
    assert (reply.text, str(reply.item)) == ("Next week", "Work 1")
    assert "Not answered" not in text(pm.get(PAGE))


def test_an_answer_about_something_else_answers_nothing(globex: World, pm: Client):
    says(globex, Said.COMMENT, Copied.objects.get(title="Work 1").pk, "Is it ready?")
    pm.post(f"{PAGE}say/", {"text": "Hello all"})
    assert "Not answered" in text(pm.get(PAGE))


def test_a_reply_to_a_comment_of_another_partner_is_not_found(globex: World, pm: Client):
    other = Partner.objects.create(id="initech", name="I", company="A", cadence="weekly")
    theirs = Comment.objects.create(partner=other, side="theirs", text="x", html="x", at=globex.now)
    assert pm.post(f"{PAGE}say/", {"to": theirs.pk, "text": "hello"}).status_code == 404


def test_an_empty_comment_is_asked_for_again(globex: World, pm: Client):
    answer = pm.post(f"{PAGE}say/", {"text": " "})
    assert "This field is required" in text(answer)
    assert not Comment.objects.exists()


def test_nobody_reads_what_is_said_while_sharing_is_stopped(globex: World, pm: Client):
    pm.post(f"{PAGE}stop/", {"because": "so"})
    assert "there is nobody to read it" in text(pm.post(f"{PAGE}say/", {"text": "hello"}))


def test_word_that_was_given_counts(globex: World, pm: Client):
    pm.post(f"{PAGE}word/", {"text": "Met in Lyon"})
    assert globex.deal().told_at is not None
    assert AuditEvent.objects.filter(actor="ana@acme.example", facts__text="Met in Lyon").exists()


def test_older_talk_is_on_further_pages(globex: World, pm: Client):
    for number in range(22):
        pm.post(f"{PAGE}say/", {"text": f"Note {number}."})
    first = pm.get(PAGE)
    assert "Note 21." in text(first)
    assert "Note 0." not in text(first)
    further = re.search(r'href="\?after=([^"#]+)#talk" rel="next"', first.content.decode())[1]
    assert "Note 0." in text(pm.get(f"{PAGE}?after={further}"))


# commitments and proposals


def test_both_sides_are_listed_with_how_they_stand(promised: World, pm: Client):
    told = text(pm.get(PAGE))
    for word in (
        "Single sign-on",
        "We deliver by 15 December 2026",
        "A test tenant",
        "They deliver by 1 December 2026",
    ):
        assert word in told


def test_one_commitment_has_its_history_and_work(promised: World, pm: Client):
    told = text(pm.get(f"{PAGE}commitments/sso/"))
    for word in ("Everybody signs in", "acme-jira:WEB-1", "Put forward and accepted", "never shown to the partner"):
        assert word in told


def test_work_is_found_however_its_key_is_written(promised: World, pm: Client):
    promised.deal().promises.filter(name="sso").update(
        offered={**PROMISES[0], "items": ["acme-jira:web-1", "acme-jira:10002"]}
    )
    told = pm.get(f"{PAGE}commitments/sso/").content.decode()
    for name in ("web-1", "10002"):
        [item] = Item.objects.filter(native_id__endswith=name[-1])
        assert f'<a href="/items/{item.pk}/">acme-jira:{name}</a>' in told


def theirs(world: World, subject: str = "date", becomes: str = "2027-01-31") -> Offer:
    promise = world.deal().promises.get(name="sso")
    says(world, Said.PROPOSE, promise.public, "We need more time", subject=subject, becomes=becomes)
    return Offer.objects.get(by_side="theirs", state="open")


def test_a_proposal_is_accepted(promised: World, pm: Client):
    offer = theirs(promised)
    assert "They propose" in text(pm.get(PAGE))
    told = toast(pm, pm.post(f"{PAGE}proposals/{offer.public}/", {"decision": "accept"}))
    assert "Accepted" in told
    promise = promised.deal().promises.get(name="sso")
    assert promise.agreed["commitment"]["by"] == "2027-01-31"
    assert "We deliver by 31 January 2027" in text(pm.get(PAGE))


def test_a_proposal_is_countered(promised: World, pm: Client):
    offer = theirs(promised)
    page = f"{PAGE}proposals/{offer.public}/"
    assert "Give a day" in text(pm.post(page, {"decision": "counter", "becomes": "soon", "text": "x"}))
    assert "Say why" in text(pm.post(page, {"decision": "counter", "becomes": "2027-01-15"}))
    pm.post(page, {"decision": "counter", "becomes": "2027-01-15", "text": "Two weeks are enough"})
    offer.refresh_from_db()
    assert offer.state == "countered"
    ours = Offer.objects.get(by_side="ours", state="open")
    assert (ours.becomes, ours.counters_id) == ("2027-01-15", offer.pk)


def test_a_proposal_is_declined_with_a_reason(promised: World, pm: Client):
    offer = theirs(promised)
    page = f"{PAGE}proposals/{offer.public}/"
    assert "Say why" in text(pm.post(page, {"decision": "decline"}))
    pm.post(page, {"decision": "decline", "text": "The date is fixed"})
    offer.refresh_from_db()
    assert (offer.state, offer.note) == ("declined", "The date is fixed")
    assert "We deliver by 15 December 2026" in text(pm.get(PAGE))


def changed_in_a_mirror(world: World) -> Offer:
    """Somebody at Globex moves the date in a row of its mirror."""
    row = Copied.objects.get(title="Work 1").pk
    says(world, Said.COMMENT, row, "Changed in Tracker: the due date.", subject="due", becomes="2027-01-31")
    return Offer.objects.get(by_side="theirs", state="open")


def test_a_change_in_a_row_is_declined_without_words(promised: World, pm: Client):
    offer = changed_in_a_mirror(promised)
    page = f"{PAGE}proposals/{offer.public}/"
    assert "of a refusal they are told nothing" in text(pm.get(page))
    assert "Declined: what was agreed stands." in toast(pm, pm.post(page, {"decision": "decline"}))
    offer.refresh_from_db()
    assert (offer.state, offer.note, offer.decided_by) == ("declined", "", "ana@acme.example")
    told = text(pm.get(f"{PAGE}commitments/sso/"))
    assert "Declined They propose" in re.sub(r"\s+", " ", told)
    assert "We deliver by 15 December 2026" in text(pm.get(PAGE))


def test_a_change_in_a_row_is_countered_with_words_alone(promised: World, pm: Client):
    page = f"{PAGE}proposals/{changed_in_a_mirror(promised).public}/"
    assert "Say why" in text(pm.post(page, {"decision": "counter", "becomes": "2027-01-15"}))
    assert Offer.objects.get().state == "open"


def test_a_proposal_that_was_closed_by_itself_says_why(promised: World, pm: Client):
    offer = changed_in_a_mirror(promised)
    promised.put(shared(1, labels=()))
    promised.cycle()
    told = text(pm.get(f"{PAGE}commitments/sso/"))
    assert "Withdrawn They propose" in re.sub(r"\s+", " ", told)
    assert "WEB-1 is no longer shared with them." in told
    answer = f"{PAGE}proposals/{offer.public}/"
    assert answer not in pm.get(PAGE).content.decode()
    assert "It was decided already: withdrawn" in text(pm.post(answer, {"decision": "accept"}))


def test_a_proposal_is_decided_once(promised: World, pm: Client):
    offer = theirs(promised)
    page = f"{PAGE}proposals/{offer.public}/"
    pm.post(page, {"decision": "accept"})
    again = pm.post(page, {"decision": "decline", "text": "no"})
    assert again.status_code == 200
    assert "decided" in text(again)
    offer.refresh_from_db()
    assert offer.state == "accepted"


def test_our_side_proposes_a_change(promised: World, pm: Client):
    page = f"{PAGE}commitments/sso/propose/"
    assert "Say what it is to be" in text(pm.post(page, {"subject": "date", "because": "x"}))
    pm.post(page, {"subject": "date", "becomes": "2027-02-01", "because": "The directory is late"})
    ours = Offer.objects.get(by_side="ours")
    assert (ours.becomes, ours.state, ours.made_by) == ("2027-02-01", "open", "ana@acme.example")
    assert "Waits for them" in text(pm.get(PAGE))


def test_what_it_says_already_cannot_be_proposed(promised: World, pm: Client):
    page = f"{PAGE}commitments/sso/propose/"
    told = text(pm.post(page, {"subject": "date", "becomes": "2026-12-15", "because": "x"}))
    assert "That is what it says already." in told


def test_a_commitment_is_removed_with_a_reason(world: World, pm: Client):
    world.write(PROMISED)
    world.cycle()
    world.approve()
    world.cycle()
    page = f"{PAGE}commitments/tenant/remove/"
    assert "This field is required" in text(pm.post(page, {"reason": ""}))
    assert "Removed; the partner reads why" in toast(pm, pm.post(page, {"reason": "No longer needed"}))
    assert "Removed: No longer needed" in text(pm.get(f"{PAGE}commitments/tenant/"))


def test_removing_what_both_agreed_asks_the_partner(promised: World, pm: Client):
    told = toast(pm, pm.post(f"{PAGE}commitments/tenant/remove/", {"reason": "No longer needed"}))
    assert "The partner is asked" in told
    assert Offer.objects.get(by_side="ours").subject == "dropped"
    assert promised.deal().promises.get(name="tenant").removed_at is None


def test_a_commitment_that_neither_side_accepted_is_accepted(world: World, pm: Client):
    world.write(PROMISED)
    world.cycle()
    world.approve()
    world.cycle()
    promise = world.deal().promises.get(name="sso")
    promise.ours_at = None
    promise.save()
    assert "We have to accept" in text(pm.get(PAGE))
    pm.post(f"{PAGE}commitments/sso/accept/")
    promise.refresh_from_db()
    assert promise.ours_at is not None


# share links


def test_a_link_is_shown_once(globex: World, pm: Client):
    made = pm.post(f"{PAGE}links/", {"label": "The board"})
    address = re.search(r'<code id="address">([^<]+)</code>', made.content.decode())[1]
    assert "/p/with/" in address
    assert "no-store" in made.headers["Cache-Control"]
    page = pm.get(PAGE)
    assert "The board" in text(page)
    assert address not in page.content.decode()
    assert address.rstrip("/").rpartition("/")[2] not in str(list(AuditEvent.objects.values()))


def test_a_link_is_replaced_and_revoked(globex: World, pm: Client):
    pm.post(f"{PAGE}links/", {"label": "The board"})
    old = Link.objects.get()
    assert "works until" in text(pm.post(f"{PAGE}links/{old.pk}/rotate/"))
    new = Link.objects.exclude(pk=old.pk).get()
    assert "opens nothing any more" in toast(pm, pm.post(f"{PAGE}links/{new.pk}/revoke/"))
    assert "Revoked" in text(pm.get(PAGE))
    assert "revoked already" in toast(pm, pm.post(f"{PAGE}links/{new.pk}/revoke/"))
    assert "does not work any more" in toast(pm, pm.post(f"{PAGE}links/{new.pk}/rotate/"))


def test_a_link_of_another_partner_is_not_found(globex: World, pm: Client):
    pm.post(f"{PAGE}links/", {"label": "The board"})
    globex.write(AGREEMENT, {**AGREEMENT, "id": "initech", "name": "Initech"})
    globex.cycle()
    assert pm.post(f"/partners/initech/links/{Link.objects.get().pk}/revoke/").status_code == 404


def test_without_a_page_there_are_no_links(world: World, pm: Client):
    world.write({**AGREEMENT, "mirrors": []})
    world.cycle()
    world.approve()
    world.cycle()
    assert "name one under mirrors" in text(pm.post(f"{PAGE}links/", {"label": "x"}))


def test_a_viewer_looks_and_is_offered_nothing(promised: World, viewer: Client):
    theirs(promised)
    page = viewer.get(PAGE)
    assert "They propose" in text(page)
    assert not [action for action in actions(page.content.decode()) if action.startswith("/partners/")]
    for path in ("stop/", "word/", "links/", "commitments/sso/propose/"):
        assert viewer.get(f"{PAGE}{path}").status_code == 403
