"""What an edit would change, before it does: a draft replayed over what is stored.

    every live item is judged by what is in force and by the draft → links, flags, rules, words, goals and trackers
    are tallied → findings are grouped into flags → the draft is held against what people decided

One transaction that cannot write, and no request to anybody. What comes in meanwhile is not seen.
"""

from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

import orjson

from config.models.partners import Partner, PartnersFile
from rules.model import Policy
from syncd.review.models import Flag, Verdict
from syncd.strategy.versions import Written
from syncd.trackers.models import Stream
from syncd.trackers.reading import reading
from syncd.worker.plan.agreement import Agreement, agreement
from syncd.worker.plan.agreements import Difference, differences
from syncd.worker.plan.effect import Effect
from syncd.worker.plan.exposure import Exposure, Exposures
from syncd.worker.plan.flags import Flags
from syncd.worker.plan.goals import GoalTally
from syncd.worker.plan.links import Links
from syncd.worker.plan.recall import Recalls
from syncd.worker.plan.replay import Replayed, live, replay
from syncd.worker.plan.rules import EditedRule, IdleRule, RuleTally
from syncd.worker.plan.spill import Spill, spill
from syncd.worker.plan.trackers import NOBODY, Coming, Leaving, Roll, TrackerTally
from syncd.worker.plan.words import StrayWord, Vocabulary


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that an edit would change. Good while its context is open."""

    effect: Effect
    links: Links
    flags: Flags
    edited_rules: tuple[EditedRule, ...]
    idle_rules: tuple[IdleRule, ...]
    strays: tuple[StrayWord, ...]
    agreement: Agreement
    recalls: Recalls
    partners: tuple[Difference, ...]
    exposures: tuple[Exposure, ...]
    """What becomes of what partners see."""
    leaving: tuple[Leaving, ...]
    coming: tuple[Coming, ...]
    """Trackers that are taken out of ``syncd.yaml`` and written into it."""
    served: Mapping[str, int]
    """Primary goal -> all items that serve it now."""
    teams: Mapping[str, str]
    """What people call a container, where that is not its id."""


@dataclass(frozen=True, slots=True)
class Watcher:
    """Told how a plan goes on."""

    begins: Callable[[int], None] = field(default=lambda _items: None)
    batch: Callable[[int], None] = field(default=lambda _items: None)
    ends: Callable[[], None] = field(default=lambda: None)


@dataclass(frozen=True, slots=True)
class Side:
    """What is written, and what is judged by: the same but for rules that lost their word."""

    written: Written
    policy: Policy


@contextmanager
def plan(
    before: Side, after: Side, now: datetime, watcher: Watcher = Watcher(), roll: Roll = NOBODY
) -> Generator[Plan]:
    """Replay ``after`` over the store against ``before``, which is in force.

    :param roll: the trackers that ``after`` reads otherwise
    """
    with reading(), spill() as laid_down:
        tally = _Tally(before, after, roll, laid_down, now)
        watcher.begins(tally.effect.items)
        for one in replay(tally.before, tally.after, now, leaving=roll.leaving, batch_done=watcher.batch):
            tally.add(one)
        watcher.ends()
        yield tally.plan(now)


class _Tally:
    """Everything that is counted in the one walk over the items."""

    def __init__(self, before: Side, after: Side, roll: Roll, laid_down: Spill, now: datetime) -> None:
        self.before, self.after = before.policy, after.policy
        self._agreements = (before.written.agreements, after.written.agreements)
        self._links, self._flags = Links(laid_down), Flags(laid_down, _hidden())
        self.effect = Effect(live())
        self._rules = RuleTally(self.before, self.after)
        self._vocabulary = Vocabulary.for_(self.after)
        self._goals = GoalTally(self.before, self.after, now)
        self._trackers = TrackerTally(roll)
        self._exposures = Exposures(after.written.agreements, now)
        self._recalls = Recalls(self.before, self.after, _partners(after.written), laid_down)

    def add(self, one: Replayed) -> None:
        self._rules.add(one.case.item, one.after)
        self._flags.add(one)
        self._goals.add(one)
        self._trackers.add(one)
        self._exposures.add(one.case, leaves=one.leaves)
        changes = self.effect.add(one)
        if one.leaves:
            return
        self._vocabulary.add(one.case.item)
        self._recalls.add(one)
        if changes:
            self._links.add(one)

    def plan(self, now: datetime) -> Plan:
        self._links.flush()
        self._goals.tell(self._flags)
        self._flags.group()
        return Plan(
            effect=self.effect,
            links=self._links,
            flags=self._flags,
            edited_rules=tuple(self._rules.edited()),
            idle_rules=tuple(self._rules.idle()),
            strays=tuple(self._vocabulary.strays(self.after)),
            agreement=agreement(self.after, self._flags, now),
            recalls=self._recalls,
            partners=tuple(differences(*self._agreements)),
            exposures=self._exposures.found(),
            leaving=self._trackers.leaving(self._flags),
            coming=self._trackers.coming(),
            served=self._trackers.goals,
            teams=dict(Stream.objects.values_list("native_id", "name")),
        )


def _partners(written: Written) -> Sequence[Partner]:
    return PartnersFile.model_validate_json(orjson.dumps(written.agreements), strict=True).partners


def _hidden() -> list[Flag]:
    """Flags that people decided to hide for a while."""
    return list(Flag.objects.filter(verdict__kind__in=Verdict.HIDES))
