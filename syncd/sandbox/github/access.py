"""Who asks: a personal token, a GitHub App by its signed JWT, or an installation's short-lived token.

Source: "Authenticating as a GitHub App", "Generating an installation access token".
"""

import random
import string
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Literal

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from syncd.sandbox.base import Refused, Request

LIFETIME = timedelta(hours=1)
PERMISSIONS = {"issues": "write", "metadata": "read", "pull_requests": "read"}


@dataclass(frozen=True, slots=True)
class Grant:
    """What a credential may; ``repositories`` None means all."""

    token: str
    kind: Literal["personal", "app", "installation"]
    expires: datetime | None = None
    repositories: frozenset[int] | None = None
    permissions: Mapping[str, str] = field(default_factory=lambda: PERMISSIONS)

    @property
    def read_only(self) -> bool:
        return self.permissions.get("issues") != "write"


def denied(status: int, message: str, docs: str = "https://docs.github.com/rest") -> Refused:
    """GitHub's usual error body."""
    return Refused(status, {"message": message, "documentation_url": docs, "status": str(status)})


class Access:
    """The credentials of the sandbox. ``token`` is the personal one; the App's key pair is made when first asked for."""

    app_id = 4711
    installation_id = 815

    def __init__(self, clock: Callable[[], datetime], seed: int) -> None:
        self._clock = clock
        self._random = random.Random(f"github {seed}")  # noqa: S311 - a sandbox's tokens are no secrets
        self.token = self._make("ghp_")
        self._grants = {self.token: Grant(self.token, "personal")}

    def _make(self, prefix: str) -> str:
        return prefix + "".join(self._random.choices(string.ascii_letters + string.digits, k=36))

    @cached_property
    def _key(self) -> rsa.RSAPrivateKey:
        return rsa.generate_private_key(public_exponent=65537, key_size=2048)

    @cached_property
    def private_key(self) -> str:
        """The App's key as PEM, as GitHub lets its owner download it."""
        form = serialization.PrivateFormat.TraditionalOpenSSL
        return self._key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()).decode()

    def who(self, request: Request) -> Grant:
        """The grant of the request's credential. Raises Refused with 401 if there is none."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if not token:
            raise denied(401, "Requires authentication")
        if scheme.lower() not in ("token", "bearer"):
            raise denied(401, "Bad credentials")
        if token.count(".") == 2:
            return self._app(token)
        grant = self._grants.get(token)
        if grant is None or (grant.expires and grant.expires <= self._clock()):
            raise denied(401, "Bad credentials")
        return grant

    def _app(self, token: str) -> Grant:
        """Check an App's JWT: RS256, this App as issuer, at most ten minutes, not expired."""
        try:
            # our own clock judges the times below
            options: Any = {"verify_exp": False, "verify_iat": False, "require": ["iat", "exp", "iss"]}
            claims = jwt.decode(token, self._key.public_key(), algorithms=["RS256"], options=options)
        except jwt.InvalidTokenError:
            raise denied(401, "A JSON web token could not be decoded") from None
        now = self._clock().timestamp()
        if str(claims["iss"]) != str(self.app_id):
            raise denied(401, "'Issuer' claim ('iss') must be an Integer")
        if claims["exp"] <= now:
            raise denied(401, "'Expiration time' claim ('exp') must be a numeric value representing the future time")
        if claims["exp"] > now + 600:
            raise denied(401, "'Expiration time' claim ('exp') is too far in the future")
        if claims["iat"] > now + 60:
            raise denied(401, "'Issued at' claim ('iat') must be an Integer representing the time it was issued")
        return Grant(token, "app")

    def issue_token(self, wanted: dict[str, str], repositories: Iterable[int] | None) -> Grant:
        """A new installation token, perhaps narrowed. Raises Refused for a permission the App has not."""
        for name, level in wanted.items():
            if name not in PERMISSIONS or (level == "write" and PERMISSIONS[name] == "read"):
                raise denied(422, "The permissions requested are not granted to this installation.")
        only = None if repositories is None else frozenset(repositories)
        grant = Grant(self._make("ghs_"), "installation", self._clock() + LIFETIME, only, wanted or PERMISSIONS)
        self._grants[grant.token] = grant
        return grant
