"""What people decided: a line a case, worded as in ``test_linking``."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from rules.engine import Judge
from rules.model import Case, Judgement, Ruling, Strength
from tests.rules.cast import NOW, item, labelled, policy, refers, under
from tests.rules.test_linking import BANG, LEGACY, LIVE, LIVE_EPIC, NO, OPS, PLAIN, SECURE, TRUST, WORDS, told

JUDGE = Judge(policy())
WEB_1, WEB_2, WEB_3 = (f"acme-jira:n-WEB-{n}" for n in (1, 2, 3))


def judged(case: Case) -> Judgement:
    return next(JUDGE.judge([case], NOW))


def link(target: str, author: str = "Ana", **values: Any) -> Ruling:
    return Ruling(kind="link", target=target, author=author, made_at=NOW, **values)


def exempt(category: str = "on-call", **values: Any) -> Ruling:
    return Ruling(kind="exempt", target=category, author="Omar", made_at=NOW, **values)


def ruled(case: Case, *rulings: Ruling, **at: tuple[Ruling, ...]) -> Case:
    """The case with rulings on its item, and by key on others: ``WEB_2=(…,)``."""
    others = {f"acme-jira:n-{key.replace('_', '-')}": said for key, said in at.items()}
    return replace(case, rulings={case.item.id: rulings, **others})


def pointing(**values: Any) -> Case:
    return Case(item("WEB-1", **values), references=(refers("closes", PLAIN, item("EPIC-9", kind="epic")),))


OVER, YET = {"until": NOW}, {"until": NOW + timedelta(microseconds=1)}
RULED: list[tuple[str, Case, str]] = [
    # a link
    ("alone", ruled(labelled(), link("live")), "live@verdict /  / "),
    ("against a label", ruled(labelled("goal:trust"), link("live")), "live@verdict /  / trust"),
    ("with a label for the same goal", ruled(labelled("goal:live"), link("live")), "live@verdict /  / "),
    ("against what is inherited", ruled(under({}, TRUST), link("live")), "live@verdict /  / trust"),
    ("against a rule", ruled(Case(item(**SECURE)), link("live")), "live@verdict /  / trust"),
    ("against a non-goal's label", ruled(Case(item(**NO)), link("live")), "live@verdict /  / rewrite"),
    ("against a non-goal rule: it settles the conflict", ruled(Case(item(**LEGACY)), link("live")), "live@verdict /  / rewrite"),
    ("against a non-goal text rule", ruled(Case(item(**BANG)), link("live")), "live@verdict /  / rewrite"),
    ("two people, one goal", ruled(labelled(), link("live"), link("live", "Omar")), "live@verdict /  / "),
    ("two goals stand side by side", ruled(labelled(), link("live"), link("trust")), "live,trust@verdict /  / "),
    ("a goal and the one below: the deeper is primary", ruled(labelled(), link("live"), link("fast")), "fast,live@verdict /  / "),
    ("to a non-goal", ruled(labelled("goal:live"), link("rewrite")), " / rewrite / live"),
    ("for and against contradict", ruled(labelled(), link("live"), link("rewrite")), "live@verdict / rewrite / "),
    ("on an item whose parents form a circle", ruled(replace(labelled(), cycle=True), link("live")), "live@verdict /  / "),
    # its end
    ("until a moment ago", ruled(labelled(), link("live", **OVER)), " /  / "),
    ("until the next moment", ruled(labelled(), link("live", **YET)), "live@verdict /  / "),
    ("one that is over beside one that counts", ruled(labelled(), link("live", **OVER), link("trust")), "trust@verdict /  / "),
    ("over: the label counts again", ruled(labelled("goal:trust"), link("live", **OVER)), "trust@explicit /  / "),
    # its place
    ("on the parent", ruled(under({}, {}), WEB_2=(link("live"),)), "live@inherited /  / "),
    ("on the grandparent", ruled(under({}, {}, {}), WEB_3=(link("live"),)), "live@inherited /  / "),
    ("on the grandparent, below it a label", ruled(under({}, TRUST, {}), WEB_3=(link("live"),)), "trust@inherited /  / "),
    ("on the parent, above it a label", ruled(under({}, {}, TRUST), WEB_2=(link("live"),)), "live@inherited /  / "),
    ("on the parent against its own label", ruled(under({}, TRUST), WEB_2=(link("live"),)), "live@inherited /  / "),
    ("on the parent, a label on the item", ruled(under(TRUST, {}), WEB_2=(link("live"),)), "trust@explicit /  / live"),
    ("on the parent, over", ruled(under({}, {}), WEB_2=(link("live", **OVER),)), " /  / "),
    ("on the target of a reference", ruled(pointing(), PLAIN_1=(link("live"),)), "live@reference /  / "),
    ("above the target of a reference", ruled(pointing(), EPIC_9=(link("live"),)), "live@reference /  / "),
    ("on the target and above it: the nearer", ruled(pointing(), PLAIN_1=(link("live"),), EPIC_9=(link("trust"),)), "live@reference /  / "),
    ("on somebody else's item", ruled(labelled(), WEB_7=(link("live"),)), " /  / "),
    # goals that are gone
    ("to a goal that is gone", ruled(labelled(), link("gone")), " /  / gone"),
    ("to one that is gone beside a label", ruled(labelled("goal:live"), link("gone")), "live@explicit /  / gone"),
    ("to one that is gone and one that is not", ruled(labelled(), link("gone"), link("trust")), "trust@verdict /  / gone"),
    ("to one that is gone, on the parent", ruled(under({}, {}), WEB_2=(link("gone"),)), " /  / "),
    # an exemption
    ("exempt", ruled(labelled(), exempt()), " /  /  !on-call"),
    ("exempt beats a label rule", ruled(Case(item(**SECURE)), exempt()), " /  / trust !on-call"),
    ("exempt beats a text rule", ruled(Case(item(**WORDS)), exempt()), " /  / live !on-call"),
    ("exempt beats a non-goal rule", ruled(Case(item(**LEGACY)), exempt()), " /  / rewrite !on-call"),
    ("exempt beats an exempting rule", ruled(Case(item(**OPS)), exempt()), " /  /  !on-call"),
    ("exempt and a label: both are told", ruled(labelled("goal:live"), exempt()), "live@explicit /  /  !on-call"),
    ("exempt and linked: both are told", ruled(labelled(), exempt(), link("live")), "live@verdict /  /  !on-call"),
    ("exempt and what is inherited", ruled(under({}, LIVE), exempt()), "live@inherited /  /  !on-call"),
    ("exempt and referring", ruled(replace(labelled(), references=(refers("closes", LIVE_EPIC),)), exempt()), "live@reference /  /  !on-call"),
    ("the last of two", ruled(labelled(), exempt(), exempt("spike")), " /  /  !spike"),
    ("exempt until a moment ago", ruled(Case(item(**SECURE)), exempt(**OVER)), "trust@label rule /  / "),
    ("over: the rule exempts again", ruled(Case(item(**OPS)), exempt(**OVER)), " /  /  !maintenance"),
    ("exempt parent", ruled(under({}, {}), WEB_2=(exempt(),)), " /  /  !on-call"),
    ("exempt grandparent", ruled(under({}, {}, {}), WEB_3=(exempt(),)), " /  /  !on-call"),
    ("exempt parent, a label on the item", ruled(under(LIVE, {}), WEB_2=(exempt(),)), "live@explicit /  / "),
    ("exempt parent, the item's own rule", ruled(under(SECURE, {}), WEB_2=(exempt(),)), "trust@label rule /  / "),
    ("exempt parent whose rule no longer links", ruled(under({}, SECURE), WEB_2=(exempt(),)), " /  /  !on-call"),
    ("an exempting rule on the parent, linked below", ruled(under({}, OPS), link("live")), "live@verdict /  / "),
]  # fmt: skip


@pytest.mark.parametrize(("case", "expected"), [row[1:] for row in RULED], ids=[row[0] for row in RULED])
def test_a_ruling_links_or_exempts(case: Case, expected: str) -> None:
    assert told(case) == expected


def test_a_verdict_names_who_decided_and_why() -> None:
    evidence = judged(ruled(labelled(), link("live", reason="Agreed in planning"))).links[0].evidence[0]
    assert (evidence.strength, evidence.kind, evidence.source, evidence.via) == (Strength.VERDICT, "verdict", "Ana", "")
    assert evidence.detail == "was linked to it by Ana: Agreed in planning"
    assert judged(ruled(labelled(), link("live"))).links[0].evidence[0].detail == "was linked to it by Ana"


def test_below_a_verdict_it_is_told_where_it_stands() -> None:
    evidence = judged(ruled(under({}, {}), WEB_2=(link("live", reason="So"),))).links[0].evidence[0]
    assert evidence.detail == "inherits from WEB-2 “Title of WEB-2”, which was linked to it by Ana: So"
    assert (evidence.source, evidence.via) == (WEB_2, WEB_2)


def test_an_exemption_names_who_decided_and_why() -> None:
    assert judged(ruled(labelled(), exempt(reason="It burns"))).exempt_by == "was exempted by Omar: It burns"
    below = judged(ruled(under({}, {}), WEB_2=(exempt(),)))
    assert below.exempt_by == "inherits from WEB-2 “Title of WEB-2”, which was exempted by Omar"


def test_a_verdict_for_a_goal_that_is_gone_says_so() -> None:
    (evidence,) = judged(ruled(labelled(), link("gone", reason="So"))).outranked
    assert evidence.detail == "was linked to it by Ana: So (the strategy no longer has “gone”)"


def test_an_exempt_item_is_not_flagged_and_a_linked_one_neither() -> None:
    for ruling in (exempt(), link("live")):
        assert "unlinked" not in [finding.kind for finding in judged(ruled(labelled(), ruling)).findings]
    assert [finding.kind for finding in judged(labelled()).findings] == ["unlinked"]


@pytest.mark.parametrize("ruling", [link("live"), exempt(), exempt("spike"), link("rewrite")])
def test_those_below_and_referrers_are_judged_anew_when_somebody_decides(ruling: Ruling) -> None:
    own = {JUDGE.own(case, NOW) for case in (labelled(), ruled(labelled(), ruling))}
    assert len(own) == 2


def test_the_same_parent_with_other_rulings_is_not_remembered_as_it_was() -> None:
    cases = [under({}, {}), ruled(under({}, {}), WEB_2=(link("live"),)), ruled(under({}, {}), WEB_2=(link("trust"),))]
    assert [[each.goal for each in one.links] for one in JUDGE.judge(cases, NOW)] == [[], ["live"], ["trust"]]


def test_nor_is_the_same_target_above_which_somebody_decided() -> None:
    handed = replace(under({}, {}), references=(replace(refers("closes", PLAIN, item("EPIC-9")), by=WEB_2),))
    cases = [handed, ruled(handed, EPIC_9=(link("live"),))]
    assert [[each.goal for each in one.links] for one in JUDGE.judge(cases, NOW)] == [[], ["live"]]
