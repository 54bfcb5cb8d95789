"""How a letter is made of its templates, and put into the outbox once."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from syncd.notify.letters import Letter, styled
from syncd.notify.models import Message
from syncd.partners.side import URLS

TOPIC = "partners"
"""Of all of them, and of the places that are told."""


def written(subject: str, template: str, values: Mapping[str, Any]) -> Letter:
    """:param template: its name below ``sharing/letters/``, without ending"""
    page = {"subject": subject, **values}
    text = render_to_string(f"sharing/letters/{template}.txt", page)
    html = render_to_string(f"sharing/letters/{template}.html", page)
    return Letter(" ".join(subject.split()), text.strip() + "\n", styled(html))


def post(key: str, to: str, letter: Letter, now: datetime, *, topic: str = TOPIC, unsubscribe: str = "") -> Message:
    """Into the outbox; the same key a second time is the same letter."""
    values = {
        "way": Message.MAIL, "to": to, "topic": topic, "subject": letter.subject, "text": letter.text,
        "html": letter.html, "unsubscribe": unsubscribe, "made_at": now, "next_at": now,
    }  # fmt: skip
    message, _ = Message.objects.get_or_create(key=key[:200], defaults=values)
    return message


def to_partners(route: str, *arguments: str) -> str:
    """A whole address of the partner side."""
    return f"{settings.PARTNER_URL.rstrip('/')}{reverse(route, urlconf=URLS, args=arguments)}"
