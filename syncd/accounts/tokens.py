"""API tokens: 256 random bits that are shown once. ``sy_PREFIX_SECRET``."""

import hashlib
import hmac
import re
import secrets
from collections.abc import Collection
from datetime import UTC, datetime, timedelta

from django.http import HttpRequest

from syncd.accounts import audit
from syncd.accounts.access import Act
from syncd.accounts.models import Token, User

SHAPE = re.compile(r"sy_([0-9a-z]{8})_([A-Za-z0-9_-]{43})")
LONGEST = timedelta(days=366)
PULSE = timedelta(minutes=1)
"""How exactly the last use is known."""
_ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz"


def make(actor: audit.Actor, person: User, name: str, scopes: Collection[str], lasts: timedelta) -> tuple[Token, str]:
    """A new token of this person. :returns: it, and its text, which nobody can find out again

    :raises ValueError: no scope or an unknown one, or it lasts too long
    """
    if not scopes or not set(scopes) <= set(Act):
        raise ValueError(f"expected scopes out of {', '.join(Act)}")
    if not timedelta(0) < lasts <= LONGEST:
        raise ValueError(f"a token lasts at most {LONGEST.days} days")
    prefix, secret = "".join(secrets.choice(_ALPHABET) for _ in range(8)), secrets.token_urlsafe(32)
    now = datetime.now(UTC)
    token = Token.objects.create(
        user=person,
        name=name,
        prefix=prefix,
        hash=_hash(secret),
        scopes=sorted(map(str, scopes)),
        made_at=now,
        expires_at=now + lasts,
    )
    audit.record(actor, "token_made", f"{name} ({prefix})", of=person.email, scopes=token.scopes)
    return token, f"sy_{prefix}_{secret}"


def revoke(actor: audit.Actor, token: Token) -> None:
    """From now on it opens nothing."""
    token.revoke(datetime.now(UTC))
    audit.record(actor, "token_revoked", f"{token.name} ({token.prefix})", of=token.user.email)


def authenticate(request: HttpRequest) -> User | None:
    """Whose token came with the request (``Authorization: Bearer …``); None where none did, or it opens nothing.

    The person is then ``request.user``, and ``request.scopes`` is what the token may, for :func:`syncd.accounts.access.may`.
    """
    kind, _, text = request.headers.get("Authorization", "").partition(" ")
    found = _found(text.strip()) if kind.lower() == "bearer" else None
    if found is None:
        return None
    _note_use(found)
    request.user = found.user
    request.scopes = frozenset(found.scopes)  # type: ignore[attr-defined]
    return found.user


def scopes_of(request: HttpRequest) -> frozenset[str] | None:
    """What the token that came with the request may; None where a person came in person."""
    return getattr(request, "scopes", None)


def _found(text: str) -> Token | None:
    if (match := SHAPE.fullmatch(text)) is None:
        return None
    token = Token.objects.live(datetime.now(UTC)).filter(prefix=match[1]).select_related("user").first()
    # a hash is compared with something even where there is no such token: both take as long
    right = hmac.compare_digest(token.hash if token else "0" * 64, _hash(match[2]))
    return token if right else None


def _note_use(token: Token) -> None:
    now = datetime.now(UTC)
    if token.last_used_at is None or now - token.last_used_at > PULSE:
        Token.objects.filter(pk=token.pk).update(last_used_at=now)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
