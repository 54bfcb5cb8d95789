"""Who guesses: ten tries from one place, then a quarter of an hour's rest. Counted in the store, for all processes."""

import ipaddress
from datetime import datetime, timedelta

from django.http import HttpRequest

from syncd.partners.databases import looking
from syncd.partners.desk.models import Try
from syncd.partners.entrance import secret

MOST, WITHIN = 10, timedelta(minutes=15)


def must_wait(request: HttpRequest, now: datetime) -> bool:
    """Whether too many came from there lately."""
    with looking():
        return Try.objects.filter(place=_place(request), at__gt=now - WITHIN)[:MOST].count() >= MOST


def note(request: HttpRequest, now: datetime) -> None:
    """One more."""
    with looking():
        Try.objects.create(place=_place(request), at=now)


def _place(request: HttpRequest) -> str:
    """Where it comes from, without saying so: a network of IPv6 is one place, since one guest has all its addresses."""
    address = request.META.get("REMOTE_ADDR", "")
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return secret.mark("place", address)
    if isinstance(found, ipaddress.IPv6Address):
        found = found.ipv4_mapped or ipaddress.ip_network((found, 64), strict=False).network_address
    return secret.mark("place", str(found))
