"""What visitors see and say, page by page."""

import csv
import io
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from syncd.partners.desk.models import Said, Visit
from syncd.partners.desk.saying import MOST
from syncd.partners.models import Comment, Commitment, Item, Partner, Proposal, Receipt
from tests.partners import world

pytestmark = [world.SIDE, pytest.mark.any_store]


@pytest.fixture
def pia(globex):
    return world.signed_in(globex, as_contact=True)


def text(client, path) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.content.decode()
    return answer.content.decode()


def titles(page: str) -> list[str]:
    return [part.partition('">')[2].partition("</a>")[0] for part in page.split("<h3><a href=")[1:]]


class TestTracker:
    def test_a_column_for_each_state(self, pia, globex):
        world.item(globex.partner, "Stateless")
        page = text(pia, "/p/")
        heads = [part.partition("</h2>")[0].partition(">")[2] for part in page.split('<h2 id="group-')[1:]]
        assert heads == ["Planned", "In progress", "Delivered", "Without a state"]
        assert titles(page) == ["Reports for globex", "Single sign-on for globex", "Stateless"]

    def test_by_quarter_those_without_a_date_last(self, pia, globex):
        for due in ("2026-02", "2027-03", "2026-10-01"):
            world.item(globex.partner, f"Due {due}", due=due)
        page = text(pia, "/p/?by=quarter")
        heads = [part.partition("</h2>")[0].partition(">")[2] for part in page.split('<h2 id="group-')[1:]]
        assert heads == ["Q1 2026", "Q4 2026", "Q1 2027", "No date"]
        assert titles(page) == [
            "Due 2026-02", "Due 2026-10-01", "Single sign-on for globex", "Due 2027-03", "Reports for globex"
        ]  # fmt: skip

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("q=sign", ["Single sign-on for globex"]),
            ("q=SIGN+single", ["Single sign-on for globex"]),
            ("q=staff", ["Single sign-on for globex"]),  # in the notes
            ("q=nothing", []),
            ("status=Planned", ["Reports for globex"]),
            ("status=", ["Single sign-on for globex", "Reports for globex"]),
            ("status=-", []),
            ("quarter=2026-Q4", ["Single sign-on for globex"]),
            ("quarter=none", ["Reports for globex"]),
            ("quarter=2026-Q3", []),
            ("status=Planned&quarter=2026-Q4", []),
        ],
    )
    def test_filters_stand_in_the_address(self, pia, query, found):
        page = text(pia, f"/p/?by=list&{query}")
        assert titles(page) == found
        assert ("No work fits these filters" in page) is not bool(found)

    def test_quarters_may_be_all_that_is_shown(self, pia, globex):
        Item.objects.filter(id=globex.item.id).update(when="2026-Q4")
        world.item(globex.partner, "Next year", due="2027-Q1")
        assert titles(text(pia, "/p/?by=quarter")) == ["Single sign-on for globex", "Next year", "Reports for globex"]
        assert titles(text(pia, "/p/?by=list&quarter=2027-Q1")) == ["Next year"]

    def test_a_list_is_read_page_by_page_each_item_once(self, pia, globex):
        for n in range(130):
            world.item(globex.partner, f"Item {n}", due=f"2027-01-{n % 28 + 1:02}" if n % 3 else "")
        seen, path = [], "/p/?by=list"
        for _ in range(4):
            page = text(pia, path)
            seen += titles(page)
            link = page.partition('rel="next"')[0].rpartition('href="')[2].partition('"')[0]
            path = f"/p/{link.replace('&amp;', '&')}"
            if 'rel="next"' not in page:
                break
        assert len(seen) == len(set(seen)) == 132
        assert sorted(seen) == sorted(Item.objects.filter(partner="globex").values_list("title", flat=True))

    def test_words_are_looked_for_a_while_and_then_further_on(self, pia, globex, monkeypatch):
        monkeypatch.setattr("syncd.partners.pages.listing.LOOK", 10)
        for n in range(35):
            world.item(globex.partner, f"Item {n}", due=f"2027-01-{n % 28 + 1:02}" if n % 3 else "")
        world.item(globex.partner, "The needle", due="2027-02-01")
        world.item(globex.partner, "Another needle")
        seen, path, further = [], "/p/?by=list&q=needle", 0
        for _ in range(10):
            page = text(pia, path)
            seen += titles(page)
            if 'rel="next"' not in page:
                break
            further += "Look further" in page
            path = "/p/" + page.partition('rel="next"')[0].rpartition('href="')[2].partition('"')[0].replace(
                "&amp;", "&"
            )
        assert seen == ["The needle", "Another needle"]
        assert further >= 3
        assert "All of" in text(pia, "/p/?q=needle")

    def test_a_page_asks_as_often_however_much_there_is(self, pia, globex, django_assert_max_num_queries):
        for n in range(60):
            world.item(globex.partner, f"Item {n}", status="Planned", due="2027-01-01")
        for path in ("/p/", "/p/?by=list", "/p/commitments/", "/p/changes/", "/p/talk/"):
            with django_assert_max_num_queries(45, using="outside"):
                text(pia, path)

    def test_the_file_holds_the_same_and_no_formula(self, pia, globex):
        world.item(globex.partner, "=HYPERLINK(1)", status="Planned")
        answer = pia.get("/p/work.csv?status=Planned")
        assert answer.headers["Content-Disposition"] == 'attachment; filename="work.csv"'
        rows = list(csv.DictReader(io.StringIO(answer.content.decode(), newline="")))
        assert list(rows[0]) == ["Id", "Title", "State", "Due", "Delivered", "Notes", "With"]
        assert {row["Title"] for row in rows} == {"Reports for globex", "'=HYPERLINK(1)"}

    def test_a_file_that_does_not_hold_everything_names_the_rest(self, pia, globex, monkeypatch):
        monkeypatch.setattr("syncd.partners.pages.files.MOST", 1)
        first = pia.get("/p/work.csv")
        path = first.headers["Link"].partition("<")[2].partition(">")[0]
        rest = pia.get(path)
        assert "Link" not in rest.headers
        rows = [line for answer in (first, rest) for line in answer.content.decode().splitlines()[1:]]
        assert len(rows) == 2

    def test_the_logo_is_the_partners_and_asked_about_again(self, pia, globex):
        answer = pia.get("/p/logo")
        assert (answer.content, answer.headers["Content-Type"]) == (world.LOGO, "image/png")
        assert pia.get("/p/logo", headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
        Partner.objects.update(logo=None)
        assert pia.get("/p/logo").status_code == 404


class TestNews:
    def test_what_is_new_since_the_visit_before(self, pia, globex):
        assert "Since your last visit" not in text(pia, "/p/"), "it is the first"
        Visit.objects.update(last_at=timezone.now() - timedelta(days=4))
        page = text(pia, "/p/")
        assert "Since your last visit" in page
        news = page.partition("Since your last visit")[2].partition("</section>")[0]
        assert "In progress" in news
        assert "Something is no longer shared" in news
        assert "New" not in news, "that was before"
        assert "Since your last visit" in text(pia, "/p/"), "all through this visit"

    def test_a_copy_that_is_behind_is_said_to_be(self, pia, globex):
        assert "out of date" not in text(pia, "/p/")
        Partner.objects.update(fresh_at=timezone.now() - timedelta(hours=2))
        assert "out of date" in text(pia, "/p/")

    def test_what_was_opened_is_noted_and_only_then(self, pia, globex):
        pia.head(f"/p/items/{globex.item.id}/")
        assert not Visit.objects.exists()
        text(pia, f"/p/items/{globex.item.id}/")
        text(pia, "/p/commitments/")
        assert dict(Visit.objects.values_list("what", "who")) == dict.fromkeys(
            [globex.item.id, "commitments", "pages"], globex.contact.id
        )

    def test_days_are_paged_and_none_is_lost(self, pia, globex, monkeypatch):
        monkeypatch.setattr("syncd.partners.pages.changes.SIZE", 2)
        globex.partner.changes.all().delete()
        for n in range(7):
            at = timezone.now() - timedelta(days=n // 3)
            was_now = {"was": f"was {n}", "now": f"now {n}"}
            world._change(globex.partner, globex.item, at, kind="changed", field="title", **was_now)
        seen, path = [], "/p/changes/"
        for _ in range(5):
            page = text(pia, path)
            seen += [part.partition("</ins>")[0] for part in page.split("<ins>")[1:]]
            if 'rel="next"' not in page:
                break
            path = "/p/changes/" + page.partition('rel="next"')[0].rpartition('href="')[2].partition('"')[0].replace(
                "&amp;", "&"
            )
        assert sorted(seen) == [f"now {n}" for n in range(7)]


class TestSaying:
    @pytest.mark.parametrize("where", ["item", "commitment", "talk"])
    def test_a_comment_is_shown_as_sent_until_it_was_taken_in(self, pia, globex, where):
        page, to, about = {
            "item": (f"/p/items/{globex.item.id}/", f"/p/items/{globex.item.id}/comments/", globex.item.id),
            "commitment": (
                f"/p/commitments/{globex.sso.id}/",
                f"/p/commitments/{globex.sso.id}/comments/",
                globex.sso.id,
            ),
            "talk": ("/p/talk/", "/p/talk/comments/", ""),
        }[where]
        answer = world.send(pia, page, to, text="When? <b>soon</b>")
        assert (answer.status_code, answer.headers["Location"]) == (303, f"{page}#talk")
        said = Said.objects.get()
        assert (said.kind, said.about, said.text, said.who) == (
            "comment",
            about,
            "When? <b>soon</b>",
            globex.contact.id,
        )
        shown = text(pia, page)
        assert "When? &lt;b&gt;soon&lt;/b&gt;" in shown
        assert "sent</span>" in shown
        Comment.objects.create(
            id=str(said.id), partner=globex.partner, side="theirs", text=said.text, html="<p>When? soon</p>", at=said.at,
            item=globex.item if where == "item" else None, commitment=globex.sso if where == "commitment" else None,
        )  # fmt: skip
        shown = text(pia, page)
        assert shown.count("When?") == 1
        assert "sent</span>" not in shown

    @pytest.mark.parametrize("words", ["", "   ", "x" * 10_001, "a\0b"])
    def test_nothing_or_too_much_is_not_taken(self, pia, words):
        answer = world.send(pia, "/p/talk/", "/p/talk/comments/", text=words)
        assert answer.status_code == 422
        assert "Write something first" in answer.content.decode()
        assert not Said.objects.exists()

    def test_a_form_that_is_sent_twice_says_it_once(self, pia):
        for _ in range(3):
            assert world.send(pia, "/p/talk/", "/p/talk/comments/", text="once").status_code == 303
        assert Said.objects.count() == 1

    def test_a_program_that_talks_is_stopped(self, pia, globex):
        now = timezone.now()
        Said.objects.bulk_create(
            [Said(partner="globex", who="x", kind="comment", text=str(n), at=now) for n in range(MOST)]
        )
        assert world.send(pia, "/p/talk/", "/p/talk/comments/", text="one more").status_code == 429
        Said.objects.update(at=now - timedelta(hours=2))
        assert world.send(pia, "/p/talk/", "/p/talk/comments/", text="one more").status_code == 303

    def test_the_conversation_is_read_page_by_page(self, pia, globex, monkeypatch):
        monkeypatch.setattr("syncd.partners.pages.talk.SIZE", 3)
        for n in range(7):
            Comment.objects.create(
                partner=globex.partner, side="ours", text="x", html=f"<p>word {n}</p>", at=timezone.now()
            )
        seen, path = [], "/p/talk/"
        for _ in range(5):
            page = text(pia, path)
            seen += [part.partition("</p>")[0] for part in page.split("<p>word ")[1:]]
            if 'rel="next"' not in page:
                break
            path = "/p/talk/" + page.partition('rel="next"')[0].rpartition('href="')[2].partition('"')[0]
        assert seen == list("6543210")


class TestDeciding:
    def path(self, shared) -> str:
        return f"/p/commitments/{shared.sso.id}/"

    def test_agreed_and_current_stand_side_by_side(self, pia, globex):
        page = text(pia, self.path(globex))
        assert "15 December 2026" in page
        assert "<ins>20 January 2027</ins>" in page
        assert "at risk" in page
        assert "Open to: move the date, cut scope" in page

    @pytest.mark.parametrize(
        ("form", "kept"),
        [
            ({"answer": "accept"}, ("accept", "", "", "")),
            ({"answer": "decline", "text": "We need it."}, ("decline", "", "", "We need it.")),
            ({"answer": "counter", "day": "2027-01-08"}, ("counter", "date", "2027-01-08", "")),
            ({"answer": "counter", "day": "2027-01-08", "subject": "scope", "text": "Fair"}, ("counter", "date", "2027-01-08", "Fair")),
        ],
    )  # fmt: skip
    def test_a_proposal_is_answered_once(self, pia, globex, form, kept):
        to = f"/p/proposals/{globex.proposal.id}/answer/"
        assert world.send(pia, self.path(globex), to, **form).status_code == 303
        said = Said.objects.get()
        assert (said.kind, said.subject, said.becomes, said.text) == kept
        assert said.about == globex.proposal.id
        page = text(pia, self.path(globex))
        assert "It is on its way to Acme" in page
        assert to not in page, "there is nothing left to answer"

    @pytest.mark.parametrize(
        ("form", "status", "says"),
        [
            ({"answer": "decline"}, 422, "Say why"),
            ({"answer": "counter"}, 422, "Give the day"),
            ({"answer": "counter", "day": "2027-02-30"}, 422, "Give the day"),
            ({"answer": "counter", "day": "20270101"}, 422, "Give the day"),
            ({"answer": "acknowledge"}, 409, "no answer to it"),
            ({"answer": "propose"}, 409, "no answer to it"),
            ({}, 409, "no answer to it"),
            ({"answer": "decline", "text": "x" * 10_001}, 422, "at most 10,000"),
        ],
    )
    def test_an_answer_that_is_none_is_said_to_be_so(self, pia, globex, form, status, says):
        answer = world.send(pia, self.path(globex), f"/p/proposals/{globex.proposal.id}/answer/", **form)
        assert answer.status_code == status
        assert says in answer.content.decode()
        assert not Said.objects.exists()

    def test_a_proposal_that_was_decided_meanwhile_is_not_answered(self, pia, globex):
        Proposal.objects.filter(id=globex.proposal.id).update(state="accepted", decided_on=date(2026, 11, 27))
        to = f"/p/proposals/{globex.proposal.id}/answer/"
        assert world.send(pia, self.path(globex), to, answer="accept").status_code == 409

    def test_ones_own_proposal_is_not_ones_to_answer(self, pia, globex):
        Proposal.objects.filter(id=globex.proposal.id).update(by_side="theirs")
        to = f"/p/proposals/{globex.proposal.id}/answer/"
        assert world.send(pia, self.path(globex), to, answer="accept").status_code == 404
        assert "Waits for Acme" in text(pia, self.path(globex))

    def test_what_is_told_is_noted(self, pia, globex):
        page, to = f"/p/commitments/{globex.data.id}/", f"/p/proposals/{globex.told.id}/answer/"
        assert "I have seen it" in text(pia, page)
        assert world.send(pia, page, to, answer="acknowledge").status_code == 303
        Receipt.objects.create(said=Said.objects.get().id, partner=globex.partner, at=timezone.now())
        assert "I have seen it" not in text(pia, page)
        assert "You took note" in text(pia, page)

    def test_a_commitment_that_is_offered_is_accepted_or_declined(self, pia, globex):
        page, to = f"/p/commitments/{globex.offered.id}/", f"/p/commitments/{globex.offered.id}/answer/"
        assert "Waits for you to accept it" in text(pia, page)
        assert world.send(pia, page, to, answer="decline").status_code == 422
        assert world.send(pia, page, to, answer="accept").status_code == 303
        assert Said.objects.get().about == globex.offered.id
        told = text(pia, page)
        assert to not in told
        assert "You accepted. It is on its way to Acme." in told
        assert "Waits for you" not in told

    def test_of_two_that_have_to_accept_the_other_is_still_waited_for(self, pia, globex):
        Commitment.objects.filter(id=globex.offered.id).update(ours_on=None)
        page, to = f"/p/commitments/{globex.offered.id}/", f"/p/commitments/{globex.offered.id}/answer/"
        assert "Waits for Acme and you to accept it." in text(pia, page)
        world.send(pia, page, to, answer="accept")
        assert "Waits for Acme to accept it." in text(pia, page)

    @pytest.mark.parametrize(
        ("form", "kept"),
        [
            ({"subject": "date", "day": "2027-02-01", "words": "ignored"}, ("date", "2027-02-01")),
            ({"subject": "scope", "words": "Only Basel"}, ("scope", "Only Basel")),
            ({"subject": "dropped", "words": "ignored"}, ("dropped", "")),
        ],
    )
    def test_a_change_is_proposed(self, pia, globex, form, kept):
        to = f"/p/commitments/{globex.sso.id}/changes/"
        assert world.send(pia, self.path(globex), to, **form, text="please").status_code == 303
        said = Said.objects.get()
        assert (said.kind, said.about, said.subject, said.becomes, said.text) == (
            "propose",
            globex.sso.id,
            *kept,
            "please",
        )
        assert "You proposed a change" in text(pia, self.path(globex))

    def test_what_was_typed_is_not_lost_where_something_is_missing(self, pia, globex):
        to = f"/p/commitments/{globex.sso.id}/changes/"
        answer = world.send(pia, self.path(globex), to, subject="scope", text="because of this")
        assert answer.status_code == 422
        assert "because of this</textarea>" in answer.content.decode()
        assert '<details class="card" open>' in answer.content.decode()

    def test_what_is_not_agreed_cannot_be_changed(self, pia, globex):
        to = f"/p/commitments/{globex.offered.id}/changes/"
        assert world.send(pia, self.path(globex), to, subject="dropped").status_code == 409

    def test_what_came_of_it_is_told_where_it_does_not_show(self, pia, globex):
        world.send(pia, self.path(globex), f"/p/proposals/{globex.proposal.id}/answer/", answer="accept")
        Receipt.objects.create(
            said=Said.objects.get().id, partner=globex.partner, outcome="It was already decided.", at=timezone.now()
        )
        page = text(pia, self.path(globex))
        assert "It was already decided." in page
        assert "on its way" not in page

    def test_removed_it_stands_with_its_reason(self, pia, globex):
        globex.sso.stage, globex.sso.reason = "removed", "You have another way in."
        globex.sso.save()
        page = text(pia, "/p/commitments/")
        assert "No longer promised" in page
        assert "You have another way in." in page


def test_two_partners_see_nothing_of_one_another(globex, initech):
    pia, quinn = world.signed_in(globex), world.signed_in(initech)
    for path in (
        "/p/",
        "/p/?by=quarter",
        "/p/?by=list",
        "/p/commitments/",
        "/p/changes/",
        "/p/talk/",
        "/p/print/",
        "/p/work.csv",
    ):
        assert b"initech" not in pia.get(path).content.lower()
        assert b"globex" not in quinn.get(path).content.lower()


def test_hostile_words_are_shown_as_they_are(pia, globex):
    bad = "<script>alert(1)</script>\"'&"
    Partner.objects.update(name=bad, company=bad)
    Item.objects.filter(id=globex.item.id).update(
        title=bad, status=bad, values={"title": bad, "status": bad, "owner": bad}
    )
    for path in ("/p/", f"/p/items/{globex.item.id}/", "/p/print/", "/p/commitments/", "/p/changes/", "/p/settings/"):
        assert "<script" not in text(pia, path)


def test_a_page_is_the_same_to_the_byte_each_time(pia, globex):
    paths = ["/p/", "/p/commitments/", f"/p/items/{globex.item.id}/", f"/p/commitments/{globex.sso.id}/", "/p/talk/"]
    first = [pia.get(path).content for path in paths]
    assert [pia.get(path).content for path in paths] == first


def test_strangers_learn_nothing_from_a_partners_address(globex):
    stranger = Client()
    assert stranger.get(f"/p/items/{globex.item.id}/").content == stranger.get(f"/p/items/{'x' * 22}/").content
