"""Secrets that open something: 256 random bits, kept as their SHA-256 alone; and marks made with our own key."""

import base64
import hashlib
import hmac
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from django.conf import settings


def fresh() -> str:
    """A new secret, in 43 letters that stand in an address as they are."""
    return secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """What is kept of a secret: SHA-256 in hexadecimal digits."""
    return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()


def mark(purpose: str, of: str) -> str:
    """The same for the same words, and nobody else can make it: 22 letters.

    :param purpose: keeps marks of one kind from passing for another
    """
    made = hmac.digest(settings.PARTNER_KEY.encode(), f"{purpose}\0{of}".encode(), "sha256")
    return base64.urlsafe_b64encode(made[:16]).rstrip(b"=").decode("ascii")


def same(one: str, other: str) -> bool:
    """Compared in a time that tells nothing."""
    return hmac.compare_digest(one.encode(), other.encode())


def sealed(purpose: str, text: str) -> str:
    """A text that only we can read, and that nobody can change, for an address. The same text is sealed the same
    (RFC 5297), so that a letter's bytes follow from what it says."""
    return base64.urlsafe_b64encode(_cipher().encrypt(text.encode(), [purpose.encode()])).rstrip(b"=").decode("ascii")


def unsealed(purpose: str, text: str) -> str | None:
    """What was sealed for this purpose; None if this was not."""
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        return _cipher().decrypt(raw, [purpose.encode()]).decode()
    except (ValueError, InvalidTag):
        return None


def _cipher() -> AESSIV:
    return AESSIV(hashlib.sha512(f"sealed\0{settings.PARTNER_KEY}".encode()).digest())
