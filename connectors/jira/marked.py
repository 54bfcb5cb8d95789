"""An issue that carries a row: its summary, due date, labels, and a block of the description between two lines.

    syncd:4f1c…
    Due: 2026-12

    Your people sign in with the account they have.
    /syncd:4f1c…

What stands before and behind the block is the partner's. The marker is also kept as an entity property, which no
editor shows. Cloud holds documents (ADF), Data Center text in wiki markup. Pure.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from connectors import block
from connectors.base import BadResponse
from connectors.block import cut, one_line, tidy
from connectors.jira import adf
from connectors.mirror import NO_TITLE, Held, Slots

Json = Mapping[str, Any]

PROPERTY = "syncd"
LABEL = "syncd"
"""On every row, so that they can be listed."""
STATUS = "status-"
"""Begins the label that tells the status."""
DAY = "due:date"
"""The slot of Jira's own due date: where the agreement shows the day."""
BLOCK = (*block.LABELS, "notes")
FIELDS = ("summary", "description", "labels", "duedate", "status", "created", "project")
HANGING = ("comment", "attachment", "subtasks", "issuelinks", "worklog", "assignee")
"""What people may have put on an issue, which a deletion would take with it."""
LONGEST_TITLE, LONGEST_LABEL, LONGEST_NOTES = 255, 255, 30_000

_MARK = re.compile(r"^/?syncd:([0-9a-f]{24})(?: gone)?$")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_WIKI = re.compile(r"(?<!\\)([{\[])")


def fit(values: Mapping[str, str], *, cloud: bool, dated: bool) -> dict[str, str]:
    """Values as they will be read back.

    :param dated: whether the project has the field for the due date
    """
    slots = {name: one_line(values.get(name, "")) for name in block.LABELS}
    slots["title"] = block.title(values.get("title", ""), LONGEST_TITLE)
    slots["status"] = cut(one_line(values.get("status", "")).replace(" ", "-"), LONGEST_LABEL - len(STATUS))
    paragraphs = cut(tidy(values.get("notes", "")), LONGEST_NOTES).split("\n\n")
    slots["notes"] = "\n\n".join(part.strip() for part in paragraphs)  # a document keeps no blanks around them
    if not cloud:  # markup that makes macros and links
        slots |= {name: _WIKI.sub(r"\\\1", slots[name]) for name in BLOCK}
    if dated and _DAY.fullmatch(values.get("due", "")):
        slots[DAY] = values["due"]
    return slots


def fields(held: Held | None, marker: str, slots: Slots, *, cloud: bool, gone: bool = False) -> dict[str, Any]:
    """What to set for these slots, without the labels.

    :param held: the issue as it is; None for a new one
    """
    out: dict[str, Any] = {}
    if "title" in slots:
        out["summary"] = slots["title"] or NO_TITLE
    if DAY in slots:
        out["duedate"] = slots[DAY] or None
    if held is None or gone or any(name in slots for name in BLOCK):
        was = held.raw.get("description") if held else None
        whole = {**(held.slots if held else {}), **slots}
        make = _document if cloud else _wiki
        out["description"] = make(was, marker, whole, gone=gone)
    return out


def labels(held: Held, status: str) -> list[dict[str, str]]:
    """Operations on the labels: ours goes and comes, the others are not looked at."""
    was = held.slots.get("status")
    removing = [{"remove": STATUS + was}] if was else []
    return [*removing, *([{"add": STATUS + status}] if status else [])]


def held(issue: Json, site: str) -> Held:
    """An issue. One that carries no row has no marker.

    :raises BadResponse: it has no id or time
    """
    try:
        found = issue["fields"]
        marker, inner, gone = _block(found.get("description"))
        kept = (issue.get("properties") or {}).get(PROPERTY) or {}
        title = found.get("summary") or ""
        return Held(
            remote=str(issue["id"]),
            marker=kept.get("marker") or marker,
            slots={
                "title": "" if title == NO_TITLE else title,
                "status": _status(found),
                DAY: found.get("duedate") or "",
            }
            | block.read(inner),
            made=datetime.fromisoformat(found["created"]),
            url=f"{site}/browse/{issue['key']}",
            stage=(found.get("status") or {}).get("name") or "",
            live=not (kept.get("gone") or gone),
            remarks=(found.get("comment") or {}).get("total"),
            raw={"description": found.get("description"), "hangs": _hangs(found)},
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadResponse(f"an issue that cannot be read: {type(error).__name__}: {error}") from error


def said(comment: Json) -> str:
    """The text of a comment, of either deployment."""
    body = comment.get("body")
    return body if isinstance(body, str) else adf.text(body)


def _status(found: Json) -> str:
    names = [name for name in found.get("labels") or () if isinstance(name, str)]
    return ",".join(sorted(name.removeprefix(STATUS) for name in names if name.startswith(STATUS)))


def _hangs(found: Json) -> bool:
    """Whether people put something on the issue, or wrote beside our block."""
    comments, worklog = found.get("comment") or {}, found.get("worklog") or {}
    before, behind = _around(found.get("description"))
    return bool(
        comments.get("total")
        or worklog.get("total")
        or any(found.get(name) for name in ("attachment", "subtasks", "issuelinks", "assignee"))
        or before
        or behind
    )


def _block(description: Any) -> tuple[str, str, bool]:
    """The marker, what stands between its lines, and whether the row is withdrawn."""
    parts = _parts(description)
    span = _span(parts)
    if span is None:
        return "", "", False
    opens = parts[span[0]]
    whole, gap = (_whole(description), "\n") if isinstance(description, str) else (parts, "\n\n")
    inner = whole[span[0] + 1 : span[1]]
    match = _MARK.match(opens)
    return (match[1] if match else ""), gap.join(inner), opens.endswith(" gone")


def _around(description: Any) -> tuple[Sequence[Any], Sequence[Any]]:
    """What stands before and behind the block: lines of text, or nodes of a document."""
    whole = _whole(description)
    span = _span(_parts(description))
    return (whole, []) if span is None else (whole[: span[0]], whole[span[1] + 1 :])


def _whole(description: Any) -> list[Any]:
    if isinstance(description, str):
        return description.replace("\r\n", "\n").split("\n") if description else []
    return list((description or {}).get("content") or [])


def _parts(description: Any) -> list[str]:
    """As text: a line, or a node each."""
    return [part.strip() if isinstance(part, str) else adf.text(part) for part in _whole(description)]


def _span(parts: Sequence[str]) -> tuple[int, int] | None:
    opens = next((at for at, part in enumerate(parts) if part.startswith("syncd:") and _MARK.match(part)), None)
    if opens is None:
        return None
    closing = f"/{parts[opens].removesuffix(' gone')}"
    closes = next((at for at in range(opens + 1, len(parts)) if parts[at] == closing), None)
    return None if closes is None else (opens, closes)


def _wiki(was: Any, marker: str, slots: Slots, *, gone: bool) -> str:
    before, behind = _around(was or "")
    inner = block.lines(slots, "{}:").split("\n")
    return "\n".join([*before, _line(marker, gone=gone), *inner, f"/syncd:{marker}", *behind])


def _document(was: Any, marker: str, slots: Slots, *, gone: bool) -> dict[str, Any]:
    before, behind = _around(was)
    said = block.lines(slots, "{}:")
    inner = [_paragraph(part) for part in said.split("\n\n")] if said else []  # one for the facts, if only an empty one
    content = [*before, _paragraph(_line(marker, gone=gone)), *inner, _paragraph(f"/syncd:{marker}"), *behind]
    return {"type": "doc", "version": 1, "content": content}


def _line(marker: str, *, gone: bool) -> str:
    return f"syncd:{marker}{' gone' if gone else ''}"


def _paragraph(text: str) -> dict[str, Any]:
    content: list[dict[str, Any]] = []
    for line in text.split("\n"):
        if content:
            content.append({"type": "hardBreak"})
        if line:
            content.append({"type": "text", "text": line})
    return {"type": "paragraph", "content": content}
