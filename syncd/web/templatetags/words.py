"""``{% load words %}``: numbers, times and states in words."""

from datetime import datetime

from django import template

from syncd import __version__
from syncd.web import words

register = template.Library()
register.filter("ago", words.ago)
register.filter("ahead", words.ahead)
register.filter("thousands", lambda number: f"{number:,}")
register.filter("figure", words.figure)
register.simple_tag(lambda: __version__, name="version")


@register.filter
def counted(number: int, forms: str) -> str:
    """``{{ 2|counted:"item" }}``, or both forms: ``{{ 2|counted:"stream needs,streams need" }}``."""
    one, _, many = forms.partition(",")
    return words.counted(number, one, many)


@register.filter
def since(when: datetime, now: datetime) -> str:
    return words.span((now - when).total_seconds())
