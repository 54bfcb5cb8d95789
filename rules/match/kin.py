"""Matchers over the items above: by name, or by a condition of their own."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from hashlib import blake2b

from rules.match.clause import Answer, Clause
from rules.match.errors import listed
from rules.match.folding import fold
from rules.match.site import Build, Site, Sought
from rules.match.values import Holds, has_any
from rules.match.view import View, addresses


def _kin(who: str, reach: int | None) -> Build:
    """The matcher over the next ``reach`` items above, over all of them for None."""

    def build(site: Site) -> Clause:
        described = isinstance(site.value, Mapping)
        words = () if described else site.words()
        condition = site.nested() if described else _named(words)
        site.scope.about_kin.append(Sought(condition, _key(site.value), site.negated))
        return _above(who, reach, condition, has_any(words))

    return build


def _above(who: str, reach: int | None, condition: Clause, fits: Holds) -> Clause:
    """Whether the condition holds above. An item there that is not stored has a name and nothing else."""

    def test(view: View, now: datetime) -> Answer:
        answer: Answer = False
        for other in view.ancestors[:reach]:
            got = condition.test(other, now)
            if got:
                return True
            if got is None:
                answer = None
        missing = view.missing(reach)
        return fits(_names_in(missing)) or None if missing else answer

    def say(view: View, now: datetime, answer: Answer) -> str:
        for other in view.ancestors[:reach]:
            if condition.test(other, now) is answer:
                return f"{who} {other.item.key}: {condition.say(other, now, answer)}"
        if missing := view.missing(reach):
            return f"{who} is {missing}" if answer else f"{who} {missing} is not known"
        return f"no {who}"

    def moments(view: View, now: datetime) -> Iterator[datetime]:
        for other in view.ancestors[:reach]:
            yield from condition.moments(other, now) if condition.moments else ()

    return Clause(test, say, condition.prose, moments if condition.moments else None)


def _key(value: object) -> str:
    return blake2b(json.dumps(value, sort_keys=True, default=str).encode(), digest_size=8).hexdigest()


def _named(words: tuple[str, ...]) -> Clause:
    fits = has_any(words)

    def test(view: View, _: datetime) -> Answer:
        return fits((fold(view.item.key), *addresses(view.item)))

    def say(_: View, __: datetime, answer: Answer) -> str:
        return "named so" if answer else f"wanted: {listed(words)}"

    return Clause(test, say)


def _names_in(address: str) -> tuple[str, str]:
    """What an address tells of an item that is not stored: the address itself, and the key in it."""
    return fold(address), fold(address.partition(":")[2])


parent = _kin("parent", 1)
ancestor = _kin("ancestor", None)
