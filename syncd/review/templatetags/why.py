"""``{% load why %}``: what a rule rests on, highlighted in the text it was found in."""

from collections.abc import Iterator, Sequence

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from rules.explain import Mark

register = template.Library()


@register.filter
def marked(title: str, marks: Sequence[Mark]) -> SafeString:
    """The title with what was found in it marked; of overlapping marks the first."""
    return format_html_join("", "{}", ((piece,) for piece in _pieces(title, marks)))


def _pieces(title: str, marks: Sequence[Mark]) -> Iterator[SafeString | str]:
    at = 0
    for mark in sorted((each for each in marks if each.part == "title" and each.start >= 0), key=lambda m: m.start):
        if mark.start >= at:
            yield title[at : mark.start]
            yield format_html("<mark>{}</mark>", title[mark.start : mark.end])
            at = mark.end
    yield title[at:]


@register.filter
def in_title(marks: Sequence[Mark]) -> bool:
    """Whether something of the title is marked."""
    return any(mark.part == "title" and mark.start >= 0 for mark in marks)


@register.filter
def elsewhere(marks: Sequence[Mark]) -> list[Mark]:
    """The marks that are not in the title: of the text, and values such as labels."""
    return [mark for mark in marks if mark.part != "title" or mark.start < 0]
