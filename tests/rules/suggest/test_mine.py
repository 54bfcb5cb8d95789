from datetime import UTC, datetime

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from config.models.rules import Rule as WrittenRule
from connectors.item import Item
from rules.examples import example_item, wrong_examples
from rules.match import compile_condition
from rules.mine import Mined, lower_bound, mine
from rules.model import Case, Policy, Strategy

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def item(number: int, title: str = "", **values: object) -> Item:
    return example_item({"tracker": "acme", "native_id": str(number), "title": title, **values}, NOW)


def linked(*groups: tuple[int, str, dict[str, object]]) -> tuple[list[tuple[str, str]], list[Item]]:
    """So many items of each kind, linked to a goal."""
    links, items = [], []
    for count, goal, values in groups:
        for _ in range(count):
            made = item(len(items), **values)
            items.append(made)
            links.append((made.id, goal))
    return links, items


def mined(*groups: tuple[int, str, dict[str, object]]) -> list[Mined]:
    return mine(*linked(*groups))


DRA, KUBE = {"title": "Claims", "labels": ["area/dra"]}, {"title": "Join a node", "labels": ["area/kubeadm"]}


def test_a_label_that_nearly_always_means_a_goal_becomes_a_rule_with_its_evidence() -> None:
    rules = mined((212, "dra", DRA), (2, "node", DRA), (100, "node", KUBE))
    assert [each.evidence for each in rules] == ["label area/dra: 212 of 214", "label area/kubeadm: 100 of 100"]
    assert rules[0].rule.because == "label area/dra: 212 of 214 accepted links go to dra"
    assert rules[0].rule.mode == "monitor"


def test_a_label_that_means_several_goals_makes_no_rule() -> None:
    assert mined((50, "dra", DRA | {"title": ""}), (50, "node", DRA | {"title": ""})) == []


def test_a_few_links_are_no_grounds() -> None:
    assert mined((10, "dra", DRA), (100, "node", KUBE))[0].rule.target == "node"
    assert len(mined((10, "dra", DRA), (100, "node", KUBE))) == 1


def test_what_holds_for_everything_anyway_is_no_rule() -> None:
    assert mined((50, "dra", DRA)) == []


def test_words_of_titles_come_after_labels_and_only_for_what_those_leave() -> None:
    rules = mined((40, "cli", {"title": "Fix kubectl", "labels": ["cli"]}), (30, "node", {"title": "A kubelet change"}))
    assert [each.evidence for each in rules] == ["label cli: 40 of 40", "“change” in the title: 30 of 30"]


def test_components_come_before_words() -> None:
    rules = mined((40, "web", {"title": "Checkout", "components": ["shop"]}), (40, "api", {"title": "Search"}))
    assert [each.rule.when for each in rules] == [
        {"component": "shop"},
        {"text": {"any": ["search"], "in": ["title"]}},
    ]


def test_a_word_is_counted_as_the_rule_language_finds_it() -> None:
    [rule, *_] = mined((30, "web", {"title": "checkout_form"}), (30, "api", {"title": "precheckout"}))
    assert (rule.rule.when["text"]["any"], rule.right, rule.matches) in ((["checkout"], 30, 30), (["form"], 30, 30))


def test_an_item_may_serve_several_goals() -> None:
    links, items = linked((30, "dra", DRA), (30, "node", KUBE))
    also = [(each.id, "platform") for each in items if "area/dra" in each.labels]
    targets = {each.rule.target for each in mine([*links, *also], items)}
    assert {"dra", "node"} <= targets or {"platform", "node"} <= targets


def test_items_without_links_and_links_without_items_are_passed_over() -> None:
    links, items = linked((40, "dra", DRA), (40, "node", KUBE))
    more = [item(1000 + n, labels=["area/dra"]) for n in range(40)]
    assert mine([*links, ("acme:gone", "dra")], [*items, *more]) == mine(links, items)


def test_nothing_gives_nothing() -> None:
    assert mine([], []) == []


def test_examples_are_real_items_that_the_rule_judges_as_it_says() -> None:
    rules = mined((40, "dra", DRA), (40, "node", KUBE), (40, "cli", {"title": "Fix kubectl"}))
    assert len(rules) == 3
    for each in rules:
        assert {example.matches for example in each.rule.examples} == {True, False}
    assert list(wrong_examples(Policy(Strategy("", ()), tuple(each.rule for each in rules)), NOW)) == []


def test_the_yaml_is_a_rule_of_rules_yaml() -> None:
    for each in mined((40, "dra", DRA), (40, "node", KUBE)):
        written = WrittenRule.model_validate(yaml.safe_load(yaml.safe_dump(each.as_yaml())))
        assert (written.id, written.link, written.when) == (each.rule.id, each.rule.target, each.rule.when)


@pytest.mark.parametrize("label", ["*", "area/*", "  ", "x" * 600])
def test_a_label_that_a_rule_cannot_name_is_left_alone(label: str) -> None:
    assert mined((40, "dra", {"labels": [label]}), (40, "node", {"labels": ["fine"]}))[0].rule.when == {"label": "fine"}


def test_ids_are_valid_and_differ() -> None:
    ids = [
        each.rule.id
        for each in mined((40, "dra", {"labels": ["a/b"]}), (40, "node", {}), (40, "dra", {"labels": ["a b"]}))
    ]
    assert ids == ["dra-a-b", "dra-a-b-2"]


@pytest.mark.parametrize(("right", "of", "bound"), [(212, 214, 0.967), (16, 16, 0.806), (15, 15, 0.796), (0, 5, 0.0)])
def test_the_lower_bound_is_wilsons(right: int, of: int, bound: float) -> None:
    assert lower_bound(right, of) == pytest.approx(bound, abs=0.001)


LABELS = st.lists(st.sampled_from(["a", "B", "b", "ü*", "Ünder", "c d", ""]) | st.text(max_size=4), max_size=3)


@settings(max_examples=60)
@given(st.lists(st.tuples(st.text(max_size=12), LABELS, st.sampled_from(["x", "y", "z"])), max_size=25))
def test_whatever_is_linked_every_rule_matches_exactly_what_it_claims(made: list[tuple[str, list[str], str]]) -> None:
    items = [item(n, title, labels=labels) for n, (title, labels, _) in enumerate(made)]
    goals = {each.id: goal for each, (_, _, goal) in zip(items, made, strict=True)}
    for each in mine(goals.items(), items, sure=0.3, worth=1):
        matches = compile_condition(each.rule.when)
        hits = [goals[one.id] for one in items if matches(Case(one), NOW)]
        assert (hits.count(each.rule.target), len(hits)) == (each.right, each.matches)
