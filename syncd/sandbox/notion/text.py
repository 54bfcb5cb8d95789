"""Rich text: the pieces that titles, text properties and comments are made of.

Source: "Rich text". A piece is kept in the form in which the API gives it.
"""

from typing import Any

from syncd.sandbox.notion.errors import invalid

_PLAIN = {
    "bold": False,
    "italic": False,
    "strikethrough": False,
    "underline": False,
    "code": False,
    "color": "default",
}
LONGEST = 2000
"""Characters in one piece that a client may write."""


def words(content: str, link: str | None = None) -> dict[str, Any]:
    return {
        "type": "text",
        "text": {"content": content, "link": {"url": link} if link else None},
        "annotations": _PLAIN,
        "plain_text": content,
        "href": link,
    }


def page_mention(page_id: str, title: str) -> dict[str, Any]:
    return {
        "type": "mention",
        "mention": {"type": "page", "page": {"id": page_id}},
        "annotations": _PLAIN,
        "plain_text": title,
        "href": f"https://app.notion.com/p/{page_id.replace('-', '')}",
    }


def plain(pieces: list[dict[str, Any]]) -> str:
    return "".join(piece["plain_text"] for piece in pieces)


def read(pieces: Any, where: str) -> list[dict[str, Any]]:
    """Rich text as a client wrote it.

    :param where: place in the body, for the error
    :raises Refused: 400 validation_error
    """
    if not isinstance(pieces, list):
        raise invalid(f"body failed validation: {where} should be an array, instead was `{pieces!r}`.")
    if len(pieces) > 100:
        raise invalid(f"body failed validation: {where}.length should be ≤ `100`, instead was `{len(pieces)}`.")
    return [_piece(piece, f"{where}[{position}]") for position, piece in enumerate(pieces)]


def _piece(piece: Any, where: str) -> dict[str, Any]:
    if isinstance(piece, dict) and isinstance(mention := piece.get("mention"), dict) and "page" in mention:
        return page_mention(str(mention["page"]["id"]), str(piece.get("plain_text", "Untitled")))
    written = piece.get("text") if isinstance(piece, dict) else None
    content = written.get("content") if isinstance(written, dict) else None
    if not isinstance(content, str):
        raise invalid(f"body failed validation: {where}.text.content should be a string, instead was `{content!r}`.")
    if len(content) > LONGEST:
        limit = f"should be ≤ `{LONGEST}`, instead was `{len(content)}`"
        raise invalid(f"body failed validation: {where}.text.content.length {limit}.")
    link = (written or {}).get("link") or {}
    return words(content, link.get("url")) | {"annotations": _PLAIN | (piece.get("annotations") or {})}
