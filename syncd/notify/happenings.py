"""What webhooks are told: rows that were written since the last look become messages, one for each receiver.

Flags, verdicts and versions are written one writer at a time (``syncd.trackers.writing``), so their ids come in the order
in which they are there to be seen, and a bookmark passes over none.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Protocol

import orjson
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Max, Model, QuerySet

from config.models.messages import Messages, Webhook
from syncd.notify import letters
from syncd.notify.models import Bookmark, Message
from syncd.review.models import Event, Flag, Verdict
from syncd.strategy.models import StrategyVersion

AT_ONCE = 500
"""Rows that one look takes; the next takes the rest."""

Told = tuple[str, datetime, Mapping[str, Any]]
"""Event, when it happened, and its data."""


class Stream(Protocol):
    """One kind of row that is told."""

    def __call__(self, after: int) -> Iterator[tuple[int, Told | None]]:
        """Rows after this id, each with what is told of it; None where nothing is."""
        ...


def gather(now: datetime) -> int:
    """Write down what every webhook is to be told. :returns: how many messages"""
    messages: Messages = settings.MESSAGES
    return sum(_gather(hook, name, now) for hook in messages.webhooks for name in STREAMS)


def _gather(hook: Webhook, name: str, now: datetime) -> int:
    model, rows = STREAMS[name]
    mark = Bookmark.objects.filter(webhook=hook.name, stream=name).first()
    if mark is None:  # what was before is no news
        newest = model._default_manager.aggregate(last=Max("pk"))["last"] or 0  # noqa: SLF001  its public way in
        Bookmark.objects.get_or_create(webhook=hook.name, stream=name, defaults={"position": newest})
        return 0
    found = list(rows(mark.position))
    if not found:
        return 0
    written = [_message(hook, name, id_, told, now) for id_, told in found if told and told[0] in hook.events]
    try:
        with transaction.atomic():
            moved = Bookmark.objects.filter(pk=mark.pk, position=mark.position).update(position=found[-1][0])
            return len(Message.objects.bulk_create(written)) if moved else 0
    except IntegrityError:
        return 0  # another worker told the same


def _message(hook: Webhook, stream: str, id_: int, told: Told, now: datetime) -> Message:
    event, at, data = told
    body = orjson.dumps({"type": event, "timestamp": at, "data": data}, option=orjson.OPT_UTC_Z)
    return Message(
        key=f"msg_{hook.name}_{stream}_{id_}",
        way=Message.WEBHOOK,
        to=hook.name,
        topic=event,
        text=body.decode(),
        made_at=now,
        next_at=now,
    )


def _events(after: int) -> Iterator[tuple[int, Told | None]]:
    """Flags that opened, came back or were resolved."""
    named = {"open": "flag.opened", "resolved": "flag.resolved"}
    for row in _after(Event.objects.select_related("flag__item__tracker"), after):
        name = named.get(row.state)
        yield row.pk, name and (name, row.at, {"flag": _flag(row.flag), "because": row.because})  # type: ignore[misc]


def _verdicts(after: int) -> Iterator[tuple[int, Told | None]]:
    """What people decided; what a decision about a group says of each of its items is not told."""
    for row in _after(Verdict.objects.select_related("flag__item__tracker"), after):
        decided = row.of_id is None and row.flag is not None
        yield row.pk, ("flag.decided", row.made_at, _decided(row, row.flag)) if decided and row.flag else None


def _versions(after: int) -> Iterator[tuple[int, Told | None]]:
    """What was put in force; that a rule lost its word is no edit."""
    before = StrategyVersion.objects.filter(pk__lte=after).order_by("-pk").values_list("hash", flat=True).first()
    for row in _after(StrategyVersion.objects.defer("files", "strategy", "rules"), after):
        said = {"version": row.pk, "author": row.author, "message": row.message, "effect": row.effect}
        yield row.pk, ("strategy.applied", row.applied_at, said) if row.hash != before else None
        before = row.hash


def _after(rows: QuerySet[Any], after: int) -> QuerySet[Any]:
    return rows.filter(pk__gt=after).order_by("pk")[:AT_ONCE]


def _flag(flag: Flag) -> dict[str, Any]:
    """As it is now."""
    item = flag.item
    return {
        "id": flag.pk,
        "rule": flag.rule,
        "severity": flag.severity,
        "state": flag.state,
        "message": flag.message,
        "fix": flag.fix,
        "goal": flag.goal,
        "clears": flag.clears,
        "stake": flag.stake,
        "owner": flag.owner,
        "opened_at": flag.opened_at,
        "url": letters.flag_address(flag.pk),
        "item": {"tracker": item.tracker.name, "key": item.key, "title": item.title, "url": item.url} if item else None,
    }


def _decided(verdict: Verdict, flag: Flag) -> dict[str, Any]:
    said = {"kind": verdict.kind, "target": verdict.target, "reason": verdict.reason, "author": verdict.author}
    return {"flag": _flag(flag), "verdict": {"id": verdict.pk, **said, "until": verdict.until, "batch": verdict.batch}}


STREAMS: Mapping[str, tuple[type[Model], Stream]] = {
    "event": (Event, _events),
    "verdict": (Verdict, _verdicts),
    "version": (StrategyVersion, _versions),
}
