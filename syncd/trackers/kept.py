"""Queries of the ORM whose statement is written once. Writing it takes the ORM several times what the database takes to
answer, and pages ask the same few over and over, each time with other values.

    Kept(Item.objects.filter(id=Given("item", Item))).one(item=7)
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet, ValidationError
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Expression, Field, Model, QuerySet
from django.db.models.query import get_related_populators
from django.db.models.sql.compiler import SQLCompiler

from syncd.trackers import bulk

MANY = 1_024
"""Statements that are kept; of more, those that were asked for last."""

M = TypeVar("M", bound=Model)


class Given(Expression):
    """A value of a condition that is told whenever the query is asked, by name. It is one value: no list, no NULL."""

    def __init__(self, name: str, column: "Field[Any, Any] | type[Model]") -> None:
        """:param column: what it is compared with; a model stands for its id"""
        self.name = name
        self.column = column if isinstance(column, Field) else column._meta.pk  # noqa: SLF001  Django's documented Meta API
        super().__init__(output_field=self.column)

    def as_sql(self, _compiler: SQLCompiler, _connection: BaseDatabaseWrapper) -> tuple[str, tuple[Any, ...]]:
        return "%s", (self,)  # stands for itself among the parameters


class Kept(Generic[M]):
    """A query for objects, with those that ``select_related`` names, and as deferred as ``only`` makes them.

    Nothing of it changes afterwards: threads share it.

    :raises ValueError: the query has annotations, which are no part of an object
    """

    def __init__(self, queryset: QuerySet[M]) -> None:
        compiler = queryset.query.get_compiler(queryset.db)
        try:
            self._sql, self._parameters = compiler.as_sql()
        except EmptyResultSet:
            self._sql, self._parameters = "", ()
            return
        if compiler.annotation_col_map or not compiler.klass_info:
            raise ValueError(f"{queryset.model.__name__}: only objects as they are can be asked for")
        columns = [column for column, *_ in compiler.select]
        own = compiler.klass_info["select_fields"]
        self._own = slice(own[0], own[-1] + 1)
        self._names = [column.target.attname for column in columns[self._own]]
        self._related = get_related_populators(compiler.klass_info, compiler.select, queryset.db)  # type: ignore[call-arg]  # of Django 5.2
        self._converters = [(at, *how) for at, how in compiler.get_converters(columns).items()]
        self._model, self._alias = queryset.model, queryset.db

    def rows(self, **given: Any) -> list[M]:
        """What the database answers, for these values of each :class:`Given`. Where a column cannot hold one, there is no row."""
        if not self._sql:
            return []
        try:
            values = [_told(each, given[each.name]) if isinstance(each, Given) else each for each in self._parameters]
        except ValidationError:
            return []
        return [self._object(list(row)) for row in bulk.fetch(self._sql, values)]

    def one(self, **given: Any) -> M | None:
        """The first of :meth:`rows`."""
        return next(iter(self.rows(**given)), None)

    def _object(self, row: list[Any]) -> M:
        for at, converters, column in self._converters:
            if row[at] is not None:  # nothing stays nothing
                for convert in converters:
                    row[at] = convert(row[at], column, connection)
        found = self._model.from_db(self._alias, self._names, row[self._own])
        for related in self._related:
            related.populate(row, found)
        return found


def _told(each: Given, value: Any) -> Any:
    each.column.run_validators(value)
    return each.column.get_db_prep_value(each.column.get_prep_value(value), connection)


def kept(name: Hashable, build: Callable[[], QuerySet[M]]) -> Kept[M]:
    """The statement that was written under this name, or that of ``build``.

    :param name: all that the query depends on, but for what is given; also what the person may see
    """
    return _written(_Recipe(name, build))


@dataclass(frozen=True, slots=True)
class _Recipe:
    name: Hashable
    build: Callable[[], QuerySet[Any]] = field(compare=False)


@lru_cache(maxsize=MANY)
def _written(recipe: _Recipe) -> Kept[Any]:
    return Kept(recipe.build())
