"""What both sides promised and said, who can look, and what was disclosed."""

from dataclasses import asdict
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Query

from syncd.accounts.access import Act
from syncd.api.door import person_of
from syncd.api.paging import At, Listing, listing, onward, whole
from syncd.api.routes.partners import find, one
from syncd.api.routing import Routes
from syncd.api.shapes import partners as partner_shapes
from syncd.api.shapes import relations as told
from syncd.api.shapes.words import Word
from syncd.partners.models import THEIRS, Comment
from syncd.sharing import access, ledger, links, promises, talk
from syncd.sharing.models import Disclosure, Offer, Promise
from syncd.sharing.pages import lines
from syncd.sharing.pages.commitments import Promised, promised
from syncd.sharing.pages.talk import about
from syncd.sharing.pages.talk import talk as remarks_of
from syncd.sharing.pages.ways_in import Way, ways
from syncd.web import keyset

routes = Routes("Partners")


@routes.look("/partners/{partner}/commitments", Listing[told.Commitment])
def list_commitments(request: HttpRequest, response: HttpResponse, partner: Word) -> dict[str, Any]:
    """Of both sides: ours first, removed ones last."""
    return whole(request, response, map(_commitment, promised(person_of(request), find(request, partner))))


@routes.make("/partners/{partner}/commitments/{name}/acceptance", told.Commitment, Act.DECIDE, status=200)
def accept_commitment(request: HttpRequest, partner: Word, name: Word) -> dict[str, Any]:
    """Our side stands to it; once both do, it is frozen."""
    promise = _promise(request, partner, name)
    promises.accept(promise, str(person_of(request)), timezone.now())
    return _one_commitment(request, promise)


@routes.make("/partners/{partner}/commitments/{name}/proposals", told.Proposal, Act.DECIDE)
def propose_change(request: HttpRequest, partner: Word, name: Word, asked: told.Propose) -> dict[str, Any]:
    """A change that our side wants. Until it is answered, what was agreed stands."""
    promise, by = _promise(request, partner, name), str(person_of(request))
    made = promises.propose(promise, asked.subject, asked.becomes, asked.because, by, timezone.now())
    return _proposal(made)


@routes.make("/partners/{partner}/commitments/{name}/removal", told.Commitment, Act.DECIDE, status=200)
def remove_commitment(request: HttpRequest, partner: Word, name: Word, asked: told.Remove) -> dict[str, Any]:
    """It is promised no longer, for a reason that both sides read. Where the partner has to agree, it is asked instead."""
    promise = _promise(request, partner, name)
    promises.remove(promise, asked.reason, str(person_of(request)), timezone.now())
    return _one_commitment(request, promise)


@routes.look("/partners/{partner}/proposals", Listing[told.Proposal])
def list_proposals(
    request: HttpRequest,
    response: HttpResponse,
    partner: Word,
    filters: Annotated[told.ProposalFilters, Query()],
    at: At,
) -> dict[str, Any]:
    """Of both sides, the newest first."""
    rows = access.offers(person_of(request)).filter(promise__deal=find(request, partner))
    if filters.state:
        rows = rows.filter(state=filters.state)
    return listing(request, response, keyset.page(rows, ("-id",), at.after, at.limit), _proposal)


@routes.make("/partners/{partner}/proposals/{proposal}/answer", told.Proposal, Act.DECIDE, status=200)
def answer_proposal(request: HttpRequest, partner: Word, proposal: Word, asked: told.ProposalAnswer) -> dict[str, Any]:
    """Accept, counter or decline what the partner proposes."""
    rows = access.offers(person_of(request)).filter(promise__deal=find(request, partner))
    offer = get_object_or_404(rows, public=proposal)
    by = str(person_of(request))
    promises.answer(offer, asked.decision, by, timezone.now(), text=asked.text, becomes=asked.becomes)
    return _proposal(offer)


@routes.look("/partners/{partner}/comments", Listing[told.Comment])
def list_comments(request: HttpRequest, response: HttpResponse, partner: Word, at: At) -> dict[str, Any]:
    """What both sides said, the newest first."""
    remarks, page = remarks_of(person_of(request), find(request, partner), at.after, at.limit)
    return whole(request, response, [_comment(one.comment, waits=one.waits) for one in remarks], page.older)


@routes.make("/partners/{partner}/comments", told.Comment, Act.DECIDE)
def say_to_partner(request: HttpRequest, partner: Word, asked: told.Say) -> dict[str, Any]:
    """A comment of ours, which the partner reads at once."""
    deal, by, item, commitment = find(request, partner), str(person_of(request)), None, None
    if asked.to:
        said = get_object_or_404(access.comments(person_of(request)), partner=deal.partner, pk=asked.to)
        item, commitment = said.item, said.commitment
    made = talk.say(deal, asked.text, by, timezone.now(), item=item, commitment=commitment)
    return _comment(made, waits=False)


@routes.make("/partners/{partner}/word", partner_shapes.Partner, Act.DECIDE, status=200)
def give_word(request: HttpRequest, partner: Word, asked: told.GivenWord) -> dict[str, Any]:
    """The partner had word in another way: the cadence counts from now."""
    deal = find(request, partner)
    talk.told(deal, str(person_of(request)), asked.text, timezone.now())
    return one(request, deal)


@routes.look("/partners/{partner}/links", Listing[told.ShareLink])
def list_share_links(request: HttpRequest, response: HttpResponse, partner: Word) -> dict[str, Any]:
    """Share links, the newest first, without their secrets."""
    return whole(request, response, map(_link, ways(person_of(request), find(request, partner), timezone.now())))


@routes.make("/partners/{partner}/links", told.MadeLink, Act.DECIDE, in_person=True)
def make_share_link(request: HttpRequest, partner: Word, asked: told.NewLink) -> dict[str, Any]:
    """A new one; its address is in this answer and nowhere else."""
    deal = find(request, partner)
    request.secret = True  # type: ignore[attr-defined]
    return _made(*links.make(deal, asked.label, str(person_of(request)), timezone.now()))


@routes.make("/partners/{partner}/links/{link}/rotation", told.MadeLink, Act.DECIDE, in_person=True)
def rotate_share_link(request: HttpRequest, partner: Word, link: Word) -> dict[str, Any]:
    """Another in its place; the old one goes on working for a day."""
    old = get_object_or_404(access.share_links(person_of(request)), partner=find(request, partner).partner, pk=link)
    request.secret = True  # type: ignore[attr-defined]
    return _made(*links.rotate(old, str(person_of(request)), timezone.now()))


@routes.take_back("/partners/{partner}/links/{link}", None, Act.DECIDE)
def revoke_share_link(request: HttpRequest, partner: Word, link: Word) -> None:
    """It opens nothing any more, and whoever came in by it is out."""
    found = get_object_or_404(access.share_links(person_of(request)), partner=find(request, partner).partner, pk=link)
    links.revoke(found, str(person_of(request)), timezone.now())


@routes.look("/partners/{partner}/ledger", Listing[told.Disclosed])
def list_disclosures(request: HttpRequest, response: HttpResponse, partner: Word, at: At) -> dict[str, Any]:
    """Every value that became visible to the partner, or ceased to be, the newest first."""
    rows = access.disclosures(person_of(request)).filter(partner=find(request, partner).partner)
    return listing(request, response, keyset.page(rows, ("-id",), at.after, at.limit), _disclosed)


@routes.look("/partners/{partner}/knowledge", Listing[ledger.Known])
def list_known(
    request: HttpRequest, response: HttpResponse, partner: Word, asked: Annotated[told.OnDay, Query()], at: At
) -> dict[str, Any]:
    """What the partner knew at the end of a day (UTC), in the order in which it was shown."""
    deal = find(request, partner)
    then = lines.Asked(on=asked.on)
    rows, older = lines.known(deal, then, lines.place(at.after), at.limit)
    return whole(request, response, map(asdict, rows), str(older or ""))


@routes.look("/ledger/verification", told.Verified)
def verify_ledger(
    request: HttpRequest, response: HttpResponse, asked: Annotated[told.Stretch, Query()]
) -> dict[str, Any]:
    """Whether the ledger of all partners is as it was written, stretch by stretch: begin without `after`, and follow `next`
    until it is null. A stretch takes the line before it as it stands, so the walk is sound if each answer is. Whoever
    keeps `last` and `hash` of the end can begin there the next time. What stands in the copies is not held against it:
    `syncd partners ledger --verify` does that."""
    found = ledger.stretch(asked.after, asked.limit)
    names = ("sound", "lines", "broken")
    return {
        **{name: getattr(found, name) for name in names},
        "first": found.first or None,
        "last": found.last or None,
        "hash": found.hash or None,
        "says": found.says or None,
        **onward(request, response, str(found.last) if found.more else ""),
    }


def _promise(request: HttpRequest, partner: str, name: str) -> Promise:
    rows = access.promises(person_of(request)).filter(deal=find(request, partner))
    found: Promise = get_object_or_404(rows, name=name)
    return found


def _one_commitment(request: HttpRequest, promise: Promise) -> dict[str, Any]:
    [found] = promised(person_of(request), promise.deal, [promise])
    return _commitment(found)


def _commitment(found: Promised) -> dict[str, Any]:
    row = found.promise
    stage = "removed" if row.removed_at else "agreed" if row.agreed else "offered"
    names = ("ours_at", "theirs_at", "removed_at")
    return {
        "id": row.name,
        "who": row.offered["who"],
        "what": found.what,
        "by": found.by,
        "success": found.success,
        "stage": stage,
        "state": row.state or None,
        "because": row.because or None,
        "current": {name: str(value) for name, value in row.current.items()},
        **{name: getattr(row, name) for name in names},
        "reason": row.reason or None,
    }


def _proposal(row: Offer) -> dict[str, Any]:
    names = ("by_side", "subject", "was", "says", "consent", "state", "made_at", "decided_at")
    blank = ("becomes", "because", "decided_by", "note")
    values = {name: getattr(row, name) for name in names} | {name: getattr(row, name) or None for name in blank}
    return {"id": row.public, "commitment": row.promise.name, **values}


def _comment(row: Comment, *, waits: bool) -> dict[str, Any]:
    side = "theirs" if row.side == THEIRS else "ours"
    return {"id": row.pk, "side": side, "text": row.text, "about": about(row) or None, "waits": waits, "at": row.at}


def _link(way: Way) -> dict[str, Any]:
    names = ("label", "made_at", "expires_at", "revoked_at")
    values = {name: getattr(way.link, name) for name in names}
    return {"id": way.link.pk, **values, "state": way.state.lower(), "used_at": way.used_at}


def _made(link: Any, secret: str) -> dict[str, Any]:
    return {"id": link.pk, "label": link.label, "expires_at": link.expires_at, "url": links.address(secret)}


def _disclosed(row: Disclosure) -> dict[str, Any]:
    return {name: getattr(row, name) for name in lines.COLUMNS}
