"""``/alignment/``: what the work served, over weeks, by goal, team and tracker, on any day; each table as a file."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from rules.model import Strategy
from syncd.strategy import alignment as facts
from syncd.strategy.alignment import Alignment, Place
from syncd.strategy.goals import branches_of
from syncd.strategy.models import Tally
from syncd.strategy.pages import findings, leads, sheet, words
from syncd.strategy.pages.asked import Asked
from syncd.strategy.pages.parts import Shown, amount_of
from syncd.strategy.tally.intervals import ENOUGH
from syncd.strategy.tally.reading import SPENT, UNITS, Amount, Unit
from syncd.strategy.versions import strategy_in_force
from syncd.web.charts import Column, Part
from syncd.web.templatetags.look import percent

TEAMS = 20
"""Teams in the table; the file has all."""


@require_safe
def alignment(request: HttpRequest) -> HttpResponse:
    """The page. An address that says more than it must leads to the one that does not."""
    asked = Asked.of(request.GET)
    if request.GET.urlencode() != asked.query:
        return HttpResponseRedirect(asked.at(request.path))
    page: dict[str, Any] = {
        "asked": asked,
        "today": timezone.now().date(),
        "units": _units(asked),
        "now": timezone.now(),
    }
    found = facts.on(asked.on)
    if found:
        page |= _page(found, strategy_in_force(), asked)
    return render(request, "strategy/alignment.html", page)


@require_safe
def alignment_csv(request: HttpRequest, name: str) -> HttpResponse:
    """The numbers of one chart, in all units, with every goal and team."""
    asked, table = Asked.of(request.GET), _TABLES.get(name)
    found = facts.on(asked.on)
    if table is None or found is None:
        raise Http404
    heading, rows = table
    day = found.tallied.day.isoformat()
    return sheet.answer(f"alignment-{name}-{day}", heading, rows(found, strategy_in_force()))


def _units(asked: Asked) -> list[tuple[str, str, bool]]:
    return [(words.UNITS[unit], asked.counted_in(unit).at(""), unit == asked.unit) for unit in UNITS]


def _page(found: Alignment, strategy: Strategy, asked: Asked) -> dict[str, Any]:
    unit = asked.unit
    shown = Shown.by(found, strategy, unit)
    return {
        "found": found,
        "blind": found.blind,
        "enough": ENOUGH,
        "coverage": [_covered(found, side) for side in (Tally.GOAL, Tally.UNLINKED, Tally.EXEMPT)],
        "unit": words.MEASURED[unit],
        "weeks": [Column(f"{week.tallied.day:%-d %b}", shown.parts(week.work, unit)) for week in found.weeks],
        "weeks_say": findings.weeks(found.weeks, unit),
        "effort": shown.parts(found.spent(), unit, status=SPENT),
        "effort_says": findings.effort(found, strategy, unit),
        "goals": list(_goal_rows(found, strategy, unit)),
        "teams": [_place(place, unit) for place in found.teams[:TEAMS]],
        "more_teams": len(found.teams) - TEAMS,
        "teams_say": findings.places(found.teams, unit),
        "trackers": [_place(place, unit) for place in found.trackers],
        "trackers_say": findings.places(found.trackers, unit),
        "csv": {name: asked.at(reverse("alignment_csv", args=[name])) for name in _TABLES},
    }


def _covered(found: Alignment, side: str) -> dict[str, Any]:
    share = found.coverage(side)
    url = leads.serving(side) if side != Tally.GOAL else ""
    between = words.between(share).replace(" ", "\N{NO-BREAK SPACE}")  # on a phone it goes below as a whole
    return {"word": words.SIDES[side], "share": words.told(share), "between": between, "url": url,
            "exact": bool(share and share.exact and share.told)}  # fmt: skip


def _goal_rows(found: Alignment, strategy: Strategy, unit: Unit) -> Iterator[dict[str, Any]]:
    """Goals in the order of the tree; what is below a goal counts for it."""
    spent, branches = found.spent(), branches_of(strategy)
    serving = sum(amount.of(unit) for (side, _), amount in spent.items() if side == Tally.GOAL)
    for goal, depth in strategy.walk():
        branch = branches[goal.id]
        value = amount_of(spent, [(Tally.GOAL, each) for each in branch], unit)
        if goal.kind != "non_goal" and (value or goal.status == "active"):
            share = found.share(branch, unit)
            yield {"goal": goal, "depth": depth, "value": value, "serving": percent(value / serving) if serving else "–",
                   "share": words.told(share), "between": words.between(share), "url": leads.serving(Tally.GOAL, branch, status=SPENT)}  # fmt: skip


def _place(place: Place, unit: Unit) -> dict[str, Any]:
    where = {"tracker": place.tracker} | ({"container": place.container} if place.container else {})
    parts = [
        Part(
            words.SIDES[side],
            round(place.effort[side].of(unit), 1),
            words.TONES[side],
            leads.serving(side, **where, status=SPENT),
        )
        for side in Tally.WHOLE
        if side in place.effort
    ]
    everything = sum(part.value for part in parts)
    without = place.effort[Tally.UNLINKED].of(unit) if Tally.UNLINKED in place.effort else 0.0
    return {"name": place.name, "place": place, "parts": parts, "value": everything, "url": leads.items(**where, status=SPENT),
            "unlinked": without / everything if everything else None, "without": leads.serving(Tally.UNLINKED, **where, status=SPENT)}  # fmt: skip


def _weeks_csv(found: Alignment, strategy: Strategy) -> Iterator[Sequence[Any]]:
    for week in found.weeks:
        for (side, name), amount in week.work.items():
            told = words.name(strategy.by_id, side, name)
            yield week.tallied.day, "yes" if week.tallied.reckoned else "no", side, name, told, *_measures(amount)


def _goals_csv(found: Alignment, strategy: Strategy) -> Iterator[Sequence[Any]]:
    for (side, name), amount in found.spent().items():
        share = found.share([name], "items") if side == Tally.GOAL else None
        wanted = strategy.by_id[name].share if name in strategy.by_id else None
        bounds = (share.low, share.high) if share and share.told else (None, None)
        yield side, name, words.name(strategy.by_id, side, name), *_measures(amount), wanted, *bounds


def _places_csv(places: Callable[[Alignment], Sequence[Place]]) -> Callable[..., Iterator[Sequence[Any]]]:
    def rows(found: Alignment, _: Strategy) -> Iterator[Sequence[Any]]:
        for place in places(found):
            for side, amount in place.effort.items():
                yield place.tracker, place.container, place.name, side, *_measures(amount)

    return rows


def _measures(amount: Amount) -> tuple[Any, ...]:
    return amount.items, amount.points, round(amount.days, 1), amount.stale


_MEASURES = ("items", "points", "days_in_progress", "stale_items")
_PLACES = ("tracker", "team", "name", "serves", *_MEASURES)
_TABLES: Mapping[str, tuple[Sequence[str], Callable[..., Iterator[Sequence[Any]]]]] = {
    "weeks": (("day", "reckoned", "serves", "id", "title", *_MEASURES), _weeks_csv),
    "goals": (("serves", "id", "title", *_MEASURES, "intended_share", "share_from", "share_to"), _goals_csv),
    "teams": (_PLACES, _places_csv(lambda found: found.teams)),
    "trackers": (_PLACES, _places_csv(lambda found: found.trackers)),
}
"""Name of a chart -> heading and rows of its file."""
