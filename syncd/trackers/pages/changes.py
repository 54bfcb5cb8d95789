"""``/changes/``: what changed since somebody last said that they had seen it, or since the moment in the address."""

from datetime import UTC, datetime, time, timedelta
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from config.problems import nearest
from syncd.accounts.access import Act, needs
from syncd.accounts.person import person_of
from syncd.trackers import changes as changed
from syncd.trackers.pages.rows import change
from syncd.web import words
from syncd.web.keyset import BadCursor

FEW = 8
"""Rows of a group where all groups are shown."""
SPANS = {"1d": "A day", "7d": "A week", "30d": "A month"}


@never_cache
@require_safe
def changes(request: HttpRequest) -> HttpResponse:
    """All groups, a few rows each; one group page by page where the address names it."""
    person, now = person_of(request), timezone.now()
    asked, group = request.GET.get("since", "").strip(), request.GET.get("group", "")
    since = _moment(asked, now) if asked else changed.begin(person, now)
    if group:
        return _one(request, group, since, asked, now)
    groups = changed.since_then(since, FEW)
    values = {
        "groups": [
            (g, [change(row, now) for row in b.rows], bool(b.below), _query(asked, since, group=g.name))
            for g, b in groups
            if b.rows
        ],
        "quiet": [g.nothing for g, b in groups if not b.rows],
        "since": since,
        "asked": asked,
        "looked": changed.look(person),
        "spans": [(value, word, value == asked) for value, word in SPANS.items()],
        "now": now,
    }
    return render(request, "trackers/changes.html", values)


def _one(request: HttpRequest, group: str, since: datetime, asked: str, now: datetime) -> HttpResponse:
    if group not in changed.GROUPS:
        raise BadRequest(f"group={group}: {nearest(group, changed.GROUPS)}")
    below = _below(request.GET.get("below", ""))
    found = changed.batch(group, since, below)
    values = {
        "group": changed.GROUPS[group],
        "rows": [change(row, now) for row in found.rows],
        "older": _query(asked, since, group=group, below=str(found.below)) if found.below else "",
        "newest": _query(asked, since, group=group) if below else "",
        "all": urlencode({"since": asked}) if asked else "",
        "since": since,
        "now": now,
    }
    return render(request, "trackers/changes_group.html", values)


@needs(Act.READ)
@require_POST
def changes_seen(request: HttpRequest) -> HttpResponse:
    """Move one's own mark to the moment that the page was made, or back to where it was."""
    at = _moment(request.POST.get("at", ""), timezone.now())
    before = changed.seen(person_of(request), at)
    messages.success(request, f"Seen up to {words.moment(timezone.localtime(at))}.")
    back = urlencode({"since": before.isoformat()}) if before else ""
    return HttpResponseRedirect(f"{reverse('changes')}{'?' + back if request.POST.get('stay') and back else ''}")


def _query(asked: str, since: datetime, **more: str) -> str:
    """A group keeps the moment it was opened with: marking as seen elsewhere does not empty it."""
    return urlencode({"since": asked or since.isoformat(), **more})


def _moment(asked: str, now: datetime) -> datetime:
    """``7d``, a day (its beginning, UTC) or a moment; never later than now.

    :raises BadRequest: it is none of them
    """
    try:
        if asked.endswith("d") and asked[:-1].isdecimal() and len(asked) < 6:
            return now - timedelta(days=int(asked[:-1]))
        if len(asked) == len("2026-11-20"):
            return datetime.combine(datetime.fromisoformat(asked).date(), time.min, UTC)
        found = datetime.fromisoformat(asked)
        return min(now, found if found.tzinfo else found.replace(tzinfo=UTC))
    except (ValueError, OverflowError):
        raise BadRequest(f"since={asked}: expected 7d, a day such as 2026-11-20, or a moment") from None


def _below(value: str) -> int:
    """:raises BadCursor: it is no row's id"""
    if not value:
        return 0
    if not (value.isascii() and value.isdigit() and len(value) < 19):
        raise BadCursor
    return int(value)
