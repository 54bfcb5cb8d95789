"""Decisions in: which goals an item serves, with the explanation as it was then, and what was decided before."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from hashlib import blake2b
from typing import Any

from rules.explain import to_json
from rules.model import Judgement
from syncd.strategy.models import Decision, Link, StrategyVersion
from syncd.trackers import bulk

_DECIDED = ("primary_goal", "strength", "exempt", "explanation", "fingerprint", "version_id", "decided_at", "next_at")
_PAST = ("item_id", "primary_goal", "exempt", "explanation", "version_id", "decided_at")


def record(version: StrategyVersion, judgements: Mapping[int, Judgement], now: datetime) -> set[int]:
    """Store what was decided about each item (by row id), where it differs from what stands.

    What stood until now is laid down as a past decision. When time alone may change a decision is kept
    with it, and brought up to date where only that is new: nothing was decided anew.

    :returns: the items decided otherwise than before; not those decided for the first time
    """
    rows = bulk.select(Decision, ("id", "item_id", "fingerprint", "next_at"), item_id=judgements.keys())
    stored = {row["item_id"]: row for row in rows}
    new, changed, waiting = [], [], []
    for item, judgement in judgements.items():
        explanation = to_json(judgement)
        fingerprint = blake2b(explanation.encode(), digest_size=16).hexdigest()
        known = stored.get(item)
        if known is None:
            new.append((item, *_values(judgement, explanation, fingerprint, version, now)))
        elif known["fingerprint"] != fingerprint:
            changed.append((item, (*_values(judgement, explanation, fingerprint, version, now), known["id"])))
        elif known["next_at"] != judgement.next_at:
            waiting.append((bulk.stamp(judgement.next_at), known["id"]))
    otherwise = {item for item, _ in changed}
    _lay_down(otherwise, now)
    bulk.insert(Decision, ("item_id", *_DECIDED), new)
    bulk.update(Decision, _DECIDED, [row for _, row in changed])
    bulk.update(Decision, ("next_at",), waiting)
    _relink({row[0]: judgements[row[0]] for row in (*new, *changed)}, otherwise)
    return otherwise


def forget(items: Sequence[int], now: datetime) -> None:
    """Deleted items serve nothing; what was decided about them is history."""
    _lay_down(items, now)
    Decision.objects.filter(item__in=items).delete()
    Link.objects.filter(item__in=items).delete()


def _lay_down(items: Collection[int], now: datetime) -> None:
    """What stands for these items is over: one statement, and no explanation leaves the database."""
    if not items:
        return
    kept = ", ".join(_PAST)
    one_of, these = bulk.one_of(items)
    bulk.execute(
        f"""INSERT INTO strategy_pastdecision ({kept}, ended_at)
            SELECT {kept}, %s FROM strategy_decision WHERE item_id {one_of}""",  # noqa: S608 - names of ours
        [bulk.stamp(now), these],
    )


def _values(
    judgement: Judgement, explanation: str, fingerprint: str, version: StrategyVersion, now: datetime
) -> tuple[Any, ...]:
    """Values for ``_DECIDED``."""
    primary = judgement.primary
    goal, strength = (primary.goal, int(primary.strength)) if primary else ("", 0)
    times = (bulk.stamp(now), bulk.stamp(judgement.next_at))
    return (goal, strength, judgement.exempt, explanation, fingerprint, version.id, *times)


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
