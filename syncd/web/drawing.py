"""Markup for what a page has many of. A row of thirty nodes costs a template ten times what it costs here, and fifty of them
were most of a page's time; whatever a page has once stays in its template."""

from collections.abc import Iterable
from html import escape

from django.forms import BoundField
from django.utils.safestring import SafeString

NOTHING = SafeString()
_SAFE = (SafeString, int)


def fill(markup: str, **cells: str | int) -> SafeString:
    """Markup of ours with a cell for each ``{name}``: what is neither markup already nor a number is escaped.

    >>> fill('<a href="{to}">{title}</a>', to="/a?b&c", title="<b>")
    '<a href="/a?b&amp;c">&lt;b&gt;</a>'
    """
    safe = {name: cell if isinstance(cell, _SAFE) else escape(cell) for name, cell in cells.items()}
    return SafeString(markup.format_map(safe))


def joined(drawn: Iterable[SafeString]) -> SafeString:
    """One after the other."""
    return SafeString("".join(drawn))


def fields(bound: Iterable[BoundField]) -> SafeString:
    """The fields of a bar of filters, each with its label; the words, which are typed, get more room."""
    return joined(
        fill(
            '<div class="field{long}"><label for="{id}">{label}</label>{field}</div>',
            long=" long" if field.name == "q" else "",
            id=field.id_for_label,
            label=str(field.label),
            field=SafeString(field),
        )
        for field in bound
    )
