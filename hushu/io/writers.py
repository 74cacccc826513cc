"""Writing Arrow batches as they come: CSV, Parquet, JSON lines, SQLite; each file whole or not there."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hushu.errors import OutputError
from hushu.io.atomic import atomic_path, atomic_write

if TYPE_CHECKING:
    import pyarrow as pa

BOM = b"\xef\xbb\xbf"


def write_table(
    path: str | Path, batches: Iterable[pa.RecordBatch], schema: pa.Schema, *, bom: bool = False
) -> int:
    r"""Write a table in the format that the suffix names, and return the number of rows.

    Args:
        path: ``.csv``, ``.parquet``, ``.jsonl`` or ``.sqlite``; in SQLite the table is called after the file.
        batches: the rows, streamed: no more than one batch is held.
        schema: the columns; a file of no rows has them too.
        bom: begin a CSV with the mark by which Excel knows UTF-8.

    Raises:
        OutputError: HS-E510 when the place cannot be written, HS-E512 for another suffix, HS-E513 when
            a batch does not fit the schema.

    Example:
        >>> import pyarrow as pa, tempfile
        >>> rows = pa.record_batch({"id": ["007"]})
        >>> file = Path(tempfile.mkdtemp()) / "out.csv"
        >>> write_table(file, [rows], rows.schema), file.read_text()
        (1, 'id\n"007"\n')
    """
    target = Path(path)
    write = _FORMATS.get(target.suffix.lower())
    if write is None:
        raise OutputError(
            "hushu does not write such files",
            where=str(target),
            why=f"the suffix is none of {', '.join(_FORMATS)}",
            fix="name the output .csv, .parquet, .jsonl or .sqlite",
            code="HS-E512",
        )
    return write(target, _fitting(batches, schema, target), schema, BOM if bom else b"")


def _fitting(batches: Iterable[pa.RecordBatch], schema: pa.Schema, path: Path) -> Iterator[pa.RecordBatch]:
    import pyarrow as pa

    for batch in batches:
        try:
            yield batch if batch.schema.equals(schema) else batch.cast(schema)
        except (pa.ArrowException, ValueError) as error:
            raise OutputError(
                "rows do not fit the columns of the output",
                where=str(path),
                why="a column changes its type on the way",
                fix="write it as CSV, or convert the column to text at its source",
                code="HS-E513",
            ) from error


def _csv(path: Path, batches: Iterator[pa.RecordBatch], schema: pa.Schema, start: bytes) -> int:
    import pyarrow.csv as arrow_csv

    rows = 0
    with atomic_write(path) as stream:
        stream.write(start)
        stream.write((",".join(_quoted(name) for name in schema.names) + "\n").encode())
        options = arrow_csv.WriteOptions(include_header=False, quoting_style="needed")
        text = _as_text(schema)
        with arrow_csv.CSVWriter(stream, text, write_options=options) as writer:
            for batch in batches:
                rows += batch.num_rows
                writer.write_batch(_texts(batch, text))
    return rows


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"' if any(c in name for c in ',"\r\n') else name


def _as_text(schema: pa.Schema) -> pa.Schema:
    """Return the schema with text for what Arrow's CSV writer cannot write."""
    import pyarrow as pa

    kinds = pa.types
    return pa.schema(
        pa.field(f.name, pa.string())
        if kinds.is_nested(f.type) or kinds.is_binary(f.type) or kinds.is_large_binary(f.type)
        else pa.field(f.name, f.type)
        for f in schema
    )


def _texts(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    import pyarrow as pa

    arrays = [
        column
        if column.type == field.type
        else pa.array([_plain(v) for v in column.to_pylist()], pa.string())
        for column, field in zip(batch.columns, schema, strict=True)
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def _plain(value: Any) -> str | None:
    if isinstance(value, bytes):
        return value.hex()
    return None if value is None else json.dumps(value, ensure_ascii=False, default=str)


def _parquet(path: Path, batches: Iterator[pa.RecordBatch], schema: pa.Schema, _start: bytes) -> int:
    import pyarrow.parquet as pq

    rows = 0
    with atomic_write(path) as stream, pq.ParquetWriter(stream, schema) as writer:
        for batch in batches:
            rows += batch.num_rows
            writer.write_batch(batch)
    return rows


def _jsonl(path: Path, batches: Iterator[pa.RecordBatch], _schema: pa.Schema, _start: bytes) -> int:
    rows = 0
    with atomic_write(path, "w") as stream:
        for batch in batches:
            rows += batch.num_rows
            for record in batch.to_pylist():
                stream.write(json.dumps(record, ensure_ascii=False, default=_scalar) + "\n")
    return rows


def _scalar(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.hex()
    return value.isoformat() if isinstance(value, (date, datetime, time)) else str(value)


def _sqlite(path: Path, batches: Iterator[pa.RecordBatch], schema: pa.Schema, _start: bytes) -> int:
    rows = 0
    table = _identifier(path.stem)
    columns = ", ".join(f"{_identifier(f.name)} {_affinity(f.type)}" for f in schema)
    marks = ", ".join("?" * len(schema))
    with atomic_path(path) as part:
        connection = sqlite3.connect(part, isolation_level=None)
        try:
            # The part becomes the file only when it is whole, so a journal of its own guards nothing.
            connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN")
            connection.execute(f"CREATE TABLE {table} ({columns})")
            for batch in batches:
                cells = [[_cell(v) for v in column.to_pylist()] for column in batch.columns]
                rows += batch.num_rows
                connection.executemany(f"INSERT INTO {table} VALUES ({marks})", zip(*cells, strict=True))  # noqa: S608
            connection.execute("COMMIT")
        finally:
            connection.close()
    return rows


def _identifier(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _affinity(kind: pa.DataType) -> str:
    import pyarrow as pa

    if pa.types.is_integer(kind) or pa.types.is_boolean(kind):
        return "INTEGER"
    if pa.types.is_floating(kind):
        return "REAL"
    return "BLOB" if pa.types.is_binary(kind) else "TEXT"


def _cell(value: Any) -> Any:
    if value is None or isinstance(value, (str, float, bytes)):
        return value
    if isinstance(value, int):
        return value if -(2**63) <= value < 2**63 else str(value)
    if isinstance(value, Decimal):
        return str(value)
    return (
        _scalar(value)
        if not isinstance(value, (list, dict))
        else json.dumps(value, ensure_ascii=False, default=str)
    )


_FORMATS: dict[str, Callable[[Path, Iterator[pa.RecordBatch], pa.Schema, bytes], int]] = {
    ".csv": _csv,
    ".parquet": _parquet,
    ".jsonl": _jsonl,
    ".sqlite": _sqlite,
}
