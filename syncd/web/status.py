"""``/status/``: how the streams are doing, what the items serve, and what to do first."""

from datetime import UTC, datetime

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from syncd.web import snapshot

RULES = {
    "unlinked": "Without a goal",
    "off_strategy": "Off strategy",
    "conflict": "Conflicting goals",
}
"""Words for the built-in checks; other rules go by their id."""

PARTS = ("goal", "exempt", "unlinked")
"""Of the coverage, in the order of the bar."""


@never_cache
@require_safe
def status(request: HttpRequest) -> HttpResponse:
    """One page, no script. People reload it when they wish; it says how old it is."""
    try:
        now = snapshot.take(datetime.now(UTC))
    except DatabaseError:
        return render(request, "web/unavailable.html", status=503)
    page = {
        "now": now,
        "bar": _bar(now.coverage),
        "percent": {name: now.coverage.percent(getattr(now.coverage, name)) for name in PARTS},
        "rules": [(RULES.get(rule, rule), count) for rule, count in now.flags_by_rule.items()],
        "flags": [
            (flag, RULES.get(flag.rule, flag.rule), _link(flag.item.url if flag.item else "")) for flag in now.flags
        ],
    }
    return render(request, "web/status.html", page)


def _bar(cover: snapshot.Coverage) -> list[tuple[str, float, float]]:
    """The coverage bar: each part's name, start and width, of a hundred."""
    parts, start = [], 0.0
    for name in PARTS:
        width = round(100 * getattr(cover, name) / cover.judged, 2) if cover.judged else 0.0
        parts.append((name, round(start, 2), width))
        start += width
    return parts


def _link(url: str) -> str:
    """An address that came from a tracker, if it is one that a link may lead to."""
    return url if url.startswith(("https://", "http://")) else ""
