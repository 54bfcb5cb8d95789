"""The policy of a version, read and compiled once a process: whoever explains an item would do both at every visit."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import orjson

from rules.engine import Judge
from rules.model import Policy
from syncd.strategy import versions
from syncd.strategy.models import StrategyVersion

KEPT = 4
"""Versions that are asked about at the same time: the one in force, and some of which somebody looks back at."""


@dataclass(frozen=True, slots=True)
class Ready:
    """What judges while a version is in force. Nothing of it is ever changed, so that threads may share it."""

    policy: Policy
    judge: Judge


def ready(version: StrategyVersion) -> Ready:
    """:raises syncd.strategy.versions.OldForm: see :func:`syncd.strategy.versions.written_of`"""
    return _ready(version.id, _text(version.files), _text(version.strategy), tuple(version.demoted))


def _text(value: Mapping[str, object]) -> bytes:
    return orjson.dumps(value)


@lru_cache(maxsize=KEPT)
def _ready(number: int, files: bytes, strategy: bytes, demoted: tuple[str, ...]) -> Ready:
    """By all that it is made from: the same number means another version in another store."""
    version = StrategyVersion(
        id=number, files=orjson.loads(files), strategy=orjson.loads(strategy), demoted=list(demoted)
    )
    policy = versions.policy_of(version)
    return Ready(policy, Judge(policy))
