"""Webhooks as the vendors send and sign them, from a thread of their own.

Sources: Jira "Webhooks" (X-Hub-Signature, X-Atlassian-Webhook-Identifier), GitHub "Validating webhook
deliveries" (X-Hub-Signature-256, X-GitHub-Delivery, X-GitHub-Event), Notion "Webhooks"
(X-Notion-Signature over the raw body with the verification token).
"""

import hashlib
import hmac
import queue
import threading
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request as Outgoing
from urllib.request import urlopen

import orjson

from syncd.sandbox.base import Event

SECONDS = 10
"""How long a receiver may take, as at GitHub."""


@dataclass(frozen=True, slots=True)
class Hook:
    """Somebody who wants to hear of a service's events."""

    service: str
    url: str
    secret: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """One attempt; ``status`` is 0 where nobody answered."""

    url: str
    event: str
    status: int


def deliver(url: str, headers: dict[str, str], body: bytes) -> int:
    """POST the body; the receiver's status, or 0 where nobody answered."""
    if not url.startswith(("http://", "https://")):
        return 0
    try:
        with urlopen(Outgoing(url, body, headers, method="POST"), timeout=SECONDS) as answer:  # noqa: S310 - checked above
            return int(answer.status)
    except HTTPError as error:
        with error:
            return error.code
    except (OSError, HTTPException):
        return 0


def envelope(hook: Hook, event: Event) -> tuple[dict[str, str], bytes]:
    """The headers and body that the vendor would send."""
    body = orjson.dumps(dict(event.payload))
    signature = "sha256=" + hmac.new(hook.secret.encode(), body, hashlib.sha256).hexdigest()
    delivery = str(uuid.uuid4())
    headers = {"Content-Type": "application/json", "Accept": "*/*"}
    if hook.service == "github":
        headers |= {
            "User-Agent": "GitHub-Hookshot/sandbox",
            "X-GitHub-Event": event.name,
            "X-GitHub-Delivery": delivery,
            "X-Hub-Signature-256": signature,
        }
    elif hook.service == "notion":
        headers |= {"X-Notion-Signature": signature}
    else:
        headers |= {
            "X-Atlassian-Webhook-Identifier": delivery,
            "X-Atlassian-Webhook-Flow": "Primary",
            "X-Hub-Signature": signature,
        }
    return headers, body


class Webhooks:
    """Registered hooks and the thread that serves them, started with the first hook."""

    def __init__(self) -> None:
        self._hooks: list[Hook] = []
        self._waiting: queue.SimpleQueue[tuple[Hook, Event] | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self.deliveries: list[Delivery] = []

    def register(self, hook: Hook) -> None:
        self._hooks.append(hook)
        if self._thread is None:
            self._thread = threading.Thread(target=self._send, name="sandbox-webhooks", daemon=True)
            self._thread.start()

    def announce(self, service: str, events: Iterable[Event]) -> None:
        for event in events:
            for hook in self._hooks:
                if hook.service == service:
                    self._waiting.put((hook, event))

    def close(self) -> None:
        if self._thread is not None:
            self._waiting.put(None)
            self._thread.join(timeout=SECONDS)

    def to_json(self) -> dict[str, Any]:
        return {
            "hooks": [{"service": hook.service, "url": hook.url} for hook in self._hooks],
            "deliveries": [{"url": d.url, "event": d.event, "status": d.status} for d in self.deliveries],
        }

    def _send(self) -> None:
        while (due := self._waiting.get()) is not None:
            hook, event = due
            headers, body = envelope(hook, event)
            self.deliveries.append(Delivery(hook.url, event.name, deliver(hook.url, headers, body)))
