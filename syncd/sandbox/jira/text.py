"""Text in Jira's two clothes: version 2 of the API speaks plain (wiki) text, version 3 Atlassian documents.

Structure of documents: developer.atlassian.com, "Atlassian Document Format".
"""

import re
from functools import lru_cache
from typing import Any

from syncd.sandbox.jira.model import Doc

_URL = re.compile(r"https?://[^\s<>\"')\]]+")
_BLOCKS = ("paragraph", "heading", "listItem", "codeBlock", "blockquote", "tableRow", "rule", "panel")


@lru_cache(maxsize=4096)
def document(text: str) -> dict[str, Any]:
    """Plain text as a document: paragraphs at blank lines, bullet lists, line breaks, URLs as links."""
    blocks = [_block(block) for block in re.split(r"\n\s*\n", text.strip()) if block.strip()]
    return {"type": "doc", "version": 1, "content": blocks}


def plain(doc: Doc) -> str:
    """The text of a document; text is what it is."""
    if isinstance(doc, str):
        return doc
    return re.sub(r"\n{3,}", "\n\n", "".join(_flatten(doc))).strip()


def in_version(doc: Doc, version: str) -> Doc | None:
    """As the API version gives it; None where nothing was written."""
    if not doc:
        return None
    if version == "3":
        return document(doc) if isinstance(doc, str) else doc
    return plain(doc)


def _block(text: str) -> dict[str, Any]:
    lines = text.strip().split("\n")
    if all(line.lstrip().startswith(("* ", "- ")) for line in lines):
        items = [{"type": "listItem", "content": [_paragraph([line.lstrip()[2:]])]} for line in lines]
        return {"type": "bulletList", "content": items}
    return _paragraph(lines)


def _paragraph(lines: list[str]) -> dict[str, Any]:
    content: list[dict[str, Any]] = []
    for line in lines:
        if content:
            content.append({"type": "hardBreak"})
        content += _inline(line)
    return {"type": "paragraph", "content": content}


def _inline(line: str) -> list[dict[str, Any]]:
    nodes: list[dict[str, Any]] = []
    at = 0
    for match in _URL.finditer(line):
        if match.start() > at:
            nodes.append({"type": "text", "text": line[at : match.start()]})
        link = {"type": "link", "attrs": {"href": match[0]}}
        nodes.append({"type": "text", "text": match[0], "marks": [link]})
        at = match.end()
    return [*nodes, {"type": "text", "text": line[at:]}] if at < len(line) else nodes


def _flatten(node: dict[str, Any]) -> list[str]:
    kind = node.get("type")
    if kind == "text":
        return [str(node.get("text", ""))]
    if kind == "hardBreak":
        return ["\n"]
    attrs = node.get("attrs") or {}
    own = [str(attrs.get("text") or attrs.get("url") or "")] if kind in ("mention", "emoji", "inlineCard") else []
    inner = [part for child in node.get("content") or () for part in _flatten(child)]
    return [*own, *inner, "\n\n"] if kind in _BLOCKS else own + inner
