"""No page looks at a whole table that grows with the trackers: what it reads is found by index, or is the end of a list."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from syncd.review.models import Flag, Verdict
from syncd.trackers import search
from syncd.trackers.models import Item
from syncd.web import counts
from tests.review.pages.conftest import ana, browser, desk, flagged, stream

__all__ = ["ana", "browser", "desk", "flagged", "stream"]

GROWS = {
    "trackers_item", "trackers_version", "trackers_reference", "trackers_alias", "review_flag", "review_finding",
    "review_event", "review_verdict", "review_question", "strategy_decision", "strategy_pastdecision", "strategy_link",
    "strategy_suggestion",
}  # fmt: skip
ANSWERED = 'SELECT DISTINCT "strategy_suggestion"."item_id"'
"""Looks at verdicts until fifty of them answered a suggestion: there are as many as people had time for."""
MOST_OF_IT = "review_verdict_of_id"
"""An index of which one place, that of no value, holds nearly every row."""
PATHS = [
    "/review/", "/review/?tab=snoozed", "/review/?tab=decided", "/review/?tab=auto", "/review/?owner=Ana",
    "/review/?rule=unlinked", "/review/?sort=oldest", "/review/?sort=clears", "/review/{flag}/", "/why/{item}/",
    "/items/", "/items/?goal=claims&status=todo", "/items/?unlinked=1", "/items/?exempt=1", "/items/?owner=Ana",
    "/items/?label=x&kind=bug", "/items/?container=WEB", "/items/?deleted=1", "/items/{item}/", "/search/?q=web",
    "/goals/", "/goals/claims/", "/alignment/", "/changes/?since=30d", "/trackers/", "/status/", "/messages/",
    "/api/v1/flags", "/api/v1/items", "/api/v1/search?q=web", "/api/v1/goals", "/api/v1/changes?since=2026-01-01T00:00:00Z",
]  # fmt: skip


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL reads small tables whole, and rightly so")
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


def whole_tables(query: str) -> list[str]:
    """What a query reads from one end to the other; not where it ends after a page, in the order of an index."""
    if not query.startswith("SELECT"):
        return []
    names = dict(re.findall(r'(?:FROM|JOIN) "?(\w+)"? (?:AS )?"?(\w+)"?', query))
    of_alias = {alias: table for table, alias in names.items()}
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN QUERY PLAN " + query.replace("%", "%%"), [])
        steps = [row[3] for row in cursor.fetchall()]
    if " LIMIT " in query and not any("TEMP B-TREE" in step for step in steps):
        return []
    read = [
        found[1]
        for step in steps
        if (found := re.match(rf"(?:SCAN|SEARCH(?= \w+ USING INDEX {MOST_OF_IT})) (\w+)", step))
    ]
    return [f"{name}: {query}" for name in read if of_alias.get(name, name) in GROWS]


def test_a_query_that_looks_at_a_whole_table_is_noticed(flagged):
    flagged(2)
    if connection.vendor == "sqlite":
        assert whole_tables(str(Flag.objects.order_by("message").query))
        assert whole_tables(str(Item.objects.filter(title__icontains="x").query).replace("%x%", "'x'"))
        assert not whole_tables(str(Flag.objects.filter(item=1).query))
        assert whole_tables(str(Verdict.objects.filter(of=None, kind="'link'").query))
