"""Bytes to text, and the parser's complaints about the text in an operator's words."""

import re

import yaml

from config.yaml.document import Mark, Unreadable

MAX_BYTES = 1_000_000

_NOT_TEXT = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def decode(data: bytes) -> str:
    """UTF-8 without a byte order mark and without control characters."""
    if len(data) > MAX_BYTES:
        raise Unreadable(Mark(1, 1), f"the file is larger than {MAX_BYTES:,} bytes", "is this the right file?")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Unreadable(Mark(1, 1), "the file is written in UTF-16", "save it as UTF-8")
    if data.startswith(b"\xef\xbb\xbf"):
        raise Unreadable(Mark(1, 1), "the file starts with a byte order mark", "save it as UTF-8 without BOM")
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        mark = _mark_at(data[: error.start].decode())
        raise Unreadable(mark, "this byte is not UTF-8", "save the file as UTF-8") from None
    if odd := _NOT_TEXT.search(text):
        raise Unreadable(_mark_at(text[: odd.start()]), f"control character U+{ord(odd[0]):04X}", "remove it")
    return text


def _mark_at(before: str) -> Mark:
    return Mark(before.count("\n") + 1, len(before) - before.rfind("\n"))


_REMEDIES = {
    "mapping values are not allowed": (
        "a second key starts inside a value",
        "put a value that contains a colon in quotes, or check the indentation",
    ),
    "cannot start any token": ("a value cannot start with this character", "put the value in quotes"),
    "',' or ']'": ("the list that starts with [ is not closed before this place", "add ] or a comma"),
    "',' or '}'": ("the braces that start with { are not closed before this place", "add } or a comma"),
    "unexpected end of stream": ("a quote is opened and never closed", "close it"),
    "expected '-' indicator": ("the list ends here without its own indentation", "indent list items alike"),
    "did not find expected key": ("no key was found where one is expected", "align it with the keys above"),
    "could not find expected ':'": ("a key without a colon", "write KEY: VALUE"),
    "unknown escape": ("an unknown escape in double quotes", "use single quotes, or double the backslash"),
    "incompatible YAML": ("this %YAML directive is not supported", "remove it"),
}


def complaint(error: yaml.MarkedYAMLError, text: str) -> Unreadable:
    """The parser's message in our words."""
    problem = error.problem or "not readable as YAML"
    at = error.context_mark if "end of stream" in problem else error.problem_mark
    mark = Mark(at.line + 1, at.column + 1) if at else Mark(1, 1)
    line = text.splitlines()[mark.line - 1] if mark.line <= len(text.splitlines()) else ""
    if "\t" in line[: len(line) - len(line.lstrip())]:
        return Unreadable(mark, "a tab in the indentation", "indent with spaces")
    for part, (message, hint) in _REMEDIES.items():
        if part in problem:
            return Unreadable(mark, message, hint)
    return Unreadable(mark, f"not readable as YAML: {problem}")
