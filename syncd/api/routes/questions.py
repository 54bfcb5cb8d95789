"""What people ask each other about flags and items, and the lists that they keep."""

from collections.abc import Mapping
from typing import Any, Literal

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone

from syncd.accounts.access import Act, may
from syncd.accounts.tokens import scopes_of
from syncd.api.door import person_of
from syncd.api.paging import At, Listing, listing
from syncd.api.routes.flags import find as find_flag
from syncd.api.routes.items import find as find_item
from syncd.api.routing import Routes
from syncd.api.shapes import flags as told
from syncd.api.shapes.words import Id, Word
from syncd.review import access, questions
from syncd.review.models import Question, SavedView
from syncd.trackers.as_json import id_of
from syncd.web import keyset

routes = Routes("Questions and views")
STATES: Mapping[str, Mapping[str, Any]] = {
    "open": {"answered_at": None, "withdrawn_at": None},
    "answered": {"answered_at__isnull": False},
    "all": {},
}


@routes.look("/questions", Listing[told.Question])
def list_questions(
    request: HttpRequest, response: HttpResponse, at: At, state: Literal["open", "answered", "all"] = "open"
) -> dict[str, Any]:
    """What was asked, the newest first."""
    found = access.questions(person_of(request)).select_related("item__tracker").filter(**STATES[state])
    return listing(request, response, keyset.page(found, ("-id",), at.after, at.limit), question)


@routes.look("/questions/{int:id}", told.Question)
def get_question(request: HttpRequest, id: Id) -> dict[str, Any]:  # noqa: A002  as the address has it
    """One of them."""
    return question(_find(request, id))


@routes.make("/flags/{int:flag}/questions", told.Question, Act.READ)
def ask_about_flag(request: HttpRequest, flag: Id, asked: told.Ask) -> dict[str, Any]:
    """Ask about a flag: whoever may read it may."""
    about = find_flag(request, flag)
    made = questions.ask(asked.kind, asked.text, str(person_of(request)), timezone.now(), flag=about)
    return question(_find(request, made.pk))


@routes.make("/items/{item}/questions", told.Question, Act.READ)
def ask_about_item(request: HttpRequest, item: Word, asked: told.Ask) -> dict[str, Any]:
    """Ask about an item, or challenge what was decided about it."""
    about = find_item(request, item)
    made = questions.ask(asked.kind, asked.text, str(person_of(request)), timezone.now(), item=about)
    return question(_find(request, made.pk))


@routes.put_anew("/questions/{int:id}/answer", told.Question, Act.READ)
def answer_question(request: HttpRequest, id: Id, given: told.QuestionAnswer) -> dict[str, Any]:  # noqa: A002
    """Answer, once."""
    asked = _find(request, id)
    questions.answer(asked, given.text, str(person_of(request)), timezone.now())
    return question(_find(request, id))


@routes.take_back("/questions/{int:id}", told.Question, Act.READ)
def withdraw_question(request: HttpRequest, id: Id) -> dict[str, Any]:  # noqa: A002
    """Withdraw one's own, until somebody has answered."""
    questions.withdraw(_find(request, id), str(person_of(request)), timezone.now())
    return question(_find(request, id))


@routes.look("/views", Listing[told.View])
def list_views(request: HttpRequest, response: HttpResponse, at: At) -> dict[str, Any]:
    """One's own saved lists, and those that others share."""
    page = keyset.page(access.views(person_of(request)), ("name", "id"), at.after, at.limit)
    return listing(request, response, page, lambda row: view(request, row))


@routes.make("/views", told.View, Act.READ)
def save_view(request: HttpRequest, asked: told.NewView) -> dict[str, Any]:
    """Save a list. To share it, one may decide."""
    person = person_of(request)
    if asked.shared and not may(person, Act.DECIDE, scopes_of(request)):
        raise PermissionDenied
    kept = {"query": asked.filters.read().query, "shared": asked.shared, "made_at": timezone.now()}
    made, _ = SavedView.objects.update_or_create(owner=person, name=asked.name, defaults=kept)
    return view(request, made)


@routes.take_back("/views/{int:id}", None, Act.READ)
def remove_view(request: HttpRequest, id: Id) -> None:  # noqa: A002
    """One's own; an operator may tidy away what is shared."""
    person = person_of(request)
    found = get_object_or_404(access.views(person), pk=id)
    if found.owner != person and not may(person, Act.OPERATE, scopes_of(request)):
        raise PermissionDenied
    found.delete()


def question(row: Question) -> dict[str, Any]:
    return {
        "id": row.pk,
        "kind": row.kind,
        "flag": row.flag_id,
        "item": id_of(row.item) if row.item else None,
        "goal": row.goal or None,
        "text": row.text,
        "asker": row.asker,
        "to": row.to or None,
        "asked_at": row.asked_at,
        "answer": row.answer or None,
        "answered_by": row.answered_by or None,
        "answered_at": row.answered_at,
        "withdrawn_at": row.withdrawn_at,
    }


def view(request: HttpRequest, row: SavedView) -> dict[str, Any]:
    return {
        "id": row.pk,
        "name": row.name,
        "owner": row.owner.email,
        "mine": row.owner == person_of(request),
        "shared": row.shared,
        "query": row.query,
        "made_at": row.made_at,
    }


def _find(request: HttpRequest, id_: int) -> Question:
    found = access.questions(person_of(request)).select_related("item__tracker").filter(pk=id_).first()
    if found is None:
        raise Http404
    return found
