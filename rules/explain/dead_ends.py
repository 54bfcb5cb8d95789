"""References that lead to no goal: what the item names and gets nothing from, so that nobody thinks it was not read."""

from collections.abc import Iterator

from rules.model import Case, Judgement
from rules.referring import points_at, spelt
from rules.standing import name


def dead_ends(judgement: Judgement, case: Case) -> Iterator[str]:
    """A sentence for each of the item's own references of which no evidence came. References among the items of
    one line are left out: what those serve is told by the line itself."""
    links = (*judgement.links, *judgement.against)
    heard = {piece.source for piece in (*judgement.outranked, *(each for link in links for each in link.evidence))}
    line = {item.id for item in case.lineage()}
    stored = {case.item.address}
    for each in case.references:
        if each.by:
            continue
        stored.add(each.ref.address)
        family = {each.item.id, *(above.id for above in each.ancestors)}
        if each.item.id not in heard and each.item.id not in line and case.item.id not in family:
            yield f"It {points_at(each.ref, name(each.item))}, which serves no goal."
    for ref in case.item.refs:
        if ref.address not in stored:
            yield f"It {points_at(ref, spelt(ref.address))}, which is not stored."
