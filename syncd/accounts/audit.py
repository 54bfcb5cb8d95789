"""The security log: who did what, to what, from where. A row for the pages, and an event for whoever collects logs."""

from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from syncd.accounts.address import ip_of
from syncd.accounts.models.event import AuditEvent
from syncd.accounts.models.user import User

log = structlog.get_logger(__name__)

AT_ONCE = 1_000
"""Rows forgotten in one transaction: nobody waits long for the store."""

Actor = HttpRequest | User | str
"""A request with whoever sent it, a person at the command line, or the program itself."""


def record(actor: Actor, verb: str, target: object = "", **facts: Any) -> AuditEvent:
    """Write down what happened. Give no secret: what is written stays.

    :param verb: a past participle such as ``signed_in`` or ``role_changed``
    :param target: what it was done to, in words or as a person; kept as text
    :param facts: plain values that JSON knows
    """
    who, ip = _who(actor), ip_of(actor) if isinstance(actor, HttpRequest) else ""
    to = str(target)[:254]
    log.info("audit", actor=who, verb=verb, target=to, ip=ip, **facts)
    return AuditEvent.objects.create(at=datetime.now(UTC), actor=who, verb=verb, target=to, facts=facts, ip=ip)


def prune(now: datetime) -> int:
    """Forget what is older than the operator wants it kept (``people.audit_days``). :returns: how many rows"""
    before, forgotten = now - timedelta(days=settings.PEOPLE.audit_days), 0
    while gone := AuditEvent.objects.forget(before, AT_ONCE):
        forgotten += gone
    if forgotten:
        log.info("audit_forgotten", rows=forgotten, before=before.isoformat(timespec="seconds"))
    return forgotten


def _who(actor: Actor) -> str:
    if isinstance(actor, HttpRequest):
        actor = getattr(actor, "user", "")
    return "" if isinstance(actor, AnonymousUser) else str(actor)[:254]
