"""``If-Match``: a change is made only while the thing is as it was looked at."""

from typing import Any

import orjson
from django.http import HttpRequest

from syncd.api.around import etag
from syncd.api.problems import Problem
from syncd.api.shapes.schema import Schema

FORM = orjson.OPT_UTC_Z | orjson.OPT_OMIT_MICROSECONDS
"""Times as in RFC 3339, in UTC, to the second: the same text wherever the same moment is told."""


def dumps(value: Any) -> bytes:
    return orjson.dumps(value, option=FORM)


def demand(request: HttpRequest, shape: type[Schema], now: dict[str, Any]) -> None:
    """Compare with what looking at it would answer now. Weak tags count as well: compression makes them weak.

    :raises Problem: it is another one by now (412)
    """
    asked = request.headers.get("If-Match")
    if asked is None or asked.strip() == "*":
        return
    tag = etag(dumps(shape.model_validate(now).model_dump()))
    if tag not in {each.strip().removeprefix("W/") for each in asked.split(",")}:
        raise Problem(412, "It is not as you looked at it: look again, then decide.", {"ETag": tag})
