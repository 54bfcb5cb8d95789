"""The parts of the site, as the navigation shows them."""

from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse

INSIDERS = frozenset({"operator", "pm", "viewer"})
"""Roles that see the parts; partners have pages of their own."""
OPERATORS = frozenset({"operator"})


@dataclass(frozen=True, slots=True)
class Section:
    """One entry of the navigation. ``routes``: names of its page in the site map; the first that exists is it."""

    title: str
    icon: str
    routes: tuple[str, ...]
    key: str
    """Pressed after ``g``, it leads there."""
    roles: frozenset[str] = INSIDERS
    """Who sees it; what a page shows to whom is decided by the page."""

    def url(self) -> str:
        """Its address; empty while there is no such page."""
        for route in self.routes:
            try:
                return reverse(route)
            except NoReverseMatch:
                continue
        return ""


SECTIONS = (
    Section("Review", "inbox", ("review",), "r"),
    Section("Goals", "target", ("goals",), "g"),
    Section("Alignment", "chart-column-stacked", ("alignment",), "l"),
    Section("Items", "layers", ("items",), "i"),
    Section("Changes", "history", ("changes",), "c"),
    Section("Partners", "handshake", ("partners",), "a"),
    Section("Trackers", "radio-tower", ("trackers", "status"), "t"),
    Section("Messages", "mail", ("messages",), "m"),
    Section("Audit", "scroll-text", ("audit",), "u", OPERATORS),
    Section("People", "users", ("people",), "p", OPERATORS),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A section as one page shows it."""

    title: str
    icon: str
    url: str
    key: str
    current: str
    """The value of ``aria-current``: ``page`` on the section's own page, ``true`` below it, else empty."""


def entries(path: str, user: Any = None) -> list[Entry]:
    """The sections that this person may open, of those that exist; none for somebody signed out."""
    role = getattr(user, "role", "") if getattr(user, "is_authenticated", False) else ""
    found = ((section, section.url()) for section in SECTIONS if role in section.roles)
    return [Entry(s.title, s.icon, url, s.key, _current(path, url)) for s, url in found if url]


def _current(path: str, url: str) -> str:
    if path == url:
        return "page"
    return "true" if url != "/" and path.startswith(url) else ""
