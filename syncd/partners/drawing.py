"""What the templates of the partner side draw: icons, tags, days, and the numbers of a date."""

from datetime import date, datetime
from functools import lru_cache

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from lucide.templatetags.lucide import lucide

from syncd.partners.pages import periods

register = template.Library()

ICONS = {
    "good": "circle-check",
    "info": "circle-dot",
    "warn": "triangle-alert",
    "bad": "circle-alert",
    "calm": "circle",
}


@register.simple_tag
@lru_cache(maxsize=64)
def icon(name: str, size: int = 18) -> SafeString:
    """A picture beside words; nobody who listens hears of it."""
    svg = lucide(name, size=size, aria_hidden="true")
    return mark_safe("".join(line.strip() for line in svg.splitlines()))  # noqa: S308  the package's own markup


@register.simple_tag
def tag(word: str, tone: str = "calm") -> SafeString:
    """A state: a word with an icon; the colour only helps."""
    return format_html('<span class="tag {}">{}{}</span>', tone, icon(ICONS.get(tone, "circle"), 14), word)


@register.simple_tag
def day(moment: date | datetime) -> SafeString:
    """``24 November 2026``."""
    exact = moment.date() if isinstance(moment, datetime) else moment
    return format_html('<time datetime="{}">{}</time>', exact.isoformat(), periods.words(exact.isoformat()))


@register.simple_tag
def moment(at: datetime) -> SafeString:
    """``24 November 2026, 09:40 UTC``: the same for every reader, since nobody says where they are."""
    said = f"{periods.words(at.date().isoformat())}, {at:%H:%M} UTC"
    return format_html('<time datetime="{}">{}</time>', at.isoformat(timespec="minutes"), said)


@register.filter
def period(text: str) -> str:
    """A date in its grain, in words."""
    return periods.words(text)


@register.filter
def anchor(text: str) -> str:
    """A public id as an element's id: it must not begin like a number's sign."""
    return f"x{text}"
