"""What the work of a day and of the weeks before it served: one place for page, files and API. It reads tallies, no items."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import dropwhile

from django.db.models import Min

from syncd.strategy.models import Tallied, Tally
from syncd.strategy.tally import intervals, reading
from syncd.strategy.tally.intervals import Blind, Row, Share
from syncd.strategy.tally.reading import Amount, Unit
from syncd.trackers.models import Stream

Served = tuple[str, str]
"""Side, and name of the goal or category."""


@dataclass(frozen=True, slots=True)
class Week:
    """The last tallied day of a week, and the work there was on it."""

    tallied: Tallied
    work: Mapping[Served, Amount]


@dataclass(frozen=True, slots=True)
class Place:
    """A team (a container) or a tracker, and what the effort there went into, by side."""

    tracker: str
    container: str
    name: str
    """As people know it: some trackers know their containers by ids."""
    effort: Mapping[str, Amount]

    def of(self, unit: Unit) -> float:
        return sum(amount.of(unit) for amount in self.effort.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Alignment:
    """A day and the weeks that end with it. ``work``: all that was open or finished lately; ``effort``: what was in
    progress or finished lately. Both by side, name and strength, hidden work as well."""

    tallied: Tallied
    first: date
    """The first day that was tallied, not reckoned."""
    work: Sequence[Row]
    effort: Sequence[Row]
    weeks: Sequence[Week]
    teams: Sequence[Place]

    @property
    def blind(self) -> Blind:
        return intervals.blind(self.work)

    def coverage(self, side: str, unit: Unit = "items") -> Share | None:
        """The share of all work on a side."""
        return intervals.share(self.work, side, None, unit)

    def share(self, goals: Sequence[str], unit: Unit) -> Share | None:
        """The share of all effort that served one of these goals."""
        return intervals.share(self.effort, Tally.GOAL, goals, unit)

    def spent(self) -> dict[Served, Amount]:
        """Effort by what it served."""
        found: defaultdict[Served, Amount] = defaultdict(Amount)
        for (side, name, _), amount in self.effort:
            if side in Tally.WHOLE:
                found[side, name] += amount
        return dict(found)

    @property
    def trackers(self) -> list[Place]:
        found: defaultdict[str, defaultdict[str, Amount]] = defaultdict(lambda: defaultdict(Amount))
        for place in self.teams:
            for side, amount in place.effort.items():
                found[place.tracker][side] += amount
        return [Place(tracker, "", tracker, effort) for tracker, effort in found.items()]


def on(day: date | None = None) -> Alignment | None:
    """As it stood at the end of a day (today without one), in seven queries. None: nothing was tallied by then."""
    tallied = reading.day_on(day)
    if tallied is None:
        return None
    rows = reading.sums([tallied.day], ("side", "name", "strength", "status"), (*Tally.WHOLE, Tally.HIDDEN))
    return Alignment(
        tallied=tallied,
        first=Tallied.objects.filter(reckoned=False).aggregate(Min("day"))["day__min"] or tallied.day,
        work=_without_status(rows),
        effort=_without_status([row for row in rows if row[0][3] in reading.SPENT or row[0][0] == Tally.HIDDEN]),
        weeks=_weeks(tallied),
        teams=_teams(tallied),
    )


def _without_status(rows: Sequence[tuple[tuple[str, ...], Amount]]) -> list[Row]:
    found: defaultdict[tuple[str, str, int], Amount] = defaultdict(Amount)
    for (side, name, strength, _), amount in rows:
        found[side, name, int(strength)] += amount
    return list(found.items())


def _weeks(until: Tallied) -> list[Week]:
    """Without those before there was any work."""
    days = {week.day: week for week in reading.weeks(until.day)}
    work: dict[date, dict[Served, Amount]] = {day: {} for day in days}
    for (day, side, name), amount in reading.sums(list(days), ("day", "side", "name")):
        work[day][side, name] = amount
    return list(dropwhile(lambda week: not week.work, (Week(week, work[day]) for day, week in days.items())))


def _teams(tallied: Tallied) -> list[Place]:
    """Those where effort was spent, with most items first."""
    found: defaultdict[tuple[str, str], dict[str, Amount]] = defaultdict(dict)
    by = ("tracker", "container", "side")
    for (tracker, container, side), amount in reading.sums([tallied.day], by, status=reading.SPENT):
        found[tracker, container][side] = amount
    ids = {container for _, container in found}
    streams = Stream.objects.filter(native_id__in=ids).values_list("tracker__name", "native_id", "name")
    names = {(tracker, container): name for tracker, container, name in streams}
    places = [Place(*key, names.get(key, key[1]), effort) for key, effort in found.items()]
    return sorted(places, key=lambda place: (-place.of("items"), place.tracker, place.container))
