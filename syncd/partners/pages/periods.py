"""Days, months and quarters, as the copy has them: ``2026-12-15``, ``2026-12``, ``2026-Q4``; they sort as text."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from django.db.models import Q

QUARTER = re.compile(r"(\d{4})-Q([1-4])")
_MONTH = re.compile(r"(\d{4})-(\d{2})")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def words(text: str) -> str:
    """As people say it: ``15 December 2026``, ``December 2026``, ``Q4 2026``; what is none of these, as it is."""
    if found := QUARTER.fullmatch(text):
        return f"Q{found[2]} {found[1]}"
    try:
        if _MONTH.fullmatch(text):
            return f"{date.fromisoformat(f'{text}-01'):%B %Y}"
        day = date.fromisoformat(text)
    except ValueError:
        return text
    return f"{day.day} {day:%B %Y}"


def quarter(text: str) -> str:
    """The quarter in which it lies, as ``2026-Q4``; empty for what is none."""
    if QUARTER.fullmatch(text):
        return text
    found = _MONTH.match(text)
    return f"{found[1]}-Q{(int(found[2]) + 2) // 3}" if found and 1 <= int(found[2]) <= 12 else ""


def within(named: str) -> Q:
    """Of items: due in this quarter, where days or months are shown.

    :param named: as ``2026-Q4``
    """
    year, number = named[:4], int(named[-1])
    first, after = (
        f"{year}-{number * 3 - 2:02}",
        f"{year}-{number * 3 + 1:02}",
    )  # month 13 ends a year, and no day is in it
    return Q(when__gte=first, when__lt=after)


def between(first: str, last: str, most: int) -> Iterator[str]:
    """The quarters from one to another, at most so many, the last first."""
    year, number = int(last[:4]), int(last[-1])
    for _ in range(most):
        named = f"{year:04}-Q{number}"
        if named < first:
            return
        yield named
        year, number = (year, number - 1) if number > 1 else (year - 1, 4)


def last_day(text: str) -> date | None:
    """The last day that it can mean; None for what is no date."""
    try:
        if found := QUARTER.fullmatch(text):
            return _end(int(found[1]), int(found[2]) * 3)
        if _MONTH.fullmatch(text):
            first = date.fromisoformat(f"{text}-01")
            return _end(first.year, first.month)
        return date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None


def _end(year: int, month: int) -> date:
    following = date(year + month // 12, month % 12 + 1, 1)
    return following - timedelta(days=1)
