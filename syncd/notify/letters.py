"""How messages read: subject, plain text and HTML of a digest and of an alert. The templates hold the words."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from css_inline import CSSInliner
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from syncd.notify.changes import BACK, GROWN, MOST, NEW, RESOLVED, Content, counts
from syncd.notify.models import Digest
from syncd.web.words import counted

WORDS: Mapping[str, str] = {NEW: "new", BACK: "back", GROWN: "grown", RESOLVED: "resolved"}


@dataclass(frozen=True, slots=True)
class Letter:
    subject: str
    text: str
    html: str


def subject(content: Content) -> str:
    """The number first: ``12 flags to look at: 9 new, 2 back, 1 grown``."""
    if not content.to_review:
        return f"{_flags(content.resolved)} resolved, nothing new"
    parts = ", ".join(f"{capped(number)} {WORDS[name]}" for name, number in counts(content))
    return f"{_flags(content.to_review)} to look at: {parts}"


def summary(content: Content) -> str:
    """The first line: where things stand, in one or two sentences."""
    if not content.to_review:
        return f"Nothing new to look at. {_resolved(content)}"
    rest = content.to_review - sum(line.change != RESOLVED for line in content.lines)
    told = f"{_flags(content.to_review)} to look at" + (f", the first {len(content.lines)} below" if rest > 0 else "")
    return f"{told}. {_resolved(content)}".strip()


def digest(row: Digest, content: Content, end: str) -> Letter:
    """:param end: the address that ends the subscription"""
    subscription = row.subscription
    title = subject(content)
    page = {
        "subject": title,
        "summary": summary(content),
        "lines": [(line, flag_address(line.flag)) for line in content.lines],
        "slot": row.slot.astimezone(ZoneInfo(subscription.person.time_zone)),
        "view": subscription.view.name if subscription.view else "",
        "page": absolute(reverse("messages_digest", args=[row.pk])) if row.pk else "",
        "manage": absolute(reverse("messages")),
        "end": end,
    }
    return _letter(title, "digest", page)


def alert(says: str, details: str, end: str = "") -> Letter:
    page = {
        "subject": says, "details": details, "status": absolute(reverse("status")),
        "manage": absolute(reverse("messages")), "end": end,
    }  # fmt: skip
    return _letter(says, "alert", page)


def absolute(path: str) -> str:
    """An address as people reach it from outside."""
    return f"{settings.PUBLIC_URL.rstrip('/')}{path}"


def flag_address(flag: int) -> str:
    return absolute(reverse("review_flag", args=[flag]))


def capped(number: int) -> str:
    """``1,000+`` where counting stopped."""
    return f"{MOST:,}+" if number > MOST else f"{number:,}"


def _flags(number: int) -> str:
    return f"{MOST:,}+ flags" if number > MOST else counted(number, "flag")


def _resolved(content: Content) -> str:
    if not content.resolved:
        return ""
    mine = f", {capped(content.mine)} of them by you" if content.mine else ""
    return f"{_flags(content.resolved)} {'was' if content.resolved == 1 else 'were'} resolved{mine}."


def _letter(subject: str, name: str, page: Mapping[str, Any]) -> Letter:
    text = render_to_string(f"notify/letters/{name}.txt", dict(page))
    html = styled(render_to_string(f"notify/letters/{name}.html", dict(page)))
    return Letter(" ".join(subject.split()), text.strip() + "\n", html)


def styled(html: str) -> str:
    """A letter's HTML with the look in it."""
    return _inliner().inline(html)


@cache
def _inliner() -> CSSInliner:
    """Mail programs heed styles in attributes; what depends on the reader's screen stays in the head."""
    css = (Path(__file__).parent / "letter.css").read_text(encoding="utf-8")
    return CSSInliner(extra_css=css, keep_at_rules=True, load_remote_stylesheets=False)
