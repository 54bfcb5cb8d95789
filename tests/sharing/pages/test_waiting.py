"""Approval: the exact values, and nothing but them."""

import csv
import io
import re

import pytest
from django.test import Client

from syncd.sharing import exactly
from syncd.trackers.models import Item
from tests.review.pages.conftest import text, toast
from tests.sharing.conftest import AGREEMENT, World, agreement, public, shared

pytestmark = [pytest.mark.django_db(databases=["default", "partners"]), pytest.mark.any_store]
PAGE = "/partners/globex/waiting/"


def form(page: str) -> dict[str, str]:
    """What the form of approval carries."""
    return {name: re.search(rf'name="{name}" value="([^"]*)"', page)[1] for name in ("seen", "marks")}


def test_the_page_shows_every_value_with_its_clause(waiting: World, pm: Client):
    told = text(pm.get(PAGE))
    for word in (
        "first publication",
        "WEB-1",
        "Work 1",
        "2026-12",
        "Planned",
        "share.fields.due: month",
        "share.fields.title: public_title",
    ):
        assert word in told
    assert "WEB-3" not in told
    assert "Approve 5 values of 2 items" in told


def test_what_is_withheld_says_by_which_clause(waiting: World, pm: Client):
    told = text(pm.get(PAGE))
    assert re.search(r"\d fields? withheld", told)
    assert "the agreement does not name it" in told


def test_what_was_taken_out_is_shown_to_our_side(world: World, pm: Client):
    world.write(AGREEMENT)
    world.put(shared(1, body=public("Ask ana@acme.example about it")))
    world.cycle()
    told = text(pm.get(PAGE))
    assert "[removed]" in told
    assert "Taken out: ana@acme.example" in told


def test_approving_shows_exactly_that(waiting: World, pm: Client):
    sent = form(pm.get(PAGE).content.decode())
    answer = pm.post(PAGE, {**sent, "message": "Agreed in the call"})
    assert "5 values of 2 items approved" in toast(pm, answer)
    for page in (PAGE, "/partners/globex/", "/partners/"):  # the publisher has not come round to it
        told = text(pm.get(page))
        assert "waits for somebody" not in told, page
        assert "wait for approval" not in told, page
    assert "Nothing waits" in text(pm.get(PAGE))
    waiting.cycle()
    assert waiting.titles() == ["Work 1", "Work 2"]
    assert waiting.deal().approved_by == "ana@acme.example"
    assert waiting.deal().versions.get().message == "Agreed in the call"


def test_a_value_that_changed_meanwhile_is_not_approved(waiting: World, pm: Client):
    sent = form(pm.get(PAGE).content.decode())
    waiting.put(shared(1, body=public("Something else entirely")))
    waiting.cycle()
    told = toast(pm, pm.post(PAGE, {**sent, "message": "yes"}))
    assert "Nothing was approved: it is not what you were shown" in told
    assert "different by now: WEB-1" in told
    assert waiting.deal().approved is None


def test_an_agreement_that_was_edited_meanwhile_is_not_approved(waiting: World, pm: Client):
    sent = form(pm.get(PAGE).content.decode())
    waiting.write(agreement(fields={"title": "public_title"}))
    waiting.cycle()
    told = toast(pm, pm.post(PAGE, {**sent, "message": "yes"}))
    assert "the agreement was edited" in told
    assert "2 values of 2 items wait instead of 5 values of 2 items" in told
    assert waiting.deal().approved is None


def test_an_item_that_is_gone_meanwhile_is_told(waiting: World, pm: Client):
    sent = form(pm.get(PAGE).content.decode())
    waiting.put(shared(1, labels=()))
    waiting.cycle()
    told = toast(pm, pm.post(PAGE, {**sent, "message": "yes"}))
    assert "1 item that is not shared any more" in told


def test_without_a_message_nothing_is_approved(waiting: World, pm: Client):
    sent = form(pm.get(PAGE).content.decode())
    answer = pm.post(PAGE, {**sent, "message": " "})
    assert answer.status_code == 422
    assert "This field is required" in text(answer)
    assert waiting.deal().approved is None


def test_nothing_is_approved_twice(waiting: World, pm: Client):
    sent = form(pm.get(PAGE).content.decode())
    pm.post(PAGE, {**sent, "message": "yes"})
    assert "nothing waits" in toast(pm, pm.post(PAGE, {**sent, "message": "again"}))


def test_a_mark_that_makes_no_sense_approves_nothing(waiting: World, pm: Client):
    for seen in ("x", "a.b.c.d", "....", f"{exactly.summary(waiting.deal()).seen}0"):
        assert "not what you were shown" in toast(pm, pm.post(PAGE, {"seen": seen, "marks": "x:y 9", "message": "m"}))
    assert waiting.deal().approved is None


def test_an_edit_shows_what_is_there_beside_what_would_be(globex: World, pm: Client):
    globex.write(agreement(fields={"title": "public_title", "status": "status", "due": "day", "notes": "public_notes"}))
    globex.cycle()
    told = text(pm.get(PAGE))
    assert "Due is shown by day instead of month" in told
    assert "2026-12-15" in told
    assert "2026-12 " in told
    assert "WEB-2" not in told
    assert "Approve 1 value of 1 item" in told


def test_what_an_edit_withdrew_is_listed(globex: World, pm: Client):
    globex.later(minutes=1)
    globex.write(agreement(fields={"title": "public_title", "delivered": "day"}))
    globex.cycle()
    told = text(pm.get(f"{PAGE}?part=withdrawn"))
    assert "Withdrawn already" in told
    assert "Planned" in told


def test_nothing_waits_is_said_only_then(globex: World, pm: Client):
    assert "Nothing waits" in text(pm.get(PAGE))
    globex.write(agreement(where={"label": {"any": ["partner/globex", "more"]}}))
    globex.cycle()
    told = text(pm.get(PAGE))
    assert "Nothing waits" not in told
    assert "Approve the agreement" in told


def test_a_filter_that_matches_many_more_waits(globex: World, pm: Client):
    globex.put(*[shared(number) for number in range(10, 20)])
    globex.cycle()
    told = text(pm.get(PAGE))
    assert "Only because so many match" in told
    assert re.search(r"the filter matches \d+ items instead of 2", told, re.IGNORECASE)


def test_pages_go_on_where_the_last_one_ended(world: World, pm: Client):
    world.write(AGREEMENT)
    world.put(*[shared(number) for number in range(1, 61)])
    world.cycle()
    first = pm.get(PAGE).content.decode()
    further = re.search(r'href="\?(after=\d+)" rel="next"', first)[1]
    second = pm.get(f"{PAGE}?{further}").content.decode()
    keys = [set(re.findall(r">(WEB-\d+)<", page)) for page in (first, second)]
    assert len(keys[0]) == 50
    assert len(keys[1]) == 10
    assert not keys[0] & keys[1]
    assert 'rel="next"' not in second


def test_a_place_that_is_none_is_said(waiting: World, pm: Client):
    assert pm.get(f"{PAGE}?after=x").status_code == 400
    assert pm.get(f"{PAGE}?part=x").status_code == 400


def test_the_file_has_every_value(waiting: World, pm: Client):
    rows = list(csv.DictReader(io.StringIO(pm.get(f"{PAGE}waiting.csv").content.decode())))
    shown = [(row["item"], row["field"], row["becomes"]) for row in rows if row["change"] == "Added"]
    assert ("WEB-1", "Due", "2026-12") in shown
    assert len(shown) == 5
    assert {row["change"] for row in rows} == {"Added", "Withheld"}


def test_a_viewer_sees_it_and_approves_nothing(waiting: World, viewer: Client):
    page = viewer.get(PAGE)
    assert "Work 1" in text(page)
    assert "Approve" not in text(page)
    assert viewer.post(PAGE, {"message": "m", "seen": "x"}).status_code == 403


def test_more_items_cost_no_more_queries(world: World, pm: Client, django_assert_max_num_queries):
    world.write(AGREEMENT)
    world.put(*[shared(number) for number in range(1, 6)])
    world.cycle()
    pm.get(PAGE)
    counts = []
    for _ in range(2):
        with django_assert_max_num_queries(60) as asked:
            assert pm.get(PAGE).status_code == 200
        counts.append(len(asked))
        world.put(*[shared(number) for number in range(6, 31)])
        world.cycle()
    assert counts[0] == counts[1]
    assert Item.objects.count() == 30
