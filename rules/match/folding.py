"""One spelling for texts that differ only in case or in Unicode form."""

import re
import unicodedata
from typing import Any

_SYMBOLS = re.compile(r"[^\w\x00-\x7f]+")
_WORD = re.compile(r"\w+")


def fold(text: str) -> str:
    """``text`` without differences of case and Unicode form."""
    return text.casefold() if text.isascii() else unicodedata.normalize("NFKC", text).casefold()


def fold_prose(text: str) -> str:
    """``fold``, with every character beyond ASCII that is not part of a word made a space."""
    return text.casefold() if text.isascii() else _SYMBOLS.sub(" ", fold(text))


def words(text: str) -> list[str]:
    """The words and numbers of a text, folded, in their order."""
    return _WORD.findall(fold(text))


def plain(value: Any) -> tuple[str, ...]:
    """A field's value as strings: none for an empty one, ``true`` for True, ``3`` for 3.0."""
    if value is None or value == "":
        return ()
    if isinstance(value, bool):
        return ("true" if value else "false",)
    if isinstance(value, float) and value.is_integer():
        return (str(int(value)),)
    if isinstance(value, list | tuple):
        return tuple(text for part in value for text in plain(part))
    return (str(value),)
