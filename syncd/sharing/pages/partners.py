"""``/partners/``: each partner, what it sees, and what waits for somebody."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from syncd.accounts.person import person_of
from syncd.sharing import access
from syncd.sharing.pages.standing import standings


@require_safe
def partners(request: HttpRequest) -> HttpResponse:
    """All of them, those whose agreement has ended last."""
    person, now = person_of(request), timezone.now()
    rows = standings(person, access.deals(person).order_by("name", "id"))
    rows.sort(key=lambda row: row.deal.ended_at is not None)
    values = {
        "rows": [(row, row.is_late(now)) for row in rows],
        "waits": [row for row in rows if row.waits and not row.deal.ended_at],
        "now": now,
    }
    return render(request, "sharing/partners.html", values)
