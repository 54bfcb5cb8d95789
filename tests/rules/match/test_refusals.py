"""Mistakes in a condition: where they are, and what the writer is told."""

from datetime import UTC, datetime
from typing import Any

import pytest

from rules.match import BUILDS, BadCondition, compile_condition
from rules.match.errors import Path

DEEP: dict[str, Any] = {"kind": "bug"}
for _ in range(13):
    DEEP = {"any": [DEEP]}

MISTAKES: list[tuple[Any, Path, str]] = [
    ("checkout", (), "expected a condition such as label: checkout"),
    (["label"], (), "expected a condition such as label: checkout"),
    ({}, (), "would match every item"),
    ({"lable": "x"}, ("lable",), "did you mean 'label'?"),
    ({"zzzzzz": "x"}, ("zzzzzz",), "allowed are age, all, ancestor, any, assignee"),
    ({True: "x"}, (), "the key True is not a word: put it in quotes"),
    ({"any": {"label": "x"}}, ("any",), "put '- ' before each"),
    ({"any": []}, ("any",), "the list is empty"),
    ({"any": ["x"]}, ("any", 0), "expected a condition such as"),
    ({"any": [{"label": "x"}, {"kind": "bgu"}]}, ("any", 1, "kind"), "did you mean 'bug'?"),
    ({"none": [{}]}, ("none", 0), "would match every item"),
    ({"label": []}, ("label",), "the list is empty"),
    ({"label": ""}, ("label",), "the word is empty"),
    ({"label": None}, ("label",), "expected a word or a list of words, got None"),
    ({"label": True}, ("label",), "put it in quotes if the word is meant"),
    ({"label": [["x"]]}, ("label", 0), "expected a word or a list of words"),
    ({"label": {"any": ["x"], "not": ["y"]}}, ("label", "not"), "unknown key 'not'"),
    ({"label": {"any": []}}, ("label", "any"), "the list is empty"),
    ({"label": "x" * 501}, ("label",), "501 characters, allowed are 500"),
    ({"label": ["x"] * 1001}, ("label",), "1001 values, allowed are 1000"),
    ({"kind": ["epic", "storey"]}, ("kind", 1), "did you mean 'story'?"),
    ({"status_category": "x"}, ("status_category",), "allowed are cancelled, done, in_progress, todo"),
    ({"field": "Team"}, ("field",), "expected keys and values"),
    ({"field": {}}, ("field",), "expected keys and values"),
    ({"field": {"Team": None}}, ("field", "Team"), "expected a word"),
    ({"text": {"in": ["title"]}}, ("text",), "expected any, all or none"),
    ({"text": {"any": ["x"], "in": ["titel"]}}, ("text", "in", 0), "did you mean 'title'?"),
    ({"text": {"any": ["x"], "in": []}}, ("text", "in"), "the list is empty"),
    ({"text": "→"}, ("text",), "no letter, digit or sign to look for"),
    ({"regex": "(x"}, ("regex",), "missing )"),
    ({"regex": "(?=x)"}, ("regex",), "look-around and back-references are not part of it"),
    ({"regex": "(x)\\1"}, ("regex",), "not a regular expression of RE2"),
    ({"regex": ["fine", "x*"]}, ("regex", 1), "matches the empty text"),
    ({"regex": {"in": "title"}}, ("regex",), "expected either pattern or patterns"),
    ({"regex": {"pattern": "x", "patterns": ["y"]}}, ("regex",), "expected either pattern or patterns"),
    ({"regex": {"pattern": "x" * 501}}, ("regex", "pattern"), "501 characters"),
    ({"regex": "(x{500}){500}"}, ("regex",), "invalid repetition size"),
    ({"regex": "((\\pL{20}){10}){3}"}, ("regex",), "too large when compiled"),
    ({"parent": {}}, ("parent",), "would match every item"),
    ({"parent": {"any": ["WEB-1"]}}, ("parent", "any", 0), "expected a condition"),
    ({"parent": {"knd": "epic"}}, ("parent", "knd"), "did you mean 'kind'?"),
    ({"age": "90d"}, ("age",), "with the keys older_than, newer_than"),
    ({"age": {"older": "90d"}}, ("age", "older"), "did you mean 'older_than'?"),
    ({"age": {"older_than": "90"}}, ("age", "older_than"), "a duration such as 90d"),
    ({"age": {"older_than": 90}}, ("age", "older_than"), "a duration such as 90d"),
    ({"age": {"older_than": "999999d"}}, ("age", "older_than"), "a duration such as 90d"),
    ({"age": {"before": "2026-01-01"}}, ("age", "before"), "allowed are newer_than, older_than"),
    ({"created": {"before": "soon"}}, ("created", "before"), "a date such as 2026-10-01"),
    ({"created": {"after": datetime(2026, 1, 1, tzinfo=UTC)}}, ("created", "after"), "a date such as"),
    ({"due": {"overdue": "yes"}}, ("due", "overdue"), "expected true or false"),
    ({"due": {"overdu": True}}, ("due", "overdu"), "did you mean 'overdue'?"),
    ({"points": 5}, ("points",), "with the keys min, max, set"),
    ({"points": {"min": "5"}}, ("points", "min"), "expected a number"),
    ({"points": {"min": float("nan")}}, ("points", "min"), "expected a number"),
    ({"draft": "yes"}, ("draft",), "expected true or false"),
    ({"merged": 1}, ("merged",), "expected true or false"),
    (DEEP, ("any", 0) * 12 + ("any", 0), "more than 12 deep"),
]


@pytest.mark.parametrize(("when", "path", "told"), MISTAKES, ids=lambda value: str(value)[:60])
def test_a_mistake_is_told_with_its_place(when: Any, path: Path, told: str) -> None:
    with pytest.raises(BadCondition) as caught:
        compile_condition(when)
    assert told in caught.value.message
    assert caught.value.path == path


def test_a_place_is_spelled_as_people_write_it() -> None:
    with pytest.raises(BadCondition, match=r"^any\[1\]\.kind\[0\]: unknown value 'bgu'"):
        compile_condition({"any": [{"label": "x"}, {"kind": ["bgu"]}]})


@pytest.mark.parametrize("word", sorted(BUILDS))
def test_every_matcher_refuses_a_value_of_no_sense(word: str) -> None:
    with pytest.raises(BadCondition):
        compile_condition({word: object()})
