"""How a verb's page answers: its form by itself, with what is wrong in it, or the way back to the partner."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from syncd.sharing.models import Deal


def sent(request: HttpRequest) -> Any:
    """What a form takes: what was sent, or None where it is only shown."""
    return request.POST if request.method == "POST" else None


def ask(request: HttpRequest, deal: Deal, form: Form, **words: Any) -> HttpResponse:
    """A form as a page of its own. ``words``: ``title``, ``says`` below it, the ``word`` of its button, whether it is
    ``danger``, and ``facts``: pairs of a name and a text."""
    return render(request, "sharing/ask.html", {"deal": deal, "form": form, "back": back(deal)} | words)


def done(request: HttpRequest, deal: Deal, told: str, place: str = "", undo: str = "") -> HttpResponse:
    """Back at the partner's page, which tells what was done. ``undo``: the address of the inverse, where there is one."""
    messages.success(request, told, extra_tags=undo)
    return see(f"{back(deal)}{place}")


def refused(request: HttpRequest, deal: Deal, because: object, place: str = "") -> HttpResponse:
    """Back there, with what kept it from being done."""
    messages.error(request, f"Nothing was changed: {str(because).rstrip('.')}.")
    return see(f"{back(deal)}{place}")


def sentence(because: object) -> str:
    """What kept it from being done, as a sentence."""
    text = str(because)
    return f"{text[:1].upper()}{text[1:]}".rstrip(".") + "."


def back(deal: Deal) -> str:
    return reverse("partner", args=[deal.partner])


def see(url: str) -> HttpResponse:
    """Look there with GET."""
    answer = HttpResponseRedirect(url)
    answer.status_code = HTTPStatus.SEE_OTHER
    return answer
