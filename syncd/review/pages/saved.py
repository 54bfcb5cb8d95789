"""Saved views: a name for a list, for oneself or for everybody."""

from urllib.parse import urlsplit

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from syncd.accounts.access import Act, may, needs
from syncd.accounts.person import person_of
from syncd.review import access
from syncd.review.models import SavedView
from syncd.review.pages import answers
from syncd.review.pages.address import Address, with_query

LONGEST = 60


@needs(Act.READ)
@require_POST
def review_views(request: HttpRequest) -> HttpResponse:
    """Save the list that the person has before them. The same name again: it is that list from now on."""
    person, address = person_of(request), Address.of(QueryDict(request.POST.get("query", "")))
    name, shared = request.POST.get("name", "").strip(), request.POST.get("shared") == "1"
    if shared and not may(person, Act.DECIDE):
        raise PermissionDenied
    if not name or len(name) > LONGEST:
        answers.refused(request, f"give the view a name of at most {LONGEST} letters")
        return answers.see(address.list_url())
    view, new = SavedView.objects.update_or_create(
        owner=person, name=name,
        defaults={"query": address.filters.query, "shared": shared, "made_at": timezone.now()},
    )  # fmt: skip
    word = "Saved" if new else "Saved anew"
    messages.success(request, f"{word}: {view}", extra_tags=reverse("review_view_remove", args=[view.pk]))
    return answers.see(address.list_url())


@needs(Act.DECIDE)
@require_POST
def review_view_share(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one's view to everybody, or to oneself alone again."""
    view = get_object_or_404(SavedView, pk=pk, owner=person_of(request))
    view.shared = not view.shared
    view.save(update_fields=["shared"])
    messages.success(request, f"{view} is {'shared' if view.shared else 'private'} now.")
    return answers.see(answers.back(request, reverse("review")))


@needs(Act.READ)
@require_POST
def review_view_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """One's own; an operator may tidy away what is shared."""
    person = person_of(request)
    view = get_object_or_404(access.views(person), pk=pk)
    if view.owner != person and not may(person, Act.OPERATE):
        raise PermissionDenied
    view.delete()
    messages.success(request, f"Removed the view {view.name}.")
    there = urlsplit(answers.back(request, ""))
    return answers.see(with_query(there.path or reverse("review"), there.query))
