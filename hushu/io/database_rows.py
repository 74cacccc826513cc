"""The rows of one table or view as Arrow batches: sampled where asked, whole columns lost where broken."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hushu.io.arrow_values import arrow_type, as_text, stored_type, to_array
from hushu.io.contract import BATCH_ROWS
from hushu.io.sampling import SEED
from hushu.model import NotExamined

if TYPE_CHECKING:
    import pyarrow as pa
    from sqlalchemy import Connection
    from sqlalchemy.exc import SQLAlchemyError

    from hushu.io.databases import DatabaseSource


@dataclass(slots=True, kw_only=True)
class Rows:
    """How the rows of one table are fetched.

    ``wanted`` of ``total`` rows are sampled, all when it is None. ``as_text`` names columns that the
    driver cannot convert (a date of infinity) and the database therefore hands over as text.
    """

    source: DatabaseSource
    schema: str | None
    name: str
    shown: str
    view: bool
    columns: Sequence[Any]
    total: int = 0
    wanted: int | None = None
    as_text: frozenset[str] = frozenset()
    any_text: bool = False

    def count(self) -> int:
        """Return the number of rows."""
        from sqlalchemy import func, select, table

        with self.source.reading() as connection:
            query = select(func.count()).select_from(table(self.name, schema=self.schema))
            return int(connection.execute(query).scalar_one())

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Yield the rows; a column that cannot be read is listed and null, the others go on."""
        from sqlalchemy.exc import SQLAlchemyError

        names = [column["name"] for column in self.columns]
        done = 0
        try:
            for batch in self._fetch(names):
                done += batch.num_rows
                yield batch
        except SQLAlchemyError as error:
            if _beyond_mending(error):
                self._list(f"{self.shown} after row {done}", error)
            else:
                yield from self._mended(names, done, error)

    def _mended(self, names: list[str], done: int, error: Exception) -> Iterator[pa.RecordBatch]:
        """Find the columns that broke the reading, and go on from row ``done`` without them."""
        from sqlalchemy.exc import SQLAlchemyError

        if "Could not decode to UTF-8" in str(error):
            self.any_text = True  # SQLite keeps whatever bytes it was given
        broken = {name: why for name in names if (why := self._trouble(name))}
        self.as_text |= {name for name in broken if self._readable_as_text(name)}
        lost = frozenset(broken) - self.as_text
        for name in names:
            if name in lost:
                self._list(f"{self.shown}.{name}", broken[name])
        try:
            yield from self._fetch(names, lost=lost, skip=done)
        except SQLAlchemyError as again:
            self._list(f"{self.shown} after row {done}", again)

    def _trouble(self, name: str) -> Exception | None:
        from sqlalchemy.exc import SQLAlchemyError

        try:
            for _ in self._fetch([name]):
                pass
        except SQLAlchemyError as error:
            return error
        return None

    def _readable_as_text(self, name: str) -> bool:
        before, self.as_text = self.as_text, self.as_text | {name}
        readable = self._trouble(name) is None
        self.as_text = before
        return readable

    def _list(self, what: str, error: Exception) -> None:
        from hushu.io.driver_errors import driver_reason

        entry = NotExamined(what=what, why=driver_reason(error))
        if entry not in self.source.not_examined:
            self.source.not_examined.append(entry)

    def _fetch(
        self, names: list[str], *, lost: frozenset[str] = frozenset(), skip: int = 0
    ) -> Iterator[pa.RecordBatch]:
        import pyarrow as pa

        with self.source.reading() as connection:
            if connection.dialect.name == "sqlite":
                factory = as_text if self.any_text else str
                connection.connection.driver_connection.text_factory = factory  # type: ignore[union-attr]
            kinds = self._kinds(connection, names, lost)
            self._seed(connection)
            streamed = connection.execution_options(stream_results=True, max_row_buffer=BATCH_ROWS)
            result = streamed.execute(self._statement(connection, names, lost))
            for rows in result.partitions(BATCH_ROWS):
                kept = rows[skip:]
                skip = max(0, skip - len(rows))
                if kept:
                    cells = zip(*kept, strict=True)
                    arrays = [to_array(values, kind) for values, kind in zip(cells, kinds, strict=True)]
                    yield pa.RecordBatch.from_arrays(arrays, names=names)

    def _kinds(self, connection: Connection, names: list[str], lost: frozenset[str]) -> list[pa.DataType]:
        """Return the Arrow type of each column, by declaration; in SQLite by what is stored."""
        import pyarrow as pa
        from sqlalchemy import String

        declared = {column["name"]: column["type"] for column in self.columns}
        kinds = {name: arrow_type(declared[name]) for name in names}
        kinds |= {name: pa.string() for name in self.as_text if name in kinds}
        if connection.dialect.name == "sqlite":
            asked = [n for n in names if n not in lost and (self.view or not isinstance(declared[n], String))]
            kinds |= self._stored(connection, asked)
        return [kinds[name] for name in names]

    def _stored(self, connection: Connection, names: list[str]) -> dict[str, pa.DataType]:
        """A SQLite column holds what it was given, whatever it declares: ask, over the rows that are read."""
        from sqlalchemy import column, func, select

        if not names:
            return {}
        classes = ("integer", "real", "text", "blob")
        found: dict[str, pa.DataType] = {}
        for start in range(0, len(names), 400):  # SQLite takes 2,000 columns of a result
            part = names[start : start + 400]
            self._seed(connection)
            fields = [func.max(func.typeof(column(name)) == kind) for name in part for kind in classes]
            row = connection.execute(self._rows_of(connection, select(*fields))).one()
            for place, name in enumerate(part):
                flags = row[place * 4 : place * 4 + 4]
                found[name] = stored_type({k for k, f in zip(classes, flags, strict=True) if f})
        return found

    def _statement(self, connection: Connection, names: list[str], lost: frozenset[str]) -> Any:
        from sqlalchemy import String, cast, column, null, select

        fields = [
            null().label(name)
            if name in lost
            else (cast(column(name), String).label(name) if name in self.as_text else column(name))
            for name in names
        ]
        return self._rows_of(connection, select(*fields))

    def _rows_of(self, connection: Connection, query: Any) -> Any:
        """Add the table, and the chance by which each row is read."""
        from sqlalchemy import func, literal, table

        base = table(self.name, schema=self.schema)
        if self.wanted is None:
            return query.select_from(base)
        share = min(1.0, self.wanted / max(self.total, 1))
        dialect = connection.dialect.name
        if dialect == "postgresql" and not self.view:
            return query.select_from(base.tablesample(func.bernoulli(share * 100), seed=literal(SEED)))
        chance = {"mysql": func.rand(SEED), "mariadb": func.rand(SEED), "sqlite": func.hushu_random()}
        return query.select_from(base).where(chance.get(dialect, func.random()) < share)

    def _seed(self, connection: Connection) -> None:
        """Let the database draw the same rows every time."""
        if self.wanted is None:
            return
        if connection.dialect.name == "sqlite":
            import random

            draw = random.Random(SEED).random  # noqa: S311 - sampling, not secrets
            connection.connection.driver_connection.create_function("hushu_random", 0, draw)  # type: ignore[union-attr]
        elif connection.dialect.name == "postgresql":
            connection.exec_driver_sql(f"SELECT setseed({SEED % 1000 / 1000})")


def _beyond_mending(error: SQLAlchemyError) -> bool:
    """A lost connection or a time limit is no fault of a column: asking each would only take longer."""
    words = str(error).lower()
    return bool(getattr(error, "connection_invalidated", False)) or any(
        sign in words
        for sign in ("timeout", "max_statement_time", "max_execution_time", "disk image", "disk i/o")
    )
