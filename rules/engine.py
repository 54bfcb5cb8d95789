"""Judging: facts in, judgements with their whole explanation out.

The same facts and the same policy give the same judgement, in whatever order the cases come.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

from rules.book import Book
from rules.checks import Matter, in_force, look, shown
from rules.linking import Linker
from rules.match import View, earliest, flips, lacking
from rules.model import Case, Judgement, Policy, Trial
from rules.trying import tried


class Judge:
    """Judges by one policy, compiled once.

    :raises BadCondition: see ``rules.book.Book``
    """

    def __init__(self, policy: Policy) -> None:
        self.book = Book(policy)
        self._checks = in_force(policy.checks)

    @property
    def digest(self) -> str:
        """Fingerprint of the policy; equal for policies that judge alike."""
        return self.book.digest

    def judge(self, cases: Iterable[Case], now: datetime) -> Iterator[Judgement]:
        """A judgement for each case, one at a time. ``now`` is aware."""
        linker = Linker(self.book, now)
        for case in cases:
            yield self._judge(linker, case, now)

    def _judge(self, linker: Linker, case: Case, now: datetime) -> Judgement:
        book = self.book
        view = View.of(case, book.scope.lexicon)
        fared = tried(book.attempts, view, now, book.explicit(case.item))
        standing, seen = linker.stand(case, view, fared)
        matter = Matter(book, case, view, standing, now)
        looked = look(matter, self._checks, fared.raised)
        return Judgement(
            item=view.id,
            links=standing.links,
            against=standing.against,
            exempt=standing.exemption.category,
            exempt_by=standing.exemption.because,
            findings=looked.findings,
            trials=tuple(fared.trials),
            outranked=standing.outranked,
            own=f"{seen}{shown(matter)}",
            next_at=earliest(standing.next_at, looked.next_at, *fared.turns, _needed_otherwise(book, view, now)),
        )

    def trials(self, case: Case, now: datetime) -> Iterator[Trial]:
        """How every rule fares on the case's item, those that do not match included."""
        view = View.of(case, self.book.scope.lexicon)
        for compiled in self.book.rules:
            clause = compiled.clause
            matched = clause.test(view, now)
            yield Trial(compiled.rule.id, matched, clause.say(view, now, matched))

    def near_misses(self, case: Case, now: datetime) -> Iterator[Trial]:
        """The rules of several clauses all of which hold but one; ``because`` says which does not.

        ``matched`` is None where that one is not to be told. Computed when asked for, never stored.
        """
        view = View.of(case, self.book.scope.lexicon)
        for compiled in self.book.rules:
            if clause := lacking(compiled.clause, view, now):
                answer = clause.test(view, now)
                yield Trial(compiled.rule.id, answer, clause.say(view, now, answer))

    def own(self, case: Case, now: datetime) -> str:
        """The ``own`` of the case's judgement."""
        return next(self.judge([case], now)).own


def _needed_otherwise(book: Book, view: View, now: datetime) -> datetime | None:
    """When the item comes to need a goal, or no longer does."""
    clause = book.needs_goal.clause
    return flips(clause, view, now, clause.test(view, now)) if clause.moments else None
