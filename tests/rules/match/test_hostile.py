"""Rules that try to cost more than they may: refused, or bounded in time."""

import time
from typing import Any

import pytest

from rules.crowds import is_catch_all
from rules.match import BadCondition, compile_condition
from rules.match.errors import spell
from rules.model import Case, Checks, Crowd
from rules.model.checks import CatchAll
from tests.rules.cast import NOW, item, line

LONG = Case(item(title="a" * 500, body="a" * 100_000 + "!"))


def seconds(when: dict[str, Any], case: Case = LONG) -> float:
    """Processor time to compile the condition and to explain it once."""
    start = time.process_time()
    compile_condition(when).explain(case, NOW)
    return time.process_time() - start


@pytest.mark.parametrize(
    "pattern", ["(a+)+$", "(a|a)*b", "(a|aa)+b", "(.*a){20}b", "([a-z]+)*!x", "a?" * 60 + "a" * 60 + "b"]
)
def test_patterns_that_ruin_a_backtracking_engine_take_linear_time(pattern: str) -> None:
    assert seconds({"regex": pattern}) < 1


def test_an_alternation_of_thousands_of_words_stays_fast() -> None:
    lists = [{"text": [f"word{n}x{m}" for m in range(1000)]} for n in range(5)]
    assert seconds({"any": lists}) < 3


def test_patterns_that_are_too_large_together_are_refused() -> None:
    rules = [{"regex": {"pattern": f"x{n}\\pL{{30}}y", "in": "title"}} for n in range(50)]
    with pytest.raises(BadCondition, match="too large together: use fewer or smaller ones"):
        compile_condition({"any": rules})


def test_the_longest_glob_takes_no_time_to_fail() -> None:
    assert seconds({"label": "*a" * 250}, Case(item(labels=("a" * 249 + "b",) * 100))) < 1


def test_aliases_that_multiply_are_refused() -> None:
    when: dict[str, Any] = {"label": "x"}
    for _ in range(8):
        when = {"any": [when] * 10}
    with pytest.raises(BadCondition, match="more than 5000 clauses"):
        compile_condition(when)


def test_depth_is_refused_before_it_exhausts_the_stack() -> None:
    when: dict[str, Any] = {"kind": "epic"}
    for _ in range(5000):
        when = {"parent": when}
    with pytest.raises(BadCondition, match="more than 12 deep"):
        compile_condition(when)


# Files that are small and say much


def refusal(when: Any) -> BadCondition:
    with pytest.raises(BadCondition) as caught:
        compile_condition(when)
    return caught.value


def bomb(levels: int) -> list[Any]:
    """Ten times ten times …, as aliases of YAML write it in a few lines."""
    value: list[Any] = ["x"]
    for _ in range(levels):
        value = [value] * 10
    return value


LOOP: dict[str, Any] = {}
LOOP["any"] = [LOOP]
HEREDITY: dict[str, Any] = {}
HEREDITY["parent"] = HEREDITY
RING: list[Any] = []
RING.append(RING)
MANY = [f"word{n}" for n in range(20_000)]

REFUSED: list[tuple[Any, str, str]] = [
    ({"label": bomb(40)}, "label[0]", "expected a word or a list of words, got [[[["),
    (bomb(40), "", "expected a condition such as label: checkout; got [[["),
    ({"field": bomb(40)}, "field", "expected keys and values"),
    ({"age": {"older_than": bomb(40)}}, "age.older_than", "expected a duration such as 90d"),
    ({"label": RING}, "label[0]", "expected a word or a list of words"),
    (LOOP, "any[0]." * 12 + "any[0]", "more than 12 deep inside one another: split the rule"),
    (HEREDITY, "parent." * 12 + "parent", "more than 12 deep"),
    ({"any": [{"all": [{"none": [LOOP]}]}]}, "any[0].all[0].none[0]." + "any[0]." * 9 + "any[0]", "more than 12 deep"),
    ({"text": MANY}, "text", "the list has 20000 values, allowed are 1000"),
    ({"label": {"any": MANY}}, "label.any", "the list has 20000 values, allowed are 1000"),
    ({"any": [{"label": word} for word in MANY]}, "any", "the list has 20000 values, allowed are 1000"),
    ({"regex": "|".join(MANY)}, "regex", "characters, allowed are 500"),
    ({"regex": [f"{n}{'x?' * 200}" for n in range(1000)]}, "regex", "too large together: use fewer or smaller ones"),
    ({"field": dict.fromkeys(MANY, "x")}, "field", "there are 20000 keys, allowed are 1000"),
    (
        {"all": [{"field": dict.fromkeys(MANY[:1000], "x")}] * 6},
        "all[4].field.word994",
        "more than 5000 clauses together",
    ),
    ({"any": [{"label": ["x"] * 1000}] * 101}, "any[100].label[0]", "more than 100000 words together"),
    ({"lable" * 10_000: 1}, "", "a key has 50000 characters, allowed are 500"),
    ({"lable" * 50: 1}, "lable" * 50, "unknown key 'lable"),
    ({"kind": "b" * 400}, "kind", "unknown value 'bbb"),
    ({"label": "x" * 1_000_000}, "label", "the word has 1000000 characters, allowed are 500"),
    ({"label": 10**5000}, "label", "the number has too many digits"),
    ({"points": {"min": 10**400}}, "points.min", "expected a number"),
    ({"points": {"min": float("inf")}}, "points.min", "expected a number"),
    ({"age": {"older_than": "9" * 400 + "d"}}, "age.older_than", "expected a duration"),
]


@pytest.mark.parametrize(
    ("when", "place", "told"), REFUSED, ids=[f"{told} at {place[:30]}" for _, place, told in REFUSED]
)
def test_it_is_refused_with_its_place_and_in_few_words(when: Any, place: str, told: str) -> None:
    start = time.process_time()
    error = refusal(when)
    assert spell(error.path) == place
    assert told in error.message
    assert len(error.message) < 1000
    assert time.process_time() - start < 5


def test_words_that_are_too_many_for_one_pass_are_refused() -> None:
    lists = [{"text": [f"{n}-{m}-{'x' * 480}" for m in range(1000)]} for n in range(20)]
    assert "too large together: use fewer or shorter ones" in refusal({"any": lists}).message


# Items that are huge


@pytest.mark.parametrize("when", [{"text": "checkout"}, {"regex": "(x+x+)+y"}, {"text": {"none": ["a b"]}}])
def test_a_text_of_megabytes_takes_time_linear_in_it(when: dict[str, Any]) -> None:
    huge = Case(item(title="x" * 100_000, body="x " * 1_500_000))
    assert seconds(when, huge) < 3


def test_digits_without_end_are_no_outcome_and_cost_no_time() -> None:
    checks = Checks(catch_all=CatchAll(children=1, components=1))
    start = time.process_time()
    assert is_catch_all(item(body="1,1." * 250_000), Crowd(9, 9, 9), checks)
    assert time.process_time() - start < 2


def test_thousands_of_labels_and_ancestors_take_no_time() -> None:
    labels = tuple(f"label-{n}" for n in range(5000))
    deep = line(*(item(f"WEB-{n}", labels=labels) for n in range(100)))
    assert seconds({"ancestor": {"label": {"any": ["x*", "*y", "z"]}}}, deep) < 3
