"""``/healthz`` and ``/readyz``: for whoever decides to restart this process, or to send it requests."""

import shutil
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooSlow

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, close_old_connections, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from syncd.web.life import life_of

PATIENCE = 1.0
"""Seconds in which a database must answer."""
LEAST_DISK = 0.05
"""Part of the disk that must be free."""


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """Whether only a restart would help. Asks no database: a restart would not bring it back."""
    troubles = life_of(request).troubles()
    return JsonResponse({"alive": not troubles, "troubles": troubles}, status=503 if troubles else 200)


@login_not_required
@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Whether requests are welcome. A tracker that fails does not make us unready."""
    reasons = {}
    if life_of(request).draining:
        reasons["draining"] = "asked to stop"
    if trouble := database.trouble():
        reasons["database"] = trouble
    if (free := _free_disk()) < LEAST_DISK:
        reasons["disk"] = f"only {free:.1%} of the disk is free"
    return JsonResponse({"ready": not reasons, "reasons": reasons}, status=503 if reasons else 200)


class Database:
    """Asks the database in a thread of its own, so that a request never hangs with it. One thread: if
    the last question is still open, the next one waits behind it, and times out as well."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="readiness")

    def trouble(self) -> str:
        """What is wrong, in words without the address; empty if nothing is."""
        question: Future[str] = self._thread.submit(_ask)
        try:
            return question.result(PATIENCE)
        except TooSlow:
            question.cancel()
            return f"no answer within {PATIENCE:.0f} s"


database = Database()


def _ask() -> str:
    close_old_connections()
    try:
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return "no connection"
    finally:
        close_old_connections()
    return f"{len(missing)} migrations are not applied" if missing else ""


def _free_disk() -> float:
    usage = shutil.disk_usage(settings.DATA_DIR if settings.DATA_DIR.exists() else "/")
    return usage.free / usage.total
