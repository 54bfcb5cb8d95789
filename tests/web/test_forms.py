"""Widgets that are drawn without a template say what Django's own templates say."""

from datetime import date
from typing import Any

import pytest
from django import forms
from django.forms.renderers import TemplatesSetting
from django.test.html import parse_html
from django.utils.safestring import mark_safe

from syncd.web.forms import DRAWN, Renderer

GROUPS = [("", "Any"), ("a&b", 'A "quoted" <one>'), ("Group <1>", [("1", "One"), (2, "Two")])]
CASES: list[tuple[forms.Widget, Any]] = [
    (forms.TextInput(), None),
    (forms.TextInput(attrs={"type": "search", "placeholder": 'say "<it>"', "required": True, "disabled": False}), "<b>&'\""),
    (forms.TextInput(), mark_safe("&amp;")),
    (forms.NumberInput(attrs={"min": 0}), 3),
    (forms.PasswordInput(render_value=True), "x"),
    (forms.HiddenInput(), ""),
    (forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), date(2026, 11, 2)),
    (forms.Select(choices=GROUPS), "a&b"),
    (forms.Select(choices=GROUPS, attrs={"size": 8, "data-x": "<"}), 2),
    (forms.Select(choices=[(None, "Nothing"), (True, "Yes")]), None),
    (forms.SelectMultiple(choices=GROUPS), ["1", "a&b"]),
]  # fmt: skip


@pytest.mark.parametrize(("widget", "value"), CASES, ids=lambda case: type(case).__name__)
def test_a_widget_is_what_django_draws(widget: forms.Widget, value: Any) -> None:
    ours = widget.render("field", value, {"id": "by-field"}, renderer=Renderer())
    theirs = widget.render("field", value, {"id": "by-field"}, renderer=TemplatesSetting())

    assert parse_html(ours) == parse_html(theirs)


def test_every_widget_that_is_drawn_here_has_a_template_of_django() -> None:
    for name in DRAWN:
        TemplatesSetting().get_template(name)
