"""What is done once nothing is due any more, in a fixed number of queries.

decisions that are over end → orphans are grouped where something changed → goals are looked at →
track records are brought up to date, and rules that nobody acts on lose their word → the day is tallied.
"""

from dataclasses import dataclass
from datetime import datetime

from rules.model import Policy
from syncd.review import ending, goals, records, shapes
from syncd.review.flags import Reconciled
from syncd.review.marks import GOALS, TALLY, instead, take
from syncd.strategy.tally import making
from syncd.trackers.writing import writing


@dataclass(slots=True)
class Settled(Reconciled):
    """What came of settling, in numbers."""

    ended: int = 0
    """Decisions that expired, or whose event came."""
    demoted: bool = False
    """Whether rules lost their word, or were rewritten and have it again: the policy in force is another."""


def settle(policy: Policy, now: datetime) -> Settled:
    """Bring everything up to date that no single item decides. Doing it twice changes nothing more."""
    done = Settled()
    with writing():
        ended = ending.end(policy, now)
        done.ended, done.reopened = ended.verdicts, ended.reopened
        marks = take(now)
        if places := marks - {GOALS, TALLY}:
            done.add(shapes.regroup(places, now))
        if GOALS in marks:
            done.add(goals.look(policy, now))
        done.demoted = records.refresh(policy, now)
    if marks & {GOALS, TALLY}:
        _tally(policy, now)
    return done


def _tally(policy: Policy, now: datetime) -> None:
    """Tally the day, unless that was done a moment ago and takes long. It reads before anybody has to wait for it."""
    rests = making.rests_until(now)
    with writing():
        instead(TALLY, rests or now + goals.AGAIN)
    if rests is None:
        making.make(goals.done_since(policy, now), now)
