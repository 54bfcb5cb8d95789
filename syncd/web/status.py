"""``/status/``: how the trackers are doing, what the items serve, and what to do first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from syncd.notify import outbox
from syncd.web import snapshot
from syncd.web.charts import Part
from syncd.web.checks import shown
from syncd.web.counts import Coverage
from syncd.web.words import counted


@dataclass(frozen=True, slots=True)
class Card:
    """One tracker in words, with its streams. ``tone`` and ``glyph`` go with ``says``."""

    tracker: snapshot.TrackerState
    streams: Sequence[snapshot.StreamState]
    tone: str
    glyph: str
    says: str


@never_cache
@require_safe
def status(request: HttpRequest) -> HttpResponse:
    """One page, no script. People reload it when they wish; it says how old it is."""
    try:
        now, trouble = snapshot.take(datetime.now(UTC)), outbox.trouble()
    except DatabaseError:
        return render(request, "web/unavailable.html", status=503)
    page = {
        "now": now,
        "trouble": trouble,
        "cards": [_card(tracker, now.streams) for tracker in now.trackers],
        "parts": _parts(now.coverage),
        "finding": _finding(now.coverage),
        "rules": [(shown(rule), count) for rule, count in now.flags_by_rule.items()],
        "flags": [(flag, shown(flag.rule), _link(flag.item.url if flag.item else "")) for flag in now.flags],
    }
    return render(request, "web/status.html", page)


def _card(tracker: snapshot.TrackerState, streams: Sequence[snapshot.StreamState]) -> Card:
    own = [stream for stream in streams if stream.tracker == tracker.name]
    return Card(tracker, own, *_health(tracker, own))


def _health(tracker: snapshot.TrackerState, streams: Sequence[snapshot.StreamState]) -> tuple[str, str, str]:
    """Tone, icon and words, by what is worst."""
    troubled = sum(stream.needs_attention for stream in streams)
    if tracker.leaving:
        return "warn", "shield-alert", "Removal held"
    if tracker.error:
        return "bad", "unplug", "Cannot be read"
    if troubled:
        return "warn", "triangle-alert", f"{troubled:,} of {counted(len(streams), 'stream')} in trouble"
    if tracker.problems:
        return "warn", "triangle-alert", "Partly out of reach"
    if not streams:
        return "calm", "search", "Being looked up"
    if any(stream.state in ("filling", "new") for stream in streams):
        return "info", "hourglass", "First sync under way"
    return "good", "circle-check", "Up to date"


def _parts(cover: Coverage) -> list[Part]:
    return [
        Part("With a goal", cover.goal, "g1"),
        Part("Exempt", cover.exempt, "exempt"),
        Part("Without a goal", cover.unlinked, "unlinked"),
    ]


def _finding(cover: Coverage) -> str:
    """What the bar shows, as a sentence. Shares are rounded so that none and all are said of none and all only."""
    if not cover.judged:
        return "Nothing is judged yet"
    if not cover.unlinked:
        return "Every item serves a goal or is exempt"
    percent = max(1, 100 * cover.unlinked // cover.judged)
    return f"{percent} % of the work serves no goal"


def _link(url: str) -> str:
    """An address that came from a tracker, if it is one that a link may lead to."""
    return url if url.startswith(("https://", "http://")) else ""
