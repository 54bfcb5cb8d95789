"""What each side promised, and what the partner says to it."""

from dataclasses import dataclass, replace

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from syncd.partners import faults
from syncd.partners.answers import SeeOther
from syncd.partners.desk import saying
from syncd.partners.desk.models import Said
from syncd.partners.entrance import visitor
from syncd.partners.models import OURS, THEIRS, Commitment, Proposal, Step
from syncd.partners.pages import frame, talk
from syncd.partners.pages.standing import SUBJECTS, is_day, standings

HISTORY = 200
"""Steps that are shown, the newest first."""


@require_safe
def commitments(request: HttpRequest) -> HttpResponse:
    who = visitor.of(request)
    rows = standings(who, _all(request).exclude(stage=Commitment.REMOVED).order_by("place", "by", "id"))
    removed = standings(who, _all(request).filter(stage=Commitment.REMOVED).order_by("-by", "id")[:50])
    values = {
        "sides": [
            (who.partner.company, [row for row in rows if row.row.who == OURS]),
            (who.partner.name, [row for row in rows if row.row.who == THEIRS]),
        ],
        "removed": removed,
    }
    return frame.show(request, "commitments.html", values, opened="commitments", here="commitments")


@require_safe
def commitment(request: HttpRequest, public: str) -> HttpResponse:
    return _page(request, get_object_or_404(_all(request), id=public))


@require_POST
def comment(request: HttpRequest, public: str) -> HttpResponse:
    row = get_object_or_404(_all(request), id=public)
    return talk.comment(request, row.id, f"{_address(row)}#talk") or _page(request, row, wrong=talk.EMPTY)


@require_POST
def answer(request: HttpRequest, public: str) -> HttpResponse:
    """To a commitment that was put to them: accept it, or say why not."""
    row = get_object_or_404(_all(request), id=public)
    given = _given(request)
    if given.kind not in (Said.ACCEPT, Said.DECLINE) or row.stage != Commitment.OFFERED or row.theirs_on:
        return _page(request, row, wrong="This was already decided, or is no answer to it.", status=409)
    return _said(request, row, row.id, given)


@require_POST
def propose(request: HttpRequest, public: str) -> HttpResponse:
    """A change that the partner wants."""
    row = get_object_or_404(_all(request), id=public)
    if row.stage != Commitment.AGREED:
        return _page(request, row, wrong="A change can be proposed to what both sides agreed.", status=409)
    return _said(request, row, row.id, replace(_given(request), kind=Said.PROPOSE))


@require_POST
def decide(request: HttpRequest, public: str) -> HttpResponse:
    """The partner's answer to a proposal of ours."""
    partner = visitor.of(request).partner
    found = get_object_or_404(Proposal.objects.select_related("commitment"), partner=partner, id=public, by_side=OURS)
    given = _given(request)
    right = {
        Proposal.OPEN: (Said.ACCEPT, Said.COUNTER, Said.DECLINE),
        Proposal.TOLD: (Said.ACKNOWLEDGE,),
    }.get(found.state, ())
    if given.kind not in right:
        return _page(request, found.commitment, wrong="This was already decided, or is no answer to it.", status=409)
    if given.kind == Said.COUNTER and found.subject != "dropped":
        given = replace(given, subject=found.subject)
    return _said(request, found.commitment, found.id, given)


@dataclass(frozen=True, slots=True)
class Given:
    """What a form brought."""

    kind: str
    subject: str
    day: str
    words: str
    text: str

    @property
    def changes(self) -> bool:
        """Whether it says what something is to become."""
        return self.kind in (Said.COUNTER, Said.PROPOSE)

    @property
    def becomes(self) -> str:
        return self.day if self.subject == "date" else self.words if self.subject != "dropped" else ""

    def wrong(self) -> str:
        """What is missing, in words; empty: nothing."""
        if any(len(text) > saying.LONGEST or "\0" in text for text in (self.words, self.text)):
            return talk.EMPTY
        if self.kind == Said.DECLINE and not self.text:
            return "Say why, so that the other side can answer."
        if not self.changes:
            return ""
        if self.subject not in SUBJECTS:
            return "Say what is to change."
        if self.subject == "date" and not is_day(self.day):
            return "Give the day by which it is to come."
        if self.subject in ("scope", "success") and not self.words:
            return "Say how it is to read."
        return ""


def _given(request: HttpRequest) -> Given:
    def text(name: str) -> str:
        return request.POST.get(name, "").replace("\r\n", "\n").strip()

    return Given(text("answer"), text("subject"), text("day"), text("words"), text("text"))


def _said(request: HttpRequest, row: Commitment, about: str, given: Given) -> HttpResponse:
    if wrong := given.wrong():
        return _page(request, row, wrong=wrong, given=given)
    who = visitor.of(request)
    words = {"subject": given.subject, "becomes": given.becomes} if given.changes else {"subject": "", "becomes": ""}
    try:
        saying.say(who.partner, who.who, who.now, given.kind, about, text=given.text, **words)
    except saying.TooMuch:
        return faults.too_many(request)
    return SeeOther(_address(row))


def _page(
    request: HttpRequest, row: Commitment, *, wrong: str = "", given: Given | None = None, status: int = 422
) -> HttpResponse:
    who = visitor.of(request)
    [standing] = standings(who, [row], decided=True)
    steps = Step.objects.filter(partner=who.partner, commitment=row).order_by("-at", "-id")[:HISTORY]
    names = {OURS: who.partner.company, THEIRS: who.partner.name}
    values = {
        "one": standing,
        "steps": [(names.get(step.side, ""), step) for step in steps],
        "subjects": SUBJECTS,
        "talk": talk.about(who, commitment=row),
        "action": reverse("commitment_comment", args=[row.id]),
        "wrong": wrong,
        "given": given,
    }
    shown = status if wrong else 200
    return frame.show(request, "commitment.html", values, opened=row.id, here="commitments", status=shown)


def _all(request: HttpRequest) -> QuerySet[Commitment]:
    return Commitment.objects.filter(partner=visitor.of(request).partner)


def _address(row: Commitment) -> str:
    return reverse("commitment", args=[row.id])
