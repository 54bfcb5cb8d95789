"""What became of flags, and what people decided: verdicts, and versions of strategy and rules."""

from datetime import datetime

from syncd.review.models import Event, Verdict
from syncd.strategy.models import StrategyVersion
from syncd.trackers.changes.shapes import Batch, Changed


def flags(since: datetime, below: int, most: int) -> Batch:
    told = (
        "at",
        "state",
        "because",
        "flag__message",
        "flag__opened_at",
        "flag__item__key",
        "flag__item__tracker__kind",
    )
    found = Event.objects.select_related("flag__item__tracker").only(*told)
    rows = list((found.filter(id__lt=below) if below else found).order_by("-id")[:most])
    late = [row for row in rows if row.at > since]
    return Batch([_flagged(row) for row in late], rows[-1].id if len(late) == most else 0)


def _flagged(event: Event) -> Changed:
    flag = event.flag
    again = event.state == "open" and event.at > flag.opened_at
    word = _STATES["again" if again else event.state]
    item = flag.item
    key, kind = (item.key, item.tracker.kind) if item else ("", "")
    return Changed(event.at, *word, flag.message, event.because, key, kind, flag=flag.id)


_STATES = {
    "open": ("Opened", "warn", "flag"),
    "again": ("Came back", "bad", "rotate-ccw"),
    "resolved": ("Resolved", "good", "circle-check"),
    "snoozed": ("Snoozed", "calm", "alarm-clock"),
    "exempt": ("Exempt", "calm", "circle-slash"),
}


def directions(since: datetime, below: int, most: int) -> Batch:
    found = StrategyVersion.objects.only("applied_at", "author", "message")
    rows = list((found.filter(id__lt=below) if below else found).order_by("-id")[:most])
    late = [row for row in rows if row.applied_at > since]
    told = [
        Changed(
            row.applied_at, "In force", "info", "compass", f"Version {row.id} of strategy and rules", _direction(row)
        )
        for row in late
    ]
    return Batch(told, rows[-1].id if len(late) == most else 0)


def _direction(version: StrategyVersion) -> str:
    by = f"by {version.author}" if version.author else ""
    return ": ".join(part for part in (by, version.message) if part)


def verdicts(since: datetime, below: int, most: int) -> Batch:
    told = ("flag__message", "item__key", "item__title", "item__tracker__kind")
    own = [field.name for field in Verdict._meta.concrete_fields if field.name != "before"]  # noqa: SLF001
    found = Verdict.objects.filter(of=None).select_related("flag", "item__tracker").only(*own, *told)
    rows = list((found.filter(id__lt=below) if below else found).order_by("-id")[:most])
    late = [row for row in rows if row.made_at > since]
    return Batch([_decided(row) for row in late], rows[-1].id if len(late) == most else 0)


def _decided(verdict: Verdict) -> Changed:
    word = ("Taken back", "warn", "undo-2") if verdict.undone_at else ("Decided", "info", "gavel")
    item = verdict.item
    title = verdict.flag.message if verdict.flag else f"{item.key} {item.title}" if item else "A flag that is no more"
    key, kind = (item.key, item.tracker.kind) if item else ("", "")
    return Changed(verdict.made_at, *word, title, verdict.says, key, kind, flag=verdict.flag_id or 0)
