"""``Idempotency-Key``: a request that is sent again, because its answer was lost, is done once.

A key is its person's. What changed something is answered again for 24 hours, word for word; what was refused changed
nothing, and its key is free again.
"""

import hashlib
import re
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from syncd.accounts.models import User
from syncd.api.models import Sent
from syncd.api.problems import Problem

KEPT = timedelta(hours=24)
SHAPE = re.compile(r"[!-~]{1,255}")
"""Visible ASCII, as the header carries it."""
REPLAYED = "Idempotency-Replayed"


class Replayed(Exception):
    """It was done already; this was the answer."""

    def __init__(self, sent: Sent) -> None:
        super().__init__(sent.key)
        self.sent = sent


def replayed(_request: HttpRequest, error: Any) -> HttpResponse:
    """The answer of then."""
    sent: Sent = error.sent
    return HttpResponse(sent.body, "application/json; charset=utf-8", sent.status, headers={REPLAYED: "true"})


def begin(request: HttpRequest, person: User) -> None:
    """Note that a request with a key is under way; one without a key is left alone.

    :raises Replayed: it was done already
    :raises Problem: another request came with this key, or the first is still under way
    """
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return
    if not SHAPE.fullmatch(key):
        raise Problem(400, "An Idempotency-Key is 1 to 255 visible ASCII characters, such as a UUID.")
    now, mark = timezone.now(), _fingerprint(request)
    Sent.objects.filter(made_at__lt=now - KEPT).delete()
    sent, new = Sent.objects.get_or_create(person=person, key=key, defaults={"fingerprint": mark, "made_at": now})
    if not new:
        raise _again(sent, mark)
    request.sent = sent  # type: ignore[attr-defined]


def end(request: HttpRequest, response: HttpResponse, *, secret: bool) -> None:
    """Keep the answer of what was done, and forget what was not."""
    sent: Sent | None = getattr(request, "sent", None)
    if sent is None:
        return
    if not 200 <= response.status_code < 300:
        Sent.objects.filter(pk=sent.pk).delete()
        return
    body = "" if secret else response.content.decode()
    Sent.objects.filter(pk=sent.pk).update(status=response.status_code, body=body)


def _again(sent: Sent, mark: str) -> Exception:
    if sent.fingerprint != mark:
        return Problem(422, "This Idempotency-Key came with another request before: take a new key for a new request.")
    if sent.status is None:
        return Problem(
            409,
            "The first request with this Idempotency-Key is under way, or ended without an answer. Ask again in a"
            " moment; if it stays so, look at what is there before you send it with another key.",
        )
    if not sent.body and sent.status != 204:
        return Problem(409, "This was done already, and its answer held a secret that is shown once.")
    return Replayed(sent)


def _fingerprint(request: HttpRequest) -> str:
    said = b"\0".join([(request.method or "").encode(), request.get_full_path().encode(), request.body])
    return hashlib.sha256(said).hexdigest()
