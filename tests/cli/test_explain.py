"""``syncd explain``: what is documented is printed, for people and for machines, now and as it was."""

from dataclasses import fields
from typing import Any

import pytest

from rules import explain as told
from rules.model import Evidence, Finding, Link, Ruling
from tests.cli.command import Syncd
from tests.cli.test_json import documented, names

PARTS = (
    told.Explanation, told.Step, Link, Evidence, Ruling, Finding, told.Held, told.Tried, told.Mark,
    told.Flagged, told.Answer, told.Suggested, told.Freshness,
)  # fmt: skip


def one(company: Syncd, *arguments: str) -> dict[str, Any]:
    (row,) = company.rows("explain", *arguments)
    return row


@pytest.mark.parametrize("item", ["WEB-20", "WEB-22", "WEB-29", "PAY-15", "acme/web#17"])
def test_what_is_printed_is_documented(item: str, company: Syncd) -> None:
    row, promised = one(company, item), documented("explain")
    assert list(row) == ["explanation", "flags", "suggestions", "freshness"]
    assert list(row["explanation"]) == [each.name for each in fields(told.Explanation)]
    assert set(names(row)) <= set(promised)


def test_what_is_documented_is_all_that_an_explanation_can_hold() -> None:
    assert set(documented("explain")) == {
        "explanation",
        "flags",
        "suggestions",
        "freshness",
        *(each.name for part in PARTS for each in fields(part)),
    }


def test_a_flag_that_stands_at_the_epic_is_told_with_its_story(company: Syncd) -> None:
    row = one(company, "WEB-22")
    assert "WEB-20" in {flag["key"] for flag in row["flags"]}
    ties = (*row["explanation"]["links"], *row["explanation"]["against"])
    assert [tie["strength"] for tie in ties] == ["inherited"]


def test_a_rule_shows_where_in_the_title_it_matched(company: Syncd) -> None:
    explanation = one(company, "WEB-20")["explanation"]
    [mark] = next(tried for tried in explanation["trials"] if tried["rule"] == "desktop-words")["marks"]
    assert explanation["title"][mark["start"] : mark["end"]] == mark["text"] == "desktop client"


def test_unlinked_work_is_told_which_goals_it_might_serve_in_words_and_not_in_percent(company: Syncd) -> None:
    suggested = one(company, "PAY-15")["suggestions"]
    assert 1 <= len(suggested) <= 3
    assert all(each["confidence"] is None and each["words"] for each in suggested)
    shown = company.done("explain", "PAY-15").out
    assert (
        f"It might serve\n  {suggested[0]['goal']} “{suggested[0]['title']}” ({suggested[0]['strength']}): shares"
        in shown
    )
    assert "%" not in shown.split("It might serve")[1]


def test_people_read_what_machines_read(company: Syncd) -> None:
    row, shown = one(company, "WEB-20"), company.done("explain", "WEB-20").out
    assert shown.startswith(f"{row['explanation']['verdict']}\n{row['explanation']['url']}\n")
    for flag in row["flags"]:
        assert f"{flag['rule']} (#{flag['id']}, {flag['state']}, clears {flag['clears']}): {flag['message']}" in shown
        assert flag["fix"] in shown
    assert "changed " in shown.splitlines()[-1]
    assert "tracker read " in shown.splitlines()[-1]


def test_unlinked_work_that_is_over_says_why_it_has_no_flag(company: Syncd) -> None:
    shown = company.done("explain", "acme/web#21").out
    assert "serves no goal" in shown
    assert "none: the work is over, and there is nothing to mend" in shown
    assert "the work is over" not in company.done("explain", "PAY-15").out


def test_a_moment_after_the_decision_is_told_as_of_then(company: Syncd) -> None:
    decided = one(company, "WEB-22")["freshness"]["decided_at"]
    later = decided.replace("Z", ".999999")
    row = one(company, "WEB-22", "--at", later)
    assert row["freshness"]["at"].startswith(decided[:19])
    assert row["freshness"]["synced_at"] is None
    assert row["explanation"] == one(company, "WEB-22")["explanation"]
    assert company.done("explain", "WEB-22", "--at", later).out.startswith(
        f"As it was on {decided[:10]} at {decided[11:16]} UTC.\n"
    )


@pytest.mark.parametrize(
    ("at", "code", "says"),
    [
        ("2020-01-31", 0, "WEB-22 was not known at that time: syncd first saw it on 20"),
        ("2999-01-31", 2, "--at 2999-01-31 has not come yet"),
        ("2999-01-31T10:00", 2, "--at 2999-01-31T10:00 has not come yet"),
        ("", 2, "expected a date such as 2026-11-20 or a time such as"),
        ("yesterday", 2, "expected a date such as 2026-11-20 or a time such as"),
        ("2026-02-31", 2, "expected a date such as 2026-11-20 or a time such as"),
    ],
)
def test_a_moment_that_cannot_be_told_about_says_why(at: str, code: int, says: str, company: Syncd) -> None:
    company("explain", "WEB-22", "--at", at).says(code, says)


def test_a_key_that_is_none_is_told_no_longer_than_it_takes_to_see_it(company: Syncd) -> None:
    ran = company("explain", "NONE-1" * 1000)
    ran.says(2, "there is no item NONE-1NONE-1", "… (6,000 characters): give its key")
    assert len(ran.err) < 300
