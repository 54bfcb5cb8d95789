"""The parts of the site, as the navigation shows them."""

from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse


@dataclass(frozen=True, slots=True)
class Section:
    """One entry of the navigation. ``routes``: names of its page in the site map; the first that exists is it."""

    title: str
    icon: str
    routes: tuple[str, ...]
    key: str
    """Pressed after ``g``, it leads there."""

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
    Section("Trackers", "radio-tower", ("trackers", "status"), "t"),
    Section("Audit", "scroll-text", ("audit",), "u"),
)
INSIDERS = ("operator", "pm", "viewer")
"""Roles that see the parts; partners have pages of their own."""


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
    """The sections that this person may open, of those that exist. Somebody signed out sees what is open to all."""
    if getattr(user, "is_authenticated", False) and getattr(user, "role", INSIDERS[0]) not in INSIDERS:
        return []
    found = ((section, section.url()) for section in SECTIONS)
    return [Entry(s.title, s.icon, url, s.key, _current(path, url)) for s, url in found if url]


def _current(path: str, url: str) -> str:
    if path == url:
        return "page"
    return "true" if url != "/" and path.startswith(url) else ""
