"""Whose role needs a second factor (``people.second_factor``), while they have none: they set one up and do nothing else."""

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.http import HttpRequest

from syncd.accounts.models import User
from syncd.accounts.models.session import METHOD
from syncd.accounts.proxied import PROXY
from syncd.accounts.tokens import scopes_of

ELSEWHERE = frozenset({"socialaccount", PROXY})
"""How sessions began whose people signed in somewhere else; the first is what allauth calls single sign-on."""


def owes(request: HttpRequest, person: User) -> bool:
    """Whether this person, or whoever sends their token, may go no further. No query where the role needs none."""
    asked = settings.PEOPLE.second_factor
    if person.role not in asked.required_for or (not asked.single_sign_on and _from_elsewhere(request, person)):
        return False
    return not is_mfa_enabled(person, [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN])


def _from_elsewhere(request: HttpRequest, person: User) -> bool:
    """A token tells nothing of a sign-in: there it counts how its person comes in."""
    if scopes_of(request) is None:
        return not ELSEWHERE.isdisjoint(request.session.get(METHOD, "").split("+"))
    proxied = bool(settings.PEOPLE.proxy_header) and not person.has_usable_password()
    return proxied or SocialAccount.objects.filter(user_id=person.pk).exists()
