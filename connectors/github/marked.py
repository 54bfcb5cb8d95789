"""An issue that carries a row: its block between two invisible comments, its title, its label. Pure.

Whatever stands before and behind the block is the partner's. What could be markup in the block is shown as text:
GitHub would render HTML and fetch pictures.
"""

import re
from collections.abc import Mapping
from datetime import datetime

from connectors import block
from connectors.base import BadResponse
from connectors.block import cut, one_line, tidy
from connectors.github.lists import Row
from connectors.mirror import NO_TITLE, Held, Slots

LABEL = "status: "
BLOCK = (*block.LABELS, "notes")
"""The slots that are told in the block."""
LONGEST_TITLE, LONGEST_LABEL, LONGEST_NOTES = 256, 50, 60_000
"""Characters; a text holds 65,536."""

_BLOCK = re.compile(r"<!-- syncd:([0-9a-f]{24})( gone)? -->\r?\n?(.*?)\r?\n?<!-- /syncd:\1 -->", re.DOTALL)
_MARKUP = re.compile(r"<(?=[A-Za-z/!?])")
_PICTURE = re.compile(r"!+(?=\[)")


def fit(values: Mapping[str, str]) -> dict[str, str]:
    """Values as they will be read back."""
    slots = {name: one_line(_harmless(values.get(name, ""))) for name in block.LABELS}
    slots["title"] = block.title(values.get("title", ""), LONGEST_TITLE)
    slots["status"] = cut(one_line(values.get("status", "").replace(",", ";")), LONGEST_LABEL - len(LABEL))
    slots["notes"] = cut(tidy(_harmless(values.get("notes", ""))), LONGEST_NOTES)
    return slots


def body(text: str, marker: str, slots: Slots, *, gone: bool = False) -> str:
    """The text with the block of this row in it, and all else as it was.

    :param gone: the row is withdrawn; what its block still says is the partner's
    """
    made = f"<!-- syncd:{marker}{' gone' if gone else ''} -->\n{block.lines(slots)}\n<!-- /syncd:{marker} -->"
    for found in _BLOCK.finditer(text):
        if found[1] == marker:
            return f"{text[: found.start()]}{made}{text[found.end() :]}"
    return f"{made}\n\n{text}" if text else made


def held(row: Row) -> Held:
    """An issue of a list. One that carries no row has no marker.

    :raises BadResponse: it has no number or time
    """
    text = row.get("body") or ""
    found = _BLOCK.search(text)
    title = row.get("title") or ""
    try:
        return Held(
            remote=str(row["number"]),
            marker=found[1] if found and "pull_request" not in row else "",
            slots={"title": "" if title == NO_TITLE else title, "status": _status(row)}
            | block.read(found[3] if found else ""),
            made=datetime.fromisoformat(row["created_at"]),
            url=row.get("html_url") or "",
            stage=row["state"],
            live=not (found and found[2]),
            remarks=row.get("comments"),
            raw={"body": text},
        )
    except (KeyError, TypeError, ValueError) as error:
        raise BadResponse(f"an issue that cannot be read: {type(error).__name__}: {error}") from error


def _status(row: Row) -> str:
    """Of the label; several are told together, and are nothing that we wrote."""
    names = [label["name"] for label in row.get("labels") or () if isinstance(label, dict)]
    return ", ".join(sorted(name.removeprefix(LABEL) for name in names if name.startswith(LABEL)))


def _harmless(text: str) -> str:
    return _PICTURE.sub("", _MARKUP.sub("&lt;", text))
