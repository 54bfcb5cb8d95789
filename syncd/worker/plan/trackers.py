"""What becomes of trackers that are taken out of ``syncd.yaml``, written into it, or called otherwise in it."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from connectors.settings import TrackerSettings
from syncd.sharing.models import Shown
from syncd.trackers.models import Tracker
from syncd.worker.plan.effect import goal
from syncd.worker.plan.flags import CLEARED, Flags, tracker_of
from syncd.worker.plan.replay import Replayed


@dataclass(frozen=True, slots=True)
class Roll:
    """Which trackers are read otherwise than until now."""

    leaving: tuple[str, ...] = ()
    coming: tuple[str, ...] = ()
    """Written into the file: new ones, and those that were read once."""
    renamed: Mapping[str, str] = field(default_factory=dict)
    """Of those that leave, the one that comes and reads the same account."""


@dataclass(slots=True)
class Leaving:
    """What goes with one tracker."""

    tracker: str
    renamed: str
    """The one that comes and reads the same account; its items are others to syncd."""
    items: int = 0
    flags: int = 0
    """Flags about its items, and about groups of them, that end."""
    goals: Counter[str] = field(default_factory=Counter)
    """Primary goal -> items that leave."""
    shown: dict[str, int] = field(default_factory=dict)
    """Partner -> items of which something is withdrawn from it."""


@dataclass(frozen=True, slots=True)
class Coming:
    """A tracker that is to be read."""

    tracker: str
    known: int
    """Items that are stored of it: it was read before, and they are back once it is read again."""


NOBODY = Roll()


def roll(sources: Sequence[TrackerSettings]) -> Roll:
    """Hold the trackers of a file against those that are read."""
    read = {tracker.name: tracker for tracker in Tracker.objects.filter(active=True)}
    there = {settings.name: settings for settings in sources}
    gone, new = sorted(read.keys() - there.keys()), sorted(there.keys() - read.keys())
    same = {
        old: name
        for old in gone
        for name in new
        if (read[old].kind, read[old].url) == (there[name].kind, there[name].root)
    }
    return Roll(tuple(gone), tuple(new), same)


class TrackerTally:
    """Counts what leaves, tracker by tracker, and for how much of each goal that stands."""

    def __init__(self, of: Roll) -> None:
        self._roll = of
        self._leaving = {name: Leaving(name, of.renamed.get(name, "")) for name in of.leaving}
        self.goals: Counter[str] = Counter()
        """Primary goal -> all items that serve it now."""

    def add(self, one: Replayed) -> None:
        served = goal(one.before)
        self.goals[served] += 1
        if one.leaves:
            leaving = self._leaving[one.case.item.tracker]
            leaving.items += 1
            leaving.goals[served] += 1

    def leaving(self, flags: Flags) -> tuple[Leaving, ...]:
        """In the order of their names, with the flags that end and what partners no longer see."""
        for row in flags.changed() if self._leaving else ():
            tracker = tracker_of(row)
            if row["change"] == CLEARED and tracker in self._leaving:
                self._leaving[tracker].flags += 1
        for each in self._leaving.values():
            each.shown = dict(_shown(each.tracker))
        return tuple(self._leaving.values())

    def coming(self) -> tuple[Coming, ...]:
        known = {tracker.name: tracker for tracker in Tracker.objects.filter(name__in=self._roll.coming)}
        return tuple(
            Coming(name, known[name].items.filter(deleted_at=None).count() if name in known else 0)
            for name in self._roll.coming
        )


def _shown(tracker: str) -> Iterable[tuple[str, int]]:
    """Partner -> items of a tracker that it sees."""
    rows = Shown.objects.filter(item__tracker__name=tracker, values__isnull=False)
    return Counter(rows.values_list("deal__partner", flat=True).iterator()).most_common()
