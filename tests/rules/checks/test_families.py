"""Whatever a family looks like, one flag says one thing, and what others say is known from what they show."""

from collections import defaultdict
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from connectors.item import Item
from rules.engine import Judge
from rules.model import Case, Checks, Crowd, Outcome
from tests.rules.cast import GOALS, NOW, item, policy

STATED = replace(GOALS[1], why="It hurts", outcome=Outcome("clinics"))
JUDGE = Judge(policy(goals=(GOALS[0], STATED, *GOALS[2:]), checks=Checks(modes={"missing_why": "enforce"})))
TEXTS = ("", "User: nurse", "Problem: slow", "Outcome: 40 a day", "User: nurse\nProblem: slow")
LABELS = (
    (),
    (),
    ("goal:live",),
    ("goal:trust",),
    ("goal:live", "goal:trust"),
    ("ops",),
    ("no:rewrite",),
    ("goal:old",),
)
MEMBERS = st.builds(
    lambda body, labels, kind, state: {"body": body, "labels": labels, "kind": kind, "status_category": state},
    st.sampled_from(TEXTS),
    st.sampled_from(LABELS),
    st.sampled_from(("epic", "story", "task", "bug", "subtask")),
    st.sampled_from(("todo", "in_progress", "in_progress", "done")),
)
FAMILIES = st.lists(MEMBERS, min_size=2, max_size=7).flatmap(
    lambda members: st.tuples(
        st.just(members),
        st.tuples(*(st.integers(-1, index - 1) if index else st.just(-1) for index in range(len(members)))),
    )
)
"""Members, and for each the index of its parent among those before it; -1 for none."""


def cases(members: list[dict], parents: tuple[int, ...]) -> list[Case]:
    """Every member with those above it, and who has how many children."""
    above = {index: f"jira:WEB-{parent}" if parent >= 0 else "" for index, parent in enumerate(parents)}
    items = [item(f"WEB-{index}", **{**values, "parent": above[index]}) for index, values in enumerate(members)]
    crowds = {items[parent].id: Crowd(parents.count(parent), 0, 1) for parent in parents if parent >= 0}
    return [Case(one, tuple(_line(items, parents, index)), crowds=crowds) for index, one in enumerate(items)]


def _line(items: list[Item], parents: tuple[int, ...], index: int) -> list[Item]:
    line = []
    while (index := parents[index]) >= 0:
        line.append(items[index])
    return line


@given(FAMILIES)
def test_all_findings_of_one_flag_say_the_same(family: tuple) -> None:
    told = defaultdict(set)
    for judgement in JUDGE.judge(cases(*family), NOW):
        for finding in judgement.findings:
            told[finding.fingerprint].add((finding.message, finding.fix))
    assert all(len(words) == 1 for words in told.values()), told


@given(FAMILIES, st.sampled_from(TEXTS), st.sampled_from(("todo", "in_progress", "done")))
def test_who_shows_the_same_as_before_changes_nothing_below(family: tuple, body: str, state: str) -> None:
    members, parents = family
    edited = [{**members[0], "body": body, "status_category": state}, *members[1:]]
    before, after = (list(JUDGE.judge(cases(each, parents), NOW)) for each in (members, edited))
    if before[0].own == after[0].own:
        assert before[1:] == after[1:]
