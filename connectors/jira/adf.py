"""Atlassian Document Format to plain text.

https://developer.atlassian.com/cloud/jira/platform/apis/document/structure/ lists the nodes. What is
not known here gives the text and the children it has, so that a new kind of node loses nothing.
Without recursion: documents may nest as deep as they like.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

_BREAK = "\n"
_GAP = "\n\n"
_INLINE = frozenset(
    {"text", "hardBreak", "mention", "emoji", "date", "status", "inlineCard", "placeholder", "mediaInline"}
    | {"inlineExtension", "unsupportedInline"}
)
"""Nodes that go on in the same line; all others end theirs."""
_PLAIN = frozenset({"paragraph", "listItem", "heading", "tableRow", "tableCell", "tableHeader"})
"""Blocks that say nothing themselves: most of all nodes, so they have a short way."""


def text(document: Any) -> str:
    """The text of a document, with a blank line between its blocks and a line for each block within;
    ``""`` for anything that is not a document."""
    parts: list[str] = []
    stack: list[Any] = [document]
    while stack:
        node = stack.pop()
        if isinstance(node, str):
            _say(node, parts)
        elif isinstance(node, list):
            stack.extend(reversed(node))
        elif isinstance(node, dict):
            kind = str(node.get("type"))
            if kind == "text":
                if said := _linked(node):
                    parts.append(said)
            elif kind in _PLAIN:
                stack += (_BREAK, node.get("content"))
            else:
                _open(node, kind, stack)
    return "".join(parts).strip()


def _say(said: str, parts: list[str]) -> None:
    """Breaks and gaps add up to at most one blank line."""
    if said not in (_BREAK, _GAP):
        parts.append(said)
    elif not parts or parts[-1].endswith(said):
        return
    elif said == _GAP and parts[-1].endswith(_BREAK):
        parts[-1] = f"{parts[-1]}{_BREAK}"
    else:
        parts.append(said)


def _open(node: Mapping[str, Any], kind: str, stack: list[Any]) -> None:
    """Put on the stack what a node says itself, then its children, then the end of its line."""
    attributes = node.get("attrs")
    content = node.get("content")
    own = _own_text(kind, attributes if isinstance(attributes, dict) else {})
    if kind not in _INLINE:
        stack.append(_BREAK)
    if kind == "doc" and isinstance(content, list):
        content = [part for block in content for part in (block, _GAP)]
    elif kind in ("bulletList", "orderedList") and isinstance(content, list):
        first = _number(attributes) if kind == "orderedList" else None
        content = [part for at, item in enumerate(content) for part in (_bullet(first, at), item)]
    if content:
        stack.append(content)
    elif isinstance(node.get("text"), str):
        stack.append(node["text"])
    if own:
        stack.append(own)


def _own_text(kind: str, attributes: Mapping[str, Any]) -> str:
    match kind:
        case "hardBreak":
            return _BREAK
        case "date":
            return _day(attributes.get("timestamp"))
        case "taskItem":
            return "[x] " if attributes.get("state") == "DONE" else "[ ] "
        case "expand" | "nestedExpand":
            title = attributes.get("title")
            return f"{title}\n" if title else ""
        case "mention":
            name = str(attributes.get("text") or attributes.get("id") or "")
            return name if name.startswith("@") else f"@{name}"
    for name in ("text", "url", "alt", "shortName"):
        if isinstance(value := attributes.get(name), str) and value:
            return value
    return ""


def _linked(node: Mapping[str, Any]) -> str:
    """A piece of text; the target of a link follows it, unless it is the text itself."""
    said = node.get("text")
    if not isinstance(said, str):
        return ""
    if not isinstance(marks := node.get("marks"), list):
        return said
    for mark in marks:
        attributes = mark.get("attrs") if isinstance(mark, dict) else None
        target = attributes.get("href") if isinstance(attributes, dict) else None
        if isinstance(target, str) and target not in ("", said):
            return f"{said} ({target})"
    return said


def _bullet(first: int | None, at: int) -> str:
    return "- " if first is None else f"{first + at}. "


def _number(attributes: Any) -> int:
    order = attributes.get("order") if isinstance(attributes, dict) else None
    return order if isinstance(order, int) else 1


def _day(timestamp: Any) -> str:
    """A date node holds milliseconds since 1970 as a string."""
    try:
        return datetime.fromtimestamp(int(timestamp) / 1000, UTC).date().isoformat()
    except (TypeError, ValueError, OverflowError, OSError):
        return ""
