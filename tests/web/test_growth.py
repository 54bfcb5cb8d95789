"""No page looks at a whole table that grows with the trackers: what it reads is found by index, or is the end of a list."""

import re
from contextlib import ExitStack

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from syncd.partners.desk.models import Said
from syncd.review.models import Flag, Verdict
from syncd.review.queue import finding
from syncd.sharing.models import Disclosure, Offer
from syncd.trackers import search
from syncd.trackers.models import Item
from syncd.web import counts
from tests.partners import world as partners
from tests.review.pages.conftest import ana, browser, desk, flagged, stream
from tests.sharing.pages.conftest import PROMISED, pm, promised, says, world

__all__ = ["ana", "browser", "desk", "flagged", "pm", "promised", "stream", "world"]

GROWS = {
    "trackers_item", "trackers_version", "trackers_reference", "trackers_alias", "review_flag", "review_finding",
    "review_event", "review_verdict", "review_question", "strategy_decision", "strategy_pastdecision", "strategy_link",
    "strategy_suggestion", "sharing_pending", "sharing_edited", "desk_visit", "desk_said",
}  # fmt: skip
OF_A_PARTNER = {
    "sharing_shown", "sharing_disclosure", "partners_item", "partners_change", "partners_comment", "partners_step",
}  # fmt: skip
"""These grow too, and nearly every row may be one partner's: what is found by the partner alone is found by nothing."""
BY_PARTNER_ALONE = (
    r"SEARCH(?= \w+ USING (?:COVERING )?INDEX (?!shown_waiting)\w+ \((?:partner|partner_id|deal_id)=\?\)$)"
)
"""``shown_waiting`` has what waits and nothing else, of which an approval looks at all."""
COUNTED = 'COUNT("partners_item"."id")'
"""How many items a partner sees, counted in an index."""
ANSWERED = 'SELECT DISTINCT "strategy_suggestion"."item_id"'
"""Looks at verdicts until fifty of them answered a suggestion: there are as many as people had time for."""
MOST_OF_IT = "review_verdict_of_id"
"""An index of which one place, that of no value, holds nearly every row."""
PATHS = [
    "/review/", "/review/?tab=snoozed", "/review/?tab=decided", "/review/?tab=auto", "/review/?owner=Ana",
    "/review/?rule=unlinked", "/review/?goal=claims", "/review/?goal=claims&goal=activation", "/review/?sort=oldest", "/review/?sort=clears",
    "/review/?severity=high", "/review/?severity=high&sort=oldest", "/review/?state=resolved", "/review/?state=open&state=exempt", "/review/{flag}/", "/why/{item}/",
    "/items/", "/items/?goal=claims&status=todo", "/items/?unlinked=1", "/items/?exempt=1", "/items/?owner=Ana",
    "/items/?label=x&kind=bug", "/items/?container=WEB", "/items/?deleted=1", "/items/{item}/", "/search/?q=web",
    "/goals/", "/goals/claims/", "/alignment/", "/changes/?since=30d", "/trackers/", "/status/", "/messages/",
    "/api/v1/flags", "/api/v1/items", "/api/v1/search?q=web", "/api/v1/goals", "/api/v1/changes?since=2026-01-01T00:00:00Z",
]  # fmt: skip


OURS = [
    "/partners/", "/partners/globex/", "/partners/globex/waiting/", "/partners/globex/waiting/?part=withdrawn",
    "/partners/globex/waiting/waiting.csv", "/partners/globex/preview/", "/partners/globex/preview/?view=approved",
    "/partners/globex/why/{item}/", "/partners/globex/ledger/", "/partners/globex/ledger/?check=0",
    "/partners/globex/ledger/?on=2026-11-27", "/partners/globex/ledger/?on=2026-11-27&after={line}",
    "/partners/globex/ledger/ledger.csv", "/partners/globex/commitments/sso/", "/partners/globex/commitments/sso/propose/",
    "/partners/globex/proposals/{offer}/", "/partners/globex/stop/", "/api/v1/partners", "/api/v1/partners/globex/items",
    "/api/v1/partners/globex/comments", "/api/v1/partners/globex/ledger", "/api/v1/partners/globex/knowledge?on=2026-11-27",
    "/api/v1/partners/globex/waiting", "/api/v1/partners/globex/waiting/summary", "/api/v1/ledger/verification",
]  # fmt: skip
THEIRS = [
    "/p/", "/p/?by=list", "/p/?by=quarter", "/p/?quarter=2026-Q4", "/p/?q=sign", "/p/?by=list&q=sign", "/p/?status=Planned",
    "/p/work.csv", "/p/print/", "/p/items/{item}/", "/p/commitments/", "/p/commitments/{commitment}/", "/p/changes/",
    "/p/talk/", "/p/settings/", "/p/subscribe/", "/p/feed/{feed}/changes.atom", "/p/feed/{feed}/changes.json",
    "/p/feed/{feed}/calendar.ics",
]  # fmt: skip
SQLITE = pytest.mark.skipif(
    "connection.vendor != 'sqlite'", reason="PostgreSQL reads small tables whole, and rightly so"
)


@SQLITE
@pytest.mark.parametrize("path", PATHS)
def test_a_page_looks_at_no_whole_table_that_grows(path, flagged, ana, browser, monkeypatch):
    monkeypatch.setattr(counts, "LARGE", 1)
    monkeypatch.setattr(counts, "PER_ITEM", 100.0)
    monkeypatch.setattr(counts, "_kept", {})
    flag = flagged(4)[0]
    search.index()
    client = browser(ana)
    path = path.format(flag=flag.pk, item=flag.item_id)
    client.get(path)  # counts over everything are kept from here on
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(path)
    assert answer.status_code == 200, answer.content[:300]
    assert asked.captured_queries
    whole = [whole for query in asked if ANSWERED not in query["sql"] for whole in whole_tables(query["sql"])]
    assert whole == []


@SQLITE
@pytest.mark.parametrize(
    "asked",
    [
        "", "severity=high", "severity=high&sort=oldest", "rule=unlinked&sort=newest", "owner=Ana&severity=low", "goal=claims",
        "goal=claims&goal=activation", "goal=claims&q=web", "goal=claims&sort=clears", "tracker=acme-jira", "container=WEB",
        "kind=epic&age=7", "state=resolved", "state=open&state=exempt", "tab=snoozed&rule=unlinked", "tab=decided&goal=claims",
        "tab=auto&severity=low",
    ],
)  # fmt: skip
def test_whatever_is_asked_of_a_large_queue_it_is_read_in_its_order(asked, flagged, ana, browser, monkeypatch):
    """Nothing is put in order first: that takes all that is asked for, however much it is."""
    monkeypatch.setattr(finding, "WHOLE", 0)
    flagged(4)
    with CaptureQueriesContext(connection) as sent:
        assert browser(ana).get(f"/review/?{asked}", follow=True).status_code == 200
    lists = [query["sql"] for query in sent if re.search(r'FROM "review_flag".* ORDER BY', query["sql"])]
    assert lists
    assert [sql for sql in lists if any("TEMP B-TREE" in step for step in plan(sql))] == []


@SQLITE
@pytest.mark.django_db(databases=["default", "partners"])
def test_our_pages_about_a_partner_look_at_no_whole_table(promised, pm):
    says(promised, Said.COMMENT, text="When does it start?")
    of = promised.deal().promises.get(name="sso").public
    says(promised, Said.PROPOSE, of, "We are late", subject="date", becomes="2027-01-31")
    fields = {**PROMISED["share"]["fields"], "due": "day"}
    promised.write({**PROMISED, "share": {**PROMISED["share"], "fields": fields}})
    promised.cycle()
    ids = {"item": Item.objects.get(key="WEB-1").pk, "line": Disclosure.objects.earliest("pk").pk}
    ids["offer"] = Offer.objects.get(by_side="theirs").public
    assert looked_at(pm, [path.format(**ids) for path in OURS], "default", "partners") == []


@SQLITE
@pytest.mark.django_db(transaction=True, databases=["default", "partners", "outside"])
def test_the_partners_pages_look_at_no_whole_table():
    globex = partners.partner("globex", "pia@globex.example")
    browser = partners.signed_in(globex, as_contact=True)
    partners.send(browser, "/p/talk/", "/p/talk/comments/", text="Hello")
    feed = re.search(r"/p/feed/([^/]+)/", partners.send(browser, "/p/subscribe/", kind="atom").content.decode())[1]
    paths = [path.format(item=globex.item.id, commitment=globex.sso.id, feed=feed) for path in THEIRS]
    assert looked_at(browser, paths, "outside") == []


def looked_at(client, paths, *connections_):
    """What answers to these read from one end to the other."""
    found = []
    for path in paths:
        with ExitStack() as stack:
            asked = {using: stack.enter_context(CaptureQueriesContext(connections[using])) for using in connections_}
            answer = client.get(path)
        assert answer.status_code == 200, (path, answer.content[:300])
        assert any(map(len, asked.values())), path
        found += [
            f"{path}: {whole}"
            for using, queries in asked.items()
            for query in queries
            if COUNTED not in query["sql"]
            for whole in whole_tables(query["sql"], using)
        ]
    return found


def whole_tables(query: str, using: str = "default") -> list[str]:
    """What a query reads from one end to the other; not where it ends after a page, in the order of an index."""
    if not query.startswith("SELECT"):
        return []
    names = dict(re.findall(r'(?:FROM|JOIN) "?(\w+)"? (?:AS )?"?(\w+)"?', query))
    of_alias = {alias: table for table, alias in names.items()}
    steps = plan(query, using)
    if " LIMIT " in query and not any("TEMP B-TREE" in step for step in steps):
        return []
    whole = rf"(?:SCAN|SEARCH(?= \w+ USING INDEX {MOST_OF_IT})) (\w+)"
    read = {of_alias.get(found[1], found[1]) for step in steps if (found := re.match(whole, step))}
    alone = {
        of_alias.get(found[1], found[1]) for step in steps if (found := re.match(rf"{BY_PARTNER_ALONE} (\w+)", step))
    }
    return [f"{name}: {query}" for name in sorted(read & (GROWS | OF_A_PARTNER) | alone & OF_A_PARTNER)]


def plan(query, using="default"):
    """The steps in which SQLite answers it."""
    with connections[using].cursor() as cursor:
        cursor.execute("EXPLAIN QUERY PLAN " + query.replace("%", "%%"), [])
        return [row[3] for row in cursor.fetchall()]


def test_a_query_that_looks_at_a_whole_table_is_noticed(flagged):
    flagged(2)
    if connection.vendor == "sqlite":
        assert whole_tables(str(Flag.objects.order_by("message").query))
        assert whole_tables(str(Item.objects.filter(title__icontains="x").query).replace("%x%", "'x'"))
        assert not whole_tables(str(Flag.objects.filter(item=1).query))
        assert whole_tables(str(Verdict.objects.filter(of=None, kind="'link'").query))
        assert whole_tables(str(Disclosure.objects.filter(partner="'globex'").order_by("value").query))
        assert not whole_tables(str(Disclosure.objects.filter(partner="'globex'").order_by("id")[:9].query))
