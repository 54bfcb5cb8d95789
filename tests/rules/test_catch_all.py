"""Parents that swallow everything: what they are known by, and how little they pass on."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from connectors.item import Item
from rules.crowds import is_catch_all
from rules.engine import Judge
from rules.model import Case, Checks, Crowd, Judgement, Ruling
from rules.model.checks import CatchAll
from tests.rules.cast import NOW, item, labelled, policy, refers, under
from tests.rules.test_linking import LIVE, NO, OPS, PLAIN, SECURE, TRUST, WORDS

CHECKS = Checks(catch_all=CatchAll(children=10, components=3), modes={"missing_why": "off"})
JUDGE = Judge(policy(checks=CHECKS))
BUCKET, TEAM = Crowd(10, 4, 3), Crowd(10, 4, 2)


def crowded(case: Case, *keys: str) -> Case:
    return replace(case, crowds={f"acme-jira:n-{key}": BUCKET for key in keys})


def judged(case: Case, judge: Judge = JUDGE) -> Judgement:
    return next(judge.judge([case], NOW))


def told(case: Case, judge: Judge = JUDGE) -> str:
    """``live@inherited / rewrite``, links before non-goals, each with its rank; an exemption as ``!category``."""
    judgement = judged(case, judge)
    sides = [
        ",".join(f"{link.goal}@{link.strength.word}" for link in links)
        for links in (judgement.links, judgement.against)
    ]
    return f"{sides[0]} / {sides[1]}{f' !{judgement.exempt}' if judgement.exempt else ''}"


def pointing(target: Item, *above: Item, **values: Any) -> Case:
    return Case(item("WEB-1", **values), references=(refers("closes", target, *above),))


def ruled(case: Case, id_: str, kind: Any, target: str) -> Case:
    return replace(case, rulings={id_: (Ruling(kind=kind, target=target, author="Ana", made_at=NOW),)})


WEAKENED: list[tuple[str, Case, str]] = [
    ("a catch-all still links", crowded(under({}, LIVE), "WEB-2"), "live@catch all / "),
    ("a parent with one kind of work links as ever", replace(under({}, LIVE), crowds={"acme-jira:n-WEB-2": TEAM}), "live@inherited / "),
    ("a parent whose children nobody counted too", under({}, LIVE), "live@inherited / "),
    ("what it inherits is as weak", crowded(under({}, {}, LIVE), "WEB-2"), "live@catch all / "),
    ("what comes through it stays weak further down", crowded(under({}, {}, LIVE), "WEB-3"), "live@catch all / "),
    ("one below another", crowded(under({}, {}, LIVE), "WEB-2", "WEB-3"), "live@catch all / "),
    ("an own label is stronger", crowded(under(TRUST, LIVE), "WEB-2"), "trust@explicit / "),
    ("so is a label rule", crowded(under(SECURE, LIVE), "WEB-2"), "trust@label rule / "),
    ("and a text rule", crowded(under(WORDS, TRUST), "WEB-2"), "live@text rule / "),
    ("and a reference", replace(crowded(under({}, TRUST), "WEB-2"), references=pointing(item("EPIC-1", **LIVE)).references), "live@reference / "),
    ("a rule on the epic in between is passed on in full", crowded(under({}, SECURE, LIVE), "WEB-3"), "trust@inherited / "),
    ("a verdict on it is passed on as weakly", ruled(crowded(under({}, {}), "WEB-2"), "acme-jira:n-WEB-2", "link", "live"), "live@catch all / "),
    ("a verdict on the item is not", ruled(crowded(under({}, TRUST), "WEB-2"), "acme-jira:n-WEB-1", "link", "live"), "live@verdict / "),
    ("what it serves itself is not weak", crowded(labelled("goal:live"), "WEB-1"), "live@explicit / "),
    ("a non-goal is passed on as weakly", crowded(under({}, NO), "WEB-2"), " / rewrite@catch all"),
    ("a text rule beats such a non-goal", crowded(under(WORDS, NO), "WEB-2"), "live@text rule / "),
    ("weak for and weak against: the non-goal stands", crowded(under({}, {"labels": ("goal:live", "no:rewrite")}), "WEB-2"), " / rewrite@catch all"),
    ("an exemption is passed on in full", crowded(under({}, OPS), "WEB-2"), " /  !maintenance"),
    ("a reference to one is as weak", crowded(pointing(item("EPIC-1", **LIVE)), "EPIC-1"), "live@catch all / "),
    ("a reference to what lies under one too", crowded(pointing(PLAIN, item("EPIC-1", **LIVE)), "EPIC-1"), "live@catch all / "),
    ("an epic's weak reference stays weak below", replace(crowded(under({}, {}), "EPIC-1"), references=(refers("closes", item("EPIC-1", **LIVE), by="acme-jira:n-WEB-2"),)), "live@catch all / "),
    ("one with a due date is none", crowded(under({}, {**LIVE, "due": date(2026, 12, 31)}), "WEB-2"), "live@inherited / "),
    ("one with an outcome is none", crowded(under({}, {**LIVE, "body": "Cut errors to 2 %"}), "WEB-2"), "live@inherited / "),
]  # fmt: skip


@pytest.mark.parametrize(("case", "expected"), [row[1:] for row in WEAKENED], ids=[row[0] for row in WEAKENED])
def test_what_comes_from_a_catch_all_counts_least(case: Case, expected: str) -> None:
    assert told(case) == expected


@pytest.mark.parametrize("mode", ["off", "monitor"])
def test_nothing_is_weakened_where_the_check_is_not_in_force(mode: Any) -> None:
    judge = Judge(policy(checks=replace(CHECKS, modes={"catch_all": mode})))
    assert told(crowded(under({}, LIVE), "WEB-2"), judge) == "live@inherited / "


@pytest.mark.parametrize(
    ("case", "detail", "source"),
    [
        (
            crowded(under({}, LIVE), "WEB-2"),
            "inherits weakly from WEB-2 “Title of WEB-2”, a catch-all that carries the label goal:live",
            "WEB-2",
        ),
        (
            crowded(under({}, {}, LIVE), "WEB-3"),
            "inherits weakly from WEB-3 “Title of WEB-3”, a catch-all that carries the label goal:live",
            "WEB-3",
        ),
        (
            crowded(under({}, {}, LIVE), "WEB-2"),
            (
                "inherits weakly from WEB-2 “Title of WEB-2”, a catch-all that inherits from WEB-3 “Title of WEB-3”, "
                "which carries the label goal:live"
            ),
            "WEB-3",
        ),
        (
            crowded(pointing(item("EPIC-1", **LIVE)), "EPIC-1"),
            "closes EPIC-1 “Title of EPIC-1” (in its text), a catch-all that carries the label goal:live",
            "EPIC-1",
        ),
    ],
)
def test_weak_evidence_says_why(case: Case, detail: str, source: str) -> None:
    evidence = judged(case).links[0].evidence[0]
    assert (evidence.detail, evidence.source) == (detail, f"acme-jira:n-{source}")


def test_those_below_are_judged_anew_when_a_parent_becomes_a_catch_all() -> None:
    before, after = labelled("goal:live"), crowded(labelled("goal:live"), "WEB-1")
    assert JUDGE.own(before, NOW) != JUDGE.own(after, NOW)
    more = replace(after, crowds={after.item.id: Crowd(11, 5, 3)})
    assert JUDGE.own(after, NOW) == JUDGE.own(more, NOW)


def test_the_same_parent_with_other_children_is_not_remembered_as_it_was() -> None:
    cases = [under({}, LIVE), crowded(under({}, LIVE), "WEB-2"), under({}, LIVE)]
    ranks = [one.links[0].strength.word for one in JUDGE.judge(cases, NOW)]
    assert ranks == ["inherited", "catch all", "inherited"]


# What makes one

VALUES: list[tuple[str, dict[str, Any], Crowd | None, bool]] = [
    ("many mixed children and nothing else", {}, BUCKET, True),
    ("one child less", {}, Crowd(9, 9, 9), False),
    ("one component less", {}, Crowd(500, 0, 2), False),
    ("no children", {}, None, False),
    ("all of them finished", {}, Crowd(10, 0, 3), True),
    ("due", {"due": date(2027, 1, 1)}, BUCKET, False),
    ("of a version", {"versions": ("2.0",)}, BUCKET, False),
    ("of a milestone", {"milestone": "Beta"}, BUCKET, False),
    ("a percentage", {"body": "Drop-off falls from 12 to 7%."}, BUCKET, False),
    ("a percentage in words", {"body": "20 percent fewer calls"}, BUCKET, False),
    ("a time", {"body": "Search answers in 300 ms"}, BUCKET, False),
    ("money", {"body": "Saves € 40,000 a year"}, BUCKET, False),
    ("people", {"title": "1,000 users on the new page"}, BUCKET, False),
    ("a bare number", {"title": "Improvements 2026", "body": "See 12 and version 3."}, BUCKET, True),
    ("a number in a name", {"body": "Move to HTTP2 and S3"}, BUCKET, True),
    ("a sprint alone", {"sprint": "Sprint 14"}, BUCKET, True),
]  # fmt: skip


@pytest.mark.parametrize(("values", "crowd", "expected"), [row[1:] for row in VALUES], ids=[row[0] for row in VALUES])
def test_a_catch_all_has_many_mixed_children_and_neither_end_nor_outcome(
    values: dict[str, Any], crowd: Crowd | None, expected: bool
) -> None:
    assert is_catch_all(item(**values), crowd, CHECKS) is expected
