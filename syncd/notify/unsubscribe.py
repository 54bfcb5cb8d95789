"""Links that end a kind of message with one click (RFC 8058). They name one subscription, are signed, and do not expire:
whoever finds an old mail can still end what sends it."""

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

_SIGNER = "syncd.notify.unsubscribe"


def token(key: str) -> str:
    """:param key: of a subscription, or of an operator's alerts"""
    return Signer(salt=_SIGNER, sep="~").sign(key)


def key_of(signed: str) -> str | None:
    """The key that a token names; None if it is none of ours."""
    try:
        return Signer(salt=_SIGNER, sep="~").unsign(signed)
    except BadSignature:
        return None


def address(key: str) -> str:
    """The whole address, for a header."""
    return f"{settings.PUBLIC_URL.rstrip('/')}{reverse('unsubscribe', args=[token(key)])}"
