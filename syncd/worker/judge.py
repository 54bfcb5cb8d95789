"""From the store to flags: what is due is judged, decisions and flags follow.

    take a batch that is due → load it with its ancestors and references → ``rules.engine`` → store
    decisions that differ → have those judged who read from them → reconcile the flags they touch.

One batch is one transaction. Items are marked due by whoever changes something that they read, so
that judging what is due gives the same result as judging everything.
"""

import time
from dataclasses import dataclass

from django.utils import timezone

from config.files import Config
from rules.engine import Judge
from syncd.review import store as review
from syncd.strategy import store as strategy
from syncd.strategy.models import StrategyVersion
from syncd.trackers import cases, due
from syncd.trackers.writing import writing
from syncd.worker import faults, policy

BATCH = 500
"""Items in one transaction: some 50 ms."""


@dataclass(slots=True)
class Judged:
    """What came of a slice of judging, in numbers."""

    items: int = 0
    changed: int = 0
    opened: int = 0
    resolved: int = 0
    more: bool = False


class Bench:
    """Judges by one version of strategy and rules; everything is due anew when they change."""

    def __init__(self, config: Config) -> None:
        with writing():
            in_force = policy.in_force(config)
            if in_force.changed:
                due.mark_all()
        self._version = in_force.version
        self._judge = Judge(in_force.policy)

    @property
    def version(self) -> StrategyVersion:
        return self._version

    def judge(self, seconds: float | None = None) -> Judged:
        """Judge what is due, all of it or for about ``seconds``."""
        done = Judged()
        ends = time.monotonic() + (seconds or float("inf"))
        while taken := self._batch(done):
            if taken == BATCH and time.monotonic() > ends:
                done.more = True
                break
        return done

    def _batch(self, done: Judged) -> int:
        """:returns: how many items were taken"""
        faults.point("before-judge")
        with writing():
            ids = due.take(BATCH)
            if not ids:
                return 0
            now = timezone.now()
            case_of = cases.load(ids)
            judgements = dict(zip(case_of, self._judge.judge(case_of.values(), now), strict=True))
            deleted = [id_ for id_ in ids if id_ not in case_of]
            strategy.forget(deleted, now)
            changed = strategy.record(self._version, judgements, now)
            due.mark_readers(changed)
            flags = review.record(judgements, deleted, now)
            faults.point("in-judge")
        done.items += len(ids)
        done.changed += len(changed)
        done.opened += flags.opened + flags.reopened
        done.resolved += flags.resolved
        return len(ids)
