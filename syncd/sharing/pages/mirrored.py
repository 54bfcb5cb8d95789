"""Places in the partner's own tools that hold its copy, and how that goes."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from syncd.accounts import audit
from syncd.accounts.access import Act, needs
from syncd.mirrors import places, standing
from syncd.mirrors.models import Mirror
from syncd.sharing.models import Deal
from syncd.sharing.pages import asking
from syncd.sharing.pages.find import deal_of
from syncd.web.words import counted

MOST_DIFFERENCES = 20


@dataclass(frozen=True, slots=True)
class Health:
    """One place. ``tag``: word, tone and icon; ``says``: what is wrong, or what is to be known."""

    mirror: Mirror
    tag: tuple[str, str, str]
    says: Sequence[str]
    removed: int = 0
    """Rows that the partner took away."""


def glance(partners: Collection[str]) -> dict[str, list[Health]]:
    """Partner -> its places, in one query."""
    found: defaultdict[str, list[Health]] = defaultdict(list)
    for mirror in Mirror.objects.filter(partner__in=partners, ended_at=None).order_by("id"):
        found[mirror.partner].append(Health(mirror, _tag(mirror), [mirror.error] if mirror.error else []))
    return found


def whole(deal: Deal) -> list[Health]:
    """The places of one partner, with what is there and what is on its way."""
    return [Health(one.mirror, _tag(one.mirror), list(_says(one)), one.removed) for one in standing.of(deal.partner)]


def differences(deal: Deal) -> list[standing.Difference]:
    """What the partner wrote over our values in its own tool; it is kept."""
    return list(standing.differences(deal.partner, MOST_DIFFERENCES))


def _tag(mirror: Mirror) -> tuple[str, str, str]:
    if mirror.error:
        return "Failing", "bad", "circle-alert"
    if mirror.leaving_at:
        return "Being emptied", "warn", "hourglass"
    return ("Written", "good", "circle-check") if mirror.worked_at else ("Not written yet", "calm", "circle-dashed")


def _says(one: standing.Standing) -> list[str]:
    told = [one.mirror.error] if one.mirror.error else []
    told.append(f"{counted(one.live, 'row')} there")
    if one.waiting:
        told.append(f"{one.waiting:,} on the way")
    if one.refused:
        told.append(f"{one.refused:,} not taken: {one.why}")
    if one.removed:
        told.append(f"{counted(one.removed, 'row')} that the partner took away")
    if one.differing:
        told.append(f"{counted(one.differing, 'row')} in which the partner wrote something else")
    return [*told, *one.mirror.remedies]


@needs(Act.DECIDE)
@require_POST
def partner_mirror_again(request: HttpRequest, partner: str, mirror: int) -> HttpResponse:
    """Rows that the partner took away are made once more."""
    deal = deal_of(request, partner)
    row = get_object_or_404(Mirror, partner=deal.partner, pk=mirror, ended_at=None)
    count = places.put_back(row)
    audit.record(request, "mirror_rows_again", deal.name, partner=deal.partner, place=row.channel, rows=count)
    return asking.done(request, deal, f"{counted(count, 'row')} will be made again.", "#mirrors")
