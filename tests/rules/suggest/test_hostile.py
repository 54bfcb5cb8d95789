"""Nothing that comes in makes it fail, and what comes out keeps its shape."""

import math
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from rules.suggest import Suggester

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
WORDS = st.sampled_from(["checkout", "PaymentIntent", "audit log", "área", "支払い", "kube-proxy", "v1.2", ""])
GOALS = st.fixed_dictionaries(
    {}, optional=dict.fromkeys(("id", "title", "why", "status", "kind", "parent"), WORDS | VALUES)
)
ITEMS = st.fixed_dictionaries({}, optional=dict.fromkeys(("title", "body", "labels", "components"), WORDS | VALUES))


@settings(max_examples=150)
@given(
    goals=st.lists(GOALS | VALUES, max_size=8),
    examples=st.lists(st.tuples(ITEMS | VALUES, WORDS), max_size=8),
    item=ITEMS | VALUES,
)
def test_any_goals_examples_and_items_give_sound_suggestions(goals: Any, examples: Any, item: Any) -> None:
    suggester = Suggester().fit(goals, examples)
    ranked = suggester.rank(item, 5)
    assert suggester.suggest(item, 5) in ([], ranked)
    assert len({each.goal for each in ranked}) == len(ranked)
    assert all(math.isfinite(each.confidence) and 0 < each.confidence < 1 for each in ranked)
    assert sum(each.confidence for each in ranked) <= 1 + 1e-9
    assert all(len(each.words) <= 5 for each in ranked)


@settings(max_examples=50)
@given(
    order=st.permutations(range(4)),
    title=st.sampled_from(["checkouts", "audit log of payment", "PaymentProxy", "log"]),
    label=st.sampled_from(["a", "b"]),
)
def test_the_order_of_the_goals_does_not_matter(order: list[int], title: str, label: str) -> None:
    goals = [{"id": str(n), "title": text} for n, text in enumerate(["Checkout", "Audit log", "Payment in", "Proxy"])]
    examples = [({"title": f"Change {n}", "labels": ["a"]}, str(n % 2)) for n in range(8)]
    item = {"title": title, "labels": [label]}
    before = Suggester().fit(goals, examples).rank(item)[0]
    after = Suggester().fit([goals[at] for at in order], examples).rank(item)[0]
    assert before.goal == after.goal
    assert math.isclose(before.confidence, after.confidence, rel_tol=1e-6)


def test_thousands_of_goals_are_no_trouble() -> None:
    goals = [
        {"id": f"g{n}", "title": f"Goal{chr(97 + n % 26)} number {n:05}", "why": "checkout " * 3} for n in range(3000)
    ]
    goals.append({"id": "ledger", "title": "Ledger export"})
    assert Suggester().fit(goals).suggest({"title": "Export the ledger"})[0].goal == "ledger"


def test_a_huge_item_is_cut_to_size() -> None:
    item = {"title": "audit " * 20_000, "body": "log " * 200_000, "labels": ["x"] * 10_000}
    assert Suggester().fit([{"id": "a", "title": "Audit log"}, {"id": "b", "title": "Phones"}]).suggest(item)
