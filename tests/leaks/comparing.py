"""Two worlds that a partner could not tell apart: are they the same to the byte?"""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from random import Random

from syncd.mirrors import comparing, places
from syncd.mirrors.models import Mirror
from syncd.sharing import letters
from tests.leaks.outside import Answer, Ask, Visitor, some, unlike
from tests.leaks.worlds import SIDES, Pair, Worlds, ids_in_order, pair

QUIET = 4
"""In every so many pairs nothing public happens at the end, while it does in the others."""


def differences(folder: Path, seed: int, pairs: int, *, most: int = 4, later: bool = True) -> Iterator[str]:
    """What differs between the worlds of each pair, and what a private change changes in one world.

    :param most: requests of each visitor, beyond those that show the most
    :param later: also look whether a private change changes anything in one world
    """
    random = Random(seed)
    with ids_in_order():
        worlds = Worlds(folder, [pair(number, random) for number in range(pairs)], random)
        worlds.begin()
        worlds.go_on(random)
        letters.contacts.tell(worlds.now + timedelta(hours=1))
        _intend(worlds)
        visitors = {one.number: [Visitor(one, side) for side in SIDES] for one in worlds.pairs}
        asked = {one.number: some(visitors[one.number][0], random, most) for one in worlds.pairs}
        for one in worlds.pairs:
            yield from _between(one, *visitors[one.number], asked[one.number])
        quiet = worlds.pairs[::QUIET] if later else []
        if not quiet:
            return
        before = {one.number: _exactly(visitors[one.number][0], asked[one.number]) for one in quiet}
        pushed = {one.number: visitors[one.number][0].pushed() for one in quiet}
        worlds.go_on(random, quiet=quiet)
        _intend(worlds)
        for one in quiet:
            if visitors[one.number][0].pushed() != pushed[one.number]:
                yield f"pair {one.number}: a private change would be written to the partner's tools"
            yield from _over_time(one, visitors[one.number][0], before[one.number])


def _intend(worlds: Worlds) -> None:
    """Find out what is to be written to the partners' own tools."""
    places.follow(worlds.now)
    for mirror in Mirror.objects.order_by("id"):
        comparing.compare(mirror, worlds.now)


def _between(of: Pair, one: Visitor, other: Visitor, asked: list[Ask]) -> Iterator[str]:
    if one.ids.keys() != other.ids.keys():
        yield f"pair {of.number}: they see other things: {one.ids.keys() ^ other.ids.keys()}"
        return
    if one.letters() != other.letters():
        yield f"pair {of.number}: other letters\n{one.letters()}\n{other.letters()}"
    if one.pushed() != other.pushed():
        yield f"pair {of.number}: other things are written\n{one.pushed()}\n{other.pushed()}"
    for ask in asked:
        first, second = one.ask(ask), other.ask(ask)
        if first != second:
            yield f"pair {of.number}: {ask}\n{unlike(first, second)}"


def _exactly(visitor: Visitor, asked: list[Ask]) -> dict[Ask, Answer]:
    return {ask: visitor.exactly(ask) for ask in asked if ask.method in ("get", "head")}


def _over_time(of: Pair, visitor: Visitor, before: dict[Ask, Answer]) -> Iterator[str]:
    """Nothing happened that the partner may see."""
    for ask, was in before.items():
        now = visitor.exactly(ask)
        if now != was:
            yield f"pair {of.number}, after a private change: {ask}\n{unlike(was, now)}"
