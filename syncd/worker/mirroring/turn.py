"""One turn at one place, from its lease to its health."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

import structlog

from config.files import Config
from connectors.base import AuthFailed, ConnectorError, RateLimited
from connectors.mirror import Refused, Target
from syncd.mirrors import comparing
from syncd.mirrors.lease import Lease
from syncd.mirrors.models import Intent, Mirror, Row
from syncd.trackers.lease import Fenced
from syncd.worker.mirroring import fitness
from syncd.worker.mirroring.look import look
from syncd.worker.mirroring.push import Push, clock_of
from syncd.worker.mirroring.sweep import sweep as sweep_
from syncd.worker.roster import Roster

log = structlog.get_logger(__name__)

PAUSES = tuple(timedelta(seconds=seconds) for seconds in (20, 60, 300, 900))
"""Before a place that fails is asked again: the longer it has failed."""


def turn(config: Config, roster: Roster, mirror_id: int, ends: float, now: datetime, *, sweep: bool = False) -> bool:
    """:param ends: monotonic time at which the turn ends; :returns: whether more is to do at once"""
    lease = Lease.claim(mirror_id)
    if lease is None:
        return False
    clock, more = clock_of(now), False
    with (
        structlog.contextvars.bound_contextvars(mirror=str(lease.mirror), partner=lease.mirror.partner),
        suppress(Fenced),
    ):
        try:
            more = _turn(config, roster, lease, ends, clock, sweep=sweep)
        except RateLimited as error:
            lease.note(parked_until=clock() + timedelta(seconds=error.retry_after))
        except ConnectorError as error:
            if not roster.stop.is_set():  # else it may merely have been interrupted
                _broke(lease, error, clock())
        else:
            _works(lease, clock())
        lease.release()
    return more


def _turn(
    config: Config, roster: Roster, lease: Lease, ends: float, clock: Callable[[], datetime], *, sweep: bool
) -> bool:
    mirror, now = lease.mirror, clock()
    if comparing.is_due(mirror, now):
        comparing.compare(mirror, now)
    if _is_over(lease, now):
        return False
    looking = not mirror.leaving_at and (mirror.look_at is None or mirror.look_at <= now)
    sweeping = sweep or _sweep_is_due(config, mirror, now)
    if not (looking or sweeping or _due(mirror, now)):
        return False
    target = _target(config, roster, mirror)
    place = target.verify(fitness.pin_of(mirror))
    unfit = fitness.check(config, mirror, place)
    push = Push(lease, target, place, clock, roster.stop, roster.writes(mirror.tracker))
    if unfit:
        push.run(ends, only=Intent.WITHDRAW)
        raise Refused(unfit)
    was = list(mirror.fields)
    fitness.pin(lease, target, place)
    if was and was != list(place.fields):
        comparing.refresh(mirror, now)
    if looking:
        look(lease, target, place, _settings_every(config, mirror), clock)
    more = push.run(ends)
    if sweeping and not more:
        sweep_(lease, target, place, push, clock)
    _is_over(lease, clock())
    return more


def _target(config: Config, roster: Roster, mirror: Mirror) -> Target:
    if mirror.tracker not in [one.name for one in config.service.trackers]:
        raise AuthFailed(f"syncd.yaml has no tracker {mirror.tracker} any more: what stands there cannot be withdrawn")
    if mirror.tracker not in roster.settings:
        raise AuthFailed(f"the tracker {mirror.tracker} is new in syncd.yaml: restart syncd, so that it is known")
    return roster.target(mirror.tracker, mirror.place)


def _due(mirror: Mirror, now: datetime) -> bool:
    return Intent.objects.filter(mirror=mirror, next_at__lte=now).exists()


def _sweep_is_due(config: Config, mirror: Mirror, now: datetime) -> bool:
    """A first sweep comes one interval after the place was first written to: there is nothing to find before."""
    if mirror.leaving_at or not mirror.pin:
        return False
    settings = next((one for one in config.service.trackers if one.name == mirror.tracker), None)
    every = timedelta(seconds=settings.sweep_every if settings else 86400)
    return now - (mirror.swept_at or mirror.since) >= every


def _settings_every(config: Config, mirror: Mirror) -> float:
    return next(one.every for one in config.service.trackers if one.name == mirror.tracker)


def _is_over(lease: Lease, now: datetime) -> bool:
    """Whether nothing is there any more and nothing is to come."""
    mirror = lease.mirror
    if mirror.leaving_at is None or mirror.rows.exclude(state=Row.GONE).exists():
        return False
    if mirror.ended_at is None:
        lease.note(ended_at=now)
        log.info("mirror_emptied")
    return True


def _broke(lease: Lease, error: ConnectorError, now: datetime) -> None:
    """Told once; asked again ever later."""
    mirror = lease.mirror
    since = mirror.broken_since or now
    if mirror.broken_since is None or mirror.error != error.what:
        log.warning("mirror_broke", reason=error.what)
    pause = next((one for one in PAUSES if now - since < one * 3), PAUSES[-1])
    lease.note(broken_since=since, error=error.what, parked_until=now + pause)


def _works(lease: Lease, now: datetime) -> None:
    if lease.mirror.broken_since:
        log.info("mirror_recovered")
    lease.note(broken_since=None, error="", parked_until=None, worked_at=now)
