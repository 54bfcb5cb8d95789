"""The connectors of the configured trackers, and the lanes they send through."""

import threading
from collections.abc import Callable, Sequence
from typing import Self

from config.models.changes import Changes
from connectors import registry
from connectors.base import AuthFailed, Connector
from connectors.calls import DEADLINE, Lane, Observer, fingerprint
from connectors.mirror import PATIENCE, Target
from connectors.settings import Pace, SecretMissing, TrackerSettings
from syncd.sharing import pending
from syncd.trackers import due
from syncd.trackers.models import Tracker
from syncd.trackers.writing import writing
from syncd.worker import leaving
from syncd.worker.budget import SharedBudget


class Roster:
    """Connectors by tracker name, made when first asked for. Thread-safe; close it at the end."""

    def __init__(
        self,
        trackers: Sequence[TrackerSettings],
        *,
        stop: threading.Event | None = None,
        observer: Observer | None = None,
        build: Callable[[TrackerSettings, Lane], Connector] = registry.build,
    ) -> None:
        self.settings = {settings.name: settings for settings in trackers}
        self.stop = stop or threading.Event()
        self._observer, self._build, self._lock = observer, build, threading.Lock()
        self._connectors: dict[str, Connector] = {}
        self._targets: dict[tuple[str, str], Target] = {}
        self._budgets: dict[str, SharedBudget] = {}

    def connector(self, name: str) -> Connector:
        """:raises AuthFailed: the credential is not there; :raises KeyError: no such tracker"""
        with self._lock:
            if name not in self._connectors:
                self._connectors[name] = self._connect(self.settings[name])
            return self._connectors[name]

    def target(self, name: str, place: str) -> Target:
        """A mirror's place at a tracker. :raises AuthFailed: the credential is not there; :raises KeyError: no such tracker"""
        with self._lock:
            if (name, place) not in self._targets:
                settings = self.settings[name]
                self._targets[name, place] = registry.target(settings, self._lane(settings, PATIENCE), place)
            return self._targets[name, place]

    def writes(self, name: str) -> SharedBudget | None:
        """How many rows may be written to mirrors at a tracker, beside its pace; None: as many as that allows."""
        settings = self.settings[name]
        if settings.writes is None:
            return None
        with self._lock:
            return self._budget(f"{_known_credential(settings)} writes", settings.writes)

    def register(self, changes: Changes) -> None:
        """Have a row for each tracker that is read. Those that are no longer configured leave, or that is held: see
        :mod:`syncd.worker.leaving`.

        :param changes: how much may change by itself
        """
        sources = {name: settings for name, settings in self.settings.items() if not settings.mirror_only}
        leaving.follow(sources, changes)
        with writing():
            away = Tracker.objects.filter(active=False)
            pending.mark_left([tracker.pk for tracker in away.exclude(name__in=sources)])  # to be sure
            back = [tracker.pk for tracker in away.filter(name__in=sources)]
            pending.mark_back(back)
            due.mark_trackers(back)
            for settings in sources.values():
                values = {"kind": settings.kind, "url": settings.root, "every": settings.every, "active": True}
                values["credential"] = _credential(settings)
                Tracker.objects.update_or_create(name=settings.name, defaults=values)

    def close(self) -> None:
        with self._lock:
            for connector in self._connectors.values():
                connector.close()
            for target in self._targets.values():
                target.close()
            for budget in self._budgets.values():
                budget.close()
            self._connectors.clear()
            self._targets.clear()
            self._budgets.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _connect(self, settings: TrackerSettings) -> Connector:
        return self._build(settings, self._lane(settings))

    def _lane(self, settings: TrackerSettings, patience: float = DEADLINE) -> Lane:
        budget = self._budget(_known_credential(settings), settings.pace)
        return Lane(settings.name, budget, stop=self.stop, observer=self._observer, patience=patience)

    def _budget(self, credential: str, pace: Pace) -> SharedBudget:
        name = fingerprint(credential)
        if name not in self._budgets:
            self._budgets[name] = SharedBudget(name, pace)
        return self._budgets[name]


def _known_credential(settings: TrackerSettings) -> str:
    """:raises AuthFailed: it is not there"""
    try:
        return settings.credential()
    except SecretMissing as missing:
        raise AuthFailed(str(missing)) from None


def _credential(settings: TrackerSettings) -> str:
    """Its fingerprint; empty while the credential is not there, which is told where it is needed."""
    try:
        return fingerprint(settings.credential())
    except SecretMissing:
        return ""
