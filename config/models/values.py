"""Values that several files share, and how they are written."""

import re
from datetime import date
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, StringConstraints

Text = Annotated[str, StringConstraints(min_length=1)]

Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$")]
"""Letters, digits, ``.``, ``_`` and ``-``; stable for ever."""

ItemName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,62}:\S.*$")]
"""``TRACKER:KEY`` as people write it: ``acme-jira:WEB-12``, ``acme-github:acme/web#40``."""


DataSourceId = Annotated[str, StringConstraints(pattern=r"^[0-9a-fA-F]{8}-?([0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}$")]
"""Id of a Notion data source, with or without dashes."""


def tracker_of(item: str) -> str:
    """The tracker's name in an item's."""
    return item.partition(":")[0]


def _day(value: Any) -> date:
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise ValueError(f"there is no day {value}") from None
    raise ValueError("expected a day such as 2026-12-31")


Day = Annotated[date, BeforeValidator(_day, json_schema_input_type=date)]


def _share(value: Any) -> float:
    if isinstance(value, str) and (percent := re.fullmatch(r"(\d{1,3}(?:\.\d+)?)\s?%", value)):
        value = float(percent[1]) / 100
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise ValueError("expected a share such as 40% or 0.4")
    return float(value)


Share = Annotated[
    float,
    BeforeValidator(
        _share,
        json_schema_input_type=Annotated[str, Field(pattern=r"^\d{1,3}(\.\d+)?\s?%$")]
        | Annotated[float, Field(ge=0, le=1)],
    ),
]
"""A part of the whole: ``40%`` or ``0.4``."""


def _one_or_more(value: Any) -> Any:
    if isinstance(value, str):
        return (value,)
    if not isinstance(value, list):
        raise ValueError("expected text, or a list of texts")
    return tuple(value)


OneOrMore = Annotated[tuple[Text, ...], BeforeValidator(_one_or_more, json_schema_input_type=Text | list[Text])]
"""A text, or a list of texts."""
