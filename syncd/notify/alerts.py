"""Alerts: the few things that an operator should hear of without looking. Each is told once when it begins, and, where
that is good to know, once when it is over."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

import structlog
from django.conf import settings
from django.db import IntegrityError, transaction

from config.models.messages import Messages
from syncd.accounts.models import User
from syncd.mirrors import standing
from syncd.notify import letters, unsubscribe
from syncd.notify.models import Alert, Message, Silenced
from syncd.review.models import RuleRecord
from syncd.strategy.models import Draft
from syncd.trackers.models import Round, Stream, Tracker
from syncd.web.words import counted, span

log = structlog.get_logger(__name__)

BROKEN_FOR = timedelta(minutes=15)
"""A tracker or mirror that is away for less recovers by itself, mostly."""
FRESH = timedelta(days=1)
"""What happened at one moment and is longer ago is no news: syncd was not running, or is new here."""

BROKEN, MIRROR, BRAKE, LEAVING = "broken", "mirror", "brake", "leaving"
HELD, DEMOTED, DIFFERS = "held", "demoted", "differs"
TOPICS = {
    **dict.fromkeys((BROKEN, MIRROR, BRAKE, LEAVING), "trackers"),
    HELD: "strategy",
    DEMOTED: "strategy",
    DIFFERS: "judging",
}
"""Kind -> the topic of ``notify`` under which it goes out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """Something that is so now. ``subject`` tells it from others of its kind."""

    kind: str
    subject: str
    says: str
    details: str
    over: str = ""
    """What is said when it is over; empty: nothing."""


def look(now: datetime) -> int:
    """Open an alert for what has begun, and end those that are over. :returns: how many were told"""
    standing = {(alert.kind, alert.subject): alert for alert in Alert.objects.filter(ended_at=None)}
    found = {(episode.kind, episode.subject): episode for episode in episodes(now)}
    told = sum(_begin(found[key], now) for key in found.keys() - standing.keys())
    return told + sum(_end(standing[key], now) for key in standing.keys() - found.keys())


def episodes(now: datetime) -> Iterator[Episode]:
    """What is so now, in eight queries."""
    yield from _broken(now)
    yield from _mirrors(now)
    yield from _brakes()
    yield from _leaving()
    yield from _held()
    yield from _demoted(now)
    yield from _differs(now)


def _broken(now: datetime) -> Iterator[Episode]:
    for tracker in Tracker.objects.filter(active=True, broken_since__lte=now - BROKEN_FOR):
        lasts = span((now - tracker.broken_since).total_seconds()) if tracker.broken_since else ""
        yield Episode(
            kind=BROKEN,
            subject=tracker.name,
            says=f"{tracker.name} cannot be read",
            details=f"For {lasts} syncd has not been able to read it: {tracker.error}. Its flags stay as they are.",
            over=f"{tracker.name} is read again",
        )


def _mirrors(now: datetime) -> Iterator[Episode]:
    for trouble in standing.troubles():
        if trouble.since <= now - BROKEN_FOR:
            name = f"{trouble.mirror}, the mirror for {trouble.mirror.partner},"
            yield Episode(
                kind=MIRROR,
                subject=f"{trouble.mirror.partner} {trouble.mirror}"[:200],
                says=f"{name} cannot be kept up to date",
                details=f"For {span((now - trouble.since).total_seconds())}: {trouble.says}. What stands there stays, also what "
                "is no longer shared.",
                over=f"{name} is in no trouble any more",
            )


def _brakes() -> Iterator[Episode]:
    for stream in Stream.objects.filter(active=True, tracker__active=True).exclude(held={}).select_related("tracker"):
        missing, of = stream.held.get("missing", 0), stream.held.get("of", 0)
        yield Episode(
            kind=BRAKE,
            subject=str(stream)[:200],
            says=f"Deletions in {stream} are held back",
            details=f"{missing:,} of {counted(of, 'item')} were not seen any more, too many at once to be believed. Nothing "
            "was removed. Look at the credential's rights; if it is right, run "
            f"syncd sync {stream.tracker.name} --accept-deletions.",
            over=f"Deletions in {stream} are not held back any more",
        )


def _leaving() -> Iterator[Episode]:
    for tracker in Tracker.objects.exclude(leaving={}):
        yield Episode(
            kind=LEAVING,
            subject=tracker.name,
            says=f"The removal of {tracker} is held",
            details=f"{tracker.leaving_says}. It is not polled, and nothing of it is withdrawn. syncd plan shows what the "
            "removal would change, syncd apply lets it go. To take it back, write it into syncd.yaml again and start syncd anew.",
        )


def _held() -> Iterator[Episode]:
    """Another edit of the same files is another episode."""
    if not settings.CONFIG_DIR:
        return
    folder = str(Path(settings.CONFIG_DIR).resolve())
    for draft in Draft.objects.filter(folder=folder, state=Draft.HELD):
        yield Episode(
            kind=HELD,
            subject=draft.hash,
            says="An edit of strategy and rules is held",
            details=f"It is held: {draft.because}. syncd plan shows what it would change, syncd apply puts it in force.",
        )


def _demoted(now: datetime) -> Iterator[Episode]:
    for record in RuleRecord.objects.filter(demoted_at__gt=now - FRESH):
        yield Episode(
            kind=DEMOTED,
            subject=record.rule,
            says=f"The rule {record.rule} rests in monitor",
            details=f"{record.demoted_because}. Rewrite it, or give it its word back: syncd rules restore {record.rule}.",
        )


def _differs(now: datetime) -> Iterator[Episode]:
    found = Round.disagreement()
    if found and found.ended_at and found.ended_at > now - FRESH:
        yield Episode(
            kind=DIFFERS,
            subject=str(found.pk),
            says=f"The nightly audit found {counted(found.found, 'item')} decided otherwise than stored",
            details=f"They were judged anew: {found.told}. Somebody changed the database by hand, or syncd has a mistake.",
        )


def _begin(episode: Episode, now: datetime) -> int:
    try:
        with transaction.atomic():
            Alert.objects.create(kind=episode.kind, subject=episode.subject, over=episode.over, began_at=now)
            _tell(episode.kind, episode.says, episode.details, now)
    except IntegrityError:
        return 0  # another worker saw it first
    log.warning("alert", kind=episode.kind, subject=episode.subject, says=episode.says)
    return 1


def _end(alert: Alert, now: datetime) -> int:
    with transaction.atomic():
        if not Alert.objects.filter(pk=alert.pk, ended_at=None).update(ended_at=now):
            return 0
        if not alert.over:
            return 0
        _tell(
            alert.kind, alert.over, f"It lasted {span((now - alert.began_at).total_seconds())} since it was told.", now
        )
    log.info("alert_over", kind=alert.kind, subject=alert.subject)
    return 1


def _tell(kind: str, says: str, details: str, now: datetime) -> None:
    """Rather doubled than lost."""
    topic, episode, messages = TOPICS[kind], uuid4().hex, _messages()
    shared = {"topic": topic, "made_at": now, "next_at": now}
    letter = letters.alert(says, details)
    written = [
        Message(
            key=f"alert:{episode}:{place.key}"[:200], way=Message.PLACE, to=place.key,
            subject=letter.subject, text=letter.text, **shared,
        )
        for place in messages.notify if topic in place.about
    ]  # fmt: skip
    for person, key in _operators() if messages.mail else ():
        end = unsubscribe.address(key)
        letter = letters.alert(says, details, end)
        written.append(
            Message(
                key=f"alert:{episode}:{key}", way=Message.MAIL, to=person.email, unsubscribe=end,
                subject=letter.subject, text=letter.text, html=letter.html, **shared,
            )
        )  # fmt: skip
    Message.objects.bulk_create(written)


def _operators() -> Iterator[tuple[User, str]]:
    """Those who want alerts by mail, each with the key that their unsubscribe link names."""
    for person in User.objects.operators():
        row, _ = Silenced.objects.get_or_create(person=person)
        if row.at is None:
            yield person, row.key


def _messages() -> Messages:
    found: Messages = settings.MESSAGES
    return found
