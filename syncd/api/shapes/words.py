"""Values that many shapes are made of."""

import re
from datetime import UTC, date, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, ConfigDict, Field, StringConstraints

from syncd.api.shapes.schema import Schema

Text = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$")]
"""PostgreSQL has no NUL in text."""
Said = Annotated[Text, Field(max_length=4_000)]
Word = Annotated[Text, Field(max_length=255)]
Id = Annotated[int, Field(ge=1, le=2**63 - 1)]
Switch = Annotated[bool, Field(strict=True)]
"""In a body: 0 and "yes" are none."""


def _written(value: object) -> object:
    """Dates are text here: pydantic would take numbers for seconds since 1970 as well."""
    if isinstance(value, str) and not re.match(r"\d{4}-", value):
        raise ValueError("write it as in RFC 3339, such as 2026-11-20 or 2026-11-20T09:30:00Z")
    if isinstance(value, int | float):
        raise ValueError("write it as text, as in RFC 3339")
    return value


def _utc(moment: datetime) -> datetime:
    try:
        moment = moment.astimezone(UTC)
    except OverflowError:
        moment = datetime.max.replace(tzinfo=UTC)
    if not 2000 <= moment.year < 3000:
        raise ValueError("give a time between the years 2000 and 3000")
    return moment


def _timed(value: object) -> object:
    value = _written(value)
    if isinstance(value, str) and not re.search(r"(Z|[+-]\d\d:?\d\d)$", value, re.IGNORECASE):
        raise ValueError("give the time of day with its offset, such as 2026-11-20T09:30:00Z")
    return value


Moment = Annotated[AwareDatetime, BeforeValidator(_timed), AfterValidator(_utc)]
"""RFC 3339 with its offset."""


def _near(day: date) -> date:
    if not 2000 <= day.year < 3000:
        raise ValueError("give a day between the years 2000 and 3000")
    return day


Day = Annotated[date, BeforeValidator(_written), AfterValidator(_near)]


class Asked(Schema):
    """A body. What it does not know is a mistake and not left aside."""

    model_config = ConfigDict(extra="forbid")
