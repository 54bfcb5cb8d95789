"""What the job engine asks of the application: which streams are due, and one slice of work on each.

Jobs are wake-up hints. Truth is in the rows: a stream is due by its ``next_due_at``, taken by its
lease; a hint that is lost is repeated by the next tick, one that comes twice finds the lease taken.
"""

import contextlib
import threading
import time
from datetime import datetime, timedelta

import structlog
from django.db.models import Q, QuerySet
from django.utils import timezone

from config.files import Config
from config.problems import ConfigError
from config.watch import Watched
from connectors.base import ConnectorError
from connectors.settings import TrackerSettings
from syncd.accounts import audit as security
from syncd.notify import outbox
from syncd.notify.tick import tick
from syncd.sharing import letters
from syncd.strategy import history, suggestions, versions
from syncd.strategy.tally import keeping
from syncd.trackers import search
from syncd.trackers.models import Limit, Round, Stream, Tracker
from syncd.worker import audit, discover, sweep, sync
from syncd.worker.judge import Bench
from syncd.worker.mirror import mirror
from syncd.worker.publish import publish
from syncd.worker.roster import Roster
from syncd.worker.suggest import Suggesting

log = structlog.get_logger(__name__)

HINT_AGAIN = timedelta(minutes=1)
"""After so long without effect a hint counts as lost."""


class Work:
    """The daemon's work. One instance a process; methods are called from any thread."""

    def __init__(self, config: Config, roster: Roster) -> None:
        self._watched, self._roster = Watched(config), roster
        self._bench: Bench | None = None
        self._judged_by: Config | None = None
        self._lock = threading.Lock()
        self._judging, self._auditing = threading.Lock(), threading.Lock()
        self._publishing = threading.Lock()
        self._mirroring = threading.Lock()
        self._suggesting, self._asking = Suggesting(), threading.Lock()
        self._telling = threading.Lock()
        self._indexing = threading.Lock()

    def due(self, now: datetime) -> list[int]:
        """Streams to pull, marked so that the next tick does not name them again at once."""
        due = self._polled().filter(
            Q(next_due_at=None) | Q(next_due_at__lte=now), Q(lease_until=None) | Q(lease_until__lt=now)
        )
        due = due.filter(Q(hinted_at=None) | Q(hinted_at__lt=now - HINT_AGAIN))
        ids = list(due.order_by("next_due_at").values_list("id", flat=True))
        Stream.objects.filter(id__in=ids).update(hinted_at=now)
        return ids

    def pull(self, stream_id: int, seconds: float) -> bool:
        """One slice of a pull. :returns: whether more is to do at once"""
        name = self._tracker_of(stream_id)
        limit = sync.Slice(seconds=seconds, stop=self._roster.stop)
        return sync.pull(stream_id, self._roster.connector(name), self._settings(name).every, limit).more

    def sweep_due(self, now: datetime) -> list[int]:
        """Streams whose back-fill is done and whose last sweep is long enough ago."""
        due: list[int] = []
        for name, settings in self._roster.settings.items():
            long_ago = now - timedelta(seconds=settings.sweep_every)
            streams = self._polled().filter(tracker__name=name, cursor__backfilled=True, broken_since=None)
            # a stream's first sweep comes one interval after its back-fill: there is nothing to miss before
            streams.filter(swept_at=None).update(swept_at=now)
            due += streams.filter(swept_at__lte=long_ago).values_list("id", flat=True)
        return due

    def sweep(self, stream_id: int) -> None:
        sweep.sweep(stream_id, self._roster.connector(self._tracker_of(stream_id)))

    def discover_due(self, now: datetime) -> list[str]:
        """Trackers whose scope is to be resolved (again)."""
        due = []
        for tracker in Tracker.objects.filter(name__in=self._roster.settings, active=True):
            settings = self._settings(tracker.name)
            if discover.due(settings, tracker, now) and not discover.rests(settings, tracker, now):
                due.append(tracker.name)
        return due

    def discover(self, tracker: str) -> None:
        """A failure is on record with the tracker; the next tick finds it due again."""
        with contextlib.suppress(ConnectorError):
            discover.discover(self._settings(tracker), self._roster.connector(tracker), self._roster.stop)

    def judge(self, seconds: float) -> bool:
        """One slice of judging what is due. :returns: whether more is due"""
        if not self._judging.acquire(blocking=False):
            return False  # somebody in this process is at it
        try:
            return self._judges().judge(seconds).more
        finally:
            self._judging.release()

    def publish(self, seconds: float) -> bool:
        """One slice of bringing partners' copies up to date. :returns: whether more is to do"""
        if not self._publishing.acquire(blocking=False):
            return False  # somebody in this process is at it
        try:
            with self._lock:
                self._refresh()
            return publish(self._watched.config, seconds)
        finally:
            self._publishing.release()

    def audit(self, seconds: float) -> bool:
        """One slice of comparing what is stored with what judging gives, if that is under way."""
        if Round.under_way(Round.AUDIT) is None or not self._auditing.acquire(blocking=False):
            return False
        try:
            return audit.go_on(self._judges(), seconds)
        finally:
            self._auditing.release()

    def suggest(self, seconds: float) -> bool:
        """One slice of suggesting goals for items without one. :returns: whether more is to do"""
        if not self._asking.acquire(blocking=False):
            return False  # somebody in this process is at it
        try:
            return self._suggesting.suggest(seconds).more
        finally:
            self._asking.release()

    def index(self, seconds: float) -> bool:
        """One slice of what the search has not read yet. :returns: whether more is to do"""
        if not self._indexing.acquire(blocking=False):
            return False  # somebody in this process is at it
        try:
            return search.index(seconds).more
        finally:
            self._indexing.release()

    def asked(self) -> bool:
        """Whether somebody of a partner's waits for a link to sign in."""
        return letters.wanted()

    def admit(self) -> None:
        """Write those links, and send them at once."""
        for message in letters.admit(timezone.now()):
            outbox.send_now(message, timezone.now())

    def messages(self, seconds: float) -> bool:
        """One turn of digests, alerts, webhooks and letters about partners. :returns: whether more is to be sent"""
        if not self._telling.acquire(blocking=False):
            return False  # somebody in this process is at it
        try:
            letters.write(timezone.now())
            return tick(seconds)
        finally:
            self._telling.release()

    def mirror(self, seconds: float) -> bool:
        """One slice of bringing partners' own tools up to date. :returns: whether more is to do at once"""
        if not self._mirroring.acquire(blocking=False):
            return False  # somebody in this process is at it
        try:
            with self._lock:
                self._refresh()
            return mirror(self._watched.config, self._roster, seconds)
        finally:
            self._mirroring.release()

    def nightly(self) -> None:
        """Begin an audit. Housekeeping: forget the budgets of credentials that were not used for a month, what was
        decided and sent long ago, what people did before that, and suggestions that nobody needs any more."""
        audit.begin(timezone.now())
        history.prune(timezone.now())
        suggestions.prune()
        outbox.prune(timezone.now())
        letters.prune(timezone.now())
        keeping.prune(timezone.now())
        security.prune(timezone.now())
        Limit.objects.filter(refilled_at__lt=time.time() - timedelta(days=30).total_seconds()).delete()

    def _judges(self) -> Bench:
        """The bench by the files as they are now; by the last good ones where they have mistakes."""
        with self._lock:
            self._refresh()
            config = self._watched.config
            in_tracker = self._watched.config.strategy.source is not None  # such goals change by themselves
            if (
                self._bench is None
                or config is not self._judged_by
                or in_tracker
                or not versions.is_newest(self._bench.version)
            ):
                self._bench, self._judged_by = Bench(config), config
            return self._bench

    def _refresh(self) -> None:
        before = self._watched.config
        try:
            changed = self._watched.refresh()
        except ConfigError as error:
            log.error("config_refused", problems=str(error), consequence="the last good one stays in force")  # noqa: TRY400
            return
        if changed:
            restart = self._watched.config.service != before.service
            log.info("config_changed", **{"restart_needed_for": "syncd.yaml"} if restart else {})

    def _polled(self) -> QuerySet[Stream]:
        return Stream.objects.filter(active=True, tracker__active=True, tracker__name__in=self._roster.settings)

    def _tracker_of(self, stream_id: int) -> str:
        return Stream.objects.values_list("tracker__name", flat=True).get(id=stream_id)

    def _settings(self, tracker: str) -> TrackerSettings:
        return self._roster.settings[tracker]
