"""What an edit of ``partners.yaml`` changes, field by field."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of one agreement. ``was`` and ``will_be`` are as written, None where there is nothing."""

    partner: str
    path: str
    was: Any
    will_be: Any


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Difference]:
    """Partners in the order of their ids; entries with an id are compared by it, wherever they stand."""
    old, new = (_by_id(side.get("partners") or ()) for side in (before, after))
    for partner in sorted(old.keys() | new.keys()):
        for path, was, will_be in _compared("", old.get(partner), new.get(partner)):
            yield Difference(partner, path, was, will_be)


def _compared(path: str, was: Any, will_be: Any) -> Iterator[tuple[str, Any, Any]]:
    if was == will_be:
        return
    sides = was if was is not None else {}, will_be if will_be is not None else {}
    keyed = [_by_id(side) if _has_ids(side) else side for side in sides]
    if path and (was is None or will_be is None) and not all(isinstance(side, Mapping) for side in keyed):
        yield path, was, will_be
    elif all(isinstance(side, Mapping) for side in keyed):
        one, other = keyed
        for name in sorted(one.keys() | other.keys()):
            yield from _compared(f"{path}.{name}".removeprefix("."), one.get(name), other.get(name))
    else:
        yield path, was, will_be


def _has_ids(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(each, Mapping) and "id" in each for each in value)


def _by_id(entries: Any) -> dict[str, Any]:
    return {str(entry["id"]): entry for entry in entries}
