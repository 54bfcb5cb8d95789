"""What changed in the shared work, day by day."""

from datetime import date

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from syncd.partners.entrance import visitor
from syncd.partners.models import Change
from syncd.partners.pages import frame
from syncd.partners.pages.telling import by_day, told

SIZE, DEEPEST = 100, 1_000_000


@require_safe
def changes(request: HttpRequest) -> HttpResponse:
    """A page begins after so many changes of a day: both are plain to see, and tell nothing else."""
    day, skip = _place(request)
    found = (
        Change.objects.filter(partner=visitor.of(request).partner).select_related("item").order_by(*Change.NEWEST_FIRST)
    )
    if day:
        found = found.filter(on__lte=day)
    rows = list(found[skip : skip + SIZE + 1])
    lines = [told(change) for change in rows[:SIZE]]
    after = (
        _after(lines[-1].day, sum(line.day == lines[-1].day for line in lines), day, skip) if len(rows) > SIZE else ""
    )
    values = {"days": by_day(lines), "next": after, "first": day is None}
    return frame.show(request, "changes.html", values, opened="changes", here="changes")


def _after(last: date, so_many: int, day: date | None, skip: int) -> str:
    return f"before={last}&skip={so_many + (skip if last == day else 0)}"


def _place(request: HttpRequest) -> tuple[date | None, int]:
    before, skip = request.GET.get("before", ""), request.GET.get("skip", "0")
    try:
        day, number = date.fromisoformat(before) if before else None, int(skip)
    except ValueError:
        raise BadRequest from None
    if not 0 <= number <= DEEPEST or (day and not 2000 <= day.year <= 9000) or (number and not day):
        raise BadRequest
    return day, number
