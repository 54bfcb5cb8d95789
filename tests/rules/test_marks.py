"""What of an item a match rests on: places in title and body, and values."""

from typing import Any

import pytest

from rules.explain.marks import Mark, marks
from rules.match import compile_condition
from rules.model import Case
from tests.rules.cast import NOW, item, under


def marked(when: dict[str, Any], **values: Any) -> list[Mark]:
    case = Case(item(**values))
    assert compile_condition(when)(case, NOW), "only what matched has marks"
    return list(marks(when, case, NOW))


@pytest.mark.parametrize(
    ("when", "values", "shown"),
    [
        ({"text": ["checkout"]}, {"title": "Faster Checkout, please"}, [("title", "Checkout", 7, 15)]),
        ({"text": {"any": ["checkout"], "in": ["body"]}}, {"title": "Checkout", "body": "the checkout"}, [("body", "checkout", 4, 12)]),
        ({"text": {"all": ["pay", "late"]}}, {"title": "Late to pay"}, [("title", "Late", 0, 4), ("title", "pay", 8, 11)]),
        ({"text": ["payment intent"]}, {"title": "(payment  intent)"}, [("title", "payment  intent", 1, 16)]),
        ({"text": ["straße"]}, {"title": "Die Straße hier"}, [("title", "straße", -1, -1)]),
        ({"text": ["über"]}, {"title": "Rechnung über alles"}, [("title", "über", 9, 13)]),
        ({"regex": "pay(ment)?s"}, {"title": "Ein Zahl – Payments"}, [("title", "Payments", 11, 19)]),
        ({"regex": {"patterns": ["x+", "yy"], "in": ["body"]}}, {"body": "a yy"}, [("body", "yy", 2, 4)]),
        ({"label": "area/*"}, {"labels": ("Area/Pay", "other")}, [("label", "Area/Pay", -1, -1)]),
        ({"component": {"none": ["legacy"]}}, {"components": ("web",)}, []),
        ({"any": [{"label": "a"}, {"text": ["b"]}]}, {"labels": ("a",), "title": "b c"}, [("title", "b", 0, 1), ("label", "a", -1, -1)]),
        ({"any": [{"all": [{"label": "a"}, {"label": "z"}]}, {"label": "b"}]}, {"labels": ("a", "b")}, [("label", "b", -1, -1)]),
        ({"label": "a", "none": [{"label": "b"}]}, {"labels": ("a",)}, [("label", "a", -1, -1)]),
        ({"points": {"min": 2}}, {"points": 3.0}, []),
    ],
)  # fmt: skip
def test_a_mark_is_what_the_condition_found(when: dict[str, Any], values: dict[str, Any], shown: list[Any]) -> None:
    found = marked(when, **values)
    assert [(mark.part, mark.text, mark.start, mark.end) for mark in found] == shown
    for mark in found:
        if mark.start >= 0:
            assert values[mark.part][mark.start : mark.end] == mark.text


def test_what_stands_above_leaves_no_mark_on_the_item() -> None:
    case = under({}, {"labels": ("epic-label",)})
    assert marks({"parent": {"label": "epic-label"}}, case, NOW) == ()
