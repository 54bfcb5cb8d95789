"""Putting a version in force, and letting trackers go, because somebody says so."""

from dataclasses import dataclass

from config.files import Config
from syncd.review import records
from syncd.strategy import versions
from syncd.strategy.models import Draft, StrategyVersion
from syncd.strategy.versions import Written
from syncd.trackers.models import Tracker
from syncd.trackers.writing import writing
from syncd.worker import leaving, policy
from syncd.worker.plan.effect import Effect


class Overtaken(Exception):
    """Somebody else put a version in force meanwhile: what was planned is no longer what would change."""


@dataclass(frozen=True, slots=True)
class Order:
    """Who puts what in force, and why."""

    written: Written
    author: str
    message: str
    effect: Effect
    planned_against: StrategyVersion | None
    leaving: tuple[str, ...] = ()
    """Trackers to let go."""


def apply(config: Config, order: Order) -> StrategyVersion:
    """Make the version. Whoever judges follows it at the next turn.

    :param config: its folder is on record with what it says now, so that an edit that this does not put
        in force is not put in force by itself the next time somebody looks
    :raises Overtaken: the version that the order was planned against is no longer in force
    """
    with writing():
        _let_go(order)
        newest = versions.newest()
        if (newest and newest.id) != (order.planned_against and order.planned_against.id):
            raise Overtaken(f"{newest} was put in force meanwhile, by {newest.author if newest else 'somebody'}")
        made = versions.add(
            order.written,
            author=order.author,
            message=order.message,
            effect=order.effect.as_json(),
            demoted=records.demoted(order.written.policy),
        )
        _note(config, made)
    return made


def release(order: Order) -> None:
    """Let the trackers go; strategy, rules and agreements stay as they are.

    :raises Overtaken: somebody else let them go meanwhile
    """
    with writing():
        _let_go(order)


def _let_go(order: Order) -> None:
    there = Tracker.objects.filter(name__in=order.leaving, active=True).count()
    if there != len(order.leaving):
        raise Overtaken("somebody let a tracker go meanwhile")
    if order.leaving:
        leaving.let_go(order.leaving, order.author, order.message)


def _note(config: Config, made: StrategyVersion) -> None:
    draft, seen = policy.written(config), policy.look(config)
    if made.hash == draft.hash:
        policy.note(config, draft, Draft.IN_FORCE)
    elif seen is None or seen.hash != draft.hash:
        policy.note(config, draft, Draft.HELD, f"{made} was put in force instead, by {made.author}")
