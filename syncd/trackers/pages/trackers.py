"""``/trackers/``: each tracker's health in words, what to do about it, and "sync now"."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from syncd.accounts import audit
from syncd.accounts.access import Act, may, needs
from syncd.accounts.person import person_of
from syncd.trackers import access
from syncd.trackers.models import Stream
from syncd.trackers.watch import Watched, remedy, sync_now, watch
from syncd.web.snapshot import State, held_of, problems_of, state_of
from syncd.web.words import counted, span


@dataclass(frozen=True, slots=True)
class Line:
    """One stream. ``error`` is empty where it is its tracker's."""

    stream: Stream
    state: State
    error: str
    remedy: str
    problems: Sequence[str]
    held: str

    @property
    def troubled(self) -> bool:
        return self.state in ("broken", "late", "held") or bool(self.problems)


@dataclass(frozen=True, slots=True)
class Card:
    """One tracker. ``tone`` and ``glyph`` go with ``says``."""

    watched: Watched
    lines: Sequence[Line]
    problems: Sequence[str]
    tone: str
    glyph: str
    says: str
    budget: str
    filling: str


@never_cache
@require_safe
def trackers(request: HttpRequest) -> HttpResponse:
    """Read when it is asked for; it says how old it is."""
    now = timezone.now()
    seen = access.sees(person_of(request))
    cards = [_card(each) for each in watch() if each.tracker.id in seen]
    troubled = sum(card.tone in ("bad", "warn") for card in cards)
    values = {
        "cards": cards,
        "heading": _heading(len(cards), troubled),
        "troubled": troubled,
        "operates": may(person_of(request), Act.OPERATE),
        "now": now,
    }
    return render(request, "trackers/trackers.html", values)


@needs(Act.OPERATE)
@require_POST
def tracker_sync(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for a pull; the worker makes it."""
    tracker = get_object_or_404(access.trackers(person_of(request)), pk=pk)
    streams = sync_now(tracker, timezone.now())
    audit.record(request, "sync_asked", tracker.name)
    if streams:
        messages.success(request, f"{tracker.name}: {counted(streams, 'stream')} next in line. Reload in a moment.")
    else:
        messages.success(request, f"{tracker.name} is asked again what it holds. Reload in a moment.")
    return HttpResponseRedirect(reverse("trackers"))


def _heading(trackers: int, troubled: int) -> str:
    if not trackers:
        return "No tracker yet"
    if troubled:
        return counted(troubled, "tracker needs attention", "trackers need attention")
    return f"{counted(trackers, 'tracker')}, all well" if trackers > 1 else "All is well"


def _card(watched: Watched) -> Card:
    now = timezone.now()
    lines = [_line(stream, state_of(stream, now)) for stream in watched.streams]
    problems = problems_of(watched.tracker.problems)
    return Card(
        watched, lines, problems, *_health(watched, lines, problems), budget=_budget(watched), filling=_filling(watched)
    )


def _line(stream: Stream, state: State) -> Line:
    own = stream.error if stream.error != stream.tracker.error else ""
    advice = remedy(stream.trouble, stream.tracker.name) if own else ""
    return Line(stream, state, own, advice, problems_of(stream.problems), held_of(stream))


def _health(watched: Watched, lines: Sequence[Line], problems: Sequence[str]) -> tuple[str, str, str]:
    """Tone, icon and words, by what is worst."""
    troubled = sum(line.troubled for line in lines)
    if watched.tracker.leaving:
        return "warn", "shield-alert", "Removal held"
    if watched.tracker.error:
        return "bad", "unplug", "Cannot be read"
    if troubled:
        return "warn", "triangle-alert", f"{troubled:,} of {counted(len(lines), 'stream')} in trouble"
    if problems:
        return "warn", "triangle-alert", "Partly out of reach"
    if not lines:
        return "calm", "search", "Being looked up"
    if any(line.state in ("filling", "new") for line in lines):
        return "info", "hourglass", "First sync under way"
    if watched.budget and watched.budget.blocked:
        return "info", "hourglass", "Asked to wait"
    return "good", "circle-check", "Up to date"


def _budget(watched: Watched) -> str:
    """What may be sent at once, in words."""
    budget = watched.budget
    if budget is None:
        return "Not asked yet"
    if budget.blocked:
        return f"None for {span(budget.blocked)}: the tracker asked to wait"
    return f"{budget.left:,} of {budget.burst:,}, and {budget.per_second:g} more a second"


def _filling(watched: Watched) -> str:
    """How far the first sync is, in words; empty where it is over."""
    if watched.filling is None:
        return ""
    done, of = watched.filling
    if not of:
        return "About to begin"
    return f"{done:,} of {counted(of, 'stretch of time', 'stretches of time')} read"
