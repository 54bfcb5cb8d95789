"""Goals, what their owners say, and versions of strategy and rules."""

from typing import Any

import orjson
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from rules.model import Goal
from syncd.api.paging import At, Listing, listing
from syncd.api.routing import Routes
from syncd.api.shapes import strategy as told
from syncd.api.shapes.words import Id, Word
from syncd.strategy import as_json, versions
from syncd.strategy.models import Draft, GoalUpdate, StrategyVersion
from syncd.web import keyset

routes = Routes("Strategy")
NARROW = ("strategy", "rules", "files")
"""What a list of versions does without."""


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
