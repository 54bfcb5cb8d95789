"""Which goals an item serves: evidence of its own, from above, and from what it refers to.

An ancestor passes on what it serves itself, so that a story never serves another goal "because of its
epic" than the epic. A reference passes on what its target serves by its own evidence or that of the
items above it, never by the target's own references: two items that point at each other prove nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from hashlib import blake2b

from connectors.item import Item
from rules.book import Book
from rules.match import View
from rules.match.view import straight
from rules.model import Case, Evidence, Link, Referenced, Strength
from rules.ranking import decide
from rules.standing import NOT_EXEMPT, Exemption, Standing, name

CACHED = 10_000
"""Standings kept in one run: the memory that they take does not grow with the number of items."""

References = tuple[Referenced, ...]
Known = tuple[tuple[Item, Standing | None, References, bool], Standing]
"""The facts from which a standing was found, and the standing."""


class Linker:
    """Links items by one book at one moment. Remembers where ancestors and targets stand."""

    def __init__(self, book: Book, now: datetime) -> None:
        self._book = book
        self._now = now
        self._known: dict[tuple[str, bool], Known] = {}

    def stand(self, case: Case, view: View, own: Iterable[Evidence], exemption: Exemption) -> Standing:
        """Where the item stands, given its own evidence and its own exemption."""
        pointers: dict[str, References] = {}
        for referenced in case.references:
            by = referenced.by or case.item.id
            pointers[by] = (*pointers.get(by, ()), referenced)
        above = self._climb(view.above, pointers, cycle=view.cycle)
        references = self._referenced(view.item, view.above, pointers.get(case.item.id, ()))
        return self._stand(view, above, [*own, *references], exemption)

    def seen(self, case: Case, view: View, standing: Standing) -> str:
        """Fingerprint of what descendants and referrers read. Referrers see nothing of the references."""
        if not case.references:
            return standing.seen
        alone = self._climb((view.item, *view.above), {}, cycle=view.cycle)
        return f"{standing.seen}{alone.seen if alone else ''}"

    def _climb(self, line: tuple[Item, ...], pointers: Mapping[str, References], *, cycle: bool) -> Standing | None:
        """Where the first of a line stands, nearest first, judged from the top down."""
        standing = None
        for index in range(len(line) - 1, -1, -1):
            references = pointers.get(line[index].id, ())
            standing = self._remembered(line[index], line[index + 1 :], standing, references, cycle)
        return standing

    def _remembered(
        self, item: Item, line: tuple[Item, ...], above: Standing | None, references: References, cycle: bool
    ) -> Standing:
        """The standing of an ancestor or target, found anew when the same id comes with other facts."""
        key, facts = (item.id, bool(references)), (item, above, references, cycle)
        known = self._known.get(key)
        if known and known[0][1] is above and known[0] == facts:
            return known[1]
        view = View(item, line, lexicon=self._book.scope.lexicon, cycle=cycle)
        evidence = [*self._own(view), *self._referenced(item, line, references)]
        standing = self._stand(view, above, evidence, self._exemption(view))
        if len(self._known) >= CACHED:
            self._known.clear()
        self._known[key] = (facts, standing)
        return standing

    def _own(self, view: View) -> Iterable[Evidence]:
        yield from self._book.explicit(view.item)
        for rule in self._book.linking:
            if because := rule.matches(view, self._now):
                yield rule.evidence(because)

    def _exemption(self, view: View) -> Exemption:
        for rule in self._book.exempting:
            if because := rule.matches(view, self._now):
                return rule.exemption(because)
        return NOT_EXEMPT

    def _referenced(self, item: Item, line: Sequence[Item], references: References) -> Iterable[Evidence]:
        """What the targets of references serve. Items of one line say nothing new about one another."""
        for referenced in references:
            target = referenced.item
            family, cycle = straight((target, *referenced.ancestors))
            if item.id in (other.id for other in family) or target.id in (other.id for other in line):
                continue
            if standing := self._climb(family, {}, cycle=cycle):
                for link in (*standing.links, *standing.against):
                    yield _by_reference(referenced, link.evidence[0])

    def _stand(self, view: View, above: Standing | None, evidence: list[Evidence], exemption: Exemption) -> Standing:
        if above:
            evidence += above.evidence_below
        links, against, outranked = decide(self._book, evidence)
        decisive = links or against
        here = bool(decisive) and decisive[0].strength is not Strength.INHERITED
        if above and not exemption.category and not here:
            exemption = above.exemption_below
        unseen = here and not self._book.scope.about_kin
        seen = self._fingerprint(view, (*links, *against), exemption, None if unseen else above)
        return Standing(view.item, links, against, outranked, exemption, seen)

    def _fingerprint(self, view: View, links: Sequence[Link], exemption: Exemption, above: Standing | None) -> str:
        """Of an item's names, what it hands down, how it fares with conditions on parents (in words:
        explanations quote them), and of what is seen above it where somebody may look further up."""
        item = view.item
        facts = [item.id, item.key, item.address, item.parent, item.title, exemption.because]
        for link in links:
            best = link.evidence[0]
            facts += (best.goal, best.kind, best.detail, best.via)
        for clause in self._book.scope.about_kin:
            answer = clause.test(view, self._now)
            facts.append(f"{answer} {clause.say(view, self._now, answer)}")
        facts.append(above.seen if above else "")
        return blake2b("\0".join(facts).encode(errors="replace"), digest_size=8).hexdigest()


_VERBS = {"closes": "closes", "links": "is linked to", "mentions": "mentions"}
_PLACES = {"title": "in its title", "branch": "in its branch", "body": "in its text"}


def _by_reference(referenced: Referenced, best: Evidence) -> Evidence:
    ref, target = referenced.ref, referenced.item
    place = _PLACES.get(ref.where, f"in {ref.where}")
    return Evidence(
        goal=best.goal,
        strength=Strength.REFERENCE,
        kind=ref.kind,
        source=target.id,
        detail=f"{_VERBS[ref.kind]} {name(target)} ({place}), which {best.detail}",
        via=best.via or target.id,
    )
