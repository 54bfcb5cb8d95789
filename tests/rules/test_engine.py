"""The judge: every rule tried, streaming, the same whatever the order, and a fingerprint for readers."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.item import Item
from rules.engine import Judge
from rules.match import BadCondition, compile_condition
from rules.model import Accepts, Case, Judgement, Policy, Rule
from tests.rules.cast import GOALS, NOW, RULES, at, goal, item, labelled, policy, refers, rule, under

ABOVE = rule("above", "link", "trust", ancestor={"label": "marked"})
JUDGE = Judge(policy(*RULES, rule("old", "flag", "aged", "monitor", age={"older_than": "10d"}), ABOVE))


def judged(case: Case, judge: Judge = JUDGE) -> Judgement:
    return next(judge.judge([case], NOW))


def own(case: Case, judge: Judge = JUDGE) -> str:
    return judge.own(case, NOW)


def test_every_rule_is_tried_and_says_how_it_fared() -> None:
    trials = {trial.rule: trial for trial in JUDGE.trials(under({"title": "Onboarding"}, {}), NOW)}
    assert list(trials) == [each.rule.id for each in JUDGE.book.rules]
    assert (trials["words"].matched, trials["words"].because) == (True, 'title or body has "onboarding"')
    assert (trials["area"].matched, trials["area"].because) == (False, "no label (wanted: area/security*)")
    assert (trials["above"].matched, trials["above"].because) == (False, "ancestor WEB-2: no label (wanted: marked)")
    assert (trials["old"].matched, trials["old"].because) == (True, "created 2026-10-22 is older than 10d")


def test_a_judgement_keeps_the_rules_that_matched_or_cannot_be_told() -> None:
    case = under({"title": "Onboarding"}, {})
    told = [trial for trial in JUDGE.trials(case, NOW) if trial.matched is not False]
    assert judged(case).trials == tuple(told)
    assert {trial.rule for trial in told} == {"words", "old"}


def test_cases_stream_one_at_a_time() -> None:
    taken = []

    def cases() -> Iterator[Case]:
        for n in range(3):
            taken.append(n)
            yield labelled("goal:live")

    judgements = JUDGE.judge(cases(), NOW)
    next(judgements)
    assert taken == [0]


def test_what_a_rule_on_trial_finds_is_held() -> None:
    assert [finding.held for finding in judged(labelled("goal:live")).findings] == ["monitor"]


def test_the_state_of_the_item_itself_is_known_since() -> None:
    judge = Judge(policy(rule("slow", "flag", "stuck", in_state={"older_than": "5d"})))
    stuck = replace(labelled("goal:live"), state_since=at("2026-11-01"))
    assert [finding.kind for finding in judged(stuck, judge).findings] == ["stuck"]
    assert judged(labelled("goal:live"), judge).trials[0].matched is None


# The same facts, the same judgement

LABELS = st.lists(st.sampled_from(["goal:live", "goal:trust", "no:rewrite", "ops", "marked", "calm"]), max_size=2)
LINKS = st.lists(st.tuples(st.sampled_from(["closes", "links", "mentions"]), st.integers(0, 5)), max_size=2)


@st.composite
def worlds(draw: st.DrawFn) -> list[Case]:
    """Six items with any parents, cycles included, and any references, as the store would give them."""
    parents = draw(st.lists(st.integers(-1, 5), min_size=6, max_size=6))
    items = [
        item(f"W-{n}", labels=tuple(draw(LABELS)), parent=f"jira:W-{parent}" if parent >= 0 else "")
        for n, parent in enumerate(parents)
    ]
    pointers = [draw(LINKS) for _ in items]
    return [_case(n, items, parents, pointers) for n in range(6)]


def _case(n: int, items: list[Item], parents: list[int], pointers: list[list[tuple[Any, int]]]) -> Case:
    line, cycle = _line(n, parents)
    references = tuple(
        refers(kind, items[target], *(items[up] for up in _line(target, parents)[0][1:]), by="" if at == n else items[at].id)
        for at in line
        for kind, target in pointers[at]
    )  # fmt: skip
    return Case(items[n], tuple(items[up] for up in line[1:]), references, cycle)


def _line(n: int, parents: list[int]) -> tuple[list[int], bool]:
    line = [n]
    while (parent := parents[line[-1]]) >= 0:
        if parent in line:
            return line, True
        line.append(parent)
    return line, False


@given(worlds())
def test_the_order_of_cases_does_not_matter(cases: list[Case]) -> None:
    alone = [judged(case) for case in cases]
    assert list(JUDGE.judge(cases, NOW)) == alone
    assert list(JUDGE.judge(cases[::-1], NOW)) == alone[::-1]


@given(worlds())
def test_inheritance_ends_in_every_cycle_and_names_an_item_of_the_case(cases: list[Case]) -> None:
    for case, judgement in zip(cases, JUDGE.judge(cases, NOW), strict=True):
        known = {one.id for one in case.lineage()}
        for referenced in case.references:
            known |= {referenced.item.id, *(above.id for above in referenced.ancestors)}
        for link in (*judgement.links, *judgement.against):
            assert all(evidence.via in known | {""} for evidence in link.evidence)


@given(worlds())
def test_every_unlinked_item_has_unlinked_ancestors_only(cases: list[Case]) -> None:
    kinds = {}
    for case, judgement in zip(cases, JUDGE.judge(cases, NOW), strict=True):
        kinds[case.item.id] = [finding.kind for finding in judgement.findings]
    for case in cases:
        if "unlinked" in kinds[case.item.id] and not case.cycle:
            assert all("unlinked" in kinds[ancestor.id] for ancestor in case.ancestors)


@given(worlds(), st.integers(0, 5), LABELS)
def test_an_item_is_judged_alike_while_it_and_the_own_of_what_it_reads_are_unchanged(
    cases: list[Case], edited: int, labels: list[str]
) -> None:
    """What incremental judging stands on: an edit travels from an item to its readers by ``own`` alone."""
    before = cases[edited].item
    changed = [_with(case, before, replace(before, labels=tuple(labels))) for case in cases]
    moved = {old.item.id for old, new in zip(cases, changed, strict=True) if own(old) != own(new)}
    for old, new in zip(cases, changed, strict=True):
        reads = {above.id for above in old.ancestors[:1]} | {r.item.id for r in old.references if not r.by}
        if old.item is not before and not reads & moved:
            assert judged(new) == judged(old)


def _with(case: Case, before: Item, after: Item) -> Case:
    def swap(one: Item) -> Item:
        return after if one.id == before.id else one

    references = tuple(
        replace(each, item=swap(each.item), ancestors=tuple(map(swap, each.ancestors))) for each in case.references
    )
    return Case(swap(case.item), tuple(map(swap, case.ancestors)), references, case.cycle)


# What others may read of an item


@pytest.mark.parametrize(
    "edit",
    [
        {"labels": ("goal:trust",)},
        {"labels": ("goal:live", "marked")},
        {"labels": ("ops",)},
        {"title": "Another name"},
        {"key": "MOVED-1"},
        {"parent": "jira:ELSE-1"},
    ],
)
def test_what_others_read_changes_the_own_fingerprint(edit: dict[str, Any]) -> None:
    case = labelled("goal:live")
    assert own(Case(replace(case.item, **edit))) != own(case)


@pytest.mark.parametrize(
    "edit",
    [
        {"body": "New text", "status": "Review", "status_category": "todo", "points": 5.0},
        {"labels": ("goal:live", "calm")},
        {"updated_at": at("2026-11-22")},
    ],
)
def test_what_nobody_reads_leaves_it(edit: dict[str, Any]) -> None:
    case = labelled("goal:live")
    judge = Judge(policy())
    assert own(Case(replace(case.item, **edit)), judge) == own(case, judge)


def test_an_item_with_a_goal_of_its_own_shields_those_below_from_above() -> None:
    judge = Judge(policy())
    shielded = (under({"labels": ("goal:live",)}, {}), under({"labels": ("goal:live",)}, {"labels": ("goal:trust",)}))
    open_ = (under({}, {}), under({}, {"title": "Renamed"}))
    assert own(shielded[0], judge) == own(shielded[1], judge)
    assert own(open_[0], judge) != own(open_[1], judge)
    assert own(shielded[0]) != own(Case(shielded[0].item, (replace(shielded[0].ancestors[0], labels=("marked",)),)))


def test_judgements_carry_the_own_fingerprint() -> None:
    assert judged(labelled("goal:live")).own == own(labelled("goal:live")) != ""


# The policy


def digest(**changes: Any) -> str:
    return Judge(Policy(**{"strategy": policy().strategy, "rules": RULES, **changes})).digest


def test_policies_that_judge_alike_have_one_digest() -> None:
    owned = replace(policy().strategy, goals=(replace(GOALS[0], owner="Ana", share=0.4), *GOALS[1:]))
    assert digest() == digest(strategy=owned)


@pytest.mark.parametrize(
    "changes",
    [
        {"rules": RULES[:-1]},
        {"rules": RULES[::-1]},
        {"rules": (replace(RULES[0], mode="monitor"), *RULES[1:])},
        {"rules": (replace(RULES[0], when={"text": ["other"]}), *RULES[1:])},
        {"needs_goal": {"kind": ["bug"]}},
        {"strategy": replace(policy().strategy, goals=(*GOALS[:-1], replace(GOALS[-1], title="New")))},
        {"strategy": replace(policy().strategy, goals=(replace(GOALS[0], accepts=Accepts(labels=("x",))), *GOALS[1:]))},
    ],
)
def test_policies_that_judge_otherwise_have_another(changes: dict[str, Any]) -> None:
    assert digest(**changes) != digest()


@pytest.mark.parametrize(
    ("bad", "path", "told"),
    [
        (rule("r", "link", "lvie", label=["x"]), ("rules", 0, "link"), "unknown goal 'lvie': did you mean 'live'?"),
        (rule("r", "link", "rewrite", label=["x"]), ("rules", 0, "link"), "unknown goal 'rewrite'"),
        (rule("r", "non_goal", "live", label=["x"]), ("rules", 0, "non_goal"), "allowed are rewrite"),
        (rule("r", "link", "live", lable=["x"]), ("rules", 0, "when", "lable"), "did you mean 'label'?"),
    ],
)
def test_a_policy_that_does_not_hold_together_is_refused(bad: Rule, path: tuple[str | int, ...], told: str) -> None:
    with pytest.raises(BadCondition) as caught:
        Judge(policy(bad))
    assert caught.value.path == path
    assert told in caught.value.message


def test_a_bad_needs_goal_is_refused_with_its_place() -> None:
    with pytest.raises(BadCondition) as caught:
        Judge(policy(needs_goal={"kind": ["epci"]}))
    assert caught.value.path == ("needs_goal", "kind", 0)


def test_a_cycle_among_goals_does_not_hang() -> None:
    one, two = goal("one", parent="two", accepts=Accepts(labels=("x",))), goal("two", parent="one")
    judgement = judged(labelled("x"), Judge(Policy(replace(policy().strategy, goals=(one, two)))))
    assert [link.goal for link in judgement.links] == ["one"]


def test_a_trial_says_what_the_matcher_says() -> None:
    case = under({"labels": ("area/security-eu",)}, {"labels": ("marked",)})
    for trial, compiled in zip(JUDGE.trials(case, NOW), JUDGE.book.rules, strict=True):
        assert (trial.matched, trial.because) == compile_condition(compiled.rule.when).explain(case, NOW)
