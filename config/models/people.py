"""``people:`` of ``syncd.yaml``: how the people who work with the pages sign in."""

import ipaddress
import re
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from config.models.values import OneOrMore, Text
from connectors.settings import Duration, Secret, Strict

Role = Literal["operator", "pm", "viewer"]


def _issuer(url: str) -> str:
    if not re.fullmatch(r"https://[^\s?#]+|http://(127\.0\.0\.1|localhost|\[::1\])(:\d+)?(/[^\s?#]*)?", url):
        raise ValueError("expected an https:// address without ? and #")
    return url.rstrip("/")


def _network(address: str) -> str:
    try:
        ipaddress.ip_network(address)
    except ValueError:
        raise ValueError("expected an address or a network such as 127.0.0.1 or 10.0.0.0/8") from None
    return address


Issuer = Annotated[str, AfterValidator(_issuer)]
Domain = Annotated[str, Field(pattern=r"^[a-z0-9-]+(\.[a-z0-9-]+)+$")]
Network = Annotated[str, AfterValidator(_network)]


class Groups(Strict):
    """Which groups of the identity provider have which role; the first that fits counts."""

    operator: OneOrMore = Field((), description="Groups whose members are operators.")
    pm: OneOrMore = Field((), description="Groups whose members are product managers.")
    viewer: OneOrMore = Field((), description="Groups whose members may look.")


class Oidc(Strict):
    """Sign-in through an identity provider that speaks OpenID Connect."""

    issuer: Issuer = Field(
        description="Address of the provider; its /.well-known/openid-configuration is read when somebody signs in."
    )
    client_id: Text = Field(description="What the provider calls syncd.")
    client_secret: Secret = Field(description="The secret that goes with it.")
    name: Text = Field("single sign-on", description="What the button says after “Sign in with”.")
    domains: tuple[Domain, ...] = Field(
        (),
        description="Domains of the e-mail addresses that are let in; empty: any, if the provider says that it has verified the address.",
    )
    group_claim: Text = Field("groups", description="The claim that lists a person's groups.")
    roles: Groups | None = Field(
        None, description="Roles by group, set anew at each sign-in. Left out: roles are given in syncd."
    )
    default_role: Role | None = Field(
        None, description="Role of somebody in none of these groups; left out: only people who were added are let in."
    )


class SessionTimes(Strict):
    """How long somebody stays signed in."""

    longest: Duration = Field(8 * 3600.0, ge=300, description="After this one signs in again, in any case.")
    idle: Duration = Field(30 * 60.0, ge=60, description="After this without a request one signs in again.")


class SecondFactor(Strict):
    """Who needs a second factor: an authenticator app or a passkey."""

    required_for: tuple[Role, ...] = Field(
        (), description="Roles that need one: operator, pm, viewer. Who has none sets one up before anything else."
    )
    single_sign_on: bool = Field(
        False,
        description="true: also whoever comes by oidc or proxy_header; otherwise asking for one is left to these.",
    )


class People(Strict):
    """How people sign in."""

    oidc: Oidc | None = Field(None, description="Sign-in through an identity provider (OpenID Connect).")
    proxy_header: Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9-]*$")] | None = Field(
        None,
        description="Header in which a reverse proxy that signs people in names their e-mail address, such as X-Forwarded-User.",
    )
    trusted: tuple[Network, ...] = Field(
        (),
        description="Addresses or networks of the reverse proxies in front: only they may set proxy_header, "
        "X-Forwarded-For and X-Forwarded-Proto.",
    )
    second_factor: SecondFactor = Field(SecondFactor(), description="Who needs a second factor.")
    session: SessionTimes = Field(SessionTimes(), description="How long somebody stays signed in.")
    audit_days: int = Field(
        400, ge=90, le=36_500, description="Days that the audit log is kept; what is older is removed every night."
    )

    @model_validator(mode="after")
    def _proxies_are_named(self) -> Self:
        if self.proxy_header and not self.trusted:
            raise ValueError("proxy_header needs trusted: the addresses that may set it")
        return self
