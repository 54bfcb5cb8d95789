"""Checks that several files need: names that stand once, trackers that exist, conditions that compile."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from config.models.values import tracker_of
from config.problems import Fault, KeyPath, dotted, nearest, quoted
from rules.match import BadCondition, compile_condition

Trackers = Mapping[str, str] | None
"""Kind by name of the trackers in ``syncd.yaml``; None where that file cannot tell."""


def unique(names: Iterable[tuple[KeyPath, str]]) -> Iterator[Fault]:
    """Every name stands once."""
    taken: dict[str, KeyPath] = {}
    for path, name in names:
        if name in taken:
            yield Fault(path, f"{quoted(name)} is taken by {dotted(taken[name][:-1])}", "choose another name")
        taken.setdefault(name, path)


def tracker(path: KeyPath, name: str, trackers: Trackers, *, kind: str = "") -> Iterator[Fault]:
    """A tracker of that name is in ``syncd.yaml``, and of the kind that is needed."""
    if trackers is None:
        return
    fitting = [known for known, its_kind in trackers.items() if kind in ("", its_kind)]
    if name not in trackers:
        yield Fault(path, f"syncd.yaml has no tracker {quoted(name)}", nearest(name, fitting or trackers))
    elif name not in fitting:
        yield Fault(
            path, f"the tracker {quoted(name)} is of kind {trackers[name]}, expected {kind}", nearest(name, fitting)
        )


def items(path: KeyPath, names: Iterable[str], trackers: Trackers) -> Iterator[Fault]:
    """The trackers of items written as ``TRACKER:KEY`` are known."""
    for index, name in enumerate(names):
        yield from tracker((*path, index), tracker_of(name), trackers)


def condition(path: KeyPath, written: Mapping[str, Any], trackers: Trackers) -> Iterator[Fault]:
    """The condition compiles, and the trackers it names are known."""
    try:
        compile_condition(written)
    except BadCondition as error:
        yield Fault((*path, *error.path), error.message, at_key=True)
    else:
        for place, name in _trackers_in(path, written):
            if "*" not in name:
                yield from tracker(place, name, trackers)


def _trackers_in(path: KeyPath, part: Any, *, named: bool = False) -> Iterator[tuple[KeyPath, str]]:
    """Every word below a ``tracker`` key, with its place. What ``field`` holds is named by the trackers."""
    if isinstance(part, str) and named:
        yield path, part
    elif isinstance(part, list):
        for index, entry in enumerate(part):
            yield from _trackers_in((*path, index), entry, named=named)
    elif isinstance(part, dict):
        for key, entry in part.items():
            if key != "field":
                yield from _trackers_in((*path, key), entry, named=named or key == "tracker")
