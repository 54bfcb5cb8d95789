"""Trackers that are taken out of ``syncd.yaml``: how much goes with them, and when they leave.

    who is read and not configured → how much would change without them? → little enough: they leave; too much, or
    by hand only: that is held, and told → ``syncd apply`` lets them go, writing them back takes it back

While a removal is held nothing is lost: the trackers are not polled, so that what is known of them grows out of date,
and nothing is judged or withdrawn on it.
"""

from collections.abc import Collection, Sequence

import structlog
from django.utils import timezone

from config.models.changes import Changes
from syncd.sharing import pending
from syncd.strategy import versions
from syncd.strategy.versions import OldForm
from syncd.trackers import due
from syncd.trackers.models import Tracker
from syncd.trackers.writing import writing
from syncd.worker import faults
from syncd.worker.plan.effect import Effect, measure
from syncd.worker.policy import FOLDER, why_held

DOES = "withdraw or change"
REMEDY = (
    "`syncd plan` shows what it would change, `syncd apply` lets it go; to take it back, write it into syncd.yaml again"
)

log = structlog.get_logger(__name__)


def leaving(configured: Collection[str]) -> tuple[str, ...]:
    """The trackers that are read and not configured, by name."""
    return tuple(
        Tracker.objects.filter(active=True).exclude(name__in=configured).order_by("name").values_list("name", flat=True)
    )


def follow(configured: Collection[str], changes: Changes) -> None:
    """Let those go that are no longer configured, or hold that. What is held is measured once."""
    _keep(configured)
    names = leaving(configured)
    if not names:
        return
    effect = _known(names) or _measured(names)
    because = why_held(changes, effect, DOES)
    faults.point("before-leaving")
    with writing():
        if leaving(configured) != names:
            return  # somebody let them go meanwhile, or took it back
        if because:
            _hold(names, because, effect)
        else:
            let_go(names, FOLDER)


def let_go(names: Sequence[str], by: str, message: str = "") -> None:
    """These are read no longer: their items serve nothing, what was found about them is no more, and partners see
    nothing of them. To be called in the transaction that decides it."""
    left = Tracker.objects.filter(name__in=names)
    ids = [tracker.pk for tracker in left]
    left.update(active=False, leaving={})
    due.mark_trackers(ids)
    pending.mark_left(ids)
    faults.point("in-leaving")
    for name in names:
        log.warning("tracker_left", tracker=name, by=by, message=message)


def _keep(configured: Collection[str]) -> None:
    """Those that are back before anybody let them go lose nothing."""
    with writing():
        back = Tracker.objects.filter(name__in=configured).exclude(leaving={})
        for tracker in back:
            log.info("removal_taken_back", tracker=tracker.name)
        back.update(leaving={})


def _known(names: Sequence[str]) -> Effect | None:
    """What was measured before, where the same trackers leave together."""
    found = [tracker.leaving for tracker in Tracker.objects.filter(name__in=names)]
    if any(each.get("with") != list(names) for each in found):
        return None
    return Effect(**{name: value for name, value in found[0]["effect"].items() if name != "share"})


def _measured(names: Sequence[str]) -> Effect:
    """Where nothing was judged yet, nothing is lost."""
    newest, now = versions.newest(), timezone.now()
    if newest is None:
        return Effect(0)
    try:
        policy = versions.policy_of(newest)
    except OldForm:
        return Effect(0)
    return measure(policy, policy, now, names)


def _hold(names: Sequence[str], because: str, effect: Effect) -> None:
    """Told once, however often it is started."""
    told = {"because": because, "with": list(names), "effect": effect.as_json()}
    for tracker in Tracker.objects.filter(name__in=names):
        if not tracker.leaving:
            facts = {"reason": because, "consequence": "it is not polled, and nothing of it is withdrawn"}
            log.warning("removal_held", tracker=tracker.name, **facts, remedy=REMEDY)
        since = tracker.leaving.get("since") or timezone.now().isoformat(timespec="seconds")
        tracker.leaving = {"since": since, **told}
        tracker.save(update_fields=["leaving"])
