"""People, for operators; the security log; and oneself."""

from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Query

from syncd.accounts import access, links, people, tokens
from syncd.accounts.access import Act
from syncd.accounts.models import Token, User
from syncd.api.door import person_of
from syncd.api.paging import At, Listing, listing, whole
from syncd.api.problems import Problem
from syncd.api.routing import Routes
from syncd.api.shapes import people as told
from syncd.api.shapes.words import Id
from syncd.web import keyset, ledger

routes = Routes("People")


@routes.look("/people", Listing[told.Person], Act.OPERATE)
def list_people(request: HttpRequest, response: HttpResponse, at: At) -> dict[str, Any]:
    """Everybody who was ever let in."""
    page = keyset.page(access.people(person_of(request)), ("email", "id"), at.after, at.limit)
    return listing(request, response, page, person)


@routes.make("/people", told.Person, Act.OPERATE)
def add_person(request: HttpRequest, asked: told.NewPerson) -> dict[str, Any]:
    """Let somebody in. A one-time link is a call of its own."""
    try:
        return person(people.add(request, asked.email, asked.role, asked.name))
    except ValidationError as error:
        raise Problem(422, " ".join(error.messages)) from None


@routes.look("/people/{int:id}", told.Person, Act.OPERATE)
def get_person(request: HttpRequest, id: Id) -> dict[str, Any]:  # noqa: A002  as the address has it
    """One of them."""
    return person(_find(request, id))


@routes.change("/people/{int:id}", told.Person, Act.OPERATE)
def change_person(request: HttpRequest, id: Id, asked: told.ChangedPerson) -> dict[str, Any]:  # noqa: A002
    """Another role; shut out, or let in again. The last operator keeps theirs."""
    row = _find(request, id)
    try:
        if asked.role:
            people.set_role(request, row, asked.role)
        if asked.active is False:
            people.shut_out(request, row)
        elif asked.active and not row.is_active:
            people.let_in(request, row)
    except people.LastOperator:
        raise Problem(409, "There must be an operator: make somebody else one first.") from None
    return person(_find(request, id))


@routes.make("/people/{int:id}/links", told.OneTimeLink, Act.OPERATE, in_person=True)
def make_link(request: HttpRequest, id: Id) -> dict[str, Any]:  # noqa: A002
    """A fresh one-time link, to be passed on."""
    row = _find(request, id)
    if not row.is_active:
        raise Problem(409, f"{row} is shut out: let them in first.")
    request.secret = True  # type: ignore[attr-defined]
    return {"url": links.make(request, row)}


@routes.look("/audit", Listing[told.Happened], Act.OPERATE)
def list_audit(
    request: HttpRequest, response: HttpResponse, filters: Annotated[told.HappenedFilters, Query()], at: At
) -> dict[str, Any]:
    """Who did what: the security log, what people decided, and what was put in force, the newest first."""
    asked = ledger.Asked(**filters.model_dump())
    found = ledger.page(person_of(request), asked, at.after, at.limit)
    return whole(request, response, map(asdict, found.lines), found.older)


@routes.look("/me", told.Me)
def get_me(request: HttpRequest) -> dict[str, Any]:
    """Who asks, and what the token may."""
    return me(request)


@routes.change("/me", told.Me, Act.READ)
def change_me(request: HttpRequest, asked: told.ChangedMe) -> dict[str, Any]:
    """What the pages call me, and how they look to me."""
    row, values = person_of(request), asked.model_dump(exclude_unset=True, exclude_none=True)
    for name, value in values.items():
        setattr(row, name, value)
    try:
        row.clean_fields(exclude={field.name for field in User._meta.fields} - set(values))  # noqa: SLF001
    except ValidationError as error:
        raise Problem(422, " ".join(error.messages)) from None
    if values:
        row.save(update_fields=list(values))
    return me(request)


@routes.look("/me/tokens", Listing[told.Token])
def list_tokens(request: HttpRequest, response: HttpResponse, at: At) -> dict[str, Any]:
    """One's own, the newest first."""
    page = keyset.page(access.tokens(person_of(request)), ("-made_at", "-id"), at.after, at.limit)
    return listing(request, response, page, token)


@routes.make("/me/tokens", told.MadeToken, Act.READ, in_person=True)
def make_token(request: HttpRequest, asked: told.NewToken) -> dict[str, Any]:
    """A new one; its text is in this answer and nowhere else."""
    request.secret = True  # type: ignore[attr-defined]
    lasts = timedelta(days=asked.days)
    row, text = tokens.make(request, person_of(request), asked.name, asked.scopes, lasts)
    return token(row) | {"token": text}


@routes.take_back("/me/tokens/{int:id}", None, Act.READ)
def revoke_token(request: HttpRequest, id: Id) -> None:  # noqa: A002
    """From now on it opens nothing."""
    tokens.revoke(request, get_object_or_404(access.tokens(person_of(request)), pk=id))


def person(row: User) -> dict[str, Any]:
    return {
        "id": row.pk,
        "email": row.email,
        "name": row.name,
        "role": row.role,
        "active": row.is_active,
        "created_at": row.created_at,
        "last_login_at": row.last_login,
    }


def me(request: HttpRequest) -> dict[str, Any]:
    row, scopes = person_of(request), tokens.scopes_of(request)
    names = ("email", "name", "role", "time_zone", "shortcuts", "theme")
    own = {name: getattr(row, name) for name in names}
    return {"id": row.pk, **own, "scopes": None if scopes is None else sorted(scopes)}


def token(row: Token) -> dict[str, Any]:
    names = ("name", "prefix", "scopes", "made_at", "expires_at", "last_used_at", "revoked_at")
    return {"id": row.pk, "state": row.state(datetime.now(UTC)), **{name: getattr(row, name) for name in names}}


def _find(request: HttpRequest, id_: int) -> User:
    found: User = get_object_or_404(access.people(person_of(request)), pk=id_)
    return found
