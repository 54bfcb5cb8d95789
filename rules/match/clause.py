"""Compiled clauses, and how they combine when some are unknown (Kleene's strong logic of three values).

A clause answers True, False or None (not to be told from what is known). ``say`` puts an answer into
words; it asks ``test`` and nothing else, so that an explanation never contradicts the match.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from rules.match.errors import listed
from rules.match.view import View

Answer = bool | None
Test = Callable[[View, datetime], Answer]
Say = Callable[[View, datetime, Answer], str]
Moments = Callable[[View, datetime], Iterator[datetime]]
Shut = Callable[[View, datetime], bool]


class Way(NamedTuple):
    """One way to meet a need: a value that suits."""

    read: Callable[[View], Iterable[Any]]
    """The values; one and the same function for all that look at the same."""
    suits: Callable[[Any], bool]


Need = tuple[Way, ...]
"""Where an item meets it in none of these ways, the clause is False, whatever the time and whatever else is known."""


@dataclass(frozen=True, slots=True)
class Clause:
    """A test, its words, and what is known about it before any item comes."""

    test: Test
    say: Say
    prose: bool = False
    """Whether a match may rest on prose (``text`` or ``regex``, not under ``none``)."""
    moments: Moments | None = None
    """The times after now at which it may answer otherwise, in any order; None where it never looks at the
    time. Between two of them answer and words stay as they are."""
    shut: Shut | None = None
    """Whether the answer is False whatever the time; None where that is not to be told cheaply."""
    parts: tuple["Clause", ...] = ()
    """The clauses all of which must hold, where there are several."""
    needs: tuple[Need, ...] = ()
    """All of them have to be met."""
    exact: bool = False
    """Whether it is nothing but its needs: where they are met it is True."""


def all_of(clauses: Sequence[Clause]) -> Clause:
    """True when every clause is; the first False decides."""
    if len(clauses) == 1:
        return clauses[0]
    tests, says = tuple(clause.test for clause in clauses), tuple(clause.say for clause in clauses)

    def test(view: View, now: datetime) -> Answer:
        answer: Answer = True
        for part in tests:
            got = part(view, now)
            if got is False:
                return False
            if got is None:
                answer = None
        return answer

    def say(view: View, now: datetime, answer: Answer) -> str:
        return _say(says, view, now, answer) if answer else _say_first(clauses, view, now, answer)

    parts = tuple(part for clause in clauses for part in clause.parts or (clause,))
    prose, needs = any(clause.prose for clause in clauses), tuple(need for clause in clauses for need in clause.needs)
    exact = all(clause.exact for clause in clauses)
    return Clause(test, say, prose, _moments(clauses), _shut(clauses), parts, needs, exact)


def any_of(clauses: Sequence[Clause]) -> Clause:
    """True when one clause is; the first True decides."""
    if len(clauses) == 1:
        return clauses[0]
    tests, says = tuple(clause.test for clause in clauses), tuple(clause.say for clause in clauses)

    def test(view: View, now: datetime) -> Answer:
        answer: Answer = False
        for part in tests:
            got = part(view, now)
            if got:
                return True
            if got is None:
                answer = None
        return answer

    def say(view: View, now: datetime, answer: Answer) -> str:
        return _say(says, view, now, answer) if answer is False else _say_first(clauses, view, now, answer)

    prose, exact = any(clause.prose for clause in clauses), all(c.exact and len(c.needs) == 1 for c in clauses)
    return Clause(test, say, prose, _moments(clauses), needs=_either(clauses), exact=exact)


def _either(clauses: Sequence[Clause]) -> tuple[Need, ...]:
    """Where each of the clauses needs something, what one of them needs."""
    if not all(clause.needs for clause in clauses):
        return ()
    return (tuple(way for clause in clauses for way in clause.needs[0]),)


def none_of(clauses: Sequence[Clause]) -> Clause:
    """True when every clause is False. What it keeps out is not what a match rests on, prose or not."""
    inner = any_of(clauses)

    def test(view: View, now: datetime) -> Answer:
        got = inner.test(view, now)
        return None if got is None else not got

    def say(view: View, now: datetime, answer: Answer) -> str:
        words = inner.say(view, now, None if answer is None else not answer)
        return f"excluded: {words}" if answer is False else words

    parts = tuple(none_of([clause]) for clause in clauses) if len(clauses) > 1 else ()
    return Clause(test, say, moments=inner.moments, parts=parts)


def _moments(clauses: Sequence[Clause]) -> Moments | None:
    """Those of all clauses that look at the time."""
    timed = [clause.moments for clause in clauses if clause.moments]
    if not timed:
        return None

    def moments(view: View, now: datetime) -> Iterator[datetime]:
        for each in timed:
            yield from each(view, now)

    return moments


def _shut(clauses: Sequence[Clause]) -> Shut | None:
    """False for ever is what has a part that does not look at the time and is False."""
    if all(clause.moments is None for clause in clauses):
        return None
    steady = tuple(clause.test for clause in clauses if clause.moments is None)
    deeper = tuple(clause.shut for clause in clauses if clause.shut)

    def shut(view: View, now: datetime) -> bool:
        for test in steady:
            if test(view, now) is False:
                return True
        return bool(deeper) and any(each(view, now) for each in deeper)

    return shut


def _say(says: Sequence[Say], view: View, now: datetime, answer: Answer) -> str:
    """All clauses speak, for they all have this answer."""
    return listed([say(view, now, answer) for say in says], "and")


def _say_first(clauses: Sequence[Clause], view: View, now: datetime, answer: Answer) -> str:
    """The first clause with this answer speaks: it is the one that decided."""
    for clause in clauses:
        if clause.test(view, now) is answer:
            return clause.say(view, now, answer)
    raise AssertionError("a group has an answer that none of its clauses has")
