"""Findings in, flags reconciled.

A flag is the group of all findings with one fingerprint: it opens with the first, closes with the
last, and the same finding that comes back reopens it. Only the groups that a batch touches are
looked at.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from connectors.item import Item as Incoming
from rules.model import Finding as Raw
from rules.model import Judgement
from syncd.review.models import Finding, Flag
from syncd.trackers import bulk, cases

_CHANGING = (
    "severity",
    "state",
    "message",
    "fix",
    "clears",
    "owner",
    "opened_at",
    "resolved_at",
    "resolved_because",
    "regressed",
)
_COLUMNS = ("fingerprint", "rule", "item_id", "goal", *_CHANGING)

_Row = Mapping[str, Any]
_Roots = Mapping[str, tuple[int, Incoming]]
"""Item id -> row id and item."""


@dataclass(slots=True)
class Reconciled:
    """How many flags opened, came back and were resolved."""

    opened: int = 0
    reopened: int = 0
    resolved: int = 0


def record(judgements: Mapping[int, Judgement], deleted: Sequence[int], now: datetime) -> Reconciled:
    """Store the findings of a batch of items (by row id) and bring the flags they touch up to date."""
    stored = _stored([*judgements, *deleted])
    found = {(item, raw.fingerprint): raw for item, judgement in judgements.items() for raw in judgement.findings}
    lost = stored.keys() - found.keys()
    if lost:
        Finding.objects.filter(id__in=[stored[key]["id"] for key in lost]).delete()
    _write(found, stored)
    raws = {raw.fingerprint: raw for raw in found.values()}
    reasons = {fingerprint: _why_gone(judgements.get(item)) for item, fingerprint in lost}
    return _reconcile({**dict.fromkeys(reasons), **raws}, reasons, now)


def _stored(items: Sequence[int]) -> dict[tuple[int, str], _Row]:
    rows = bulk.select(Finding, ("id", "item_id", "fingerprint", "message", "fix"), item_id=items)
    return {(row["item_id"], row["fingerprint"]): row for row in rows}


def _write(found: Mapping[tuple[int, str], Raw], stored: Mapping[tuple[int, str], _Row]) -> None:
    new = [(key, raw) for key, raw in found.items() if key not in stored]
    bulk.insert(
        Finding,
        ("item_id", "fingerprint", "message", "fix"),
        [(item, fingerprint, raw.message, raw.fix) for (item, fingerprint), raw in new],
    )
    bulk.update(
        Finding,
        ("message", "fix"),
        [
            (raw.message, raw.fix, row["id"])
            for key, raw in found.items()
            if (row := stored.get(key)) and (row["message"], row["fix"]) != (raw.message, raw.fix)
        ],
    )


def _why_gone(judgement: Judgement | None) -> str:
    """In words, why a finding is no more: what became of its item."""
    if judgement is None:
        return "the item was deleted or left the scope"
    if judgement.exempt:
        return f"exempt: {judgement.exempt}"
    if judgement.primary:
        return f"linked to {judgement.primary.goal}"
    return "the item or the rules changed, and it no longer applies"


def _reconcile(touched: Mapping[str, Raw | None], reasons: Mapping[str, str], now: datetime) -> Reconciled:
    """:param touched: fingerprint -> a finding of this batch with it, if there is one"""
    done = Reconciled()
    if not touched:
        return done
    counts, flags = _counts(touched), _flags(touched)
    roots = cases.by_id(raw.root for raw in touched.values() if raw)
    new, changed = [], []
    for fingerprint, raw in touched.items():
        flag, clears = flags.get(fingerprint), counts.get(fingerprint, 0)
        if flag:
            before = bulk.values(flag, _CHANGING)
            if clears:
                done.reopened += _refresh(flag, raw, clears, roots, now)
            elif flag.state != "resolved":
                flag.resolve(reasons.get(fingerprint, ""), now)
                done.resolved += 1
            if (after := bulk.values(flag, _CHANGING)) != before:
                changed.append((*after, flag.id))
        elif raw and clears:
            new.append(bulk.values(_opened(raw, clears, roots, now), _COLUMNS))
    bulk.insert(Flag, _COLUMNS, new)
    bulk.update(Flag, _CHANGING, changed)
    done.opened = len(new)
    return done


def _counts(fingerprints: Iterable[str]) -> dict[str, int]:
    """How many findings each flag has."""
    one_of, values = bulk.one_of(fingerprints)
    counting = f"SELECT fingerprint, COUNT(*) FROM review_finding WHERE fingerprint {one_of} GROUP BY fingerprint"  # noqa: S608
    return dict(bulk.fetch(counting, [values]))


def _flags(fingerprints: Iterable[str]) -> dict[str, Flag]:
    rows = bulk.select(Flag, ("id", *_COLUMNS), fingerprint=list(fingerprints))
    return {row["fingerprint"]: Flag(**row) for row in rows}


def _opened(raw: Raw, clears: int, roots: _Roots, now: datetime) -> Flag:
    id_, root = roots.get(raw.root, (None, None))
    return Flag(
        fingerprint=raw.fingerprint,
        rule=raw.kind,
        severity=severity(clears),
        item_id=id_,
        goal=raw.subject if raw.kind == "off_strategy" else "",
        message=raw.message,
        fix=raw.fix,
        clears=clears,
        owner=owner(root),
        opened_at=now,
    )


def _refresh(flag: Flag, raw: Raw | None, clears: int, roots: _Roots, now: datetime) -> bool:
    """Bring a known flag up to date; True if it had been resolved and is back."""
    regressed = flag.state == "resolved"
    if regressed:
        flag.reopen(now)
    flag.clears, flag.severity = clears, severity(clears)
    if raw:
        root = roots.get(raw.root, (None, None))[1]
        flag.message, flag.fix, flag.owner = raw.message, raw.fix, owner(root)
    return regressed


def severity(clears: int) -> str:
    """By the work at stake."""
    return "high" if clears >= 10 else "medium" if clears >= 3 else "low"


def owner(root: Incoming | None) -> str:
    """Who can repair it: the assignee of the item, else who reported it."""
    if root is None:
        return ""
    return root.assignees[0].name if root.assignees else root.reporter.name if root.reporter else ""
