"""Matchers over times, numbers and yes-or-no values. Days are days in UTC."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from connectors.item import OPEN
from rules.match.clause import Answer, Clause, Moments, all_of
from rules.match.errors import written
from rules.match.site import Build, Site
from rules.match.view import View

_DURATION = re.compile(r"(\d{1,5}(?:\.\d{1,3})?)\s*([mhdw])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}

TICK = timedelta.resolution
"""The least that time moves on: what is no longer true after a moment is so from one tick later."""
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """Whether a moment stands as asked, given now; and when that may change, given the moment."""

    holds: Callable[[datetime, datetime], bool]
    turns: Callable[[datetime], Iterable[datetime]] | None = None
    """None where now does not matter."""


def keyed(builds: Mapping[str, Build]) -> Build:
    """The matcher whose value is a mapping with some of these keys, all of which must hold."""
    return lambda site: all_of([builds[name](inner) for name, inner in site.mapping(*builds).items()])


def spans(noun: str, read: Callable[[View], datetime | None], missing: Answer = False) -> dict[str, Build]:
    """The keys for one moment of an item; ``missing`` is the answer where the item has none."""
    return {name: _span(noun, read, missing, make) for name, make in _SPANS.items()}


def ages(noun: str, read: Callable[[View], datetime | None]) -> dict[str, Build]:
    """The keys for how long something has been, without those for dates."""
    return {name: _span(noun, read, False, _SPANS[name]) for name in ("older_than", "newer_than")}


UNSEEN = "since when it is in its state is not known"
"""Of all moments, only that of the last change of status may be unknown."""


def _span(noun: str, read: Callable[[View], datetime | None], missing: Answer, make: Callable[[Site], Span]) -> Build:
    def build(site: Site) -> Clause:
        span = make(site)
        holds = span.holds
        wanted = f"{site.name.replace('_', ' ')} {site.value}"

        def test(view: View, now: datetime) -> Answer:
            moment = read(view)
            return missing if moment is None else holds(moment, now)

        def say(view: View, _: datetime, answer: Answer) -> str:
            moment = read(view)
            if moment is None:
                return UNSEEN if missing is None else f"no {noun}; wanted: {wanted}"
            return f"{noun} {moment:%Y-%m-%d} is {wanted}" if answer else f"{noun} {moment:%Y-%m-%d}; wanted: {wanted}"

        return Clause(test, say, moments=_to_come(read, span.turns) if span.turns else None)

    return build


def _to_come(read: Callable[[View], datetime | None], turns: Callable[[datetime], Iterable[datetime]]) -> Moments:
    """The turns that lie ahead."""

    def moments(view: View, now: datetime) -> Iterator[datetime]:
        moment = read(view)
        return iter(()) if moment is None else (turn for turn in turns(moment) if turn > now)

    return moments


def duration(site: Site) -> timedelta:
    """``90d``, ``2w``, ``12h`` or ``30m``."""
    hit = _DURATION.fullmatch(site.value.strip()) if isinstance(site.value, str) else None
    if not hit:
        raise site.refuse(f"expected a duration such as 90d, 2w, 12h or 30m; got {written(site.value)}")
    return timedelta(**{_UNITS[hit[2]]: float(hit[1])})


def day(site: Site) -> date:
    """A date such as 2026-10-01."""
    if isinstance(site.value, date) and not isinstance(site.value, datetime):
        return site.value
    try:
        return date.fromisoformat(site.value)
    except (TypeError, ValueError):
        raise site.refuse(f"expected a date such as 2026-10-01; got {written(site.value)}") from None


def _older(site: Site) -> Span:
    span = duration(site)
    return Span(lambda moment, now: now - moment > span, lambda moment: _after_it(moment, span + TICK))


def _newer(site: Site) -> Span:
    span = duration(site)
    return Span(lambda moment, now: now - moment <= span, lambda moment: _after_it(moment, span + TICK))


def _before(site: Site) -> Span:
    start = datetime.combine(day(site), time(), UTC)
    return Span(lambda moment, _: moment < start)


def _after(site: Site) -> Span:
    last = datetime.combine(day(site), time.max, UTC)
    return Span(lambda moment, _: moment > last)


def _within(site: Site) -> Span:
    """From the first midnight from which on it is near enough, to the end of its day."""
    span = duration(site)

    def turns(moment: datetime) -> Iterator[datetime]:
        for start in _after_it(moment, -span):
            yield from [start] if start == _midnight(start) else _after_it(_midnight(start), DAY)
        yield from _after_it(moment, DAY)

    return Span(lambda moment, now: timedelta() <= moment - _midnight(now) <= span, turns)


def _after_it(moment: datetime, span: timedelta) -> Iterator[datetime]:
    """One moment; none where the calendar ends before."""
    try:
        yield moment + span
    except OverflowError:
        return


_SPANS = {"older_than": _older, "newer_than": _newer, "before": _before, "after": _after}


def flag(noun: str, read: Callable[[View, datetime], Answer], moments: Moments | None = None) -> Build:
    """The matcher over something that an item is or is not; ``moments`` as a clause has them."""

    def build(site: Site) -> Clause:
        wanted = site.truth()

        def test(view: View, now: datetime) -> Answer:
            got = read(view, now)
            return None if got is None else got is wanted

        def say(view: View, now: datetime, answer: Answer) -> str:
            if answer is None:
                return f"whether it is {noun} is not known"
            return f"it is {noun}" if read(view, now) else f"it is not {noun}"

        return Clause(test, say, moments=moments)

    return build


def _due(view: View) -> datetime | None:
    due = view.item.due
    return datetime.combine(due, time(), UTC) if due else None


def _overdue(view: View, now: datetime) -> bool:
    """Finished work is not overdue, whenever it was finished."""
    due = _due(view)
    return due is not None and due < _midnight(now) and view.item.status_category in OPEN


def _midnight(now: datetime) -> datetime:
    return datetime.combine(now.astimezone(UTC), time(), UTC)


due = keyed(
    {
        **spans("due date", _due),
        "within": _span("due date", _due, False, _within),
        "overdue": flag("overdue", _overdue, _to_come(_due, lambda moment: _after_it(moment, DAY))),
        "set": flag("given a due date", lambda view, _: view.item.due is not None),
    }
)


def _draft(view: View, _: datetime) -> Answer:
    """Only a pull request can be one; of other items it is known that they are not."""
    return view.item.draft if view.item.kind == "pull_request" else bool(view.item.draft)


draft = flag("a draft", _draft)
merged = flag("merged", lambda view, _: view.item.merged_at is not None)


def _bound(holds: Callable[[float, float], bool]) -> Build:
    def build(site: Site) -> Clause:
        limit = site.number()

        def test(view: View, _: datetime) -> Answer:
            points = view.item.points
            return None if points is None else holds(points, limit)

        def say(view: View, _: datetime, answer: Answer) -> str:
            if answer is None:
                return "it has no estimate"
            return f"points are {view.item.points:g}, {'as' if answer else 'not'} {site.name} {limit:g}"

        return Clause(test, say)

    return build


points = keyed(
    {
        "min": _bound(lambda points, limit: points >= limit),
        "max": _bound(lambda points, limit: points <= limit),
        "set": flag("estimated", lambda view, _: view.item.points is not None),
    }
)
