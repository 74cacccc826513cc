"""One table or view of a database: its declaration, its sample, its rows as Arrow batches."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hushu.io.arrow_values import arrow_type, to_array
from hushu.io.contract import BATCH_ROWS, ColumnMeta, ReadableTable
from hushu.io.sampling import SEED, bound, wanted_rows
from hushu.model import NotExamined

if TYPE_CHECKING:
    import pyarrow as pa
    from sqlalchemy import Connection, FromClause
    from sqlalchemy.engine.interfaces import ReflectedColumn
    from sqlalchemy.engine.reflection import Inspector

    from hushu.io.databases import DatabaseSource


def database_table(
    source: DatabaseSource, inspector: Inspector, schema: str | None, name: str, kind: str
) -> ReadableTable:
    """Return a table or view with what the database declares about it, counted but not yet read.

    Raises:
        SQLAlchemyError: when the database refuses to describe or to count it.
    """
    columns = inspector.get_columns(name, schema)
    shown = name if schema is None else f"{schema}.{name}"
    rows = _count(source, schema, name)
    wanted = wanted_rows(source.sample, rows)
    reading = _Reading(
        source=source, shown=shown, schema=schema, name=name, columns=columns, rows=rows, wanted=wanted
    )
    return ReadableTable(
        name=shown,
        read=reading.batches,
        columns=_described(inspector, schema, name, columns),
        comment=_comment(inspector, schema, name),
        rows=rows,
        method="all" if wanted is None else reading.method(),
        bound="" if wanted is None else bound(wanted),
        facts={"kind": kind},
    )


def _described(
    inspector: Inspector, schema: str | None, name: str, columns: Sequence[ReflectedColumn]
) -> tuple[ColumnMeta, ...]:
    keys = set(inspector.get_pk_constraint(name, schema)["constrained_columns"])
    references: dict[str, str] = {}
    for key in inspector.get_foreign_keys(name, schema):
        table = key["referred_table"]
        if key["referred_schema"]:
            table = f"{key['referred_schema']}.{table}"
        for own, other in zip(key["constrained_columns"], key["referred_columns"], strict=False):
            references[own] = f"{table}.{other}"
    return tuple(
        ColumnMeta(
            name=column["name"],
            data_type=_type_name(column["type"]),
            comment=column.get("comment") or "",
            primary_key=column["name"] in keys,
            references=references.get(column["name"], ""),
        )
        for column in columns
    )


def _type_name(declared: Any) -> str:
    from sqlalchemy.exc import SQLAlchemyError

    try:
        return str(declared)
    except (SQLAlchemyError, NotImplementedError):
        return type(declared).__name__


def _comment(inspector: Inspector, schema: str | None, name: str) -> str:
    from sqlalchemy.exc import SQLAlchemyError

    try:
        return inspector.get_table_comment(name, schema)["text"] or ""
    except (NotImplementedError, SQLAlchemyError):
        return ""


def _count(source: DatabaseSource, schema: str | None, name: str) -> int:
    from sqlalchemy import func, select, table

    from hushu.io.databases import read_only

    with source.engine.connect() as connection:
        read_only(connection)
        return int(
            connection.execute(select(func.count()).select_from(table(name, schema=schema))).scalar_one()
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """How the rows of one table are fetched."""

    source: DatabaseSource
    shown: str
    schema: str | None
    name: str
    columns: Sequence[ReflectedColumn]
    rows: int
    wanted: int | None

    def method(self) -> str:
        """Return the sampling method in words."""
        return f"sample of {self.wanted} of {self.rows} rows, chosen at random (seed {SEED})"

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Yield the rows; a column that the database cannot read is listed, the others go on."""
        from sqlalchemy.exc import SQLAlchemyError

        from hushu.io.databases import driver_reason

        names = [column["name"] for column in self.columns]
        done = 0
        try:
            for batch in self._fetch(names, names):
                done += batch.num_rows
                yield batch
        except SQLAlchemyError as error:
            readable = [name for name in names if self._readable(name)]
            if not readable or len(readable) == len(names):
                why = driver_reason(error)
                self.source.not_examined.append(NotExamined(what=f"{self.shown} after row {done}", why=why))
                return
            yield from self._fetch(names, readable, skip=done)

    def _readable(self, name: str) -> bool:
        from sqlalchemy.exc import SQLAlchemyError

        from hushu.io.databases import driver_reason

        try:
            for _ in self._fetch([name], [name]):
                pass
        except SQLAlchemyError as error:
            entry = NotExamined(what=f"{self.shown}.{name}", why=driver_reason(error))
            self.source.not_examined.append(entry)
            return False
        return True

    def _fetch(self, names: list[str], readable: list[str], *, skip: int = 0) -> Iterator[pa.RecordBatch]:
        import pyarrow as pa

        from hushu.io.databases import read_only

        kinds = [arrow_type(c["type"]) for c in self.columns if c["name"] in names]
        with self.source.engine.connect() as connection:
            read_only(connection)
            streamed = connection.execution_options(stream_results=True, max_row_buffer=BATCH_ROWS)
            result = streamed.execute(self._statement(connection, names, readable))
            for rows in result.partitions(BATCH_ROWS):
                kept = rows[skip:]
                skip = max(0, skip - len(rows))
                if kept:
                    cells = zip(*kept, strict=True)
                    arrays = [to_array(values, kind) for values, kind in zip(cells, kinds, strict=True)]
                    yield pa.RecordBatch.from_arrays(arrays, names=names)

    def _statement(self, connection: Connection, names: list[str], readable: list[str]) -> Any:
        from sqlalchemy import column, func, literal, null, select, table

        base: FromClause = table(self.name, *[column(name) for name in readable], schema=self.schema)
        fields = [column(name) if name in readable else null().label(name) for name in names]
        if self.wanted is None:
            return select(*fields).select_from(base)
        share = min(1.0, self.wanted / max(self.rows, 1))
        dialect = connection.dialect.name
        if dialect in {"mysql", "mariadb"}:
            return select(*fields).select_from(base).where(func.rand(SEED) < share)
        if dialect == "postgresql":
            return select(*fields).select_from(
                base.tablesample(func.bernoulli(share * 100), seed=literal(SEED))
            )
        rng = random.Random(SEED)  # noqa: S311 - sampling, not secrets
        connection.connection.driver_connection.create_function("hushu_random", 0, rng.random)  # type: ignore[union-attr]
        return select(*fields).select_from(base).where(func.hushu_random() < share)
