"""What is flagged, at which item, and in which words."""

from dataclasses import replace

import pytest

from rules.engine import Judge
from rules.model import Case, Finding
from tests.rules.cast import NOW, RULES, item, labelled, policy, refers, rule, under

JUDGE = Judge(policy(rule("stale", "flag", "stale_spike", label=["spike"]), *RULES))


def findings(case: Case, judge: Judge = JUDGE) -> tuple[Finding, ...]:
    return next(judge.judge([case], NOW)).findings


def told(case: Case) -> list[str]:
    """``kind root subject`` of each finding."""
    return [f"{f.kind} {f.root.removeprefix('acme-jira:n-')} {f.subject}".strip() for f in findings(case)]


DEAD, LIVE, TRUST = {"labels": ("goal:old",)}, {"labels": ("goal:live",)}, {"labels": ("goal:trust",)}
EPIC = item("EPIC-1", kind="epic", labels=("goal:live", "goal:trust"))

FLAGGED: list[tuple[str, Case, list[str]]] = [
    # unlinked
    ("open work without a goal", labelled(), ["unlinked WEB-1"]),
    ("work that is to come", labelled(status_category="todo"), ["unlinked WEB-1"]),
    ("finished work", labelled(status_category="done"), []),
    ("cancelled work", labelled(status_category="cancelled"), []),
    ("a kind that needs no goal", labelled(kind="bug"), []),
    ("exempt work", labelled("ops"), []),
    ("work that is linked", labelled("goal:live"), []),
    ("the root is the highest ancestor", under({}, {}, {}), ["unlinked WEB-3"]),
    ("whatever its kind and state", under({}, {"kind": "page", "status_category": "done"}), ["unlinked WEB-2"]),
    ("a parent that is not stored is unknown", labelled(parent="jira:GONE-1"), []),
    ("so is one above the parent", Case(item(parent="jira:WEB-2"), (item("WEB-2", parent="jira:GONE-1"),)), []),
    ("a suggestion does not help", labelled("hint"), ["unlinked WEB-1"]),
    # off strategy
    ("a non-goal", labelled("no:rewrite"), ["off_strategy WEB-1 rewrite"]),
    ("a non-goal by rule", labelled(components=("legacy",)), ["off_strategy WEB-1 rewrite"]),
    ("a dropped goal", labelled("goal:old"), ["off_strategy WEB-1 old"]),
    ("a paused goal", labelled("goal:rest"), ["off_strategy WEB-1 rest"]),
    ("an achieved goal", labelled("goal:done"), ["off_strategy WEB-1 done"]),
    ("a goal whose period is over", labelled("goal:past"), ["off_strategy WEB-1 past"]),
    ("a goal under a paused one", labelled("goal:under"), ["off_strategy WEB-1 under"]),
    ("finished work for a dropped goal", labelled("goal:old", status_category="done"), []),
    ("the root is where the label stands", under({}, {}, DEAD), ["off_strategy WEB-3 old"]),
    ("or the item that is closed by it", Case(item(), references=(refers("closes", item("OLD-1", **DEAD)),)), ["off_strategy OLD-1 old"]),
    ("only the primary link counts", under(LIVE, DEAD), []),
    # conflict
    ("two branches", labelled("goal:live", "goal:trust"), ["conflict WEB-1 live,trust"]),
    ("one branch", labelled("goal:live", "goal:fast"), []),
    ("a third goal on one of the branches", labelled("goal:live", "goal:fast", "goal:trust"), ["conflict WEB-1 fast,live,trust"]),
    ("finished work with two goals", labelled("goal:live", "goal:trust", status_category="done"), []),
    ("a label against a non-goal rule", labelled("goal:live", components=("legacy",)), ["conflict WEB-1 live,rewrite"]),
    ("the root is where the labels stand", under({}, {"labels": ("goal:live", "goal:trust")}), ["conflict WEB-2 live,trust"]),
    ("what is inherited against an own rule", under({"components": ("legacy",)}, LIVE), ["conflict WEB-1 live,rewrite"]),
    ("two closed items", Case(item(), references=(refers("closes", item("A-1", **LIVE)), refers("closes", item("B-1", **TRUST)))), ["conflict WEB-1 live,trust"]),
    ("one closed item with two goals", Case(item(), references=(refers("closes", EPIC),)), ["conflict EPIC-1 live,trust"]),
    ("mentions are no conflict", Case(item(), references=(refers("mentions", EPIC),)), []),
    ("nor are inherited mentions", replace(under({}, {}), references=(refers("mentions", EPIC, by="acme-jira:n-WEB-2"),)), []),
    # rules of one's own
    ("a flag rule", labelled("spike", "goal:live"), ["stale_spike WEB-1 stale"]),
    ("a flag rule on finished work", labelled("spike", "goal:live", status_category="done"), ["stale_spike WEB-1 stale"]),
]  # fmt: skip


@pytest.mark.parametrize(("case", "expected"), [row[1:] for row in FLAGGED], ids=[row[0] for row in FLAGGED])
def test_a_finding_is_raised_at_its_root(case: Case, expected: list[str]) -> None:
    assert told(case) == expected


WAYS = "add one of the labels goal:live, goal:fast or goal:trust, or set its goal field to the name of a goal"


@pytest.mark.parametrize(
    ("case", "message", "fix"),
    [
        (under({}, {}), "WEB-2 “Title of WEB-2” serves no goal", f"Link it to a goal: {WAYS}."),
        (
            under({}, DEAD),
            "WEB-2 “Title of WEB-2” is tied to the goal “Old”, which was dropped",
            f"Close it, or tie it to a goal in force instead: {WAYS}.",
        ),
        (
            labelled("goal:past"),
            "WEB-1 “Title of WEB-1” is tied to the goal “Past”, whose period ended on 30 September 2026",
            f"Close it, or tie it to a goal in force instead: {WAYS}.",
        ),
        (
            labelled("goal:under"),
            "WEB-1 “Title of WEB-1” is tied to the goal “Under” under “Rest”, which is paused",
            f"Close it, or tie it to a goal in force instead: {WAYS}.",
        ),
        (
            labelled("no:rewrite"),
            "WEB-1 “Title of WEB-1” is tied to the non-goal “Rewrite”",
            f"Close it, or tie it to a goal in force instead: {WAYS}.",
        ),
        (
            labelled("goal:live", components=("legacy",)),
            "WEB-1 “Title of WEB-1” is tied to “Live” and the non-goal “Rewrite”, which contradict each other",
            "Keep one of them: take away what ties it to the others.",
        ),
        (
            labelled("spike", "goal:live"),
            "WEB-1 “Title of WEB-1”: matches the rule stale",
            "It clears when this is no longer so: label is spike.",
        ),
    ],
)
def test_a_finding_says_what_is_wrong_and_what_clears_it(case: Case, message: str, fix: str) -> None:
    [finding] = findings(case)
    assert finding.message == message
    assert finding.fix == fix


def test_all_findings_of_one_root_are_one_flag_with_one_message() -> None:
    family = under({}, {}, {})
    parent = Case(family.ancestors[0], family.ancestors[1:])
    root = Case(family.ancestors[1])
    raised = [finding for case in (family, parent, root) for finding in findings(case)]
    assert len(raised) == 3
    assert {finding.fingerprint for finding in raised} == {"unlinked|acme-jira:n-WEB-3|"}
    assert len({(finding.message, finding.fix) for finding in raised}) == 1


def test_a_repair_at_the_root_clears_the_whole_flag() -> None:
    family = under({}, {}, {})
    repaired = replace(family.ancestors[1], labels=("goal:live",))
    assert findings(Case(family.item, (family.ancestors[0], repaired))) == ()
    assert findings(Case(family.ancestors[0], (repaired,))) == ()
    assert findings(Case(repaired)) == ()


def test_the_items_of_a_cycle_count_as_having_no_parent() -> None:
    one, two = item("WEB-1", parent="jira:WEB-2"), item("WEB-2", parent="jira:WEB-1")
    tail = item("WEB-9", parent="jira:WEB-2")
    looped = [Case(one, (two,), cycle=True), Case(two, (one,), cycle=True), Case(tail, (two, one), cycle=True)]
    assert [told(case) for case in looped] == [["unlinked WEB-1"], ["unlinked WEB-2"], ["unlinked WEB-2"]]


def test_without_labels_to_add_the_goal_field_is_the_way() -> None:
    plain = Judge(policy(rule("r", "link", "growth", label=["x"]), goals=policy().strategy.goals[:1]))
    [finding] = findings(labelled(), plain)
    assert finding.fix == "Link it to a goal: set its goal field to the name of a goal."


def test_which_work_needs_a_goal_is_the_policys_choice() -> None:
    strict = Judge(policy(needs_goal={"kind": ["bug"]}))
    assert [f.kind for f in findings(labelled(kind="bug"), strict)] == ["unlinked"]
    assert findings(labelled(kind="story"), strict) == ()


def test_what_is_not_known_to_need_a_goal_is_not_flagged() -> None:
    unsure = Judge(policy(needs_goal={"field": {"Plan": "yes"}}))
    assert findings(labelled(), unsure) == ()
    assert [f.kind for f in findings(labelled(fields={"Plan": "yes"}), unsure)] == ["unlinked"]
