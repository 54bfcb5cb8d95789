"""A partner's own identity provider: authlib speaks OpenID Connect, this says what we ask for and what we believe.

https://openid.net/specs/openid-connect-core-1_0.html, https://www.rfc-editor.org/rfc/rfc7636 (PKCE)
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Protocol

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.django_client import DjangoIntegration, DjangoOAuth2App
from joserfc.errors import JoseError

TIMEOUT = 10
"""Seconds for each question to the provider."""
BASIC = "client_secret_basic"
"""How the secret is sent where the provider does not say otherwise."""
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519")
"""Of signatures that only the provider can make."""


class Secret(Protocol):
    """Read when it is used; raises where it is not there."""

    def reveal(self) -> str: ...


class SignIn(Protocol):
    """``sign_in`` of an agreement, by what is asked of it here: this room imports nothing that leads inside."""

    @property
    def issuer(self) -> str: ...
    @property
    def client_id(self) -> str: ...
    @property
    def client_secret(self) -> Secret: ...
    @property
    def domains(self) -> tuple[str, ...]: ...


class Untrusted(Exception):
    """The provider does not answer, or its answer proves nothing. Says what was wrong, for our log alone."""


@dataclass(frozen=True, slots=True)
class Begun:
    """A sign-in under way: what the browser keeps of it until it comes back."""

    state: str
    nonce: str
    code_verifier: str


def begin(known: SignIn, back: str) -> tuple[str, Begun]:
    """:param back: our address to which the provider sends the browser
    :returns: where the browser is to go, and what it keeps

    :raises Untrusted: the provider does not answer as it should
    """
    try:
        asked = _client(known).create_authorization_url(back)
        return str(asked["url"]), Begun(asked["state"], asked["nonce"], asked["code_verifier"])
    except _FAILURES as error:
        raise Untrusted(_words(error)) from None


def email(known: SignIn, back: str, begun: Begun, code: str) -> str:
    """The address that the provider has verified, in lower case.

    :raises Untrusted: it vouches for none
    """
    try:
        client = _client(known)
        token = client.fetch_access_token(redirect_uri=back, code=code, code_verifier=begun.code_verifier)
        claims = client.parse_id_token(token, nonce=begun.nonce, claims_options=_expected(known))
    except _FAILURES as error:
        raise Untrusted(_words(error)) from None
    return _verified(claims or {})


def keep(begun: Begun) -> dict[str, str]:
    """As plain values."""
    return asdict(begun)


_FAILURES = (requests.RequestException, AuthlibBaseError, JoseError, KeyError, ValueError, RuntimeError)


def _client(known: SignIn) -> Any:
    client = DjangoOAuth2App(
        DjangoIntegration("partners"),
        client_id=known.client_id,
        client_secret=_revealed(known.client_secret),
        server_metadata_url=f"{known.issuer}/.well-known/openid-configuration",
        client_kwargs={"scope": "openid email", "code_challenge_method": "S256", "default_timeout": TIMEOUT},
    )
    told = client.load_server_metadata()
    if str(told.get("issuer", "")).rstrip("/") != known.issuer:
        raise ValueError("the provider calls itself by another name than sign_in.issuer")
    ways = told.get("token_endpoint_auth_methods_supported") or [BASIC]
    client.client_kwargs["token_endpoint_auth_method"] = BASIC if BASIC in ways else "client_secret_post"
    offered = told.get("id_token_signing_alg_values_supported") or ["RS256"]
    told["id_token_signing_alg_values_supported"] = [name for name in offered if name in ALGORITHMS]
    return client


def _revealed(kept: Secret) -> str:
    try:
        return kept.reveal()
    except Exception as error:  # noqa: BLE001 - by whatever name: it cannot be read
        raise Untrusted(f"the client secret cannot be read: {type(error).__name__}") from None


def _expected(known: SignIn) -> Mapping[str, Any]:
    named = [known.issuer, f"{known.issuer}/"]
    return {"iss": {"essential": True, "values": named}, "aud": {"essential": True, "values": [known.client_id]}}


def _verified(claims: Mapping[str, Any]) -> str:
    if claims.get("email_verified") not in (True, "true"):
        raise Untrusted("the provider has not verified the address")
    address = claims.get("email")
    if not isinstance(address, str) or "@" not in address:
        raise Untrusted("the provider gave no address")
    return address.strip().lower()


def _words(error: Exception) -> str:
    """What went wrong, without an answer's text, which may hold anything."""
    return type(error).__name__ if isinstance(error, requests.RequestException) else f"{type(error).__name__}: {error}"
