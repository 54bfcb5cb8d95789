"""Asking the owner, challenging a goal, answering; and the page that engineers get without the queue."""

import pytest

from syncd.review.models import Question, Verdict
from tests.review.pages.conftest import item, text, toast
from tests.trackers.conftest import made

pytestmark = pytest.mark.django_db


@pytest.fixture
def flag(flagged):
    [flag] = flagged(1)
    flag.owner = "Tomasz"
    flag.save()
    return flag


def test_a_question_stands_at_the_flag_on_the_items_page_and_in_the_log(flag, browser, ana, vera):
    client = browser(ana)
    answer = client.post(f"/review/{flag.id}/ask/", {"text": "Which clinic wants it?", "kind": "ask"})
    assert answer.headers["Location"] == f"/review/{flag.id}/"
    assert "Asked: Tomasz owes the answer" in toast(client, answer)
    for path in (f"/review/{flag.id}/", f"/why/{flag.item_id}/"):
        said = text(client.get(path))
        assert "Which clinic wants it?" in said
        assert "syncd writes nothing there" in said
        assert "Asked Tomasz: Which clinic wants it?" in said
    question = Question.objects.get()
    client = browser(vera)
    answer = client.post(f"/questions/{question.id}/answer/", {"text": "Bern", "next": f"/why/{flag.item_id}/"})
    assert answer.headers["Location"] == f"/why/{flag.item_id}/"
    said = text(client.get(f"/review/{flag.id}/"))
    assert "Answered: Bern" in said
    assert "vera@acme.example" in said
    flag.refresh_from_db()
    assert flag.state == "open", "asking decides nothing"


def test_an_engineer_challenges_a_link_before_the_owner_of_its_goal(desk, browser, vera):
    desk.put(made(1, labels=("goal:activation",))).judge()
    client = browser(vera)
    path = f"/why/{item('WEB-1').id}/"
    answer = client.post(f"{path}ask/", {"text": "This is for claims.", "kind": "challenge"})
    assert "Challenged: mei@acme.example owes the answer" in toast(client, answer)
    question = Question.objects.get()
    assert (question.kind, question.goal, question.to) == ("challenge", "activation", "mei@acme.example")
    assert "challenges it to mei@acme.example" in text(client.get(path))


def test_a_question_is_withdrawn_by_who_asked_until_it_is_answered(flag, browser, ana, vera):
    client = browser(ana)
    client.post(f"/review/{flag.id}/ask/", {"text": "Why?"})
    question = Question.objects.get()
    other = browser(vera)
    refused = other.post(f"/questions/{question.id}/withdraw/")
    assert "it is ana@acme.example's question" in toast(other, refused)
    client.post(f"/questions/{question.id}/withdraw/")
    question.refresh_from_db()
    assert question.withdrawn_at
    answer = other.post(f"/questions/{question.id}/answer/", {"text": "Because"})
    assert "has withdrawn the question" in toast(other, answer)


def test_the_second_answer_is_told_of_the_first(flag, browser, ana, vera):
    client = browser(ana)
    client.post(f"/review/{flag.id}/ask/", {"text": "Why?"})
    question = Question.objects.get()
    client.post(f"/questions/{question.id}/answer/", {"text": "The first"})
    other = browser(vera)
    answer = other.post(f"/questions/{question.id}/answer/", {"text": "The second"})
    assert "ana@acme.example answered meanwhile: The first" in toast(other, answer)
    question.refresh_from_db()
    assert question.answer == "The first"


@pytest.mark.parametrize(("sent", "says"), [("  ", "write what you want to say"), ("x" * 4001, "4,000 are enough")])
def test_an_empty_or_endless_question_is_refused(sent, says, flag, browser, ana):
    client = browser(ana)
    answer = client.post(f"/review/{flag.id}/ask/", {"text": sent})
    assert says in toast(client, answer)
    assert not Question.objects.exists()


def test_what_people_write_is_text_and_nothing_else(flag, browser, ana):
    client = browser(ana)
    client.post(f"/review/{flag.id}/ask/", {"text": "<script>alert(1)</script>"})
    for path in (f"/review/{flag.id}/", f"/why/{flag.item_id}/"):
        page = client.get(path).content.decode()
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert" in page


class TestWhy:
    def test_a_rule_that_matched_shows_what_it_found_in_the_title(self, desk, browser, vera):
        desk.put(made(1, title="New claim form for insurers")).judge()
        answer = browser(vera).get(f"/why/{item('WEB-1').id}/")
        page = answer.content.decode()
        assert "New <mark>claim form</mark> for insurers" in page
        said = text(answer)
        assert "WEB-1 “New claim form for insurers” serves “Claims accepted”" in said
        assert "Matched" in said
        assert "Claims are what it says" in said

    def test_what_failed_and_what_nearly_matched_is_told(self, desk, browser, vera):
        desk.put(made(1, title="Receive a fax")).judge()
        said = text(browser(vera).get(f"/why/{item('WEB-1').id}/"))
        assert "Near miss" in said
        assert "All holds but one clause" in said
        assert "1 rule did not match" in said
        assert 'has no "claim form"' in said.replace("&quot;", '"')

    def test_the_break_in_the_path_is_marked_and_what_would_clear_it_is_said(self, flag, browser, vera):
        answer = browser(vera).get(f"/why/{flag.item_id}/")
        assert 'class="broken"' in answer.content.decode()
        assert "What would clear it Link it to a goal" in text(answer)

    def test_it_tells_everything_from_the_sync_to_the_verdict(self, flag, desk, browser, vera):
        desk.decide(flag, "exempt", target="small", reason="an hour's work")
        said = text(browser(vera).get(f"/why/{flag.item_id}/")).split("What happened")[1]
        story = ["Exempt (small)", "Found", "Judged", "First seen by syncd", "Created in acme-jira"]
        places = [said.index(each) for each in story]
        assert places == sorted(places), "the newest first"

    def test_suggestions_come_with_their_evidence(self, flag, suggests, browser, vera):
        suggests(flag)
        said = text(browser(vera).get(f"/why/{flag.item_id}/"))
        assert "Claims accepted (strong) : shares claims, tariff" in said

    def test_an_item_that_is_not_judged_says_so(self, desk, browser, vera):
        desk.put(made(1))
        said = text(browser(vera).get(f"/why/{item('WEB-1').id}/"))
        assert "WEB-1 had not been judged by then" in said

    def test_there_is_no_queue_and_no_verb_around_it(self, flag, browser, vera):
        page = browser(vera).get(f"/why/{flag.item_id}/").content.decode()
        assert "data-list" not in page
        assert "/exempt/" not in page
        assert Verdict.objects.count() == 0

    @pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x"])
    def test_an_address_from_a_tracker_leads_only_to_the_web(self, url, desk, browser, vera):
        desk.put(made(1, url=url)).judge()
        assert url not in browser(vera).get(f"/why/{item('WEB-1').id}/").content.decode()

    def test_an_item_that_is_not_there_is_not_found(self, browser, vera):
        assert browser(vera).get("/why/987654/").status_code == 404

    @pytest.mark.parametrize("name", ["WEB-1", "acme-jira:WEB-1", "acme-jira:10001"])
    def test_it_is_found_by_what_people_call_the_item(self, name, flag, browser, vera):
        answer = browser(vera).get(f"/why/{name}/")
        assert "WEB-1 Story 1" in text(answer)

    def test_a_name_that_nothing_has_is_not_found(self, flag, browser, vera):
        assert browser(vera).get("/why/WEB-99/").status_code == 404
