"""One's own account: name and preferences, where one is signed in, tokens."""

from datetime import UTC, datetime
from hashlib import sha256

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from syncd.accounts import access, audit, sessions, tokens
from syncd.accounts.access import Act, needs
from syncd.accounts.address import browser_of
from syncd.accounts.forms import Me, NewToken
from syncd.accounts.models import Session, User
from syncd.accounts.person import person_of


@needs(Act.READ)
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    form = Me(request.POST if request.method == "POST" else None, instance=person)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Saved.")
        return redirect("account")
    return render(request, "accounts/account.html", {"form": form, **_shown(request, person)})


def _shown(request: HttpRequest, person: User) -> dict[str, object]:
    factors = list(Authenticator.objects.filter(user_id=person.pk).values_list("type", flat=True))
    return {
        "sessions": [
            (_name(session), session, browser_of(session.agent), session.session_key == request.session.session_key)
            for session in access.sessions(person)
        ],
        "factors": factors,
        "single_sign_on": SocialAccount.objects.filter(user_id=person.pk).exists(),
    }


def _name(session: Session) -> str:
    """A name for a session that opens nothing: its key would."""
    return sha256(session.session_key.encode()).hexdigest()[:16]


@needs(Act.READ)
@require_POST
def end_session(request: HttpRequest, name: str) -> HttpResponse:
    """Sign out somewhere else."""
    found = next((session for session in access.sessions(person_of(request)) if _name(session) == name), None)
    if found is None:
        raise Http404
    found.delete()
    audit.record(request, "session_ended", why="by its person")
    messages.success(request, "Signed out there.")
    return redirect("account")


@needs(Act.READ)
@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    """Sign out everywhere else."""
    ended = sessions.end_others(person_of(request), but=request.session.session_key)
    audit.record(request, "session_ended", why="all others, by their person", count=ended)
    messages.success(request, "Signed out everywhere else.")
    return redirect("account")


@needs(Act.READ)
@require_http_methods(["GET", "HEAD", "POST"])
def list_tokens(request: HttpRequest) -> HttpResponse:
    """My tokens; a new one is shown in the answer to its making, and never again."""
    person, made, now = person_of(request), "", datetime.now(UTC)
    form = NewToken(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        _, made = tokens.make(request, person, form.cleaned_data["name"], form.cleaned_data["scopes"], form.lasts)
        form = NewToken()
    mine = [(token, token.state(now)) for token in access.tokens(person)]
    return render(request, "accounts/tokens.html", {"form": form, "made": made, "tokens": mine})


@needs(Act.READ)
@require_POST
def revoke_token(request: HttpRequest, pk: int) -> HttpResponse:
    tokens.revoke(request, get_object_or_404(access.tokens(person_of(request)), pk=pk))
    messages.success(request, "Revoked: from now on it opens nothing.")
    return redirect("tokens")
