"""``{% load words %}``: numbers, times and states in words."""

from datetime import date, datetime

from django import template

from rules import calendar
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
def spelled(day: str) -> str:
    """``2026-12-15`` as ``15 December 2026``; what is no day stays as it is."""
    try:
        return calendar.spelled(date.fromisoformat(day)) if len(day) == len("2026-12-15") else day
    except ValueError:
        return day


@register.filter
def since(when: datetime, now: datetime) -> str:
    return words.span((now - when).total_seconds())
