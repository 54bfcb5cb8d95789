"""Whom and what an address means. What is not there, or not this partner's, is answered with 404."""

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from syncd.accounts.person import person_of
from syncd.partners.models import Link
from syncd.sharing import access
from syncd.sharing.models import Deal, Offer, Promise


def deal_of(request: HttpRequest, partner: str) -> Deal:
    """The agreement with this partner."""
    found: Deal = get_object_or_404(access.deals(person_of(request)), partner=partner)
    return found


def promise_of(request: HttpRequest, partner: str, name: str) -> Promise:
    """A commitment by its id in ``partners.yaml``."""
    found: Promise = get_object_or_404(access.promises(person_of(request)), deal__partner=partner, name=name)
    return found


def offer_of(request: HttpRequest, partner: str, public: str) -> Offer:
    """A proposal by its id, which both sides know."""
    of_partner = access.offers(person_of(request)).filter(promise__deal__partner=partner)
    found: Offer = get_object_or_404(of_partner, public=public)
    return found


def link_of(request: HttpRequest, partner: str, pk: str) -> Link:
    """A share link by its id, which opens nothing."""
    found: Link = get_object_or_404(access.share_links(person_of(request)), partner=partner, pk=pk)
    return found
