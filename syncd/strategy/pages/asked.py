"""What stands in the address of the alignment page."""

from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from django.core.exceptions import BadRequest
from django.http import QueryDict

from syncd.strategy.tally.reading import UNITS, Unit


@dataclass(frozen=True, slots=True)
class Asked:
    """``on``: as it stood at the end of that day; None: as it stands."""

    unit: Unit = "items"
    on: date | None = None

    @classmethod
    def of(cls, query: QueryDict) -> "Asked":
        """:raises BadRequest: a unit or a day that is none; the message says what would be"""
        unit = query.get("unit", "") or "items"
        if unit not in UNITS:
            raise BadRequest(f"unit={unit}: expected one of {', '.join(UNITS)}")
        return cls(next(known for known in UNITS if known == unit), _day(query.get("on", "")))

    @property
    def query(self) -> str:
        """The query string, without what goes without saying."""
        pairs = {"unit": "" if self.unit == "items" else self.unit, "on": self.on.isoformat() if self.on else ""}
        return urlencode({name: value for name, value in pairs.items() if value})

    def at(self, path: str) -> str:
        return f"{path}?{self.query}" if self.query else path

    def counted_in(self, unit: Unit) -> "Asked":
        return replace(self, unit=unit)


def _day(value: str) -> date | None:
    if not value:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise BadRequest(f"on={value}: expected a day, such as on=2026-11-20") from None
