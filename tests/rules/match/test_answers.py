"""What each matcher answers about one story: a line a case, True, False or None (not known)."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from rules.match import compile_condition
from rules.model import Case
from tests.rules.cast import ANA, NOW, OMAR, at, item, line

STORY = item(
    "PAY-318",
    title="Add payment  intent retries (v2)",
    body="The checkout_form fails for Café orders.\nAsk C++ team, asp.net; 決済を直す. naïve STRASSE",
    labels=("area/Payments-eu", "Checkout"),
    status="In Review",
    components=("API", "billing"),
    assignees=(ANA, OMAR),
    reporter=OMAR,
    milestone="Beta 2",
    versions=("1.2", "1.3"),
    sprint="Sprint 14",
    points=5.0,
    due=date(2026, 11, 20),
    created_at=at("2026-08-01"),
    updated_at=at("2026-11-10"),
    fields={"Team": "Payments", "Severity": 2, "Urgent": True, "Regions": ["EU", "US"], "Squad": None},
)
EPIC = item("PAY-7", kind="epic", title="Retries everywhere", labels=("goal:live",), status_category="todo")
THEME = item("PLAN-1", kind="page", native_id="p1", title="Reliability", fields={"Board": "A"})
CASE = line(STORY, EPIC, THEME)
CASE = Case(CASE.item, CASE.ancestors, state_since=at("2026-11-15"))
PULL = Case(item("acme/web#4", kind="pull_request", draft=True, merged_at=None, points=None))
MERGED = Case(item("acme/web#5", kind="pull_request", draft=None, merged_at=at("2026-11-01")))
LOST = Case(item("PAY-9", parent="jira:GONE-1", status_category="done", due=date(2026, 1, 1)))
BARE = Case(item("PAY-10"))
TIED = Case(replace(STORY, parent="jira:PAY-7"), (replace(EPIC, parent="jira:GONE-1"),))
LOOP = Case(replace(STORY, parent="jira:PAY-318"), cycle=True)

ANSWERS: list[tuple[Case, dict[str, Any], bool | None]] = [
    # labels: exact, folded, globs, groups of words
    (CASE, {"label": "checkout"}, True),
    (CASE, {"label": "CHECKOUT"}, True),
    (CASE, {"label": "check"}, False),
    (CASE, {"label": "check*"}, True),
    (CASE, {"label": "*out"}, True),
    (CASE, {"label": "*eck*"}, True),
    (CASE, {"label": "c*k*t"}, True),
    (CASE, {"label": "c*k*x"}, False),
    (CASE, {"label": "area/payments*"}, True),
    (CASE, {"label": "area/payments-eu*"}, True),
    (CASE, {"label": "area/*/eu"}, False),
    (CASE, {"label": "*checkout*checkout*"}, False),
    (CASE, {"label": "*"}, True),
    (BARE, {"label": "*"}, False),
    (CASE, {"label": ["billing", "checkout"]}, True),
    (CASE, {"label": ["billing", "invoices"]}, False),
    (CASE, {"label": {"any": ["billing", "area/*"]}}, True),
    (CASE, {"label": {"all": ["checkout", "area/*"]}}, True),
    (CASE, {"label": {"all": ["checkout", "billing"]}}, False),
    (CASE, {"label": {"none": ["billing"]}}, True),
    (CASE, {"label": {"none": ["area/*"]}}, False),
    (BARE, {"label": {"none": ["area/*"]}}, True),
    (CASE, {"label": {"any": ["checkout"], "none": ["billing"]}}, True),
    (CASE, {"label": {"any": ["checkout"], "none": ["area/*"]}}, False),
    (CASE, {"label": {"any": ["x"], "all": ["checkout"]}}, False),
    # kind, type, states
    (CASE, {"kind": "story"}, True),
    (CASE, {"kind": ["epic", "bug"]}, False),
    (CASE, {"kind": {"none": ["bug"]}}, True),
    (CASE, {"type": "story"}, True),
    (CASE, {"type": "Sto*"}, True),
    (CASE, {"status": "in review"}, True),
    (CASE, {"status": "in*"}, True),
    (CASE, {"status": "review"}, False),
    (CASE, {"status_category": "in_progress"}, True),
    (CASE, {"status_category": ["todo", "done"]}, False),
    # where it lives
    (CASE, {"tracker": "acme-jira"}, True),
    (CASE, {"tracker": "acme-*"}, True),
    (CASE, {"tracker": "other"}, False),
    (CASE, {"container": "pay"}, True),
    (CASE, {"project": "PAY"}, True),
    (CASE, {"repository": "acme/web"}, False),
    (CASE, {"data_source": ["PAY"]}, True),
    (CASE, {"component": "api"}, True),
    (CASE, {"component": ["web"]}, False),
    (CASE, {"component": {"all": ["api", "billing"]}}, True),
    (BARE, {"component": "*"}, False),
    # people
    (CASE, {"assignee": "ana lima"}, True),
    (CASE, {"assignee": "ANA@acme.example"}, True),
    (CASE, {"assignee": "u-2"}, True),
    (CASE, {"assignee": "*@acme.example"}, True),
    (CASE, {"assignee": "Ana"}, False),
    (CASE, {"assignee": {"all": ["Ana Lima", "Omar"]}}, True),
    (BARE, {"assignee": "*"}, False),
    (BARE, {"none": [{"assignee": "*"}]}, True),
    (CASE, {"reporter": "omar"}, True),
    (CASE, {"reporter": "ana lima"}, False),
    (BARE, {"reporter": "*"}, False),
    # plans
    (CASE, {"milestone": "beta 2"}, True),
    (CASE, {"milestone": "beta*"}, True),
    (BARE, {"milestone": "*"}, False),
    (CASE, {"version": "1.3"}, True),
    (CASE, {"version": 1.2}, True),
    (CASE, {"version": ["2.0"]}, False),
    (CASE, {"sprint": "sprint 14"}, True),
    (CASE, {"sprint": "Sprint 15"}, False),
    # fields: known, empty, not known
    (CASE, {"field": {"Team": "payments"}}, True),
    (CASE, {"field": {"team": "Payments"}}, True),
    (CASE, {"field": {"Team": ["Growth", "Pay*"]}}, True),
    (CASE, {"field": {"Team": "Growth"}}, False),
    (CASE, {"field": {"Severity": 2}}, True),
    (CASE, {"field": {"Severity": 2.0}}, True),
    (CASE, {"field": {"Severity": [1, 3]}}, False),
    (CASE, {"field": {"Urgent": True}}, True),
    (CASE, {"field": {"Urgent": False}}, False),
    (CASE, {"field": {"Regions": {"all": ["eu", "us"]}}}, True),
    (CASE, {"field": {"Regions": {"none": ["eu"]}}}, False),
    (CASE, {"field": {"Squad": "*"}}, False),
    (CASE, {"field": {"Squad": {"none": ["A"]}}}, True),
    (CASE, {"field": {"Missing": "x"}}, None),
    (CASE, {"field": {"Missing": {"none": ["x"]}}}, None),
    (CASE, {"field": {"Team": "Payments", "Severity": 2}}, True),
    (CASE, {"field": {"Team": "Growth", "Missing": "x"}}, False),
    (CASE, {"field": {"Team": "Payments", "Missing": "x"}}, None),
    # text: whole words and phrases, folded
    (CASE, {"text": "checkout"}, True),
    (CASE, {"text": {"any": ["checkout"], "in": ["title"]}}, False),
    (CASE, {"text": {"any": ["checkout"], "in": "body"}}, True),
    (CASE, {"text": "check"}, False),
    (CASE, {"text": "payment intent"}, True),
    (CASE, {"text": "PAYMENT INTENT RETRIES"}, True),
    (CASE, {"text": "intent payment"}, False),
    (CASE, {"text": "retries v2"}, False),
    (CASE, {"text": "(v2)"}, True),
    (CASE, {"text": "café"}, True),
    (CASE, {"text": "cafe\u0301"}, True),
    (CASE, {"text": "caf"}, False),
    (CASE, {"text": "naïve"}, True),
    (CASE, {"text": "na"}, False),
    (CASE, {"text": "straße"}, True),
    (CASE, {"text": "c++"}, True),
    (CASE, {"text": "c"}, True),
    (CASE, {"text": ".net"}, True),
    (CASE, {"text": "net"}, True),
    (CASE, {"text": "決済"}, True),
    (CASE, {"text": "決定"}, False),
    (CASE, {"text": "orders ask"}, False),
    (CASE, {"text": {"all": ["payment", "checkout"]}}, True),
    (CASE, {"text": {"all": ["payment", "checkout"], "in": ["title"]}}, False),
    (CASE, {"text": {"none": ["invoice"]}}, True),
    (CASE, {"text": {"none": ["payment"]}}, False),
    (CASE, {"text": {"any": ["payment"], "none": ["team"]}}, False),
    (CASE, {"text": {"any": ["payment"], "all": ["retries"], "none": ["crash"]}}, True),
    # patterns
    (CASE, {"regex": "pay\\w+"}, True),
    (CASE, {"regex": "PAY\\w+"}, True),
    (CASE, {"regex": "(?-i)PAY\\w+"}, False),
    (CASE, {"regex": {"pattern": "\\bv[0-9]\\b", "in": "title"}}, True),
    (CASE, {"regex": {"pattern": "checkout", "in": ["title"]}}, False),
    (CASE, {"regex": {"patterns": ["zzz", "orders"]}}, True),
    (CASE, {"regex": ["zzz", "yyy"]}, False),
    (CASE, {"regex": "^Add"}, True),
    (CASE, {"regex": "\\p{Han}+"}, True),
    # the items above
    (CASE, {"parent": "PAY-7"}, True),
    (CASE, {"parent": "pay-7"}, True),
    (CASE, {"parent": "jira:PAY-7"}, True),
    (CASE, {"parent": "acme-jira:PAY-7"}, True),
    (CASE, {"parent": ["PAY-8", "PAY-9"]}, False),
    (CASE, {"parent": "PLAN-1"}, False),
    (CASE, {"parent": "*"}, True),
    (BARE, {"parent": "*"}, False),
    (LOST, {"parent": "*"}, True),
    (LOST, {"parent": "GONE-1"}, True),
    (LOST, {"parent": "GONE-2"}, None),
    (CASE, {"parent": {"label": "goal:*"}}, True),
    (CASE, {"parent": {"kind": "page"}}, False),
    (BARE, {"parent": {"kind": "epic"}}, False),
    (LOST, {"parent": {"kind": "epic"}}, None),
    (LOST, {"none": [{"parent": {"kind": "epic"}}]}, None),
    (CASE, {"parent": {"parent": {"kind": "page"}}}, True),
    (CASE, {"parent": {"text": "retries everywhere"}}, True),
    (CASE, {"ancestor": "PLAN-1"}, True),
    (CASE, {"ancestor": "acme-jira:p1"}, True),
    (CASE, {"ancestor": "NOPE-1"}, False),
    (CASE, {"ancestor": {"kind": "page"}}, True),
    (CASE, {"ancestor": {"kind": "bug"}}, False),
    (CASE, {"ancestor": {"field": {"Board": "A"}}}, True),
    (CASE, {"ancestor": {"field": {"Board": "B"}}}, None),
    (TIED, {"ancestor": {"kind": "epic"}}, True),
    (TIED, {"ancestor": {"kind": "page"}}, None),
    (TIED, {"ancestor": "GONE-1"}, True),
    (TIED, {"parent": {"kind": "page"}}, False),
    (LOOP, {"ancestor": {"kind": "page"}}, False),
    (LOOP, {"parent": "*"}, False),
    # times: now is noon of 22 November 2026
    (CASE, {"age": {"older_than": "90d"}}, True),
    (CASE, {"age": {"older_than": "120d"}}, False),
    (CASE, {"age": {"newer_than": "16w"}}, False),
    (CASE, {"age": {"newer_than": "17w"}}, True),
    (CASE, {"age": {"older_than": "90d", "newer_than": "120d"}}, True),
    (CASE, {"created": {"before": "2026-08-02"}}, True),
    (CASE, {"created": {"before": date(2026, 8, 1)}}, False),
    (CASE, {"created": {"after": "2026-07-31"}}, True),
    (CASE, {"created": {"after": "2026-08-01"}}, False),
    (CASE, {"updated": {"older_than": "12d"}}, True),
    (CASE, {"updated": {"newer_than": "299h"}}, False),
    (CASE, {"updated": {"newer_than": "300h"}}, True),
    (CASE, {"in_state": {"older_than": "7d"}}, True),
    (CASE, {"in_state": {"older_than": "8d"}}, False),
    (BARE, {"in_state": {"older_than": "7d"}}, None),
    (CASE, {"due": {"overdue": True}}, True),
    (CASE, {"due": {"overdue": False}}, False),
    (LOST, {"due": {"overdue": True}}, False),
    (BARE, {"due": {"overdue": True}}, False),
    (CASE, {"due": {"before": "2026-11-21"}}, True),
    (CASE, {"due": {"after": "2026-11-20"}}, False),
    (CASE, {"due": {"within": "14d"}}, False),
    (Case(item(due=date(2026, 11, 22))), {"due": {"within": "1d"}}, True),
    (Case(item(due=date(2026, 12, 6))), {"due": {"within": "14d"}}, True),
    (Case(item(due=date(2026, 12, 7))), {"due": {"within": "14d"}}, False),
    (BARE, {"due": {"before": "2030-01-01"}}, False),
    (BARE, {"due": {"set": False}}, True),
    (CASE, {"due": {"set": True, "overdue": True}}, True),
    # numbers and yes-or-no
    (CASE, {"points": {"min": 5}}, True),
    (CASE, {"points": {"min": 5.5}}, False),
    (CASE, {"points": {"min": 3, "max": 8}}, True),
    (CASE, {"points": {"max": 4}}, False),
    (BARE, {"points": {"min": 0}}, None),
    (BARE, {"points": {"set": False}}, True),
    (CASE, {"points": {"set": True}}, True),
    (PULL, {"draft": True}, True),
    (PULL, {"draft": False}, False),
    (MERGED, {"draft": True}, None),
    (CASE, {"draft": True}, False),
    (PULL, {"merged": True}, False),
    (MERGED, {"merged": True}, True),
    (CASE, {"merged": False}, True),
    # groups
    (CASE, {"kind": "story", "label": "checkout"}, True),
    (CASE, {"kind": "story", "label": "nope"}, False),
    (CASE, {"any": [{"kind": "bug"}, {"label": "checkout"}]}, True),
    (CASE, {"any": [{"kind": "bug"}, {"label": "nope"}]}, False),
    (CASE, {"any": [{"kind": "bug"}, {"field": {"Missing": "x"}}]}, None),
    (CASE, {"any": [{"field": {"Missing": "x"}}, {"kind": "story"}]}, True),
    (CASE, {"all": [{"kind": "story"}, {"label": "checkout"}]}, True),
    (CASE, {"all": [{"kind": "story"}, {"field": {"Missing": "x"}}]}, None),
    (CASE, {"all": [{"field": {"Missing": "x"}}, {"kind": "bug"}]}, False),
    (CASE, {"none": [{"kind": "bug"}]}, True),
    (CASE, {"none": [{"kind": "bug"}, {"label": "checkout"}]}, False),
    (CASE, {"none": [{"field": {"Missing": "x"}}]}, None),
    (CASE, {"none": [{"field": {"Missing": "x"}}, {"kind": "story"}]}, False),
    (CASE, {"any": [{"label": "checkout"}], "none": [{"kind": "bug"}]}, True),
    (CASE, {"none": [{"none": [{"kind": "story"}]}]}, True),
    (CASE, {"any": [{"all": [{"kind": "story"}, {"none": [{"label": "nope"}]}]}, {"kind": "bug"}]}, True),
]


def _spell(value: Any) -> str:
    return value.item.key if isinstance(value, Case) else str(value)


@pytest.mark.parametrize(("case", "when", "answer"), ANSWERS, ids=_spell)
def test_a_condition_answers(case: Case, when: dict[str, Any], answer: bool | None) -> None:
    assert compile_condition(when)(case, NOW) is answer


@pytest.mark.parametrize(("case", "when", "answer"), ANSWERS, ids=_spell)
def test_an_explanation_has_the_answer_and_words_for_it(case: Case, when: dict[str, Any], answer: bool | None) -> None:
    matched, because = compile_condition(when).explain(case, NOW)
    assert matched is answer
    assert because.strip() == because != ""


def test_the_table_is_long_enough_to_be_called_one() -> None:
    assert len(ANSWERS) >= 150


def test_lone_surrogates_in_a_title_neither_match_nor_break() -> None:
    assert compile_condition({"text": "checkout"})(Case(item(title="broken \ud800 checkout")), NOW) is True
    assert compile_condition({"regex": "checkouts"})(Case(item(title="broken \ud800 checkout")), NOW) is False
