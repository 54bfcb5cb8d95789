"""How a bar of filters draws its fields."""

from collections.abc import Iterable

from django.forms import BoundField
from django.utils.safestring import SafeString

from syncd.web.drawing import fill, joined


def fields(bound: Iterable[BoundField]) -> SafeString:
    """Each with its label; the words, which are typed, get more room."""
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
