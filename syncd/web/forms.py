"""Forms in the look: ``{{ form }}`` and ``{{ form.reason.as_field_group }}`` draw labels, hints and errors."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.forms.renderers import TemplatesSetting
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

Widget = Mapping[str, Any]
"""What a widget gives its template: Django's ``Widget.get_context``."""


class Renderer(TemplatesSetting):
    """Draws fields by our templates. The simple widgets, of which a bar of filters has many, are drawn without one: Django
    renders two templates for each option of a list, which was a tenth of a page's time."""

    form_template_name = "web/parts/form.html"
    field_template_name = "web/parts/field.html"

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        draw = DRAWN.get(template_name)
        return draw(context["widget"]) if draw else super().render(template_name, context, request)


def _input(widget: Widget) -> SafeString:
    value = widget["value"]
    given = {"value": value} if value is not None else {}
    return format_html("<input{}>", _attributes({"type": widget["type"], "name": widget["name"], **given}, widget))


def _select(widget: Widget) -> SafeString:
    groups = _joined(_group(group, options) for group, options, _ in widget["optgroups"])
    return format_html("<select{}>{}</select>", _attributes({"name": widget["name"]}, widget), groups)


def _group(group: Any, options: Iterable[Widget]) -> SafeString:
    drawn = _joined(
        format_html("<option{}>{}</option>", _attributes({"value": option["value"]}, option), option["label"])
        for option in options
    )
    return format_html('<optgroup label="{}">{}</optgroup>', group, drawn) if group else drawn


def _joined(drawn: Iterable[SafeString]) -> SafeString:
    return mark_safe("".join(drawn))  # noqa: S308  each part is markup already


def _attributes(first: Mapping[str, Any], widget: Widget) -> SafeString:
    """As Django writes them: what is True stands alone, what is False does not stand there."""
    more = [
        f" {name}" if value is True else f' {name}="{_text(value)}"'
        for name, value in widget["attrs"].items()
        if value is not False
    ]
    return mark_safe("".join([*(f' {name}="{_text(value)}"' for name, value in first.items()), *more]))  # noqa: S308  names are ours, values are escaped


def _text(value: Any) -> str:
    return conditional_escape(value if isinstance(value, str) else str(value))


_INPUTS = ("text", "number", "email", "url", "password", "hidden", "date", "search", "input")
DRAWN: Mapping[str, Callable[[Widget], SafeString]] = {
    **{f"django/forms/widgets/{name}.html": _input for name in _INPUTS},
    "django/forms/widgets/select.html": _select,
}
"""Template of a widget -> what draws it instead."""
