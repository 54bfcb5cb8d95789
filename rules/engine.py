"""Judging: facts in, judgements with their whole explanation out.

The same facts and the same policy give the same judgement, in whatever order the cases come.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

from rules.book import Book
from rules.checks import Matter, Raised, look, shown
from rules.linking import Linker
from rules.match import View, earliest, flips, lacking
from rules.model import Case, Evidence, Judgement, Policy, Trial
from rules.standing import NOT_EXEMPT, Exemption


class Judge:
    """Judges by one policy, compiled once.

    :raises BadCondition: see ``rules.book.Book``
    """

    def __init__(self, policy: Policy) -> None:
        self.book = Book(policy)

    @property
    def digest(self) -> str:
        """Fingerprint of the policy; equal for policies that judge alike."""
        return self.book.digest

    def judge(self, cases: Iterable[Case], now: datetime) -> Iterator[Judgement]:
        """A judgement for each case, one at a time. ``now`` is aware."""
        linker = Linker(self.book, now)
        for case in cases:
            yield _judge(self.book, linker, case, now)

    def trials(self, case: Case, now: datetime) -> Iterator[Trial]:
        """How every rule fares on the case's item, those that do not match included."""
        view = View.of(case, self.book.scope.lexicon)
        for compiled in self.book.rules:
            clause = compiled.matcher.clause
            matched = clause.test(view, now)
            yield Trial(compiled.rule.id, matched, clause.say(view, now, matched))

    def near_misses(self, case: Case, now: datetime) -> Iterator[Trial]:
        """The rules of several clauses all of which hold but one; ``because`` says which does not.

        ``matched`` is None where that one is not to be told. Computed when asked for, never stored.
        """
        view = View.of(case, self.book.scope.lexicon)
        for compiled in self.book.rules:
            if clause := lacking(compiled.matcher.clause, view, now):
                answer = clause.test(view, now)
                yield Trial(compiled.rule.id, answer, clause.say(view, now, answer))

    def own(self, case: Case, now: datetime) -> str:
        """The ``own`` of the case's judgement."""
        return next(self.judge([case], now)).own


def _judge(book: Book, linker: Linker, case: Case, now: datetime) -> Judgement:
    view = View.of(case, book.scope.lexicon)
    trials, evidence, exemption, raised = _tried(book, view, now)
    standing = linker.stand(case, view, evidence, exemption)
    matter = Matter(book, case, view, standing, now)
    looked = look(matter, raised)
    return Judgement(
        item=case.item.id,
        links=standing.links,
        against=standing.against,
        exempt=standing.exemption.category,
        exempt_by=standing.exemption.because,
        findings=looked.findings,
        trials=trials,
        outranked=standing.outranked,
        own=f"{linker.seen(case, view, standing)}{shown(matter)}",
        next_at=earliest(standing.next_at, looked.next_at, *_turns(book, view, now)),
    )


def _tried(book: Book, view: View, now: datetime) -> tuple[tuple[Trial, ...], list[Evidence], Exemption, list[Raised]]:
    """Every rule tried: those that match or cannot be told, and what comes of them."""
    trials = []
    evidence = list(book.explicit(view.item))
    exemption = NOT_EXEMPT
    raised = []
    for test, compiled in book.tests:
        matched = test(view, now)
        if matched is False:
            continue  # in words only for somebody who asks: most rules do not match most items
        rule = compiled.rule
        because = compiled.matcher.clause.say(view, now, matched)
        trials.append(Trial(rule.id, matched, because))
        if not matched:
            continue
        if rule.action == "flag":
            raised.append((rule, because))  # on trial it is counted, and not shown
        elif rule.mode != "enforce":
            continue
        elif rule.action != "exempt":
            evidence.append(compiled.evidence(because))
        elif exemption is NOT_EXEMPT:
            exemption = compiled.exemption(because)
    return tuple(trials), evidence, exemption, raised


def _turns(book: Book, view: View, now: datetime) -> Iterator[datetime | None]:
    """When the rules, in any mode, or the need of a goal turn out otherwise."""
    for clause in book.timed:
        if not (clause.shut and clause.shut(view, now)):
            yield flips(clause, view, now, clause.test(view, now))
