"""The policy of a version, read and compiled once a process: whoever explains an item would do both at every visit."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from rules.engine import Judge
from rules.model import Policy
from syncd.strategy import versions
from syncd.strategy.models import StrategyVersion
from syncd.trackers import bulk

KEPT = 4
"""Versions that are asked about at the same time: the one in force, and some of which somebody looks back at."""


@dataclass(frozen=True, slots=True)
class Ready:
    """What judges while a version is in force. Nothing of it is ever changed, so that threads may share it."""

    version: str
    """Its hash."""
    policy: Policy
    judge: Judge


def ready_at(moment: datetime, otherwise: int) -> Ready:
    """What was in force at ``moment``.

    :param otherwise: the version to take where there was none yet
    :raises syncd.strategy.versions.OldForm: see :func:`syncd.strategy.versions.written_of`
    """
    version = "SELECT id, hash, applied_at FROM strategy_strategyversion"
    then = bulk.fetch(f"{version} WHERE applied_at <= %s ORDER BY id DESC LIMIT 1", [bulk.stamp(moment)])
    [found] = then or bulk.fetch(f"{version} WHERE id = %s", [otherwise])
    return _ready(*found)


@lru_cache(maxsize=KEPT)
def _ready(version: int, identity: str, _applied_at: datetime) -> Ready:
    """By hash and moment as well: the same number means another version in another store."""
    policy = versions.policy_of(StrategyVersion.objects.defer("rules", "effect").get(pk=version))
    return Ready(identity, policy, Judge(policy))
