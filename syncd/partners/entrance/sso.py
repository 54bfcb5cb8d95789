"""Signing in by the partner's own identity provider. Its address here is a mark made of the partner, so that nobody can
find out by trying who our partners are."""

import structlog
from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from syncd.partners import faults
from syncd.partners.answers import show
from syncd.partners.databases import looking
from syncd.partners.entrance import provider, secret, sessions, tries, visitor
from syncd.partners.entrance.door import open_to_all
from syncd.partners.headers import origin_only
from syncd.partners.models import Partner

log = structlog.get_logger(__name__)
LASTS = 600
"""Seconds in which somebody must have come back from the provider."""
_SALT = "syncd.partners.sso"


def name_of(partner: str) -> str:
    """What stands in the address at which people of this partner sign in."""
    return secret.mark("sso", partner)


def address(partner: str) -> str:
    """That address, to be given to the partner; empty where it has no provider."""
    if partner not in settings.PARTNER_SIGN_INS.root:
        return ""
    return f"{settings.PARTNER_URL}{reverse('sso', urlconf='syncd.partners.urls', args=[name_of(partner)])}"


@open_to_all
@require_safe
def sso(request: HttpRequest, name: str) -> HttpResponse:
    """On the way to the provider."""
    now = timezone.now()
    if tries.must_wait(request, now):
        return faults.too_many(request)
    partner, known = _named(name)
    if known is None or not _is_open(partner):
        tries.note(request, now)
        return origin_only(faults.closed_link(request))
    try:
        away, begun = provider.begin(known, _back())
    except provider.Untrusted as error:
        return _refused(request, str(error))
    answer = HttpResponseRedirect(away)
    kept = signing.dumps({"name": name, **provider.keep(begun)}, key=settings.PARTNER_KEY, salt=_SALT)
    # the browser comes back from another site, and must bring this along
    answer.set_cookie(
        settings.PARTNER_STATE_COOKIE_NAME, kept, max_age=LASTS, path=settings.PARTNER_COOKIE_PATH,
        secure=settings.PARTNER_HTTPS, httponly=True, samesite="Lax",
    )  # fmt: skip
    return origin_only(answer)


@open_to_all
@require_safe
def sso_back(request: HttpRequest) -> HttpResponse:
    """The provider has sent somebody back. A code that comes twice is refused by the provider."""
    answer = _came_back(request)
    answer.set_cookie(
        settings.PARTNER_STATE_COOKIE_NAME, "", max_age=0, path=settings.PARTNER_COOKIE_PATH,
        secure=settings.PARTNER_HTTPS, httponly=True, samesite="Lax",
    )  # fmt: skip
    return origin_only(answer)


def _came_back(request: HttpRequest) -> HttpResponse:
    try:
        kept = signing.loads(
            request.COOKIES.get(settings.PARTNER_STATE_COOKIE_NAME, ""),
            key=settings.PARTNER_KEY, salt=_SALT, max_age=LASTS,
        )  # fmt: skip
    except signing.BadSignature:
        return _refused(request, "it was not begun here, or too long ago")
    partner, known = _named(kept.pop("name"))
    begun = provider.Begun(**kept)
    if known is None or not secret.same(request.GET.get("state", ""), begun.state):
        return _refused(request, "another state than the one that was begun")
    try:
        email = provider.email(known, _back(), begun, request.GET.get("code", ""))
    except provider.Untrusted as error:
        return _refused(request, str(error))
    session = _let_in(partner, email)
    if not session:
        return _refused(request, "the address is no contact's and of no agreed domain, or sharing is stopped")
    to = reverse("tracker")
    answer = show(request, "welcome.html", {"to": to})
    answer.headers["Refresh"] = f"0; url={to}"
    sessions.give_cookie(answer, session)
    return answer


def _let_in(partner: str, email: str) -> str:
    """:returns: the secret of the session that begins; empty: they are not let in"""
    with looking(partner):
        found = Partner.objects.filter(id=partner, open=True).first()
        if found is None or not visitor.vouched_for(found, email):
            return ""
        contact = found.contacts.filter(email=email).first()
        return sessions.begin(found, timezone.now(), contact=contact.id if contact else "", email=email)


def _named(name: str) -> tuple[str, provider.SignIn | None]:
    for partner, known in settings.PARTNER_SIGN_INS.root.items():
        if secret.same(name_of(partner), name):
            return partner, known
    return "", None


def _is_open(partner: str) -> bool:
    with looking(partner):
        return Partner.objects.filter(id=partner, open=True).exists()


def _back() -> str:
    return f"{settings.PARTNER_URL}{reverse('sso_back')}"


def _refused(request: HttpRequest, why: str) -> HttpResponse:
    log.info("partner_sign_in_refused", why=why)
    return faults.not_let_in(request)
