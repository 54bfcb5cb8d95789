"""What an item's references say: what their targets serve."""

from collections.abc import Iterator, Sequence

from connectors.item import Ref
from rules.model import Evidence, Referenced, Strength
from rules.placing import Placed, placed
from rules.standing import Standing, name

References = tuple[Referenced, ...]
Targets = Sequence[tuple[Referenced, Standing]]
"""References, each with where its target stands."""


def by_reference(targets: Targets) -> Iterator[Placed]:
    """What the targets serve, as evidence for the item that refers to them, each once."""
    said = (
        _passed_on(referenced, standing, link.evidence[0])
        for referenced, standing in targets
        for link in (*standing.links, *standing.against)
    )
    return map(placed, dict.fromkeys(said))


def _passed_on(referenced: Referenced, standing: Standing, best: Evidence) -> Evidence:
    ref, target = referenced.ref, referenced.item
    weak = standing.catch_all or best.strength is Strength.CATCH_ALL
    return Evidence(
        goal=best.goal,
        strength=Strength.CATCH_ALL if weak else Strength.REFERENCE,
        kind=ref.kind,
        source=target.id,
        detail=f"{points_at(ref, name(target))}, {standing.which} {best.detail}",
        via=best.via or target.id,
    )


def points_at(ref: Ref, target: str) -> str:
    """That an item refers to another, in words whose subject is the item."""
    return f"{_VERBS[ref.kind]} {target} ({_PLACES.get(ref.where, f'in {ref.where}')})"


def spelt(address: str) -> str:
    """What people call the item at an address of which nothing else is known."""
    return address.partition(":")[2] or address


_VERBS = {"closes": "closes", "links": "is linked to", "mentions": "mentions"}
_PLACES = {"title": "in its title", "branch": "in its branch", "body": "in its text"}
