"""Where an item stands: what it serves, and what the items below it inherit from that."""

from dataclasses import dataclass
from datetime import datetime

from connectors.item import Item
from rules.lazy import lazy
from rules.model import Evidence, Link, Strength
from rules.placing import Placed, placed


def name(item: Item) -> str:
    """An item in a sentence: its key, and its title as far as it helps."""
    title = item.title if len(item.title) <= 80 else f"{item.title[:79]}…"
    return f"{item.key} “{title}”"


@dataclass(frozen=True, slots=True)
class Exemption:
    """Why an item need not serve a goal: a category, and the words for it."""

    category: str = ""
    because: str = ""
    inherited: bool = False
    ruled: bool = False
    """Whether somebody decided so about this very item, which counts for more than what rules say of it."""


NOT_EXEMPT = Exemption()


@dataclass(frozen=True)
class Standing:
    """What an item serves (``links``), what it serves of that we decided against, and what exempts it."""

    item: Item
    links: tuple[Link, ...]
    against: tuple[Link, ...]
    outranked: tuple[Evidence, ...]
    exemption: Exemption
    seen: str
    """Fingerprint of all that the items below and referrers may read here, down to the words."""
    inherited: tuple[Evidence, ...] = ()
    """What came from above, whether it counts or not."""
    catch_all: bool = False
    """Whether the item is a place to put things, so that lying there proves little."""
    next_at: datetime | None = None
    """The earliest moment at which time alone may change any of this."""

    @lazy
    def evidence_below(self) -> tuple[Evidence, ...]:
        """What the items below inherit. Inherited evidence is passed on as it is: it names its origin."""
        return tuple(self._passed_on(link.evidence[0]) for link in (*self.links, *self.against))

    @lazy
    def placed_below(self) -> tuple[Placed, ...]:
        return tuple(map(placed, self.evidence_below))

    def _passed_on(self, best: Evidence) -> Evidence:
        handed_down = best in self.inherited
        weak = best.strength is Strength.CATCH_ALL
        if handed_down and (weak or not self.catch_all):
            return best
        return Evidence(
            goal=best.goal,
            strength=Strength.CATCH_ALL if weak or self.catch_all else Strength.INHERITED,
            kind="mentions" if best.kind == "mentions" else "parent",
            source=best.source if handed_down else self.item.id,
            detail=f"inherits {'weakly ' if self.catch_all else ''}from {name(self.item)}, {self.which} {best.detail}",
            via=best.via or self.item.id,
        )

    @property
    def which(self) -> str:
        """The word between the item's name and what is said of it."""
        return "a catch-all that" if self.catch_all else "which"

    @lazy
    def exemption_below(self) -> Exemption:
        """What exempts the items below, unless they serve something of their own."""
        exemption = self.exemption
        if exemption.inherited or not exemption.category:
            return exemption
        because = f"inherits from {name(self.item)}, which {exemption.because}"
        return Exemption(exemption.category, because, inherited=True)
