"""``{% load look %}``: icons, times with their moment, shares, trackers' marks."""

from datetime import datetime
from functools import lru_cache

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from lucide.templatetags.lucide import lucide

from syncd.web import words

TRACKERS = {"jira": "ticket", "github": "git-branch", "notion": "notebook-text"}
"""Icons of the kinds of tracker; another kind gets a plain link."""

STATES = {
    "fine": ("good", "circle-check", "Up to date"),
    "filling": ("info", "hourglass", "First sync under way"),
    "new": ("calm", "circle-dashed", "Not polled yet"),
    "held": ("warn", "shield-alert", "Deletions held"),
    "late": ("warn", "clock-alert", "Late"),
    "broken": ("bad", "circle-alert", "Failing"),
}
"""Of a stream: tone, icon and word."""

register = template.Library()


@register.simple_tag
def icon(name: str, size: int = 18) -> SafeString:
    """A picture beside words; nobody who listens hears of it."""
    return _drawn(str(name), size)


@register.simple_tag
@lru_cache(maxsize=64)
def tracker_icon(kind: str, size: int = 14) -> SafeString:
    """The kind of tracker, told to those who see and to those who listen."""
    name = kind.title() if kind != "github" else "GitHub"
    return format_html('{}<span class="hush">{} </span>', _drawn(TRACKERS.get(kind, "link"), size), name)


@register.simple_tag
@lru_cache(maxsize=256)
def tag(word: str, tone: str = "calm", glyph: str = "circle-dot") -> SafeString:
    """A state or a kind: a word with an icon; the colour only helps. Tones: calm, info, good, warn, bad."""
    return format_html('<span class="tag {}">{}{}</span>', tone, _drawn(glyph, 14), word)


@register.simple_tag
def state_tag(state: str) -> SafeString:
    """How a stream is doing."""
    tone, glyph, word = STATES[state]
    return tag(word, tone, glyph)


@lru_cache(maxsize=256)
def _drawn(name: str, size: int) -> SafeString:
    """Drawn once a process: the package's archive is opened for every new icon."""
    svg = lucide(name, size=size, aria_hidden="true")
    return mark_safe("".join(line.strip() for line in svg.splitlines()))  # noqa: S308  the package's own markup


@register.simple_tag
def when(moment: datetime | None, now: datetime) -> SafeString | str:
    """``3 min ago`` with the exact moment behind it; ``in 2 h`` for what is to come; ``never`` for nothing."""
    if moment is None:
        return "never"
    said = words.ahead(moment, now) if moment > now else words.ago(moment, now)
    local = timezone.localtime(moment)  # where its reader is
    exact = f"{local.isoformat(' ', 'seconds')[:19]} {local.tzname()}"
    # nothing in it is a word of somebody's that would have to be escaped
    return mark_safe(f'<time datetime="{moment.isoformat(timespec="seconds")}" title="{exact}">{said}</time>')  # noqa: S308


@register.filter
def percent(share: float) -> str:
    """A share of one as ``38 %``. A hundred is said of all only, and nought of none only."""
    shown = min(99, max(1, round(share * 100))) if 0 < share < 1 else round(share * 100)
    return f"{shown} %"


@register.filter
def safe_link(url: str) -> str:
    """An address that came from a tracker, if it is one that a link may lead to."""
    return url if url.startswith(("https://", "http://")) else ""
