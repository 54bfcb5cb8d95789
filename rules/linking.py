"""Which goals an item serves: evidence of its own, from above, and from what it refers to.

An ancestor passes on what it serves itself, so that a story never serves another goal "because of its
epic" than the epic. A reference passes on what its target serves by its own evidence or that of the
items above it, never by the target's own references: two items that point at each other prove nothing.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from hashlib import blake2b

from connectors.item import Item
from rules.book import Book
from rules.crowds import is_catch_all
from rules.match import View, earliest, flips
from rules.match.view import straight
from rules.model import Case, Crowd, Evidence, Link, Ruling
from rules.ranking import decide
from rules.referring import References, Targets, by_reference
from rules.rulings import live, ruled
from rules.standing import Exemption, Standing
from rules.trying import Tried, tried

CACHED = 10_000
"""Standings kept in one run: the memory that they take does not grow with the number of items."""

Said = tuple[tuple[tuple[Ruling, ...], Crowd | None], ...]
Facts = tuple[Item, Standing | None, References, bool, Said]
"""From which a standing is found: the item, where its parent stands, what it refers to, whether the line above
ends in a circle, and what is said."""


class Linker:
    """Links items by one book at one moment. Remembers where ancestors and targets stand."""

    def __init__(self, book: Book, now: datetime) -> None:
        self._book = book
        self._now = now
        self._known: dict[tuple[str, bool], tuple[Facts, Standing]] = {}

    def stand(self, case: Case, view: View, fared: Tried) -> tuple[Standing, str]:
        """Where the item stands, given how it fares with the rules; and the fingerprint of what descendants and
        referrers read. Referrers see nothing of the references."""
        if not case.references:
            standing = self._alone(case, view, fared)
            return standing, standing.seen
        pointers = _pointers(case)
        above = self._climb(case, view.above, pointers, cycle=view.cycle)
        targets = self._targets(case, view.item, view.above, pointers.get(view.id, ()))
        standing = self._stand(case, view, above, targets, fared)
        return standing, f"{standing.seen}{self._seen_alone(case, view, fared)}"

    def _seen_alone(self, case: Case, view: View, fared: Tried) -> str:
        """What others see of an item that refers to some."""
        if view.state_since and self._book.scope.about_state:  # which others do not know of it
            above = self._climb(case, view.above, {}, cycle=view.cycle)
            return self._remembered(case, view.item, view.above, above, (), view.cycle).seen
        return self._alone(case, view, fared).seen

    def _alone(self, case: Case, view: View, fared: Tried) -> Standing:
        """Where the item stands without what it and the items above it refer to: for those below it as well."""
        above = self._climb(case, view.above, {}, cycle=view.cycle)
        standing = self._stand(case, view, above, (), fared)
        if not (view.state_since and self._book.scope.about_state):
            facts = (view.item, above, (), view.cycle, _said(case, view.id, ()))
            self._remember((view.id, False), facts, standing, fared)
        return standing

    def _climb(
        self, case: Case, line: tuple[Item, ...], pointers: Mapping[str, References], *, cycle: bool
    ) -> Standing | None:
        """Where the first of a line stands, nearest first, judged from the top down."""
        standing = None
        for index in range(len(line) - 1, -1, -1):
            references = pointers.get(line[index].id, ()) if pointers else ()
            standing = self._remembered(case, line[index], line[index + 1 :], standing, references, cycle)
        return standing

    def _remembered(
        self,
        case: Case,
        item: Item,
        line: tuple[Item, ...],
        above: Standing | None,
        references: References,
        cycle: bool,
    ) -> Standing:
        """The standing of an ancestor or target, found anew when the same id comes with other facts."""
        id_ = item.id
        key, facts = (id_, bool(references)), (item, above, references, cycle, _said(case, id_, references))
        known = self._known.get(key)
        if known and known[0][1] is above and known[0] == facts:
            return known[1]
        view = View(item, line, lexicon=self._book.scope.lexicon, cycle=cycle)
        targets = self._targets(case, item, line, references) if references else ()
        fared = tried(self._book.deciding, view, self._now, self._book.explicit(item))
        return self._remember(key, facts, self._stand(case, view, above, targets, fared), fared)

    def _remember(self, key: tuple[str, bool], facts: Facts, standing: Standing, fared: Tried) -> Standing:
        """The standing with the time at which the item's own rules may change it, kept for whoever asks next."""
        if turn := earliest(*fared.deciding):
            standing = replace(standing, next_at=earliest(turn, standing.next_at))
        if len(self._known) >= CACHED:
            self._known.clear()
        self._known[key] = (facts, standing)
        return standing

    def _targets(self, case: Case, item: Item, line: Sequence[Item], references: References) -> Targets:
        """Where the targets of references stand. Items of one line say nothing new about one another."""
        targets = []
        for referenced in references:
            target = referenced.item
            family, cycle = straight((target, *referenced.ancestors))
            if item.id in (other.id for other in family) or target.id in (other.id for other in line):
                continue
            if standing := self._climb(case, family, {}, cycle=cycle):
                targets.append((referenced, standing))
        return targets

    def _stand(
        self,
        case: Case,
        view: View,
        above: Standing | None,
        targets: Targets,
        fared: Tried,
    ) -> Standing:
        book, item, own, exemption = self._book, view.item, fared.evidence, fared.exemption
        said = case.rulings.get(view.id) if case.rulings else ()
        rulings = live(said, self._now) if said else ()
        aside: tuple[Evidence, ...] = ()
        if rulings:
            own, aside, exemption = ruled(book, rulings, own, exemption)
        inherited, placed = (above.evidence_below, above.placed_below) if above else ((), ())
        referred = by_reference(targets) if targets else ()
        links, against, outranked = decide(book, [*own, *referred, *placed])
        decisive = links or against
        here = bool(decisive) and decisive[0].evidence[0] not in inherited
        if above and not exemption.category and not here:
            exemption = above.exemption_below
        crowd = case.crowds.get(view.id) if book.weakens and case.crowds else None
        catch_all = crowd is not None and is_catch_all(item, crowd, book.policy.checks)
        unseen = here and not book.sought
        seen = self._fingerprint(view, (*links, *against), exemption, None if unseen else above, catch_all)
        next_at = above.next_at if above else None
        if rulings or targets or book.sought:
            turns = [ruling.until for ruling in rulings] + [target.next_at for _, target in targets]
            next_at = earliest(next_at, *turns, *self._sought_otherwise(view))
        return Standing(item, links, against, (*outranked, *aside), exemption, seen, inherited, catch_all, next_at)

    def _sought_otherwise(self, view: View) -> Iterator[datetime | None]:
        """When the item fares otherwise with a condition on parents."""
        for sought in self._book.sought:
            if sought.clause.moments:
                answer = sought.clause.test(view, self._now)
                yield flips(sought.clause, view, self._now, answer, quoted=sought.negated)

    def _fingerprint(
        self, view: View, links: Sequence[Link], exemption: Exemption, above: Standing | None, catch_all: bool
    ) -> str:
        """Of an item's names, what it hands down, how it fares with conditions on parents (in words:
        explanations quote them), and of what is seen above it where somebody may look further up."""
        item = view.item
        facts = [view.id, item.key, item.address, item.parent, item.title, exemption.category, exemption.because]
        for link in links:
            best = link.evidence[0]
            facts += (best.goal, best.kind, best.detail, best.via)
        if catch_all:
            facts.append("catch-all")
        for sought in self._book.sought:
            answer = sought.clause.test(view, self._now)
            if answer is not False or sought.negated:
                facts.append(f"{sought.key} {answer} {sought.clause.say(view, self._now, answer)}")
        facts.append(above.seen if above else "")
        return blake2b("\0".join(facts).encode(errors="replace"), digest_size=8).hexdigest()


def _pointers(case: Case) -> Mapping[str, References]:
    """Item id -> the references of it, for the item and those above it."""
    pointers: dict[str, References] = {}
    for referenced in case.references:
        by = referenced.by or case.item.id
        pointers[by] = (*pointers.get(by, ()), referenced)
    return pointers


def _said(case: Case, id_: str, references: References) -> Said:
    """What the case holds besides the items, on those from which a standing comes: the item and its targets."""
    if not case.rulings and not case.crowds:
        return ()
    if not references:
        return ((case.rulings.get(id_, ()), case.crowds.get(id_)),)
    ids = [id_]
    for referenced in references:
        ids += (referenced.item.id, *(other.id for other in referenced.ancestors))
    return tuple([(case.rulings.get(id_, ()), case.crowds.get(id_)) for id_ in ids])
