"""Findings in, flags reconciled; and what is left to do once nothing is due any more."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from connectors.item import Item as Incoming
from rules.checks import CHECKS
from rules.model import Finding as Raw
from rules.model import Judgement
from syncd.review import facts, records, shapes
from syncd.review.causes import Gone
from syncd.review.flags import Reconciled, Told, Why, concern, reconcile, weigh
from syncd.review.marks import GOALS, unsettle
from syncd.review.models import Finding
from syncd.review.settling import Settled, settle
from syncd.trackers import bulk, cases
from syncd.trackers.models import Item

__all__ = ["Reconciled", "Settled", "record", "settle"]

Key = tuple[int, str]
"""Row id of an item, and the fingerprint of a finding about it."""
_Row = Mapping[str, Any]
_Items = Mapping[str, tuple[int, Incoming]]
"""Item id -> row id and item."""


def record(judgements: Mapping[int, Judgement], deleted: Sequence[int], now: datetime) -> Reconciled:
    """Store the findings of a batch of items (by row id) and bring the flags they touch up to date.

    Unlinked items that nothing stands above or below wait for :func:`settle`, which sees all of them.
    """
    stored = _stored([*judgements, *deleted])
    found = {(item, raw.fingerprint): raw for item, judgement in judgements.items() for raw in judgement.findings}
    lost = {key: row for key, row in stored.items() if key not in found}
    items = cases.by_id(_wanted(judgements, found.values(), lost))
    rows = _rows(found, judgements, items)
    unshown = {
        key: found[key] for key, row in rows.items() if row["held"] and key in stored and not stored[key]["held"]
    }
    changed = _write(rows, stored, lost)
    told = _told(found, lost, items)
    why = _why({**dict.fromkeys(lost), **unshown}, stored, judgements)
    waits = _unsettled(told, [*changed, *lost], judgements, items)
    if judgements or deleted:
        unsettle({GOALS, *waits}, now)
    done = reconcile(told, weigh(told), why, now) if told else Reconciled()
    concern({*judgements, *(says.item for says in told.values() if says and says.item)})
    return done


def _stored(items: Sequence[int]) -> dict[Key, _Row]:
    rows = bulk.select(Finding, ("id", "item_id", "group", *facts.COLUMNS), item_id=items)
    return {(row["item_id"], row["fingerprint"]): row for row in rows}


def _wanted(judgements: Mapping[int, Judgement], raws: Iterable[Raw], lost: Iterable[Key]) -> set[str]:
    """The ids of the items of which something must be known: those with findings, and all roots."""
    wanted = {raw.root for raw in raws} | {each.item for each in judgements.values() if each.findings}
    return wanted | {facts.root_of(fingerprint) for _, fingerprint in lost if _unlinked(fingerprint)}


def _unlinked(fingerprint: str) -> bool:
    return fingerprint.startswith(f"{facts.UNLINKED}|")


def _rows(found: Mapping[Key, Raw], judgements: Mapping[int, Judgement], items: _Items) -> dict[Key, _Row]:
    """What a row of each finding says now."""
    return {
        key: dict(
            zip(
                facts.COLUMNS,
                facts.columns(raw, _item(items, judgements[key[0]].item), _item(items, raw.root)),
                strict=True,
            )
        )
        for key, raw in found.items()
    }


def _item(items: _Items, id_: str) -> Incoming | None:
    return items.get(id_, (0, None))[1]


def _write(rows: Mapping[Key, _Row], stored: Mapping[Key, _Row], lost: Mapping[Key, _Row]) -> list[Key]:
    """:returns: what is new or says something else than before"""
    if lost:
        Finding.objects.filter(id__in=[row["id"] for row in lost.values()]).delete()
    new = [key for key in rows if key not in stored]
    other = [key for key, row in rows.items() if key in stored and any(stored[key][name] != row[name] for name in row)]
    again = [key for key in other if stored[key]["held"] and not _group(rows[key])]
    bulk.insert(
        Finding,
        ("item_id", "group", *facts.COLUMNS),
        [(item, _group(rows[item, fingerprint]), *rows[item, fingerprint].values()) for item, fingerprint in new],
    )
    bulk.update(Finding, facts.COLUMNS, [(*rows[key].values(), stored[key]["id"]) for key in other])
    bulk.update(Finding, ("group",), [("", stored[key]["id"]) for key in again])
    return [*new, *other]


def _group(row: _Row) -> str:
    """The flag that a new finding is counted under; empty until it is settled."""
    return "" if row["at_root"] and row["shape"] and not row["held"] else str(row["fingerprint"])


def _told(found: Mapping[Key, Raw], lost: Mapping[Key, _Row], items: _Items) -> dict[str, Told | None]:
    """The flags that are touched: group -> what it says now."""
    told: dict[str, Told | None] = {row["group"]: None for row in lost.values()}
    return told | {raw.fingerprint: _says(raw, items) for raw in found.values()}


def _says(raw: Raw, items: _Items) -> Told:
    id_, root = items.get(raw.root, (None, None))
    return Told(
        rule=raw.kind if raw.kind in CHECKS else raw.subject or raw.kind,
        message=raw.message,
        fix=raw.fix,
        item=id_,
        goal=raw.subject if raw.kind == "off_strategy" else "",
        owner=facts.owner(root),
    )


def _why(
    gone: Mapping[Key, Raw | None], stored: Mapping[Key, _Row], judgements: Mapping[int, Judgement]
) -> dict[str, Why]:
    """Group -> why it may be resolved: what became of the root, else of one of the others."""
    if not gone:
        return {}
    rows = bulk.select(Item, ("id", "status_category", "known_at", "deleted_at"), id=[item for item, _ in gone])
    known = {row["id"]: row for row in rows}
    demoted = records.reasons()
    why: dict[str, Why] = {}
    for (item, fingerprint), raw in gone.items():
        kind, root, subject = parts(fingerprint)
        judgement, group = judgements.get(item), stored[item, fingerprint]["group"]
        if group not in why or (judgement and judgement.item == root):
            lost = Gone(kind, subject, judgement, known.get(item), raw.held if raw else "")
            why[group] = partial(lost.cause, demoted=demoted)
    return why


def parts(fingerprint: str) -> tuple[str, str, str]:
    """Kind, root and subject of a finding."""
    kind, _, rest = fingerprint.partition("|")
    root, _, subject = rest.rpartition("|")
    return kind, root, subject


def _unsettled(
    told: dict[str, Told | None], touched: Iterable[Key], judgements: Mapping[int, Judgement], items: _Items
) -> set[str]:
    """Where orphans are to be grouped anew. Groups that lose some who are no orphans any more are added to ``told``."""
    waits = shapes.reshape([judgement.item for judgement in judgements.values()])
    unlinked = {fingerprint for _, fingerprint in touched if _unlinked(fingerprint)}
    if not unlinked:
        return waits
    for group in shapes.leave(unlinked - shapes.alone(unlinked)):
        told.setdefault(group, None)
    roots = (_item(items, facts.root_of(fingerprint)) for fingerprint in unlinked)
    return waits | {facts.place(root) for root in roots if root}
