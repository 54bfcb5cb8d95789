"""The nightly proof that what is stored is what judging everything would give.

    begin a round → batch by batch: judge as stored, compare, write nothing → who differs is looked at again
    with the others kept out: unless something that it reads still awaits its judgement, it is a
    disagreement → an alarm with examples; then, and not before, the item is due to be judged anew

Between two slices everybody else gets their turn. A disagreement is a mistake of syncd, or somebody's hand
in the database: it is told, not silently repaired.
"""

import time
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

import structlog
from django.db.models import Model

from rules.explain import to_json
from rules.model import Judgement
from syncd.review.models import Finding
from syncd.strategy.models import Decision, Link
from syncd.trackers import bulk, cases, due
from syncd.trackers.models import Item, Round
from syncd.trackers.writing import writing
from syncd.worker.judge import BATCH, Bench
from syncd.worker.marks import mark_flipped

log = structlog.get_logger(__name__)

KEPT = 30
"""Rounds that are kept, of each purpose."""


def begin(now: datetime) -> None:
    """Start an audit. One that was still under way, perhaps by another policy, starts anew."""
    with writing():
        Round.objects.filter(purpose=Round.AUDIT, ended_at=None).delete()
        for purpose in Round.PURPOSES:
            old = Round.objects.filter(purpose=purpose).exclude(ended_at=None).order_by("-id")[KEPT:]
            Round.objects.filter(id__in=[round_.id for round_ in old]).delete()
        Round.objects.create(purpose=Round.AUDIT, began_at=now)


def go_on(bench: Bench, seconds: float | None = None) -> bool:
    """Compare for about ``seconds``, or to the end, if an audit is under way. :returns: whether more is to do"""
    ends = time.monotonic() + (seconds or float("inf"))
    while round_ := Round.under_way(Round.AUDIT):
        ids = cases.after(round_.position, BATCH)
        if not ids:
            _end(round_, bench.now())
        else:
            _compare(round_, bench, ids)
        if time.monotonic() > ends:
            return bool(ids)
    return False


def _compare(round_: Round, bench: Bench, ids: Sequence[int]) -> None:
    suspects = _differing(bench.judgements(ids, bench.now()))
    confirmed = _confirmed(bench, suspects) if suspects else {}
    with writing():
        stands = Round.objects.filter(id=round_.id, position=round_.position, ended_at=None)
        if stands.exists():  # else another worker was quicker, or a new audit began
            round_.step(ids[-1], len(ids), len(confirmed), _examples(confirmed))
            round_.save()
            _have_judged(confirmed)


def _confirmed(bench: Bench, suspects: Collection[int]) -> dict[int, str]:
    """Those that still differ while nobody else writes, and that nothing is about to judge anew."""
    now = bench.now()
    with writing():
        mark_flipped(now)
        settled = [id_ for id_, read in cases.read_by(list(suspects)).items() if not due.among(read)]
        return _differing(bench.judgements(settled, now))


def _differing(judgements: Mapping[int, Judgement]) -> dict[int, str]:
    """Row id -> what is stored otherwise than it is judged, in words."""
    stored = [_by_item(model, columns, judgements) for model, columns in _STORED.values()]
    told = {}
    for id_, judgement in judgements.items():
        judged = (_decision(judgement), _links(judgement), _findings(judgement))
        compared = zip(_STORED, judged, stored, strict=True)
        if differs := [what for what, now, rows in compared if now != rows.get(id_, set())]:
            told[id_] = " and ".join(differs)
    return told


_STORED: Mapping[str, tuple[type[Model], tuple[str, ...]]] = {
    "decision": (Decision, ("primary_goal", "strength", "exempt", "explanation")),
    "links": (Link, ("goal", "strength", "primary", "against")),
    "findings": (Finding, ("fingerprint", "held", "message", "fix")),
}
"""What is compared: the rows of an item, and their columns in the order of the three functions below."""

Rows = set[tuple[Any, ...]]


def _by_item(model: type[Model], columns: Sequence[str], items: Collection[int]) -> dict[int, Rows]:
    rows: dict[int, Rows] = {}
    for row in bulk.select(model, ("item_id", *columns), item_id=items):
        rows.setdefault(row["item_id"], set()).add(tuple([row[column] for column in columns]))
    return rows


def _decision(judgement: Judgement) -> Rows:
    primary = judgement.primary
    goal, strength = (primary.goal, int(primary.strength)) if primary else ("", 0)
    return {(goal, strength, judgement.exempt, to_json(judgement))}


def _links(judgement: Judgement) -> Rows:
    sides = ((False, judgement.links), (True, judgement.against))
    return {(link.goal, int(link.strength), link.primary, against) for against, links in sides for link in links}


def _findings(judgement: Judgement) -> Rows:
    return {(found.fingerprint, found.held, found.message, found.fix) for found in judgement.findings}


def _examples(confirmed: Mapping[int, str]) -> list[dict[str, str]]:
    some = list(confirmed)[: Round.EXAMPLES]
    keys = dict(Item.objects.filter(id__in=some).values_list("id", "key"))
    return [{"item": keys[id_], "differs": confirmed[id_]} for id_ in some]


def _have_judged(confirmed: Collection[int]) -> None:
    """Within the transaction that counts them. A decision without its fingerprint is written anew even where
    only a copy of it was wrong; links without a decision would be in its way."""
    Decision.objects.filter(item__in=confirmed).update(fingerprint="")
    Link.objects.filter(item__in=confirmed, item__decision=None).delete()
    due.mark(confirmed)


def _end(round_: Round, now: datetime) -> None:
    """Nothing is left. Tell what was found, once."""
    ended = Round.objects.filter(id=round_.id, ended_at=None).update(ended_at=now)
    if ended and round_.found:
        log.error(
            "judging_disagrees",
            items=round_.found,
            of=round_.seen,
            examples=[f"{example['item']}: {example['differs']}" for example in round_.examples],
            consequence="they are judged anew; what is stored had been changed, or was not brought up to date",
        )
