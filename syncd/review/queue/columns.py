"""Conditions whose form decides by which index a database goes."""

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Func, Value
from django.db.models.sql.compiler import SQLCompiler


class Written(Value):
    """A word of ours that stands in the statement itself. Of an index over part of a table, SQLite reads the index alone where
    the statement has the condition of that part; given as a parameter, it looks at every row (80 times as long)."""

    def as_sql(self, _compiler: SQLCompiler, _connection: BaseDatabaseWrapper) -> tuple[str, tuple[str | int, ...]]:
        return f"'{self.value}'", ()


class Read(Func):
    """A column as it stands in the rows that another index leads to. Left to itself, SQLite goes by the index of the column
    instead, and then puts everything it found there in order."""

    def as_sql(self, compiler: SQLCompiler, _connection: BaseDatabaseWrapper, **_: Any) -> tuple[str, Any]:  # type: ignore[override]
        return compiler.compile(self.source_expressions[0])

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **_: Any) -> tuple[str, Any]:
        sql, values = self.as_sql(compiler, connection)
        return f"+{sql}", values
