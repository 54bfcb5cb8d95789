"""The pages about people. Of allauth's only those that are wanted here; it finds them by these names."""

from allauth.account import views as door
from allauth.mfa.base import views as second
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as app
from allauth.mfa.webauthn import views as passkeys
from allauth.socialaccount import views as social
from django.urls import URLPattern, path
from django.views.decorators.http import require_http_methods

from syncd.accounts import oidc
from syncd.accounts.access import Act, View, needs
from syncd.accounts.views import account, link, people

_form = require_http_methods(["GET", "HEAD", "POST"])
"""allauth's views would answer other methods like one of these."""


def _mine(view: View) -> View:
    """Whoever may come in may change what they come in with."""
    return needs(Act.READ)(_form(view))


def _first(view: View) -> View:
    """Whoever must set up a second factor gets as far as here."""
    return needs(Act.READ, factor=False)(_form(view))


WAY_IN: list[URLPattern] = [
    path("sign-in/", _form(door.login), name="account_login"),
    path("sign-in/second-factor/", _form(second.authenticate), name="mfa_authenticate"),
    path("sign-in/passkey/", _form(passkeys.login_webauthn), name="mfa_login_webauthn"),
    path("sign-in/link/<str:secret>/", link.link, name="link"),
    path("sign-in/sso/", oidc.begin, {"provider_id": oidc.ID}, name="openid_connect_login"),
    path("sign-in/sso/back/", oidc.back, {"provider_id": oidc.ID}, name="openid_connect_callback"),
    path("sign-in/cancelled/", _form(social.login_cancelled), name="socialaccount_login_cancelled"),
    path("sign-in/shut-out/", _form(door.account_inactive), name="account_inactive"),
    path("sign-out/", _form(door.logout), name="account_logout"),
]

MINE: list[URLPattern] = [
    path("account/", account.account, name="account"),
    path("account/password/", _mine(door.password_change), name="account_change_password"),
    path("account/password/new/", _mine(door.password_set), name="account_set_password"),
    path("account/again/", _first(door.reauthenticate), name="account_reauthenticate"),
    path("account/again/code/", _first(second.reauthenticate), name="mfa_reauthenticate"),
    path("account/again/passkey/", _first(passkeys.reauthenticate_webauthn), name="mfa_reauthenticate_webauthn"),
    path("account/second-factor/", _first(second.index), name="mfa_index"),
    path("account/second-factor/app/", _first(app.activate_totp), name="mfa_activate_totp"),
    path("account/second-factor/app/remove/", _mine(app.deactivate_totp), name="mfa_deactivate_totp"),
    path("account/second-factor/codes/", _mine(codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path("account/second-factor/codes/new/", _mine(codes.generate_recovery_codes), name="mfa_generate_recovery_codes"),
    path("account/passkeys/", _first(passkeys.list_webauthn), name="mfa_list_webauthn"),
    path("account/passkeys/new/", _first(passkeys.add_webauthn), name="mfa_add_webauthn"),
    path("account/passkeys/<int:pk>/remove/", _mine(passkeys.remove_webauthn), name="mfa_remove_webauthn"),
    path("account/sessions/others/end/", account.end_other_sessions, name="end_other_sessions"),
    path("account/sessions/<str:name>/end/", account.end_session, name="end_session"),
    path("account/tokens/", account.list_tokens, name="tokens"),
    path("account/tokens/<int:pk>/revoke/", account.revoke_token, name="revoke_token"),
]

EVERYBODY: list[URLPattern] = [
    path("people/", people.people, name="people"),
    path("people/<int:pk>/role/", people.person_role, name="person_role"),
    path("people/<int:pk>/shut-out/", people.person_shut_out, name="person_shut_out"),
    path("people/<int:pk>/let-in/", people.person_let_in, name="person_let_in"),
    path("people/<int:pk>/link/", people.person_link, name="person_link"),
]

urlpatterns = [*WAY_IN, *MINE, *EVERYBODY]
