"""Rules that try to cost more than they may: refused, or bounded in time."""

import time
from typing import Any

import pytest

from rules.match import BadCondition, compile_condition
from rules.model import Case
from tests.rules.cast import NOW, item

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
