"""What happened to a flag, from its first finding on; and whether it can be told how it is now."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter
from typing import Any, TypeVar

from django.db.models import Model

from syncd.review.models import Event, Flag, Question, Verdict
from syncd.strategy.models import Decision
from syncd.trackers import bulk, health
from syncd.trackers.models import Item, Stream

M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened."""

    at: datetime
    what: str
    """``open``, ``resolved``, ``snoozed``, ``exempt``; ``decided``, ``undone``, ``ended``; ``asked``, ``answered``,
    ``withdrawn``."""
    who: str
    """Empty: syncd."""
    says: str
    verdict: int | None = None


def log(flag: Flag) -> list[Entry]:
    """Everything that happened to a flag, the oldest first."""
    asked = [entry for question in _rows(Question, flag_id=flag.pk) for entry in of_question(question)]
    return sorted([*_verdicts(_rows(Verdict, flag_id=flag.pk)), *_events(flag.pk), *asked], key=lambda entry: entry.at)


def of_item(item: Item) -> list[Entry]:
    """From its tracker to the last verdict: everything that happened to an item and the flags at it, the oldest first."""
    happened = [Entry(item.created_at, "created", "", f"created in {item.tracker.name}")]
    happened.append(Entry(item.first_known_at, "seen", "", "first seen by syncd"))
    if item.status_since:
        happened.append(Entry(item.status_since, "moved", "", f"came into “{item.status}”"))
    if item.deleted_at:
        happened.append(Entry(item.deleted_at, "gone", "", f"is not in its tracker any more: {item.fate}"))
    decisions = bulk.select(Decision, ("primary_goal", "exempt", "decided_at"), item_id=item.pk)
    happened += [Entry(each["decided_at"], "judged", "", _judged(**each)) for each in decisions]
    flags = [row["id"] for row in bulk.select(Flag, ["id"], item_id=item.pk)]  # a join would look at every verdict
    happened += _verdicts([*_rows(Verdict, item_id=item.pk), *_rows(Verdict, flag_id=flags)])
    happened += _events(flags)
    happened += [entry for question in _rows(Question, item_id=item.pk) for entry in of_question(question)]
    return sorted(happened, key=lambda entry: entry.at)


_COLUMNS: Mapping[type[Model], Sequence[str]] = {
    Verdict: ("id", "of_id", "kind", "target", "reason", "author", "made_at", "until", "until_event", "undone_at", "undone_by",
              "ended_at", "ended_because"),
    Event: ("id", "at", "state", "because"),
    Question: ("id", "kind", "to", "text", "asker", "asked_at", "answer", "answered_at", "answered_by", "withdrawn_at"),
}  # fmt: skip
"""What is told of each."""


def _rows(model: type[M], **where: Any) -> list[M]:
    """In the order of their ids, each with what is told of it."""
    return [model(**row) for row in sorted(bulk.select(model, _COLUMNS[model], **where), key=itemgetter("id"))]


def _judged(primary_goal: str, exempt: str, **_: object) -> str:
    if primary_goal:
        return f"judged: it serves {primary_goal}"
    return f"judged: exempt ({exempt})" if exempt else "judged: it serves no goal"


def of_question(question: Question) -> Iterator[Entry]:
    """What was asked, and what came of it."""
    word = "challenged" if question.kind == Question.CHALLENGE else "asked"
    yield Entry(question.asked_at, "asked", question.asker, f"{word}{_to(question)}: {question.text}")
    if question.answered_at:
        yield Entry(question.answered_at, "answered", question.answered_by, f"answered: {question.answer}")
    if question.withdrawn_at:
        yield Entry(question.withdrawn_at, "withdrawn", question.asker, f"withdrew: {question.text}")


def _to(question: Question) -> str:
    return f" {question.to}" if question.to else ""


def _events(flags: int | Sequence[int]) -> Iterator[Entry]:
    for event in _rows(Event, flag_id=flags):
        yield Entry(event.at, event.state, "", event.because or ("found" if event.state == "open" else ""))


def _verdicts(found: Iterable[Verdict]) -> Iterator[Entry]:
    """Each once; what is a member's part of a decision is told there. (Asked for that, SQLite would look there first.)"""
    for _, verdict in sorted({verdict.pk: verdict for verdict in found if verdict.of_id is None}.items()):
        yield from _decided(verdict)


def _decided(verdict: Verdict) -> Iterator[Entry]:
    yield Entry(verdict.made_at, "decided", verdict.author, verdict.says, verdict.id)
    if verdict.undone_at:
        yield Entry(verdict.undone_at, "undone", verdict.undone_by, f"took back: {verdict.says}", verdict.id)
    elif verdict.ended_at:
        yield Entry(verdict.ended_at, "ended", "", verdict.ended_because, verdict.id)


def stale(now: datetime) -> dict[int, str]:
    """Stream -> that it is out of date, in words: its flags neither open nor resolve."""
    found = health.frozen(now)
    streams = Stream.objects.filter(id__in=found).select_related("tracker").order_by("id") if found else ()
    return {stream.id: f"{stream} not synced {_since(stream.last_success_at, now)}" for stream in streams}


def frozen(flag: Flag, now: datetime, known: Mapping[int, str] | None = None) -> str:
    """Why a flag neither opens nor resolves at the moment, in words; empty where it does.

    A flag about work waits for the stream of its root, one about a goal or a group for any that is stale.

    :param known: what :func:`stale` gives, for who asks about many flags
    """
    item = flag.item
    if item and health.is_hidden(item):
        return f"frozen: {item.container} cannot be read"
    if item and not health.is_frozen(item, now):
        return ""
    streams = stale(now) if known is None else known
    if item:
        streams = {id_: says for id_, says in streams.items() if id_ == item.stream_id}
    return f"frozen: {', '.join(streams.values())}" if streams else ""


def _since(when: datetime | None, now: datetime) -> str:
    if when is None:
        return "yet"
    minutes = int((now - when).total_seconds() // 60)
    if minutes < 120:
        return f"for {minutes} min"
    return f"for {minutes // 60} h" if minutes < 48 * 60 else f"for {minutes // 1440} days"
