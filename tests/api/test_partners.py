"""What the pages about partners do, for programs."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from syncd.accounts.models import AuditEvent
from syncd.partners.desk.models import Said
from syncd.partners.models import Comment, Link, Partner
from syncd.sharing.models import Disclosure, Offer
from tests.api.conftest import Asks, Program
from tests.sharing.conftest import AGREEMENT, NOW, World, globex, public, shared
from tests.sharing.pages.conftest import PROMISED, promised, says, waiting, world

__all__ = ["globex", "promised", "waiting", "world"]
pytestmark = pytest.mark.django_db(databases=["default", "partners"])


def test_partners_are_told_with_what_waits(waiting: World, asks: Program):
    [row] = asks.get("partners").json()["rows"]
    assert (row["id"], row["state"], row["waiting"], row["items"]) == ("globex", "Not approved yet", 2, 0)
    assert row == asks.get("partners/globex").json()
    assert asks.get("partners/none").status_code == 404


def test_partners_come_page_by_page(world: World, asks: Program):
    world.write(*[{**AGREEMENT, "id": name, "name": name} for name in ("globex", "initech", "umbrella")])
    world.cycle()
    first = asks.get("partners?limit=2").json()
    rest = asks.get(first["next"]).json()
    assert [row["id"] for row in (*first["rows"], *rest["rows"])] == ["globex", "initech", "umbrella"]
    assert rest["next"] is None


def test_what_waits_is_told_value_by_value(waiting: World, asks: Program):
    rows = asks.get("partners/globex/waiting").json()["rows"]
    assert [row["item"] for row in rows] == ["acme-jira:10001", "acme-jira:10002"]
    due = next(value for value in rows[0]["values"] if value["field"] == "due")
    assert (due["was"], due["becomes"], due["clause"]) == (None, "2026-12", "share.fields.due: month")
    assert {cell["field"] for cell in rows[1]["withheld"]} >= {"due", "owner"}
    found = asks.get("partners/globex/waiting/summary").json()
    assert (found["items"], found["added"], found["values"], found["looking"]) == (2, 2, 5, False)
    assert found["because"] == [{"clause": "share", "says": "the first publication to this partner"}]


def test_what_waits_comes_page_by_page(waiting: World, asks: Program):
    first = asks.get("partners/globex/waiting?limit=1").json()
    second = asks.get(first["next"]).json()
    assert [row["key"] for row in (*first["rows"], *second["rows"])] == ["WEB-1", "WEB-2"]


def test_exactly_what_was_seen_is_approved(waiting: World, asks: Program):
    seen = asks.get("partners/globex/waiting/summary").json()["seen"]
    waiting.put(shared(1, body=public("Something else")))
    waiting.cycle()
    late = asks.post("partners/globex/approvals", {"seen": seen, "message": "yes"})
    assert late.status_code == 409
    assert "not what you were shown" in late.json()["detail"]
    seen = asks.get("partners/globex/waiting/summary").json()["seen"]
    done = asks.post("partners/globex/approvals", {"seen": seen, "message": "yes"})
    assert (done.status_code, done.json()["items"]) == (201, 2)
    waiting.cycle()
    rows = asks.get("partners/globex/items").json()["rows"]
    assert {(row["item"], row["values"]["title"]) for row in rows} == {
        ("acme-jira:10001", "Something else"),
        ("acme-jira:10002", "Work 2"),
    }


def test_an_approval_that_is_sent_twice_is_made_once(waiting: World, asks: Program):
    seen = asks.get("partners/globex/waiting/summary").json()["seen"]
    sent = {"seen": seen, "message": "yes"}
    first, again = (asks.post("partners/globex/approvals", sent, Idempotency_Key="k1") for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert waiting.deal().versions.count() == 1
    assert asks.post("partners/globex/approvals", sent).status_code == 422


def test_why_is_told_field_by_field(globex: World, asks: Program):
    told = asks.get("partners/globex/items/acme-jira:10001/why").json()
    assert (told["visible"], told["matched"]) == (True, True)
    assert {cell["field"]: cell["value"] for cell in told["cells"]}["due"] == "2026-12"
    told = asks.get("partners/globex/items/acme-jira:10003/why").json()
    assert (told["visible"], told["matched"], told["cells"]) == (False, False, [])


def test_the_switch_stops_at_once_and_goes_back(globex: World, asks: Program):
    assert asks.post("partners/globex/stop", {"because": "  "}).status_code == 422
    stopped = asks.post("partners/globex/stop", {"because": "They were bought"})
    assert (stopped.status_code, stopped.json()["stopped_because"]) == (200, "They were bought")
    assert not Partner.objects.get(id="globex").open
    assert asks.post("partners/globex/stop", {"because": "again"}).status_code == 422
    assert asks("DELETE", "partners/globex/stop").json()["stopped_at"] is None
    globex.cycle()
    assert Partner.objects.get(id="globex").open


def test_commitments_and_proposals(promised: World, asks: Program):
    rows = asks.get("partners/globex/commitments").json()["rows"]
    assert [(row["id"], row["who"], row["stage"]) for row in rows] == [
        ("sso", "ours", "agreed"),
        ("tenant", "theirs", "agreed"),
    ]
    sso = promised.deal().promises.get(name="sso")
    says(promised, Said.PROPOSE, sso.public, "More time", subject="date", becomes="2027-01-31")
    [offer] = asks.get("partners/globex/proposals?state=open").json()["rows"]
    assert (offer["commitment"], offer["by_side"], offer["becomes"]) == ("sso", "theirs", "2027-01-31")
    path = f"partners/globex/proposals/{offer['id']}/answer"
    assert asks.post(path, {"decision": "counter", "becomes": "soon", "text": "x"}).status_code == 422
    assert asks.post(path, {"decision": "accept"}).json()["state"] == "accepted"
    assert asks.post(path, {"decision": "accept"}).status_code == 422
    made = asks.post(
        "partners/globex/commitments/sso/proposals",
        {"subject": "success", "becomes": "Nine in ten sign in", "because": "As in the pilot"},
    )
    assert (made.status_code, made.json()["by_side"]) == (201, "ours")
    assert asks.post("partners/globex/commitments/none/removal", {"reason": "x"}).status_code == 404
    assert asks.post("partners/globex/commitments/sso/removal", {"reason": "x"}).json()["stage"] == "agreed"
    assert Offer.objects.filter(subject="dropped", by_side="ours").exists()


def test_a_proposal_of_another_partner_is_not_found(promised: World, asks: Program):
    promised.write(PROMISED, {**AGREEMENT, "id": "initech", "name": "Initech"})
    promised.cycle()
    sso = promised.deal().promises.get(name="sso")
    says(promised, Said.PROPOSE, sso.public, "More time", subject="date", becomes="2027-01-31")
    offer = Offer.objects.get(by_side="theirs")
    assert asks.post(f"partners/initech/proposals/{offer.public}/answer", {"decision": "accept"}).status_code == 404


def test_comments_are_read_and_answered(globex: World, asks: Program):
    says(globex, Said.COMMENT, text="When?")
    [said] = asks.get("partners/globex/comments").json()["rows"]
    assert (said["side"], said["text"], said["waits"]) == ("theirs", "When?", True)
    made = asks.post("partners/globex/comments", {"text": "Soon", "to": said["id"]})
    assert (made.status_code, made.json()["side"]) == (201, "ours")
    assert asks.get("partners/globex").json()["comments"] == 0
    assert asks.post("partners/globex/comments", {"text": "Soon", "to": "none"}).status_code == 404
    assert Comment.objects.count() == 2
    before = asks.get("partners/globex").json()["told_at"]
    assert asks.post("partners/globex/word", {"text": "Met"}).json()["told_at"] >= before


def test_a_link_is_made_in_person_and_told_once(globex: World, asks: Program, by_session: Asks, ana):
    assert asks.post("partners/globex/links", {"label": "Board"}).status_code == 403
    person = by_session(ana)
    made = person.post("partners/globex/links", {"label": "Board"}, Idempotency_Key="k2")
    assert made.json()["url"].startswith(f"{settings.PARTNER_URL}/p/")
    assert person.post("partners/globex/links", {"label": "Board"}, Idempotency_Key="k2").status_code == 409
    [row] = asks.get("partners/globex/links").json()["rows"]
    assert (row["label"], row["state"], row["used_at"]) == ("Board", "works", None)
    assert made.json()["url"] not in asks.get("partners/globex/links").content.decode()
    new = person.post(f"partners/globex/links/{row['id']}/rotation")
    assert new.status_code == 201
    assert asks("DELETE", f"partners/globex/links/{new.json()['id']}").status_code == 204
    assert Link.objects.get(pk=new.json()["id"]).revoked_at is not None


def test_the_ledger_is_read_line_by_line_and_by_day(globex: World, asks: Program):
    rows = asks.get("partners/globex/ledger?limit=200").json()["rows"]
    assert {"title", "due", "status"} <= {row["field"] for row in rows}
    for after, before in zip(rows, rows[1:], strict=False):  # noqa: RUF007
        assert after["before"] == before["hash"]
    day = NOW.date()
    known = asks.get(f"partners/globex/knowledge?on={day}&limit=2").json()
    rest = asks.get(known["next"]).json()
    assert len(known["rows"]) == 2
    assert {row["value"] for row in (*known["rows"], *rest["rows"])} & {"Work 1", "Work 2"}
    assert asks.get(f"partners/globex/knowledge?on={day - timedelta(days=9)}").json()["rows"] == []
    assert asks.get("partners/globex/knowledge?on=soon").status_code == 422
    assert asks.get("partners/globex/knowledge").status_code == 422


def test_the_ledger_is_verified_stretch_by_stretch(globex: World, asks: Program):
    lines = list(Disclosure.objects.order_by("id").values_list("id", "hash"))
    answer, told = asks.get("ledger/verification?limit=2"), []
    while True:
        told.append(answer.json())
        if told[-1]["next"] is None:
            break
        assert answer.headers["Link"] == f'<{told[-1]["next"]}>; rel="next"'
        answer = asks.get(told[-1]["next"])
    assert all(stretch["sound"] and stretch["broken"] is stretch["says"] is None for stretch in told)
    assert [stretch["lines"] for stretch in told] == [2, 2, 1]
    assert [(stretch["first"], stretch["last"]) for stretch in told] == [
        (lines[0][0], lines[1][0]), (lines[2][0], lines[3][0]), (lines[4][0], lines[4][0]),
    ]  # fmt: skip
    assert (told[-1]["last"], told[-1]["hash"]) == lines[-1]
    rest = asks.get(f"ledger/verification?after={lines[-1][0]}").json()
    assert (rest["sound"], rest["lines"], rest["first"], rest["hash"]) == (True, 0, None, lines[-1][1])
    for wrong in ("limit=0", "limit=10001", "after=-1", "after=x"):
        assert asks.get(f"ledger/verification?{wrong}").status_code == 422


def test_one_request_for_the_ledger_reads_no_more_than_a_stretch(globex: World, asks: Program):
    with CaptureQueriesContext(connection) as asked:
        told = asks.get("ledger/verification?limit=2").json()
    assert (told["lines"], told["cursor"]) == (2, str(told["last"]))
    read = [query["sql"] for query in asked if "sharing_disclosure" in query["sql"]]
    assert [query.partition(" LIMIT ")[2] for query in read] == ["1", "3"]
    assert not [query["sql"] for query in asked if "sharing_shown" in query["sql"]]


def test_who_did_it_is_on_record(globex: World, asks: Program):
    asks.post("partners/globex/stop", {"because": "so"})
    assert AuditEvent.objects.get(verb="sharing_stopped").actor == "ana@acme.example"


def test_etags_and_viewers(globex: World, asks: Program, by_token: Asks, vera):
    first = asks.get("partners/globex")
    assert asks.get("partners/globex", If_None_Match=first.headers["ETag"]).status_code == 304
    looks = by_token(vera, "read")
    assert looks.get("partners/globex/ledger").status_code == 200
    assert looks.post("partners/globex/stop", {"because": "so"}).status_code == 403
    assert re.match(r"application/problem\+json", looks.post("partners/none/stop", {}).headers["Content-Type"])
