"""Values that many shapes are made of."""

from datetime import UTC, date, datetime
from typing import Annotated

from ninja import Schema
from pydantic import AfterValidator, AwareDatetime, ConfigDict, Field, StringConstraints

Text = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$")]
"""PostgreSQL has no NUL in text."""
Said = Annotated[Text, Field(max_length=4_000)]
Word = Annotated[Text, Field(max_length=255)]
Id = Annotated[int, Field(ge=1, le=2**63 - 1)]


def _utc(moment: datetime) -> datetime:
    try:
        moment = moment.astimezone(UTC)
    except OverflowError:
        moment = datetime.max.replace(tzinfo=UTC)
    if not 2000 <= moment.year < 3000:
        raise ValueError("give a time between the years 2000 and 3000")
    return moment


Moment = Annotated[AwareDatetime, AfterValidator(_utc)]
"""RFC 3339 with its offset."""


def _near(day: date) -> date:
    if not 2000 <= day.year < 3000:
        raise ValueError("give a day between the years 2000 and 3000")
    return day


Day = Annotated[date, AfterValidator(_near)]


class Asked(Schema):
    """A body. What it does not know is a mistake and not left aside."""

    model_config = ConfigDict(extra="forbid")
