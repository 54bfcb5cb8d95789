"""Versions of strategy and rules: what was in force when, by whom and why, and how to have it in force again.

A version keeps ``strategy.yaml`` and ``rules.yaml`` as they were written, so that the same models read
them again. Goals that are kept in a tracker are kept with it as they were then.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import datetime
from functools import lru_cache
from hashlib import blake2b
from typing import Any

import orjson
from django.utils import timezone
from pydantic import TypeAdapter, ValidationError

from config.models.rules import RulesFile
from config.models.strategy import StrategyFile
from config.policy import policy as policy_from
from rules.model import Goal, Policy, Strategy
from syncd.strategy.models import StrategyVersion
from syncd.trackers import bulk

FIRST = "first sync"
"""Author of the version that an empty store begins with."""

FILES = ("strategy.yaml", "rules.yaml", "partners.yaml")

_GOALS = TypeAdapter(tuple[Goal, ...])
_FITTING = {"link": False, "non_goal": True}
"""Action of a rule -> whether its goal is a non-goal."""


class OldForm(Exception):
    """A version was written when the files had another form, and cannot be read any more."""


@dataclass(frozen=True, slots=True)
class Written:
    """What somebody wrote: the files, and the policy that they make."""

    files: Mapping[str, Any]
    policy: Policy

    @property
    def agreements(self) -> Any:
        """What ``partners.yaml`` says."""
        return self.files.get("partners.yaml") or {}

    @property
    def hash(self) -> str:
        return identity([self.policy, self.agreements])

    def says_as(self, other: "Written") -> bool:
        """Whether both say the same, whatever the form they were written in."""
        return self.policy == other.policy and self.agreements == other.agreements


def identity(value: Any) -> str:
    """Fingerprint of all that strategy, rules and agreements say, down to the words."""
    facts = orjson.dumps(value, option=orjson.OPT_SORT_KEYS | orjson.OPT_PASSTHROUGH_DATACLASS, default=_plain)
    return blake2b(facts, digest_size=16).hexdigest()


def newest() -> StrategyVersion | None:
    """The version in force."""
    return StrategyVersion.objects.order_by("-id").first()


def strategy_in_force() -> Strategy:
    """Vision and goals alone, for whoever names them: the rules are not read. Empty before the first version."""
    newest = bulk.fetch("SELECT strategy FROM strategy_strategyversion ORDER BY id DESC LIMIT 1")
    return _strategy(newest[0][0]) if newest else Strategy("", ())


@lru_cache(maxsize=4)
def _strategy(written: str) -> Strategy:
    """Read once: many pages name goals. Nothing of it is ever changed, so that threads may share it."""
    said = orjson.loads(written)
    return Strategy(said.get("vision", ""), _GOALS.validate_json(orjson.dumps(said.get("goals", []))))


def is_newest(version: StrategyVersion) -> bool:
    """Whether the version is still in force."""
    return not StrategyVersion.objects.filter(id__gt=version.id).exists()


def before(version: StrategyVersion) -> StrategyVersion | None:
    """The version that was in force until this one was."""
    return StrategyVersion.objects.filter(id__lt=version.id).order_by("-id").first()


def other_before(version: StrategyVersion) -> StrategyVersion | None:
    """The last version before that said something else; a rule that was demoted meanwhile is no edit."""
    return StrategyVersion.objects.filter(id__lt=version.id).exclude(hash=version.hash).order_by("-id").first()


def add(
    written: Written,
    *,
    author: str,
    message: str = "",
    effect: Mapping[str, Any] | None = None,
    demoted: Collection[str] = (),
) -> StrategyVersion:
    """Put what was written in force. Judging follows at its next turn."""
    policy = with_demoted(written.policy, demoted)
    judged_by = {
        field.name: getattr(policy, field.name) for field in fields(policy) if field.name not in ("strategy", "rules")
    }
    return StrategyVersion.objects.create(
        hash=written.hash,
        strategy=_as_json({"vision": policy.strategy.vision, "goals": policy.strategy.goals}),
        rules=_as_json({"rules": policy.rules, **judged_by}),
        files={name: orjson.dumps(content).decode() for name, content in written.files.items()},
        demoted=sorted(demoted),
        effect=_as_json(effect or {}),
        author=author,
        message=message,
        applied_at=timezone.now(),
    )


def written_of(version: StrategyVersion) -> Written:
    """What a version says, read by the models of today.

    :raises OldForm: they do not read it any more
    """
    try:
        strategy = StrategyFile.model_validate_json(version.files["strategy.yaml"], strict=True)
        rules = RulesFile.model_validate_json(version.files["rules.yaml"], strict=True)
        policy = policy_from(strategy, rules)
        if strategy.source:
            goals = _GOALS.validate_json(orjson.dumps(version.strategy["goals"]))
            policy = with_goals(policy, goals)
    except KeyError:
        raise OldForm(f"version {version.id} is from a syncd that did not keep the files") from None
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise OldForm(
            f"version {version.id} was written when the files had another form ({where}: {first['msg']})"
        ) from None
    return Written({name: orjson.loads(content) for name, content in version.files.items()}, policy)


def policy_of(version: StrategyVersion) -> Policy:
    """The policy that is judged by while this version is in force.

    :raises OldForm: see :func:`written_of`
    """
    return with_demoted(written_of(version).policy, version.demoted)


def with_goals(policy: Policy, goals: tuple[Goal, ...]) -> Policy:
    """The policy with goals that a tracker holds. Rules for goals that it does not hold (any more) rest until it does."""
    kinds = {goal.id: goal.kind == "non_goal" for goal in goals}
    rules = [
        rule for rule in policy.rules if rule.action not in _FITTING or kinds.get(rule.target) == _FITTING[rule.action]
    ]
    return replace(policy, strategy=Strategy(policy.strategy.vision, goals), rules=tuple(rules))


def with_demoted(policy: Policy, demoted: Iterable[str]) -> Policy:
    """The policy with these rules and checks in monitor; those that are not enforced stay as they are."""
    resting = frozenset(demoted)
    if not resting:
        return policy
    rules = tuple(
        replace(rule, mode="monitor") if rule.id in resting and rule.mode == "enforce" else rule
        for rule in policy.rules
    )
    own = {rule.id for rule in policy.rules}
    modes = dict(policy.checks.modes)
    modes |= {name: "monitor" for name in resting - own if modes.get(name, "enforce") == "enforce"}
    return replace(policy, rules=rules, checks=replace(policy.checks, modes=modes))


def unmarked(version: StrategyVersion) -> list[StrategyVersion]:
    """The versions up to this one of which not all that they touch was marked to be judged anew, newest first."""
    return list(StrategyVersion.objects.filter(id__lte=version.id, marked_at=None).order_by("-id"))


def marked(version: StrategyVersion, now: datetime) -> None:
    """All that this version, and those before it, touch was marked to be judged anew."""
    StrategyVersion.objects.filter(id__lte=version.id, marked_at=None).update(marked_at=now)


def _as_json(values: Mapping[str, Any]) -> Any:
    """Dataclasses and dates as the database's JSON keeps them."""
    return orjson.loads(orjson.dumps(values, option=orjson.OPT_PASSTHROUGH_DATACLASS, default=_plain))


def _plain(value: Any) -> Any:
    """What JSON does not know. A dataclass by its fields: what it has computed and kept is not among them."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in fields(value)}
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, set | frozenset):
        return sorted(value)
    raise TypeError(type(value).__name__)
