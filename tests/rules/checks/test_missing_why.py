"""``missing_why``: work in progress that does not say for whom, against what, to what measurable outcome."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from connectors.item import Item
from rules.checks.why import LONGEST, headings, said
from rules.engine import Judge
from rules.model import Case, Checks, Crowd, Outcome
from tests.rules.cast import GOALS, NOW, at, item, line, policy
from tests.rules.checks.bench import findings, judged, message

FULL = "User: the receptionist, between calls\nProblem: half of the patients are still in the old system\nOutcome: nine imports in ten need no help"


def parts(text: str, **values: Any) -> str:
    """The parts that an item with this body states: u, p, o."""
    return "".join(
        part[0]
        for part in ("user", "problem", "outcome")
        if part in said(item(title="T", body=text, **values), headings({}))
    )


@pytest.mark.parametrize(("text", "expected"), [
    (FULL, "upo"),
    ("User: practice manager. Problem: set-up waits for us. Outcome: 60 % live within 24 hours.", "upo"),
    ("Problem\nPatients forget.\n\nSuccess metrics\n- no-shows below 4 %", "po"),
    ("## Why\nIt hurts\n## Who\nNurses", "up"),
    ("**Problem:** it hurts", "p"),
    ("Why?\nbecause", "p"),
    ("As a receptionist, I want a list so that nobody waits", "up"),
    ("as an admin I want x", "u"),
    ("Extract it as a component", ""),
    ("We do this in order to pass the audit", "p"),
    ("Latency of the search below 300 ms", "o"),
    ("Accepted claims rise to 96%", "o"),
    ("Outcome: people are happier", ""),
    ("Outcome: people are happier, 3 complaints at most", "o"),
    ("Metric: sign-ups per week, 40", "o"),
    ("Problem:\nOutcome:\nUser:", ""),
    ("Problem: n/a\nOutcome: TBD\nUser: _No response_", ""),
    ("Outcome: none agreed.", ""),
    ("The problem with the user menu", ""),
    ("Problem: half a \ud83d smiley\nUser: Zoë\nOutcome: über 40 %", "upo"),
    ("Problems with users: see 12", ""),
    ("", ""),
])  # fmt: skip
def test_what_a_text_says_is_read_as_people_write_it(text: str, expected: str) -> None:
    assert parts(text) == expected


@pytest.mark.parametrize(("fields", "expected"), [
    ({"Problem": "It hurts"}, "p"), ({"USER": ["Nurse"]}, "u"), ({"Success metric": "40 bookings"}, "o"), ({"Problem": None, "User": ""}, ""),
    ({"Outcome": 12.0}, "o"),
])  # fmt: skip
def test_a_field_of_that_name_counts(fields: dict, expected: str) -> None:
    assert parts("", fields=fields) == expected


def test_of_a_long_text_only_figures_are_read_to_the_end() -> None:
    long = "word " * LONGEST
    assert parts(f"{long}\nProblem: set-up waits for us, because of 300 ms") == "o"
    assert parts(f"Problem: set-up waits for us\n{long}") == "p"


def test_other_headings_may_be_named() -> None:
    german = item(title="T", body="Nutzer: Empfang\nAnlass: zu langsam\nZiel: 40 am Tag")
    assert said(german, headings({})) == frozenset()
    assert said(german, headings({"user": ("Nutzer",), "problem": ("anlass",), "outcome": ("Ziel ",)})) == {
        "user",
        "problem",
        "outcome",
    }


def test_a_hostile_text_is_read_in_linear_time_and_not_for_ever() -> None:
    assert parts("problem " * 200_000) == ""
    assert parts(" " * 30_000 + FULL) == ""


SAYS_NOTHING = item(title="Bare")


def test_exactly_what_is_missing_is_told_with_ways_to_state_it() -> None:
    [finding] = findings("missing_why", Case(SAYS_NOTHING))
    assert finding.message == (
        "WEB-1 “Bare” does not say for whom it is, what problem it solves and what measurable outcome shows that it did"
    )
    assert finding.fix == (
        "Write it down there: “User: …” or “As a …”, “Problem: …” or “so that …” and “Outcome: …” with a figure and its unit; "
        "or link it to a goal that states the problem and outcome."
    )


@pytest.mark.parametrize(("body", "lacking"), [
    ("Problem: x\nOutcome: 4", "for whom it is"), ("User: x\nOutcome: 4", "what problem it solves"),
    ("User: x\nProblem: y", "what measurable outcome shows that it did"),
])  # fmt: skip
def test_one_part_that_is_missing_is_enough(body: str, lacking: str) -> None:
    assert message("missing_why", Case(item(title="T", body=body))) == f"WEB-1 “T” does not say {lacking}"


@pytest.mark.parametrize("values", [
    {"body": FULL}, {"status_category": "todo"}, {"status_category": "done"}, {"kind": "bug"}, {"kind": "pull_request"}, {"kind": "subtask"},
    {"kind": "page"}, {"labels": ("ops",)}, {"parent": "jira:GONE-1"},
], ids=str)  # fmt: skip
def test_nothing_is_said_about_what_says_it_is_not_in_progress_needs_none_or_has_a_parent_that_is_not_stored(
    values: dict,
) -> None:
    assert findings("missing_why", Case(replace(SAYS_NOTHING, **values))) == ()


def test_what_an_item_above_says_counts() -> None:
    epic, story = item("WEB-2", kind="epic", body="User: nurse\nOutcome: 40 a day"), item(body="Problem: slow")
    assert findings("missing_why", line(story, epic)) == ()


def family(*, labels: tuple[str, ...] = (), body: str = "") -> list[Case]:
    """Two stories and their epic, with these labels and this text at the epic."""
    epic = item("WEB-2", kind="epic", labels=labels, title="Epic", body=body)
    return [line(item("WEB-1", body="User: nurse"), epic), line(item("WEB-3"), epic), Case(epic)]


@pytest.mark.parametrize("labels", [(), ("goal:live",)], ids=["unlinked", "linked"])
def test_a_family_is_one_flag_at_the_top_with_one_message(labels: tuple[str, ...]) -> None:
    raised = [finding for case in family(labels=labels) for finding in findings("missing_why", case)]
    assert len(raised) == 3
    assert len({(finding.fingerprint, finding.message, finding.fix) for finding in raised}) == 1
    assert raised[0].root == "acme-jira:n-WEB-2"


def test_saying_it_at_the_top_clears_the_whole_flag() -> None:
    assert [findings("missing_why", case) for case in family(body=FULL)] == [(), (), ()]


def test_an_item_with_a_goal_of_its_own_is_told_by_itself() -> None:
    epic = item("WEB-2", kind="epic")
    [finding] = findings("missing_why", line(item(labels=("goal:live",)), epic))
    assert finding.root == "acme-jira:n-WEB-1"


WHY = replace(GOALS[1], why="Clinics leave in week one")
MEASURED = replace(GOALS[1], outcome=Outcome("live clinics", "%", 31, 60))


@pytest.mark.parametrize(("goal", "lacking"), [
    (WHY, "for whom it is and what measurable outcome shows that it did"), (MEASURED, "for whom it is and what problem it solves"),
    (replace(WHY, outcome=MEASURED.outcome), "for whom it is"),
])  # fmt: skip
def test_the_why_of_the_goal_states_the_problem_and_its_outcome_the_outcome(goal: Any, lacking: str) -> None:
    goals = (GOALS[0], goal, *GOALS[2:])
    [finding] = findings("missing_why", Case(item(title="T", labels=("goal:live",))), policy_={"goals": goals})
    assert finding.message == f"WEB-1 “T” does not say {lacking}"
    assert ("let its goal state" in finding.fix) is (lacking != "for whom it is")


def test_what_the_goal_above_states_counts_as_well() -> None:
    goals = (replace(GOALS[0], why="So", outcome=MEASURED.outcome), *GOALS[1:])
    said_itself = Case(item(body="User: nurse", labels=("goal:live",)))
    assert findings("missing_why", said_itself, policy_={"goals": goals}) == ()


@pytest.mark.parametrize("label", ["no:rewrite", "goal:old", "goal:past", "goal:under"])
def test_work_that_nobody_wants_is_asked_for_no_why(label: str) -> None:
    assert findings("missing_why", Case(item(labels=(label,)))) == ()


def test_it_is_silent_from_the_day_on_which_the_goal_is_over() -> None:
    goals = {"goals": (GOALS[0], replace(GOALS[1], ends=date(2026, 11, 30)), *GOALS[2:])}
    told = judged("missing_why", Case(item(labels=("goal:live",))), policy_=goals)
    assert (len(told.findings), told.next_at) == (1, at("2026-12-01"))
    assert findings("missing_why", Case(item(labels=("goal:live",))), told.next_at, policy_=goals) == ()


def test_parts_and_kinds_are_the_policys_choice() -> None:
    told = Case(item(title="T", body="Problem: slow"))
    assert findings("missing_why", told, parts=("problem",)) == ()
    assert findings("missing_why", replace(told, item=replace(told.item, kind="bug")), kinds=("bug",))


def test_unless_it_is_enforced_it_is_counted_and_not_shown() -> None:
    judge = Judge(policy(checks=Checks()))
    found = {finding.kind: finding.held for finding in next(judge.judge([Case(SAYS_NOTHING)], NOW)).findings}
    assert found == {"unlinked": "", "missing_why": "monitor"}


def test_what_a_parent_says_is_shown_to_its_children_and_what_a_leaf_says_to_nobody() -> None:
    def own(one: Item, *, children: int) -> str:
        return judged("missing_why", Case(one, crowds={one.id: Crowd(children, 1, 1)} if children else {})).own

    bare, full = item(kind="epic"), item(kind="epic", body=FULL)
    assert own(bare, children=2) != own(full, children=2)
    assert own(bare, children=0) == own(full, children=0)
