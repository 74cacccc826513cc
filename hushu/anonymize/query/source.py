"""A source that SQL can be sent to, read-only; files and frames become a database in memory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from hushu.errors import QueryRefused
from hushu.model import Inventory

_SAMPLE_ROWS = 5_000


@dataclass(frozen=True, slots=True)
class Queryable:
    """An open database: its dialect, a label without secrets, and what was scanned of it."""

    engine: Any
    label: str
    dialect: str
    origin: Any

    def inventory(self) -> Inventory:
        """Scan the source; a few thousand rows of each table tell its types."""
        from hushu.classify.scan import scan

        return scan(self.origin, sample=_SAMPLE_ROWS)

    def run(self, sql: str) -> list[tuple[Any, ...]]:
        """Run one statement read-only.

        Raises:
            QueryRefused: HS-E608, the database would not run it. Its message may quote a value and
                is not shown.
        """
        from sqlalchemy.exc import SQLAlchemyError

        from hushu.io.databases import read_only

        try:
            with self.engine.connect() as connection:
                read_only(connection)
                return [tuple(row) for row in connection.exec_driver_sql(_escaped(sql, self.dialect))]
        except SQLAlchemyError:
            raise QueryRefused(
                "the database would not run the query",
                where=self.label,
                why="its message is withheld: it may quote a value",
                fix="check functions and types against the source's dialect",
                code="HS-E608",
            ) from None

    def keys(self) -> Mapping[str, tuple[str, ...]]:
        """Return, for every table, the columns that make its rows unique."""
        from sqlalchemy import inspect

        inspector = inspect(self.engine)
        found: dict[str, tuple[str, ...]] = {}
        for schema in [None, *inspector.get_schema_names()]:
            if schema in {"information_schema", "pg_catalog", "mysql", "performance_schema", "sys", "main"}:
                continue
            for name in inspector.get_table_names(schema):
                shown = name if schema in {None, inspector.default_schema_name} else f"{schema}.{name}"
                found.setdefault(shown, self._row_key(inspector, name, schema))
        return found

    def _row_key(self, inspector: Any, name: str, schema: str | None) -> tuple[str, ...]:
        if self.dialect == "sqlite":
            return ("rowid",)
        if self.dialect == "postgresql":
            return ("ctid",)
        return tuple(inspector.get_pk_constraint(name, schema)["constrained_columns"])


def _escaped(sql: str, dialect: str) -> str:
    # psycopg and PyMySQL read a bare % as the start of a parameter.
    return sql if dialect == "sqlite" else sql.replace("%", "%%")


@contextmanager
def open_queryable(source: Any) -> Iterator[Queryable]:
    """Open a source for SQL.

    Args:
        source: a database URL, a SQLite file, or anything else that :func:`hushu.scan` reads.

    Raises:
        SourceUnreachable: HS-E29x. InputError: HS-E2xx.
    """
    from hushu.io.databases import DatabaseSource
    from hushu.io.sources import open_source

    opened = open_source(source, sample="all")
    try:
        if isinstance(opened, DatabaseSource):
            yield Queryable(opened.engine, opened.label, opened.engine.dialect.name, source)
            return
        engine = _in_memory(opened)
        try:
            yield Queryable(engine, opened.label, "sqlite", source)
        finally:
            engine.dispose()
    finally:
        opened.close()


def _in_memory(opened: Any) -> Any:
    import sqlite3

    from sqlalchemy import create_engine
    from sqlalchemy.pool import StaticPool

    connection = sqlite3.connect(":memory:", check_same_thread=False)
    for table in opened.tables():
        names = ", ".join(_quoted(column.name) for column in table.columns)
        connection.execute(f"CREATE TABLE {_quoted(table.name)} ({names})")
        marks = ", ".join("?" * len(table.columns))
        for batch in table.batches():
            rows = zip(*(_plain(column) for column in batch.columns), strict=True)
            connection.executemany(f"INSERT INTO {_quoted(table.name)} VALUES ({marks})", rows)  # noqa: S608
    connection.commit()
    connection.execute("PRAGMA query_only = ON")
    return create_engine("sqlite://", creator=lambda: connection, poolclass=StaticPool, hide_parameters=True)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _plain(column: Any) -> list[Any]:
    return [
        v if isinstance(v, int | float | str | bytes | type(None)) else str(v) for v in column.to_pylist()
    ]
