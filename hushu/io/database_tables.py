"""What a database declares: its tables and views, their columns, comments and keys."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from hushu.errors import InputError
from hushu.io.contract import ColumnMeta, ReadableTable
from hushu.io.database_rows import Rows
from hushu.io.sampling import SEED, bound, wanted_rows

if TYPE_CHECKING:
    from sqlalchemy.engine.reflection import Inspector

    from hushu.io.databases import DatabaseSource

Key = tuple[str | None, str]


@dataclass(slots=True, kw_only=True)
class Catalog:
    """The declarations of one schema.

    PostgreSQL tells them for all tables in one query each; the others are asked table by table.
    """

    inspector: Inspector
    schema: str | None
    columns: Mapping[Key, Any] = field(default_factory=dict)
    keys: Mapping[Key, Any] = field(default_factory=dict)
    references: Mapping[Key, Any] = field(default_factory=dict)
    comments: Mapping[Key, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, inspector: Inspector, schema: str | None) -> Catalog:
        """Return the catalogue of a schema; None is the default one."""
        if inspector.dialect.name != "postgresql":
            return cls(inspector=inspector, schema=schema)
        from sqlalchemy.engine.reflection import ObjectKind, ObjectScope

        scope = {"schema": schema, "kind": ObjectKind.ANY, "scope": ObjectScope.ANY}
        with _quiet():
            return cls(
                inspector=inspector,
                schema=schema,
                columns=inspector.get_multi_columns(**scope),  # type: ignore[arg-type]
                keys=inspector.get_multi_pk_constraint(**scope),  # type: ignore[arg-type]
                references=inspector.get_multi_foreign_keys(**scope),  # type: ignore[arg-type]
                comments=inspector.get_multi_table_comment(**scope),  # type: ignore[arg-type]
            )

    def names(self) -> list[tuple[str, str]]:
        """Return (kind, name) of everything that holds rows, tables before views."""
        tables = set(self.inspector.get_table_names(self.schema)) - self._partitions()
        views = set(self.inspector.get_view_names(self.schema))
        if self.inspector.dialect.name == "postgresql":
            views |= set(self.inspector.get_materialized_view_names(self.schema))
            tables |= set(self.inspector.get_foreign_table_names(self.schema))  # type: ignore[attr-defined]
        return [("table", name) for name in sorted(tables)] + [("view", name) for name in sorted(views)]

    def _partitions(self) -> set[str]:
        """A partition's rows are read with the table it belongs to."""
        from sqlalchemy import text

        if self.inspector.dialect.name != "postgresql":
            return set()
        query = text(
            "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
            "WHERE c.relispartition AND n.nspname = :schema"
        )
        with self.inspector.engine.connect() as connection:
            found = connection.execute(query, {"schema": self.schema or self.inspector.default_schema_name})
            return set(found.scalars())

    def declared(self, name: str) -> list[Any]:
        """Return the columns of a table as SQLAlchemy reflects them."""
        key = (self.schema, name)
        if key in self.columns:
            return list(self.columns[key])
        with _quiet():
            return list(self.inspector.get_columns(name, self.schema))

    def described(self, name: str, columns: Sequence[Any]) -> tuple[ColumnMeta, ...]:
        """Return what is known of each column before a value is read."""
        key = (self.schema, name)
        primary = self.keys[key] if key in self.keys else self.inspector.get_pk_constraint(name, self.schema)
        foreign = (
            self.references[key]
            if key in self.references
            else self.inspector.get_foreign_keys(name, self.schema)
        )
        references = _targets(foreign)
        return tuple(
            ColumnMeta(
                name=column["name"],
                data_type=_type_name(column["type"]),
                comment=column.get("comment") or "",
                primary_key=column["name"] in primary["constrained_columns"],
                references=references.get(column["name"], ""),
            )
            for column in columns
        )

    def comment(self, name: str) -> str:
        """Return the comment of a table, where the database has such."""
        from sqlalchemy.exc import SQLAlchemyError

        key = (self.schema, name)
        try:
            found = self.comments.get(key) or self.inspector.get_table_comment(name, self.schema)
        except (NotImplementedError, SQLAlchemyError):
            return ""
        return found["text"] or ""


def database_table(source: DatabaseSource, catalog: Catalog, name: str, kind: str) -> ReadableTable:
    """Return a table or view with its declaration and its number of rows, not yet read.

    Raises:
        SQLAlchemyError: when the database refuses to describe or to count it.
        InputError: HS-E234 when it has no column.
    """
    shown = name if catalog.schema is None else f"{catalog.schema}.{name}"
    columns = catalog.declared(name)
    if not columns:
        raise InputError("the table has no columns", where=shown, fix="nothing to do", code="HS-E234")
    rows = Rows(
        source=source, schema=catalog.schema, name=name, shown=shown, view=kind == "view", columns=columns
    )
    count = rows.count()
    wanted = wanted_rows(source.sample, count)
    rows.total, rows.wanted = count, wanted
    sampled = f"sample of {wanted} of {count} rows, each with the same chance (seed {SEED})"
    return ReadableTable(
        name=shown,
        read=rows.batches,
        columns=catalog.described(name, columns),
        comment=catalog.comment(name),
        rows=count,
        method="all" if wanted is None else sampled,
        bound="" if wanted is None else bound(wanted),
        facts={"kind": kind},
    )


def _targets(foreign: Sequence[Any]) -> dict[str, str]:
    targets: dict[str, str] = {}
    for key in foreign:
        table = key["referred_table"]
        if key["referred_schema"]:
            table = f"{key['referred_schema']}.{table}"
        for own, other in zip(key["constrained_columns"], key["referred_columns"], strict=False):
            targets[own] = f"{table}.{other}"
    return targets


def _type_name(declared: Any) -> str:
    from sqlalchemy.exc import SQLAlchemyError

    try:
        return str(declared)
    except (SQLAlchemyError, NotImplementedError):
        return type(declared).__name__


@contextmanager
def _quiet() -> Iterator[None]:
    """A type that SQLAlchemy does not know is read as text; its warning would only alarm."""
    from sqlalchemy.exc import SAWarning

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SAWarning)
        yield
