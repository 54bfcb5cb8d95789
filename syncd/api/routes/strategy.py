"""Goals, what their owners say, and versions of strategy and rules."""

from collections import defaultdict
from dataclasses import asdict
from typing import Annotated, Any

import orjson
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Query

from rules.model import Goal
from syncd.accounts.access import Act
from syncd.api import telling
from syncd.api.door import person_of
from syncd.api.paging import At, Listing, listing, whole
from syncd.api.problems import Problem
from syncd.api.routing import Routes
from syncd.api.shapes import strategy as told
from syncd.api.shapes.words import Id, Word
from syncd.strategy import alignment, as_json, direction, versions
from syncd.strategy.goals import in_force, standings
from syncd.strategy.models import Draft, GoalUpdate, StrategyVersion, Tally
from syncd.strategy.saying import say
from syncd.strategy.tally.intervals import Share, share
from syncd.strategy.tally.reading import Unit
from syncd.web import keyset

routes = Routes("Strategy")
NARROW = ("strategy", "rules", "files")
"""What a list of versions does without."""


@routes.look("/goals", Listing[told.Goal])
def list_goals(request: HttpRequest, response: HttpResponse) -> dict[str, Any]:
    """The strategy tree, each goal before those below it, with how it stands."""
    return whole(request, response, map(telling.goal, standings(*in_force(), timezone.now())))


@routes.look("/goals/{goal}", told.Goal)
def get_goal(request: HttpRequest, goal: Word) -> dict[str, Any]:  # noqa: ARG001  ninja gives it
    """One of them."""
    for each in standings(*in_force(), timezone.now()):
        if each.goal.id == goal:
            return telling.goal(each)
    raise Http404


@routes.look("/goals/{goal}/changes", Listing[told.Direction])
def list_goal_changes(request: HttpRequest, response: HttpResponse, goal: Word) -> dict[str, Any]:
    """Its last changes of direction, the newest first."""
    _find(goal)
    return whole(request, response, map(asdict, direction.changes_of(goal)))


@routes.make("/goals/{goal}/updates", told.Update, Act.DECIDE)
def post_goal_update(request: HttpRequest, goal: Word, asked: told.NewUpdate) -> dict[str, Any]:
    """Say how it is doing, and why."""
    if _find(goal).kind == "non_goal":
        raise Problem(422, "A non-goal is in no health: nobody should work for it.")
    return update(say(request, person_of(request), goal, asked.health, asked.text, timezone.now()))


@routes.look("/alignment", told.Alignment)
def get_alignment(request: HttpRequest, asked: Annotated[told.OfDay, Query()]) -> dict[str, Any]:  # noqa: ARG001
    """What the work of a day served; 404 where nothing was tallied by then."""
    found = alignment.on(asked.day)
    if found is None:
        raise Http404
    return _alignment(found, asked.unit)


@routes.look("/goals/{goal}/updates", Listing[told.Update])
def list_goal_updates(request: HttpRequest, response: HttpResponse, goal: Word, at: At) -> dict[str, Any]:
    """What its owner has said, the newest first."""
    _find(goal)
    page = keyset.page(GoalUpdate.objects.filter(goal=goal), ("-made_at", "-id"), at.after, at.limit)
    return listing(request, response, page, update)


@routes.look("/versions", Listing[told.Version])
def list_versions(request: HttpRequest, response: HttpResponse, at: At) -> dict[str, Any]:
    """What was in force when, the newest first."""
    newest = _newest()
    page = keyset.page(StrategyVersion.objects.defer(*NARROW), ("-id",), at.after, at.limit)
    return listing(request, response, page, lambda row: as_json.version(row, in_force=row.pk == newest))


@routes.look("/versions/{int:version}", told.WholeVersion)
def get_version(request: HttpRequest, version: Id) -> dict[str, Any]:  # noqa: ARG001  ninja gives it
    """With the files as they were written."""
    row = get_object_or_404(StrategyVersion.objects.defer("strategy", "rules"), pk=version)
    files = {name: orjson.loads(text) for name, text in row.files.items()}
    return as_json.version(row, in_force=row.pk == _newest()) | {"files": files}


@routes.look("/draft", told.Draft)
def get_draft(request: HttpRequest) -> dict[str, Any]:  # noqa: ARG001  ninja gives it
    """What became of the folder's last edit, as the daemon measured it; ``syncd plan`` tells it in full."""
    row = get_object_or_404(Draft, folder=settings.CONFIG_DIR)
    effect = row.effect or None
    return {"state": row.state, "because": row.because or None, "effect": effect, "seen_at": row.seen_at}


def _alignment(found: alignment.Alignment, unit: Unit) -> dict[str, Any]:
    parts = [
        {
            "side": side,
            "name": name,
            "amount": amount.of(unit),
            "share": _share(share(found.effort, side, [name], unit)),
        }
        for (side, name), amount in found.spent().items()
    ]
    return {
        "day": found.tallied.day,
        "first": found.first,
        "unit": unit,
        "coverage": {side: _share(found.coverage(side, unit)) for side in Tally.WHOLE},
        "parts": sorted(parts, key=lambda part: (-part["amount"], part["side"], part["name"])),
        "teams": [_place(place, unit) for place in found.teams],
        "trackers": [_place(place, unit) for place in found.trackers],
        "weeks": [_week(week, unit) for week in found.weeks],
    }


def _share(found: Share | None) -> dict[str, Any] | None:
    return asdict(found) if found else None


def _place(place: alignment.Place, unit: Unit) -> dict[str, Any]:
    effort = {side: amount.of(unit) for side, amount in place.effort.items()}
    return {"tracker": place.tracker, "container": place.container, "effort": effort}


def _week(week: alignment.Week, unit: Unit) -> dict[str, Any]:
    work: defaultdict[str, float] = defaultdict(float)
    for (side, _), amount in week.work.items():
        work[side] += amount.of(unit)
    return {"day": week.tallied.day, "work": dict(work)}


def update(row: GoalUpdate) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in ("goal", "health", "text", "author", "made_at")}
    return {"id": row.pk, **values}


def _newest() -> int | None:
    return StrategyVersion.objects.order_by("-id").values_list("id", flat=True).first()


def _find(goal: str) -> Goal:
    found = versions.strategy_in_force().by_id.get(goal)
    if found is None:
        raise Http404
    return found
