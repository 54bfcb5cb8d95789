"""The parts of a chart: goals, what is exempt, and what serves no goal, in the same order and tones on every page."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from rules.model import Strategy
from syncd.strategy.alignment import Alignment, Served
from syncd.strategy.models import Tally
from syncd.strategy.pages import leads, words
from syncd.strategy.tally.reading import Amount, Unit
from syncd.web.charts import Part, tone_of

Lead = Callable[[str], str]
"""Id of a goal -> address."""
NAMED = 7
"""Goals with a part of their own; the others are one. The files have all."""


@dataclass(frozen=True, slots=True)
class Shown:
    """Which goals have a part of their own, in the order of all charts of the page."""

    titles: Mapping[str, str]
    others: Sequence[str]

    @classmethod
    def by(cls, found: Alignment, strategy: Strategy, unit: Unit) -> "Shown":
        """Those that took most effort, in the order of the strategy."""
        spent = {name: amount.of(unit) for (side, name), amount in found.spent().items() if side == Tally.GOAL}
        names = {name for week in found.weeks for side, name in week.work if side == Tally.GOAL} | set(spent)
        order = [goal.id for goal, _ in strategy.walk()]
        most = sorted(names, key=lambda name: (-spent.get(name, 0.0), name))[:NAMED]
        most.sort(key=lambda name: order.index(name) if name in order else len(order))
        titles = {name: words.name(strategy.by_id, Tally.GOAL, name) for name in most}
        return cls(titles, sorted(names - set(most)))

    def parts(
        self, work: Mapping[Served, Amount], unit: Unit, lead: Lead | None = None, status: Sequence[str] = ()
    ) -> list[Part]:
        """The work, from what serves a goal to what serves none.

        :param lead: where the part of a goal leads, if not to the items that serve it
        :param status: of the items that it leads to, if not all
        """
        where = {"status": status} if status else {}
        found = [
            Part(
                title,
                amount_of(work, [(Tally.GOAL, name)], unit),
                tone_of(place),
                lead(name) if lead else leads.serving(Tally.GOAL, [name], **where),
            )
            for place, (name, title) in enumerate(self.titles.items())
        ]
        if self.others:
            rest = amount_of(work, [(Tally.GOAL, name) for name in self.others], unit)
            found.append(Part("Other goals", rest, tone_of(NAMED), leads.serving(Tally.GOAL, self.others, **where)))
        for side in (Tally.EXEMPT, Tally.UNLINKED):
            value = amount_of(work, [served for served in work if served[0] == side], unit)
            found.append(Part(words.SIDES[side], value, words.TONES[side], leads.serving(side, **where)))
        return found


def amount_of(work: Mapping[Served, Amount], which: Sequence[Served], unit: Unit) -> float:
    return round(sum(work[served].of(unit) for served in which if served in work), 1)
