"""Single sign-on by OpenID Connect: allauth speaks the protocol, we say who is let in and as what.

https://openid.net/specs/openid-connect-core-1_0.html
"""

from collections.abc import Mapping
from typing import Any, NoReturn, cast

import requests
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialLogin
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from config.models.people import Groups, Oidc
from connectors.settings import SecretMissing
from syncd.accounts import audit
from syncd.accounts.models.user import Role, User

ID = "sso"
"""What allauth calls the one provider there can be."""
Claims = Mapping[str, Any]


class Provider(DefaultSocialAccountAdapter):
    """The provider that ``people.oidc`` names, and whom it may bring."""

    def list_apps(
        self,
        request: HttpRequest,  # noqa: ARG002 - the signature is allauth's
        provider: str | None = None,
        client_id: str | None = None,
    ) -> list[SocialApp]:
        known = settings.PEOPLE.oidc
        if known is None or provider not in (None, ID, "openid_connect") or client_id not in (None, known.client_id):
            return []
        details = {"server_url": known.issuer, "oauth_pkce_enabled": True}
        secret = known.client_secret.reveal()
        app = SocialApp(provider="openid_connect", provider_id=ID, name=known.name, client_id=known.client_id)
        app.secret, app.settings = secret, details
        return [app]

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:  # noqa: ARG002
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Decide before anybody is signed in; the person found, or made, is then signed in by allauth."""
        known, claims = _known(), _claims(request, sociallogin)
        email = User.objects.normalize_email(claims.get("email"))
        _check_address(request, known, claims, email)
        role = _role(known, claims)
        if sociallogin.is_existing:
            person = cast("User", sociallogin.user)
        else:
            person = _person(request, known, claims, email, role)
            sociallogin.connect(request, person)
        if known.roles:
            _set_role(request, person, role)

    def on_authentication_error(
        self, request: HttpRequest, provider: Any, error: Any = None, exception: Any = None, extra_context: Any = None
    ) -> NoReturn:
        del provider, extra_context
        _refuse(request, f"The sign-in was broken off ({exception or error or 'no reason given'}). Try again.")


class _Protocol(OpenIDConnectOAuth2Adapter):
    """allauth's, which also checks the signature of an id token that it has fetched itself."""

    def get_provider(self) -> Any:
        provider = super().get_provider()
        provider.oauth2_adapter_class = _Protocol
        return provider

    @property
    def openid_config(self) -> dict[str, Any]:
        found: dict[str, Any] = super().openid_config
        if found.get("issuer", "").rstrip("/") != _known().issuer:
            raise OAuth2Error("the provider calls itself by another name than people.oidc.issuer")
        return found

    def _decode_id_token(self, app: SocialApp, id_token: str) -> dict[str, Any]:
        config = self.openid_config
        decoded: dict[str, Any] = jwtkit.verify_and_decode(
            credential=id_token,
            keys_url=config["jwks_uri"],
            issuer=config["issuer"],
            audience=app.client_id,
            lookup_kid=jwtkit.lookup_kid_jwk,
            verify_signature=True,
        )
        return decoded


@never_cache
@login_not_required
@require_POST
def begin(request: HttpRequest, provider_id: str) -> HttpResponse:
    """On the way to the provider: by a page that leads there, since the policy lets no form post go elsewhere."""
    answer = _spoken(request, OAuth2LoginView, provider_id)
    if (away := answer.headers.get("Location", "")).startswith(("https://", "http://")):
        page = render(request, "accounts/away.html", {"name": _known().name, "away": away})
        page.headers["Refresh"] = f"0; url={away}"
        return page
    return answer


@never_cache
@login_not_required
@require_safe
def back(request: HttpRequest, provider_id: str) -> HttpResponse:
    """The provider has sent somebody back."""
    return _spoken(request, OAuth2CallbackView, provider_id)


def _spoken(request: HttpRequest, view: Any, provider_id: str) -> HttpResponse:
    name = _known().name
    try:
        answer: HttpResponse = view.adapter_view(_Protocol(request, provider_id))(request)
        return answer
    except ImmediateHttpResponse as told:
        refusal: HttpResponse = told.response
        return refusal
    except SecretMissing as missing:
        audit.record(request, "sign_in_refused", why=str(missing))
        return _page(request, "The secret of single sign-on cannot be read: see the log, or ask an operator.", 503)
    except (requests.RequestException, OAuth2Error, KeyError, ValueError) as error:
        audit.record(request, "sign_in_refused", why=f"{type(error).__name__}: {error}"[:300])
        return _page(request, f"{name} does not answer as it should: try again later.", 503)


def _known() -> Oidc:
    """The provider; there is one wherever this is asked."""
    if settings.PEOPLE.oidc is None:
        raise Http404
    return settings.PEOPLE.oidc


def _claims(request: HttpRequest, sociallogin: SocialLogin) -> Claims:
    """What the provider says, the signed token first: the rest must be about the same person."""
    data = sociallogin.account.extra_data
    signed, more = data.get("id_token") or {}, data.get("userinfo") or {}
    if not signed or more.get("sub", signed.get("sub")) != signed.get("sub"):
        _refuse(request, "The provider sent no signed token about this person.")
    return {**more, **signed}


def _check_address(request: HttpRequest, known: Oidc, claims: Claims, email: str) -> None:
    domain = email.rpartition("@")[2]
    if not email:
        _refuse(request, "The provider gave no e-mail address.")
    if known.domains and domain not in known.domains:
        _refuse(request, f"Addresses of {domain} are not let in here.")
    verified = claims.get("email_verified")
    if verified in (False, "false") or (not known.domains and verified not in (True, "true")):
        _refuse(request, f"The provider has not verified the address {email}.")


def _role(known: Oidc, claims: Claims) -> str | None:
    """The role that the groups give; None where they give none."""
    groups = claims.get(known.group_claim, ())
    have = {groups} if isinstance(groups, str) else set(map(str, groups))
    for role in Role.values:
        if have & set(getattr(known.roles or Groups(), role)):
            return role
    return known.default_role


def _person(request: HttpRequest, known: Oidc, claims: Claims, email: str, role: str | None) -> User:
    """Whose address it is, or somebody new where the groups give a role."""
    person = User.objects.filter(email=email).first()
    if person is None:
        if role is None:
            _refuse(request, f"Nobody here has the address {email}. An operator can add it.")
        try:
            person = User.objects.add(email, role, str(claims.get("name") or "")[:100])
        except ValidationError as error:
            _refuse(request, " ".join(error.messages))
        audit.record(request, "person_added", person, role=role, by=known.name)
    elif SocialAccount.objects.filter(user=person).exists():
        _refuse(request, f"{email} belongs to another account at {known.name}. An operator can help.")
    return person


def _set_role(request: HttpRequest, person: User, role: str | None) -> None:
    if role is None:
        _refuse(request, f"None of the groups of {person} is let in here.")
    if person.role != role:
        audit.record(request, "role_changed", person, was=person.role, now=role, by="groups")
        person.role = role
        person.save(update_fields=["role"])


def _refuse(request: HttpRequest, why: str) -> NoReturn:
    audit.record(request, "sign_in_refused", why=why)
    raise ImmediateHttpResponse(_page(request, why, 403))


def _page(request: HttpRequest, why: str, status: int) -> HttpResponse:
    return render(request, "accounts/refused.html", {"why": why}, status=status)
