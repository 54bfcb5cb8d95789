"""Django's ``SESSION_ENGINE``, and how long somebody stays signed in."""

import time
from datetime import UTC, datetime

from django.conf import settings
from django.contrib.auth import SESSION_KEY, logout
from django.http import HttpRequest

from syncd.accounts import audit
from syncd.accounts.address import agent_of, ip_of
from syncd.accounts.models.session import AGENT, IP, METHOD, SEEN, STARTED, SessionStore
from syncd.accounts.models.user import User

__all__ = ["SessionStore", "keep", "recent", "remember_method"]

PULSE = 60.0
"""Seconds between two notes that somebody is still there: pages that are read write no more often."""


def keep(request: HttpRequest) -> None:
    """Note that somebody signed in is here, or sign them out when their time is over. Being idle for too long
    needs no look: the row is out of date by itself."""
    session, now = request.session, time.time()
    if SESSION_KEY not in session:
        return
    if now - session.get(STARTED, now) > settings.PEOPLE.session.longest:
        audit.record(request, "session_ended", why="time is over")
        logout(request)
    elif now - session.get(SEEN, 0) > PULSE:
        session.setdefault(STARTED, now)
        session.setdefault(METHOD, "")
        session[SEEN], session[IP], session[AGENT] = now, ip_of(request), agent_of(request)


def remember_method(request: HttpRequest, method: str) -> None:
    """A session that has just begun, and how."""
    now = time.time()
    request.session[STARTED] = request.session[SEEN] = now
    request.session[METHOD] = method
    request.session[IP], request.session[AGENT] = ip_of(request), agent_of(request)


def recent(request: HttpRequest, seconds: float) -> bool:
    """Whether this session began less than so many seconds ago."""
    return time.time() - float(request.session.get(STARTED, 0)) < seconds


def remove_outdated(now: datetime | None = None) -> int:
    """Sessions that nobody can use any more. :returns: how many"""
    deleted, _ = SessionStore.get_model_class().objects.filter(expire_date__lt=now or datetime.now(UTC)).delete()
    return deleted


def end_others(person: User, but: str | None) -> int:
    """Sign somebody out everywhere, except where the session key is ``but``. :returns: how many ended"""
    ended, _ = person.sessions.exclude(session_key=but or "").delete()
    return ended
