"""Compiled clauses, and how they combine when some are unknown (Kleene's strong logic of three values).

A clause answers True, False or None (not to be told from what is known). ``say`` puts an answer into
words; it asks ``test`` and nothing else, so that an explanation never contradicts the match.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from rules.match.errors import listed
from rules.match.view import View

Answer = bool | None
Test = Callable[[View, datetime], Answer]
Say = Callable[[View, datetime, Answer], str]


@dataclass(frozen=True, slots=True)
class Clause:
    """A test, its words, and whether a match may rest on prose (``text`` or ``regex``, not under ``none``)."""

    test: Test
    say: Say
    prose: bool = False


def all_of(clauses: Sequence[Clause]) -> Clause:
    """True when every clause is; the first False decides."""
    if len(clauses) == 1:
        return clauses[0]
    tests = tuple(clause.test for clause in clauses)

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
        return _say(clauses, view, now, answer) if answer else _say_first(clauses, view, now, answer)

    return Clause(test, say, any(clause.prose for clause in clauses))


def any_of(clauses: Sequence[Clause]) -> Clause:
    """True when one clause is; the first True decides."""
    if len(clauses) == 1:
        return clauses[0]
    tests = tuple(clause.test for clause in clauses)

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
        return _say(clauses, view, now, answer) if answer is False else _say_first(clauses, view, now, answer)

    return Clause(test, say, any(clause.prose for clause in clauses))


def none_of(clauses: Sequence[Clause]) -> Clause:
    """True when every clause is False. What it keeps out is not what a match rests on, prose or not."""
    inner = any_of(clauses)

    def test(view: View, now: datetime) -> Answer:
        got = inner.test(view, now)
        return None if got is None else not got

    def say(view: View, now: datetime, answer: Answer) -> str:
        words = inner.say(view, now, None if answer is None else not answer)
        return f"excluded: {words}" if answer is False else words

    return Clause(test, say)


def _say(clauses: Sequence[Clause], view: View, now: datetime, answer: Answer) -> str:
    """All clauses speak, for they all have this answer."""
    return listed([clause.say(view, now, answer) for clause in clauses], joint="and")


def _say_first(clauses: Sequence[Clause], view: View, now: datetime, answer: Answer) -> str:
    """The first clause with this answer speaks: it is the one that decided."""
    for clause in clauses:
        if clause.test(view, now) is answer:
            return clause.say(view, now, answer)
    raise AssertionError("a group has an answer that none of its clauses has")
