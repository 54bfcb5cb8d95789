"""``{% load charts %}``: pictures of shares and weeks, with their words and their table.

``title`` is the finding as a sentence ("A third of the work serves no goal"), never the name of the chart.
"""

from collections.abc import Sequence
from typing import Any

from django import template
from django.utils.safestring import SafeString

from syncd.web import charts
from syncd.web.charts import Column, Part

register = template.Library()


@register.inclusion_tag("web/charts/stack.html")
def stack_chart(parts: Sequence[Part], title: str, unit: str = "items", csv: str = "") -> dict[str, Any]:
    """One stacked bar with its legend and table. ``csv``: address of the same numbers as a file."""
    return {
        "svg": charts.stack(parts, title),
        "shares": charts.shares(parts),
        "title": _unbroken(title),
        "unit": unit,
        "csv": csv,
    }


@register.inclusion_tag("web/charts/columns.html")
def column_chart(weeks: Sequence[Column], title: str, unit: str = "items", csv: str = "") -> dict[str, Any]:
    """Stacked columns over weeks. Every column has the same parts in the same order."""
    return {
        "svg": charts.columns(weeks, title),
        "rows": map(charts.row, weeks),
        "parts": weeks[-1].parts if weeks else (),
        "first": weeks[0].label if weeks else "",
        "last": weeks[-1].label if weeks else "",
        "title": _unbroken(title),
        "unit": unit,
        "csv": csv,
    }


def _unbroken(title: str) -> str:
    """No line ends between a number and its sign."""
    return title.replace(" %", "\N{NO-BREAK SPACE}%")


@register.simple_tag
def small_stack(parts: Sequence[Part], whose: str) -> SafeString:
    """A bar in a row of a table, whose other cells say what matters of it."""
    told = ", ".join(f"{shown.part.label} {100 * shown.share:.0f} %" for shown in charts.shares(parts))
    return charts.stack(parts, f"{whose}: {told}")


@register.simple_tag
def bullet(share: float, aim: float | None, title: str, tone: str = "g1") -> SafeString:
    return charts.bullet(share, aim, title, tone)


@register.simple_tag
def spark(values: Sequence[float], title: str) -> SafeString:
    return charts.spark(values, title)


register.filter("swatch", charts.swatch)
