"""From the store to flags: what is due is judged, decisions and flags follow.

    mark whom time and edits of the policy touch → take a batch that is due → load it with all that it
    depends on → ``rules.engine`` → store decisions that differ → have those judged who read from them →
    reconcile the flags they touch → once nothing is due, settle what concerns goals, verdicts and rules.

One batch is one transaction. Items are marked due by whoever changes something that they read, so
that judging what is due gives the same result as judging everything. What we know of a stale stream is
out of date: its items stay due until it is back, and no flag is opened or resolved on them.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from config.files import Config
from rules.engine import Judge
from rules.model import Judgement
from syncd.review import store as review
from syncd.review.verdicts import rulings
from syncd.sharing import pending
from syncd.strategy import store as strategy
from syncd.strategy import versions
from syncd.strategy.models import StrategyVersion
from syncd.trackers import cases, due, health
from syncd.trackers.writing import writing
from syncd.worker import faults, policy
from syncd.worker.marks import Edits, mark_flipped

BATCH = 500
"""Items in one transaction: some 50 ms."""
SETTLINGS = 8
"""Times in one go that what was settled may make more due; each time it is less."""
SETTLE_EVERY = 60.0
"""Seconds after which goals, verdicts and rules are looked at again even where no item was judged."""


@dataclass(slots=True)
class Judged:
    """What came of a slice of judging, in numbers."""

    items: int = 0
    changed: int = 0
    opened: int = 0
    resolved: int = 0
    more: bool = False


class Bench:
    """Judges by the strategy and rules in force, and follows where people's verdicts demote a rule."""

    def __init__(self, config: Config, clock: Callable[[], datetime] = timezone.now) -> None:
        self._config, self._clock = config, clock
        self._settled_at = float("-inf")
        self._edits = Edits()
        self._take_over()

    @property
    def version(self) -> StrategyVersion:
        return self._version

    def now(self) -> datetime:
        """The moment at which it judges."""
        return self._clock()

    def judge(self, seconds: float | None = None, since: datetime | None = None) -> Judged:
        """Judge what is due, all of it or for about ``seconds``.

        :param since: streams that succeeded after that are fresh, however long ago it is by now: a pass over
            many trackers takes its time
        """
        done = Judged()
        ends = time.monotonic() + (seconds or float("inf"))
        mark_flipped(self._clock())
        done.more = not self._judge_due(done, health.frozen(self._clock(), since), lambda: time.monotonic() > ends)
        return done

    def judgements(self, ids: Sequence[int], now: datetime) -> dict[int, Judgement]:
        """How items (by row id) are judged as they are stored; deleted ones are left out."""
        case_of = cases.load(ids, rulings)
        return dict(zip(case_of, self._judge.judge(case_of.values(), now), strict=True))

    def _take_over(self) -> None:
        in_force = policy.in_force(self._config)
        self._policy, self._version = in_force.policy, in_force.version
        self._judge = Judge(in_force.policy)

    def _judge_due(self, done: Judged, frozen: Sequence[int], enough: Callable[[], bool]) -> bool:
        """:returns: whether nothing is due any more"""
        for _ in range(SETTLINGS):
            if not self._edits.mark(self._version, self._clock(), enough):
                return False
            before = done.items
            while taken := self._batch(done, frozen):
                if taken == BATCH and enough():
                    return False
            if not versions.is_newest(self._version):
                self._take_over()  # somebody put another one in force meanwhile
                continue
            if done.items == before and not self._settle_due():
                break
            self._settle(done)
        return True

    def _batch(self, done: Judged, frozen: Sequence[int]) -> int:
        """:returns: how many items were taken"""
        faults.point("before-judge")
        with writing():
            # what another version has marked as due is not for the one that we have
            ids = due.take(BATCH, frozen, health.hidden()) if versions.is_newest(self._version) else []
            if not ids:
                return 0
            now = self._clock()
            judgements = self.judgements(ids, now)
            deleted = [id_ for id_ in ids if id_ not in judgements]
            strategy.forget(deleted, now)
            changed = strategy.record(self._version, judgements, now)
            due.mark_readers(changed)
            pending.mark(ids)
            flags = review.record(judgements, deleted, now)
            faults.point("in-judge")
        done.items += len(ids)
        done.changed += len(changed)
        done.opened += flags.opened + flags.reopened
        done.resolved += flags.resolved
        return len(ids)

    def _settle_due(self) -> bool:
        return time.monotonic() - self._settled_at > SETTLE_EVERY

    def _settle(self, done: Judged) -> None:
        """What concerns more than one item; a rule that is demoted makes another version to judge by."""
        self._settled_at = time.monotonic()
        settled = review.settle(self._policy, self._clock())
        done.opened += settled.opened + settled.reopened
        done.resolved += settled.resolved
        if settled.demoted:
            self._take_over()
