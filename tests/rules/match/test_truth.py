"""What each condition answers, and in which words: the tables of ``tests/rules/truth``, a line a case."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import pytest
import yaml

from rules.examples import example_item
from rules.match import BUILDS, compile_condition
from rules.model import Case
from tests.rules.cast import ANA, NOW, OMAR, at, item, line

TABLES = Path(__file__).parents[1] / "truth"

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
CAST = {"story": CASE, "pull": PULL, "merged": MERGED, "lost": LOST, "bare": BARE, "tied": TIED, "loop": LOOP}
"""A story under an epic under a page; pull requests; an item whose parent is not stored; one by itself; the
story under an epic whose parent is not stored; the story as its own parent."""


@dataclass(frozen=True)
class Row:
    """One line of a table."""

    when: dict[str, Any]
    answer: bool | None
    says: str
    case: Case
    now: datetime


def _rows() -> Iterator[Any]:
    for table in sorted(TABLES.glob("*.yaml")):
        for values in yaml.safe_load(table.read_text(encoding="utf-8")):
            yield pytest.param(_row(values), id=f"{values.get('of', '')}{values.get('item', '')}{values['when']}")


def _row(values: dict[str, Any]) -> Row:
    now = _moment(values["now"]) if "now" in values else NOW
    case = Case(example_item(values["item"], now)) if "item" in values else CAST[values.get("of", "story")]
    return Row(values["when"], values["is"], values["says"], case, now)


def _moment(value: date) -> datetime:
    moment = value if isinstance(value, datetime) else datetime.combine(value, time())
    return moment.replace(tzinfo=UTC)


ROWS = list(_rows())


@pytest.mark.parametrize("row", ROWS)
def test_a_condition_answers(row: Row) -> None:
    assert compile_condition(row.when)(row.case, row.now) is row.answer


@pytest.mark.parametrize("row", ROWS)
def test_an_explanation_has_the_answer_and_the_words_for_it(row: Row) -> None:
    matched, because = compile_condition(row.when).explain(row.case, row.now)
    assert matched is row.answer
    assert row.says in because
    assert because.strip() == because


def test_the_tables_hold_every_matcher_and_each_of_the_three_answers() -> None:
    given = [param.values[0] for param in ROWS]
    assert len(given) >= 250
    assert {row.answer for row in given} == {True, False, None}
    assert {word for row in given for word in _words(row.when)} >= BUILDS.keys()


def _words(when: Any) -> Iterator[str]:
    """Every key of a condition and of those inside it."""
    if isinstance(when, dict):
        for key, value in when.items():
            yield key
            yield from _words(value)
    elif isinstance(when, list):
        for value in when:
            yield from _words(value)


def test_lone_surrogates_in_a_title_neither_match_nor_break() -> None:
    assert compile_condition({"text": "checkout"})(Case(item(title="broken \ud800 checkout")), NOW) is True
    assert compile_condition({"regex": "checkouts"})(Case(item(title="broken \ud800 checkout")), NOW) is False
