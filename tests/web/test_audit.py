"""The audit log is one list of three tables, for operators alone, and nothing in it changes."""

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from syncd.accounts import audit
from syncd.accounts.models import AuditEvent
from syncd.review.models import Verdict
from syncd.strategy.models import StrategyVersion
from syncd.web import ledger
from syncd.web.ledger import Asked
from tests.accounts.cast import ana, browser, omar, vera
from tests.trackers.pages.conftest import text

__all__ = ["ana", "browser", "omar", "vera"]

NOW = datetime.now(UTC)


@pytest.fixture
def log(db, omar):
    """Newest last: a version, a verdict that was taken back, and two lines of the security log."""
    version = StrategyVersion.objects.create(
        hash="h", strategy={}, rules={}, author="ana@acme.example", message="Q1", applied_at=NOW - timedelta(days=3)
    )
    Verdict.objects.create(
        kind="exempt", target="small", reason="too small", author="ana@acme.example", made_at=NOW - timedelta(days=2),
        undone_at=NOW - timedelta(days=1), undone_by="omar@acme.example",
    )  # fmt: skip
    audit.record(omar, "role_changed", "vera@acme.example", was="viewer", now="pm")
    audit.record("", "sign_in_failed", "=cmd()@evil.example")
    return version


@pytest.fixture
def client(browser, omar):
    return browser(omar)


def test_everything_is_one_list_the_newest_first(log, client):
    page = text(client.get("/audit/"))
    order = ["Sign in failed", "Role changed", "too small", f"version {log.id}"]
    places = [page.index(words) for words in order]
    assert places == sorted(places)
    assert "Somebody unknown" in page
    assert "Now: pm, was: viewer" in page
    assert "taken back by omar@acme.example" in page
    assert "nobody changes or removes one" in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("kind=decision", ["exempt"]),
        ("kind=direction", ["in_force"]),
        ("who=ana@acme.example", ["exempt", "in_force"]),
        ("who=omar@acme.example", ["role_changed", "exempt"]),
        ("what=role_changed", ["role_changed"]),
        ("what=in_force", ["in_force"]),
        (f"until={(NOW - timedelta(days=2)).date()}", ["exempt", "in_force"]),
        (f"since={NOW.date()}", ["sign_in_failed", "role_changed"]),
        ("who=nobody", []),
    ],
)
def test_a_filter_keeps_what_fits(query, found, log, client):
    rows = list(csv.DictReader(io.StringIO(client.get(f"/audit/audit.csv?{query}").content.decode())))
    assert [row["what"] for row in rows] == found
    assert ("No line matches" in text(client.get(f"/audit/?{query}"))) is not bool(found)


@pytest.mark.parametrize(
    "query", ["kind=all", "since=yesterday", "until=9999-12-31", "after=x", "after=1.2", f"after={'9' * 30}.."]
)
def test_what_cannot_be_asked_for_is_refused(query, log, client):
    assert client.get(f"/audit/?{query}").status_code == 400


def test_a_file_holds_no_formula(log, client):
    answer = client.get("/audit/audit.csv")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="audit.csv"'
    assert "'=cmd()@evil.example" in answer.content.decode()


def test_only_operators_see_it(log, ana, vera, browser):
    for person in (ana, vera):
        for path in ("/audit/", "/audit/audit.csv"):
            assert browser(person).get(path).status_code == 403
        assert ledger.page(person, Asked()).lines == []


def test_details_are_told_in_words(db, omar):
    audit.record(omar, "approved", widens=[["share", "the first publication"]], count=2)
    [line] = ledger.page(omar, Asked()).lines
    assert line.says == "count: 2, widens: share, the first publication"


def test_the_pages_hold_every_line_once_however_the_tables_mix(db, omar):
    for number in range(12):
        audit.record(omar, f"verb_{number}")
        Verdict.objects.create(kind="link", target=f"goal-{number}", author="ana", made_at=datetime.now(UTC))
    seen, after = [], ""
    while True:
        page = ledger.page(omar, Asked(), after, 5)
        seen += [(line.source, line.id) for line in page.lines]
        after = page.older
        if not after:
            break
    assert len(seen) == len(set(seen)) == 24
    assert [(line.source, line.id) for line in ledger.every(omar, Asked(), 100)] == seen


def test_twice_the_lines_cost_the_same_queries(log, client, omar):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/audit/").status_code == 200
        return len(captured)

    queries()
    before = queries()
    for number in range(10):
        audit.record(omar, "verb", number)
        Verdict.objects.create(kind="link", target="g", author="ana", made_at=NOW)
    assert queries() == before
    assert AuditEvent.objects.count() >= 12
