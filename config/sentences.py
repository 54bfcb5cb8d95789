"""What pydantic found, in plain sentences: what is wrong, what was expected, the nearest right word.

Values are not repeated, but for the words of a closed list: any other may be a secret in the wrong place.
"""

import re
from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from config import schema
from config.problems import Fault, KeyPath, nearest, quoted


def faults(error: ValidationError, file: str, value: Any) -> Iterator[Fault]:
    """One fault for each finding of pydantic about ``value``, the content of ``file``."""
    for finding in error.errors(include_url=False):
        # a list whose entries are refused counts as empty to pydantic; the entries are what is wrong
        if finding["type"] != "too_short" or not finding["input"]:
            yield _fault(finding, file, value)


def _fault(finding: ErrorDetails, file: str, value: Any) -> Fault:
    path, found = finding["loc"], finding["input"]
    match finding["type"]:
        case "extra_forbidden":
            known = schema.keys(schema.at(schema.schema(file), path[:-1], value))
            return Fault(path, "unknown key", nearest(str(path[-1]), known), at_key=True)
        case "literal_error":
            return _not_in_list(finding)
        case "value_error":
            return Fault(path, str(finding["ctx"]["error"]))
        case kind if kind in _TYPES:
            return Fault(path, f"expected {_TYPES[kind]}, found {_type(found)}", _rewrite(kind, found))
        case kind if kind in _BOUNDS:
            return Fault(path, _BOUNDS[kind].format(**finding["ctx"]))
        case kind:
            message = _DESCRIBED.get(kind, "not accepted here")
            return Fault(path, f"{message}: {_description(file, path, value)}", _respell(path, found))


_TYPES = {
    "model_type": "keys and values",
    "dict_type": "keys and values",
    "tuple_type": "a list",
    "string_type": "text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
}
_BOUNDS = {
    "greater_than": "must be more than {gt:g}",
    "greater_than_equal": "must be at least {ge:g}",
    "less_than_equal": "must be at most {le:g}",
}
_DESCRIBED = {
    "missing": "this key is missing",
    "string_pattern_mismatch": "not in the form expected here",
    "string_too_short": "must not be empty",
    "too_short": "must not be empty",
}


def _rewrite(kind: str, found: Any) -> str:
    """How to write what was probably meant, where a value has the wrong type."""
    match kind:
        case "tuple_type" if isinstance(found, str | int | float):
            return "put it in brackets: [ … ]"
        case "string_type" if isinstance(found, int | float):
            return "put it in quotes"
        case "int_type" | "float_type" if isinstance(found, str) and re.fullmatch(r"[-+]?\d{1,18}(\.\d+)?", found):
            return "remove the quotes"
        case "bool_type" if isinstance(found, str) and found.lower() in ("yes", "on", "no", "off"):
            return f"write {str(found.lower() in ('yes', 'on')).lower()}"
    return ""


def _respell(path: KeyPath, found: Any) -> str:
    """A spelling that fits, for names and addresses that do not."""
    if not isinstance(found, str):
        return ""
    if path[-1] in ("url", "public_url") and "://" not in found:
        return "start it with https://"
    slug = re.sub(r"[^a-z0-9]+", "-", found.lower())[:60].strip("-")
    return f'did you mean "{slug}"?' if path[-1] in ("id", "name") and slug else ""


def _not_in_list(finding: ErrorDetails) -> Fault:
    known = re.findall(r"'([^']*)'", finding["ctx"]["expected"])
    found = finding["input"]
    if not isinstance(found, str):
        return Fault(finding["loc"], f"expected one of {', '.join(known)}, found {_type(found)}")
    return Fault(finding["loc"], f"unknown value {quoted(found)}", nearest(found, known))


def _type(value: Any) -> str:
    """What a value is, in an operator's words."""
    match value:
        case None:
            return "nothing"
        case bool():
            return "true" if value else "false"
        case str():
            return "text"
        case int() | float():
            return "a number"
        case dict():
            return "keys and values"
    return "a list"


def _description(file: str, path: KeyPath, value: Any) -> str:
    """What the schema says about the place, else about the nearest described place above."""
    for depth in range(len(path), 0, -1):
        parts = schema.at(schema.schema(file), path[:depth], value)
        for part in parts:
            if text := part.get("description", ""):
                return str(text).splitlines()[0].rstrip(".")
        if words := dict.fromkeys(str(part["const"]) for part in parts if "const" in part):
            return "one of " + ", ".join(words)
    return "see docs/configuration.md"
