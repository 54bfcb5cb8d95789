"""Who may do what. This page decides; everything else asks it.

Pages are closed by default: :class:`syncd.accounts.door.Door` lets nobody in who is not signed in, unless the
view carries Django's ``login_not_required``. Whoever is signed in may look at a page; what a view changes it
declares with :func:`needs`, and a view that declares nothing changes nothing. Partners have an entrance, accounts
and pages of their own, and are nobody here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import wraps
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase

from syncd.accounts.models import Role, Session, Token, User

View = Callable[..., HttpResponseBase]


class Act(StrEnum):
    """What can be done here; the scopes of API tokens are the same words."""

    READ = "read"
    """See items, goals, flags and why."""
    DECIDE = "decide"
    """Give verdicts, snooze, exempt, save views for others."""
    OPERATE = "operate"
    """Let people in, sync now, accept plans, see the audit log."""


MAY: Mapping[str, frozenset[Act]] = {
    Role.VIEWER: frozenset({Act.READ}),
    Role.PM: frozenset({Act.READ, Act.DECIDE}),
    Role.OPERATOR: frozenset({Act.READ, Act.DECIDE, Act.OPERATE}),
}


def may(person: Any, act: Act, scopes: frozenset[str] | None = None) -> bool:
    """Whether somebody may do this; nobody, and people who were shut out, may nothing.

    :param scopes: those of the API token that speaks for the person; None for the person in person
    """
    if not isinstance(person, User) or not person.is_active:
        return False
    return act in MAY.get(person.role, frozenset()) and (scopes is None or act in scopes)


@dataclass(frozen=True, slots=True)
class Needs:
    """What a view asks for: to be looked at (GET, HEAD), and to change something. None: nobody may."""

    look: Act = Act.READ
    change: Act | None = None
    factor: bool = True
    """Whether a second factor that the role needs must be there; false where one is set up."""

    def of(self, method: str | None) -> Act | None:
        return self.look if method in ("GET", "HEAD", "OPTIONS") else self.change


UNDECLARED = Needs()


def needs(change: Act, *, look: Act = Act.READ, factor: bool = True) -> Callable[[View], View]:
    """Declare what a view asks for: ``@needs(Act.DECIDE)``, ``@needs(Act.OPERATE, look=Act.OPERATE)``."""

    def declared(view: View) -> View:
        @wraps(view)
        def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            return view(request, *args, **kwargs)

        wrapped.needs = Needs(look, change, factor)  # type: ignore[attr-defined]
        return wrapped

    return declared


def needed(view: Any) -> Needs:
    """What was declared for this view."""
    found = getattr(view, "needs", UNDECLARED)
    return found if isinstance(found, Needs) else UNDECLARED


# Every lookup starts from the person.


def people(person: User) -> QuerySet[User]:
    """Operators see everybody; the others themselves."""
    return User.objects.all() if may(person, Act.OPERATE) else User.objects.filter(pk=person.pk)


def sessions(person: User) -> QuerySet[Session]:
    """Where this person is signed in."""
    return Session.objects.filter(user=person)


def tokens(person: User) -> QuerySet[Token]:
    """The API tokens that this person has made."""
    return Token.objects.filter(user=person)
