"""Decisions in: which goals an item serves, with the explanation as it was then."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import blake2b
from typing import Any

import orjson

from rules.explain import to_json
from rules.model import Judgement, Policy
from syncd.strategy.models import Decision, Link, StrategyVersion
from syncd.trackers import bulk

_DECIDED = ("primary_goal", "strength", "exempt", "explanation", "fingerprint", "version_id", "decided_at")


def in_force(digest: str, policy: Policy, now: datetime) -> tuple[StrategyVersion, bool]:
    """The version with this hash as the current one, and whether it was made now."""
    current = StrategyVersion.objects.order_by("-id").first()
    if current and current.hash == digest:
        return current, False
    made = StrategyVersion.objects.create(
        hash=digest,
        strategy=_as_json({"vision": policy.strategy.vision, "goals": policy.strategy.goals}),
        rules=_as_json({"rules": policy.rules, "needs_goal": policy.needs_goal}),
        applied_at=now,
    )
    return made, True


def _as_json(values: Mapping[str, Any]) -> Any:
    """Dataclasses and dates as the database's JSON keeps them."""
    return orjson.loads(orjson.dumps(values))


def record(version: StrategyVersion, judgements: Mapping[int, Judgement], now: datetime) -> set[int]:
    """Store what was decided about each item (by row id), where it differs from what stands.

    :returns: the items decided otherwise than before; not those decided for the first time
    """
    rows = bulk.select(Decision, ("id", "item_id", "fingerprint"), item_id=judgements.keys())
    stored = {row["item_id"]: (row["id"], row["fingerprint"]) for row in rows}
    new, changed = [], []
    for item, judgement in judgements.items():
        explanation = to_json(judgement)
        fingerprint = blake2b(explanation.encode(), digest_size=16).hexdigest()
        known = stored.get(item)
        if known is None:
            new.append((item, *_values(judgement, explanation, fingerprint, version, now)))
        elif known[1] != fingerprint:
            changed.append((item, (*_values(judgement, explanation, fingerprint, version, now), known[0])))
    bulk.insert(Decision, ("item_id", *_DECIDED), new)
    bulk.update(Decision, _DECIDED, [row for _, row in changed])
    otherwise = {item for item, _ in changed}
    _relink({row[0]: judgements[row[0]] for row in (*new, *changed)}, otherwise)
    return otherwise


def forget(items: Sequence[int]) -> None:
    """Deleted items serve nothing; their history stays with their versions."""
    Decision.objects.filter(item__in=items).delete()
    Link.objects.filter(item__in=items).delete()


def _values(
    judgement: Judgement, explanation: str, fingerprint: str, version: StrategyVersion, now: datetime
) -> tuple[Any, ...]:
    """Values for ``_DECIDED``."""
    primary = judgement.primary
    goal, strength = (primary.goal, int(primary.strength)) if primary else ("", 0)
    return (goal, strength, judgement.exempt, explanation, fingerprint, version.id, bulk.stamp(now))


def _relink(judgements: Mapping[int, Judgement], known: set[int]) -> None:
    """Rows for the queries that start from a goal."""
    if known:
        Link.objects.filter(item__in=known).delete()
    rows = [
        (item, link.goal, int(link.strength), link.primary, against)
        for item, judgement in judgements.items()
        for against, links in ((False, judgement.links), (True, judgement.against))
        for link in links
    ]
    bulk.insert(Link, ("item_id", "goal", "strength", "primary", "against"), rows)
