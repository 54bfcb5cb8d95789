"""What the partner sees, why it sees it, and what it knew then."""

import csv
import hashlib
import io
import itertools
import json
import re
from datetime import date, timedelta

import pytest
from django.test import Client

from syncd.partners.desk.models import Visit
from syncd.partners.models import Contact
from syncd.partners.models import Item as Copied
from syncd.sharing.models import Disclosure, Shown
from syncd.trackers.models import Item
from tests.review.pages.conftest import text
from tests.sharing.conftest import AGREEMENT, NOW, World, agreement, public, shared
from tests.trackers.conftest import made

pytestmark = [pytest.mark.django_db(databases=["default", "partners"]), pytest.mark.any_store]
PAGE = "/partners/globex/"


def number(key: str) -> int:
    return Item.objects.get(key=key).pk


# preview


def test_the_preview_is_what_stands_in_the_copy(globex: World, pm: Client):
    globex.put(shared(1, due=date(2026, 12, 15), body=public("Work 1", "Two **clinics** first")))
    globex.cycle()
    page = pm.get(f"{PAGE}preview/")
    told = text(page)
    for word in ("Work 1", "December 2026", "Planned", "This is all that Globex Health sees"):
        assert word in told
    assert "<strong>clinics</strong>" in page.content.decode()
    assert "Story" not in told
    assert "WEB-" not in told


def test_the_preview_after_approval_shows_what_waits(globex: World, pm: Client):
    globex.write(agreement(fields={"title": "public_title", "due": "day"}))
    globex.cycle()
    assert "15 December 2026" not in text(pm.get(f"{PAGE}preview/"))
    then = text(pm.get(f"{PAGE}preview/?view=approved"))
    assert "15 December 2026" in then
    assert "Waits" in then
    assert pm.get(f"{PAGE}preview/?view=x").status_code == 400


def test_notes_that_wait_read_as_the_partner_will_read_them(globex: World, pm: Client):
    globex.write(agreement(fields={"title": "public_title"}))
    globex.put(shared(1, body=public("Work 1", "Two **clinics** of [ours](https://docs.acme.example/x) <b>first</b>")))
    globex.cycle()
    globex.write(agreement(links=["docs.acme.example"]))
    globex.cycle()
    page = pm.get(f"{PAGE}preview/?view=approved").content.decode()
    globex.approve()
    globex.cycle()
    [notes] = Copied.objects.exclude(notes_html="").values_list("notes_html", flat=True)
    assert 'Two <strong>clinics</strong> of <a href="https://docs.acme.example/x"' in notes
    assert "&lt;b&gt;" in notes
    assert notes in page


def test_before_the_first_approval_the_preview_is_empty(waiting: World, pm: Client):
    assert "Nothing is shown" in text(pm.get(f"{PAGE}preview/"))
    assert "Work 2" in text(pm.get(f"{PAGE}preview/?view=approved"))


# why


def test_each_value_has_its_clause(globex: World, pm: Client):
    told = text(pm.get(f"{PAGE}why/{number('WEB-1')}/"))
    for word in ("They see it", "share.fields.due: month", "December 2026", "the agreement does not name it", "holds"):
        assert word in told.replace("The agreement", "the agreement")


def test_an_item_that_is_not_shared_says_what_fails(globex: World, pm: Client):
    told = text(pm.get(f"{PAGE}why/{number('WEB-3')}/"))
    assert "They do not see it" in told
    assert "does not hold" in told


def test_an_item_is_found_by_its_key(globex: World, pm: Client):
    assert "They do not see it" in text(pm.get(f"{PAGE}why/?key=web-3", follow=True))
    for key in ("", "WEB-99", "\0"):
        assert pm.get(f"{PAGE}why/", {"key": key}).status_code == 400


def test_what_was_taken_out_and_what_waits_are_told(globex: World, pm: Client):
    globex.put(shared(1, due=date(2026, 12, 15), body=public("Ask ana@acme.example")))
    globex.write(agreement(fields={"title": "public_title", "status": "status", "due": "day", "notes": "public_notes"}))
    globex.cycle()
    told = text(pm.get(f"{PAGE}why/{number('WEB-1')}/"))
    assert "Taken out: ana@acme.example" in told
    assert "After approval" in told
    assert "15 December 2026" in told


def test_the_page_of_an_item_names_the_partners_that_see_it(globex: World, pm: Client):
    told = text(pm.get(f"/items/{number('WEB-1')}/"))
    assert "what they see of it" in told
    assert "share.fields.due: month" in told
    assert "what they see of it" not in text(pm.get(f"/items/{number('WEB-3')}/"))


def test_the_page_of_an_item_says_that_more_waits(waiting: World, pm: Client):
    told = text(pm.get(f"/items/{number('WEB-1')}/"))
    assert "More waits for approval" in told
    assert "Nothing yet." in told


def test_a_partner_whose_sharing_is_stopped_sees_no_item(globex: World, pm: Client):
    pm.post(f"{PAGE}stop/", {"because": "so"})
    assert "what they see of it" not in text(pm.get(f"/items/{number('WEB-1')}/"))
    assert "They do not see it" in text(pm.get(f"{PAGE}why/{number('WEB-1')}/")) or globex.cycle() is None


# ledger


def test_every_line_is_told_the_newest_first(globex: World, pm: Client):
    told = text(pm.get(f"{PAGE}ledger/"))
    for word in ("Shown", "WEB-1", "Title", "Work 1", "page", "pia@acme.example"):
        assert word in told


def test_what_they_knew_on_a_day(globex: World, pm: Client):
    globex.later(days=3)
    globex.put(shared(1, body=public("Renamed")))
    globex.cycle()
    then, now = (text(pm.get(f"{PAGE}ledger/?on={NOW.date() + timedelta(days=days)}")) for days in (0, 3))
    assert "Work 1" in then
    assert "Renamed" not in then
    assert "They knew nothing" in text(pm.get(f"{PAGE}ledger/?on=2026-01-01"))
    assert pm.get(f"{PAGE}ledger/?on=yesterday").status_code == 400
    assert now


def test_who_looked_is_told(globex: World, pm: Client):
    item = Copied.objects.get(title="Work 1")
    contact = Contact.objects.get(email="quinn@globex.example")
    assert "quinn@globex.example has not looked yet" in text(pm.get(PAGE))
    when = {"first_at": NOW + timedelta(minutes=5), "last_at": NOW + timedelta(hours=1)}
    Visit.objects.create(partner="globex", who=contact.pk, what=item.pk, **when)
    assert "quinn@globex.example" in text(pm.get(f"{PAGE}ledger/"))
    assert "quinn@globex.example looked " in text(pm.get(PAGE))


def test_the_chain_is_checked_on_demand(globex: World, pm: Client):
    assert "The chain holds" in text(pm.get(f"{PAGE}ledger/?check=0"))
    line = dict.fromkeys(("kind", "public", "item", "field", "value", "digest", "channel", "version", "approver"), "x")
    Disclosure.objects.create(partner="globex", at=globex.now, before="none", hash="made up", **line)
    assert "tampered with or damaged" in text(pm.get(f"{PAGE}ledger/?check=0"))


def test_a_long_chain_is_checked_a_stretch_at_a_time(globex: World, pm: Client, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("syncd.sharing.ledger.STRETCH", 3)
    page = pm.get(f"{PAGE}ledger/?check=0").content.decode()
    assert "The chain holds up to line" in page
    further = re.search(r'href="(\?check=\d+)">Check further', page)[1]
    told = text(pm.get(f"{PAGE}ledger/{further}"))
    assert "The chain holds to its last line: 2 lines of all partners after line" in told
    assert "Check further" not in told
    assert pm.get(f"{PAGE}ledger/?check=x").status_code == 400


def test_the_files_hold_every_line(globex: World, pm: Client):
    rows = list(csv.DictReader(io.StringIO(pm.get(f"{PAGE}ledger/ledger.csv").content.decode())))
    told = json.loads(pm.get(f"{PAGE}ledger/ledger.json").content)
    assert len(rows) == len(told) > 4
    assert [row["hash"] for row in rows] == [row["hash"] for row in told]
    for before, after in itertools.pairwise(told):
        assert after["before"] == before["hash"]
    for line in told:
        said = {name: value for name, value in line.items() if name not in ("id", "digest", "hash")}
        written = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        assert hashlib.sha256(written.encode()).hexdigest() == line["hash"]
    known = json.loads(pm.get(f"{PAGE}ledger/ledger.json?on={NOW.date()}").content)
    assert {row["value"] for row in known} >= {"Work 1", "Work 2"}
    assert pm.get(f"{PAGE}ledger/ledger.xml").status_code == 404


def test_long_lists_go_on(world: World, pm: Client):
    world.write(AGREEMENT)
    world.put(*[shared(each) for each in range(1, 61)])
    world.cycle()
    world.approve()
    world.cycle()
    assert Shown.objects.count() == 60
    for path in ("preview/", "preview/?view=approved", "ledger/", f"ledger/?on={NOW.date()}"):
        page = pm.get(f"{PAGE}{path}").content.decode()
        further = re.search(r'href="\?([^"]+)" rel="next"', page)[1].replace("&amp;", "&")
        assert pm.get(f"{PAGE}{path.partition('?')[0]}?{further}").status_code == 200
    assert made(1).key == "WEB-1"
