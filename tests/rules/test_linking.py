"""Which goals an item serves: a line a case, as ``goals at rank / non-goals / goals outranked``."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.engine import Judge
from rules.model import Case, Evidence, Judgement, Ruling, Strength
from tests.rules.cast import NOW, item, labelled, policy, refers, rule, under

JUDGE = Judge(policy())


def judged(case: Case) -> Judgement:
    return next(JUDGE.judge([case], NOW))


def told(case: Case) -> str:
    """``live,fast@explicit / rewrite / trust``; an exemption follows as ``!category``."""
    judgement = judged(case)
    links = ",".join(link.goal for link in judgement.links)
    strength = f"@{judgement.links[0].strength.word}" if judgement.links else ""
    against = ",".join(link.goal for link in judgement.against)
    outranked = ",".join(sorted({evidence.goal for evidence in judgement.outranked}))
    exempt = f" !{judgement.exempt}" if judgement.exempt else ""
    return f"{links}{strength} / {against} / {outranked}{exempt}"


LIVE, TRUST, NO = {"labels": ("goal:live",)}, {"labels": ("goal:trust",)}, {"labels": ("no:rewrite",)}
LEGACY, WORDS, SECURE = {"components": ("legacy",)}, {"title": "Onboarding tour"}, {"labels": ("area/security",)}
FAST, OPS, BANG = {"labels": ("goal:fast",)}, {"labels": ("ops",)}, {"title": "Big bang rewrite"}
LIVE_EPIC, TRUST_EPIC = item("EPIC-1", kind="epic", **LIVE), item("EPIC-2", kind="epic", **TRUST)
PLAIN = item("PLAIN-1")
ON = {"title": "Onboarding", "components": ("legacy",)}


def pointing(*references: object, **values: object) -> Case:
    return Case(item("WEB-1", **values), references=tuple(references))


def linked(target: str) -> Ruling:
    return Ruling(kind="link", target=target, author="Ana", made_at=NOW)


def both(case: Case, *references: object) -> Case:
    return replace(case, references=tuple(references))


LINKED: list[tuple[str, Case, str]] = [
    # own explicit evidence
    ("nothing at all", labelled(), " /  / "),
    ("a label", labelled("goal:live"), "live@explicit /  / "),
    ("a label in other case", labelled("Goal:LIVE"), "live@explicit /  / "),
    ("a label no goal accepts", labelled("goal:other"), " /  / "),
    ("the goal field: its accepted value", Case(item(goals=("activation",))), "live@explicit /  / "),
    ("the goal field: a goal's id", Case(item(goals=("TRUST",))), "trust@explicit /  / "),
    ("the goal field: a goal's title", Case(item(goals=(" Growth ",))), "growth@explicit /  / "),
    ("the goal field: nobody's value", Case(item(goals=("Other",))), " /  / "),
    ("named by key", Case(item("SEC-1")), "trust@explicit /  / "),
    ("named by native id", Case(item("SEC-2")), "trust@explicit /  / "),
    ("the same key in another tracker", Case(item("SEC-1", tracker="other")), " /  / "),
    ("label and field agree", labelled("goal:live", goals=("live",)), "live@explicit /  / "),
    ("a goal and the goal below it: the deeper is primary", labelled("goal:live", "goal:fast"), "fast,live@explicit /  / "),
    ("two branches stand side by side", labelled("goal:trust", "goal:live"), "live,trust@explicit /  / "),
    ("a non-goal's label", labelled("no:rewrite"), " / rewrite / "),
    ("a non-goal by the goal field", Case(item(goals=("rewrite",))), " / rewrite / "),
    ("explicit for and against contradict", labelled("goal:live", "no:rewrite"), "live@explicit / rewrite / "),
    # rules
    ("a text rule", Case(item(**WORDS)), "live@text rule /  / "),
    ("a label rule", Case(item(**SECURE)), "trust@label rule /  / "),
    ("a rule over a component counts as a label rule", Case(item(components=("setup",))), "live@label rule /  / "),
    ("a rule that needs words is a text rule", labelled("audit", title="Audit"), "trust@text rule /  / "),
    ("a rule that only excludes words is a label rule", labelled("calm"), "trust@label rule /  / "),
    ("a rule that is kept out", labelled("calm", title="A storm"), " /  / "),
    ("a label rule outranks a text rule", Case(item(**WORDS, **SECURE)), "trust@label rule /  / live"),
    ("a label outranks a label rule", labelled("goal:live", "area/security-eu"), "live@explicit /  / trust"),
    ("label and rule for one goal add up", labelled("goal:live", title="Onboarding"), "live@explicit /  / "),
    ("a rule on trial links nothing", labelled("quiet"), " /  / "),
    ("a suggestion links nothing", labelled("hint"), " /  / "),
    # non-goals by rule
    ("a non-goal rule alone", Case(item(**LEGACY)), " / rewrite / "),
    ("a non-goal rule beats a text rule", Case(item(**ON)), " / rewrite / live"),
    ("a non-goal text rule beats a text rule", Case(item(title="Big bang onboarding")), " / rewrite / live"),
    ("a non-goal rule contradicts a label", labelled("goal:live", **LEGACY), "live@explicit / rewrite / "),
    ("so does a non-goal text rule", labelled("goal:live", **BANG), "live@explicit / rewrite / "),
    ("two label rules contradict", Case(item(**SECURE, **LEGACY)), "trust@label rule / rewrite / "),
    ("a non-goal text rule contradicts a label rule", Case(item(**SECURE, **BANG)), "trust@label rule / rewrite / "),
    ("it contradicts what is inherited", under(LEGACY, LIVE), "live@inherited / rewrite / "),
    # inheritance
    ("from the parent", under({}, LIVE), "live@inherited /  / "),
    ("from the grandparent", under({}, {}, LIVE), "live@inherited /  / "),
    ("the nearest that has its own", under({}, TRUST, LIVE), "trust@inherited /  / "),
    ("own evidence outranks it", under(TRUST, LIVE), "trust@explicit /  / live"),
    ("own evidence for the same goal adds to it", under(LIVE, LIVE), "live@explicit /  / "),
    ("it outranks own rules", under(SECURE, LIVE), "live@inherited /  / trust"),
    ("it outranks own text", under(WORDS, TRUST), "trust@inherited /  / live"),
    ("a rule's link is inherited", under({}, SECURE), "trust@inherited /  / "),
    ("a text rule's link is inherited", under({}, WORDS), "live@inherited /  / "),
    ("an epic passes on what it serves, not what it might", under({}, SECURE, LIVE), "live@inherited /  / "),
    ("what is outranked is not inherited", under({}, {**TRUST, **WORDS}), "trust@inherited /  / "),
    ("two goals are inherited together", under({}, {"labels": ("goal:live", "goal:fast")}), "fast,live@inherited /  / "),
    ("a contradiction is inherited", under({}, {"labels": ("goal:live", "goal:trust")}), "live,trust@inherited /  / "),
    ("a non-goal is inherited", under({}, NO), " / rewrite / "),
    ("an inherited non-goal beats an own rule", under(SECURE, NO), " / rewrite / trust"),
    ("an own label beats an inherited non-goal", under(LIVE, NO), "live@explicit /  / rewrite"),
    ("what a rule on trial links is not inherited", under({}, {"labels": ("quiet",)}), " /  / "),
    # references
    ("closes", pointing(refers("closes", LIVE_EPIC)), "live@reference /  / "),
    ("mentions", pointing(refers("mentions", LIVE_EPIC)), "live@reference /  / "),
    ("links", pointing(refers("links", LIVE_EPIC)), "live@reference /  / "),
    ("the target's parent", pointing(refers("closes", PLAIN, LIVE_EPIC)), "live@reference /  / "),
    ("the target's own before its parent's", pointing(refers("closes", TRUST_EPIC, LIVE_EPIC)), "trust@reference /  / "),
    ("a target without a goal", pointing(refers("closes", PLAIN)), " /  / "),
    ("closes before mentions", pointing(refers("mentions", TRUST_EPIC), refers("closes", LIVE_EPIC)), "live@reference /  / trust"),
    ("closes before links", pointing(refers("links", TRUST_EPIC), refers("closes", LIVE_EPIC)), "live@reference /  / trust"),
    ("links before mentions", pointing(refers("mentions", TRUST_EPIC), refers("links", LIVE_EPIC)), "live@reference /  / trust"),
    ("two closed items contradict", pointing(refers("closes", TRUST_EPIC), refers("closes", LIVE_EPIC)), "live,trust@reference /  / "),
    ("two mentioned items stand side by side", pointing(refers("mentions", TRUST_EPIC), refers("mentions", LIVE_EPIC)), "live,trust@reference /  / "),
    ("an own label outranks it", pointing(refers("closes", LIVE_EPIC), **TRUST), "trust@explicit /  / live"),
    ("it outranks an own rule", pointing(refers("mentions", LIVE_EPIC), **SECURE), "live@reference /  / trust"),
    ("what is inherited outranks it", both(under({}, TRUST), refers("closes", LIVE_EPIC)), "trust@inherited /  / live"),
    ("a target's non-goal", pointing(refers("closes", item("EPIC-3", **NO))), " / rewrite / "),
    ("the item itself is no reference", pointing(refers("mentions", item("WEB-1", **LIVE))), " /  / "),
    ("an epic that mentions its story learns nothing", Case(item("WEB-1"), references=(refers("links", item("WEB-5", **LIVE), item("WEB-1")),)), " /  / "),
    ("what an epic refers to passes on", both(under({}, {}), refers("closes", LIVE_EPIC, by="acme-jira:n-WEB-2")), "live@inherited /  / "),
    ("the reference of an epic is not the story's", both(under({}, TRUST), refers("closes", LIVE_EPIC, by="acme-jira:n-WEB-2")), "trust@inherited /  / "),
    # exemptions
    ("exempt", Case(item(**OPS)), " /  /  !maintenance"),
    ("exempt and linked: both are told", labelled("ops", "goal:live"), "live@explicit /  /  !maintenance"),
    ("an exemption is inherited", under({}, OPS), " /  /  !maintenance"),
    ("through an epic that says nothing", under({}, {}, OPS), " /  /  !maintenance"),
    ("not by what has a link of its own", under(LIVE, OPS), "live@explicit /  / "),
    ("nor below it", under({}, LIVE, OPS), "live@inherited /  / "),
]  # fmt: skip


@pytest.mark.parametrize(("case", "expected"), [row[1:] for row in LINKED], ids=[row[0] for row in LINKED])
def test_an_item_is_linked(case: Case, expected: str) -> None:
    assert told(case) == expected


def test_the_table_is_long_enough_to_be_called_one() -> None:
    assert len(LINKED) >= 60


def test_exactly_the_first_link_to_a_goal_is_primary() -> None:
    judgement = judged(labelled("goal:live", "goal:fast", "goal:trust"))
    assert [(link.goal, link.primary) for link in judgement.links] == [
        ("fast", True),
        ("live", False),
        ("trust", False),
    ]
    assert not judged(labelled("no:rewrite")).against[0].primary


EPIC_TWICE = [refers("closes", item("EPIC-1", **LIVE)) for _ in range(2)]
SAID_TWICE = [
    ("a label", labelled("goal:live", "goal:live")),
    ("the goal field", Case(item(goals=("live", "live")))),
    ("a reference", pointing(*EPIC_TWICE)),
    ("a verdict", replace(labelled(), rulings={"acme-jira:n-WEB-1": (linked("trust"), linked("trust"))})),
]


@pytest.mark.parametrize("case", [case for _, case in SAID_TWICE], ids=[what for what, _ in SAID_TWICE])
def test_what_is_said_twice_counts_once(case: Case) -> None:
    (link,) = judged(case).links
    assert len(link.evidence) == 1


def test_rules_that_tie_are_ordered_as_the_file_orders_them() -> None:
    first, second = rule("first", "link", "trust", label=["x"]), rule("second", "link", "growth", label=["x"])
    for rules in ((first, second), (second, first)):
        judgement = next(Judge(policy(*rules)).judge([labelled("x")], NOW))
        assert [link.goal for link in judgement.links] == [each.target for each in rules]


@pytest.mark.parametrize(
    ("case", "detail"),
    [
        (labelled("goal:live"), "carries the label goal:live"),
        (Case(item(goals=("Activation",))), "has Activation in its goal field"),
        (Case(item("SEC-1")), "is named by the strategy under “Trust”"),
        (Case(item(**WORDS)), 'matches the rule words: title or body has "onboarding"'),
        (under({}, LIVE), "inherits from WEB-2 “Title of WEB-2”, which carries the label goal:live"),
        (
            pointing(refers("closes", LIVE_EPIC, where="title")),
            "closes EPIC-1 “Title of EPIC-1” (in its title), which carries the label goal:live",
        ),
    ],
)
def test_evidence_is_worded_for_people(case: Case, detail: str) -> None:
    assert judged(case).links[0].evidence[0].detail == detail


def test_evidence_names_its_source_and_where_it_stands() -> None:
    def first(case: Case) -> Evidence:
        return judged(case).links[0].evidence[0]

    own, inherited = first(labelled("goal:live")), first(under({}, {}, LIVE))
    closed = first(pointing(refers("closes", PLAIN, LIVE_EPIC)))
    handed = first(both(under({}, {}), refers("mentions", LIVE_EPIC, by="acme-jira:n-WEB-2")))
    assert (own.kind, own.source, own.via) == ("label", "goal:live", "")
    assert (inherited.kind, inherited.source, inherited.via) == ("parent", "acme-jira:n-WEB-3", "acme-jira:n-WEB-3")
    assert (closed.kind, closed.source, closed.via) == ("closes", PLAIN.id, LIVE_EPIC.id)
    assert (handed.kind, handed.source, handed.via) == ("mentions", "acme-jira:n-WEB-2", LIVE_EPIC.id)


VALUES = st.sampled_from([{}, LIVE, TRUST, FAST, NO, LEGACY, WORDS, SECURE, OPS, BANG, ON])
REFERENCES = st.lists(
    st.builds(
        lambda kind, target, above: refers(kind, target, *above),
        st.sampled_from(["closes", "links", "mentions"]),
        st.sampled_from([LIVE_EPIC, TRUST_EPIC, PLAIN, item("EPIC-3", **NO)]),
        st.lists(st.sampled_from([item("TOP-1", **FAST), item("TOP-2", **OPS)]), max_size=1),
    ),
    max_size=4,
)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """A story, up to three items above it, and references."""
    case = under(draw(VALUES), *draw(st.lists(VALUES, max_size=3)))
    return both(case, *draw(REFERENCES))


@given(cases())
def test_no_evidence_is_lost_and_none_counts_twice(case: Case) -> None:
    judgement = judged(case)
    goals = [link.goal for link in (*judgement.links, *judgement.against)]
    assert len(goals) == len(set(goals))
    assert not set(goals) & {evidence.goal for evidence in judgement.outranked}
    for link in (*judgement.links, *judgement.against):
        ranks = [evidence.strength for evidence in link.evidence]
        assert ranks == sorted(ranks, reverse=True)
        assert link.strength is ranks[0]


@given(cases())
def test_a_child_never_serves_another_goal_because_of_its_parent_than_the_parent(case: Case) -> None:
    child = judged(case)
    if not case.ancestors or not child.links or child.links[0].strength is not Strength.INHERITED:
        return
    parent = judged(Case(case.ancestors[0], case.ancestors[1:]))
    assert {link.goal for link in child.links} == {link.goal for link in parent.links}


@given(cases(), st.randoms(use_true_random=False))
def test_the_order_of_references_and_labels_does_not_matter(case: Case, random: object) -> None:
    references = list(case.references)
    random.shuffle(references)  # type: ignore[attr-defined]
    turned = replace(case.item, labels=case.item.labels[::-1])
    assert judged(Case(turned, case.ancestors, tuple(references))) == judged(case)
