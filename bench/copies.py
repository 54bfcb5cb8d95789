"""A store made a hundred or a thousand times as large: its rows as the product wrote them, with numbers of their own.

The numbers of its items begin with 1 and have four digits. Copy 7 has a 7 instead of the 1, in keys and in whatever
speaks of them: ``WEB-1042`` is ``WEB-7042`` there, and ``WEB-12042`` in copy 12. Indexes stay in place.
"""

from collections.abc import Mapping

from django.core.management.color import no_style
from django.db import connection, models
from django.db.models import CharField, Field, Max, TextField

from syncd.review.models import Event, Finding, Flag, Verdict
from syncd.strategy.models import Decision, Link
from syncd.trackers import bulk
from syncd.trackers.models import Item, Reference, Version
from syncd.trackers.writing import writing

Model = type[models.Model]
COPIED: tuple[Model, ...] = (Item, Version, Reference, Decision, Link, Finding, Flag, Event, Verdict)
SPELLED = ("WEB-", "acme-jira:", '"native_id":"')
"""What stands before the number of an item in a text."""
CACHE_KB = 1_000_000
"""Of SQLite, in which the upper parts of all indexes have room."""


def multiply(times: int) -> None:
    """Have everything in the store so many times, each copy in a transaction."""
    if bulk.SQLITE:
        bulk.execute(f"PRAGMA cache_size = -{CACHE_KB}")
    lasts = {model: model.objects.aggregate(last=Max("id"))["last"] or 0 for model in COPIED}  # type: ignore[attr-defined]
    for copy in range(2, times + 1):
        with writing():
            for model in COPIED:
                bulk.execute(_statement(model, lasts, copy))
    for statement in connection.ops.sequence_reset_sql(no_style(), COPIED):
        bulk.execute(statement)


def _statement(model: Model, lasts: Mapping[Model, int], copy: int) -> str:
    fields = model._meta.concrete_fields  # noqa: SLF001 - Django's documented Meta API
    columns = ", ".join(_column(field) for field in fields)
    values = ", ".join(_value(field, lasts, copy) for field in fields)
    table = connection.ops.quote_name(model._meta.db_table)  # noqa: SLF001
    return f"INSERT INTO {table} ({columns}) SELECT {values} FROM {table} WHERE id <= {lasts[model]}"


def _value(field: "Field[object, object]", lasts: Mapping[Model, int], copy: int) -> str:
    """What stands in a column of the copy, in SQL."""
    column = _column(field)
    means = field.model if field.primary_key else field.related_model
    if means and means in lasts:
        return f"{column} + {lasts[means] * (copy - 1)}"
    if field.name == "native_id":
        return f"'{copy}' || SUBSTR({column}, 2)"
    if isinstance(field, CharField | TextField):
        for before in SPELLED:
            column = f"REPLACE({column}, '{before}1', '{before}{copy}')"
    return column


def _column(field: "Field[object, object]") -> str:
    return connection.ops.quote_name(str(field.column))
