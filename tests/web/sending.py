"""What a browser sends of a form without a script."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import html5lib


def sent(page: str, name: str) -> str:
    """The query string of the form with this class, as it stands on the page."""
    forms = html5lib.parse(page, namespaceHTMLElements=False).iter("form")
    [form] = [each for each in forms if each.get("class") == name]
    return urlencode(list(_pairs(form)))


def _pairs(form: Any) -> Iterator[tuple[str, str]]:
    for field in form.iter():
        if field.tag == "select":
            options = list(field.iter("option"))
            chosen = next((each for each in options if "selected" in each.attrib), options[0])
            yield field.get("name"), chosen.get("value")
        elif field.tag == "input" and (field.get("type") != "checkbox" or "checked" in field.attrib):
            yield field.get("name"), field.get("value", "")
