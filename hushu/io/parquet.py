"""Parquet and Arrow (Feather) files, row group by row group."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from hushu.errors import InputError
from hushu.io.contract import ColumnMeta, ReadableTable, unique_names
from hushu.io.plain import is_plain, plain_batch, plain_schema

if TYPE_CHECKING:
    import pyarrow as pa

BATCH_ROWS = 65_536


def parquet_table(path: Path, name: str) -> ReadableTable:
    """Return a Parquet file as a table; comments of fields are read where the writer left them.

    Raises:
        InputError: HS-E203 empty, HS-E212 damaged or no Parquet file.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    def read() -> Iterator[pa.RecordBatch]:
        # Buffering ahead keeps every byte that was read until the file is closed.
        with pq.ParquetFile(path, pre_buffer=False) as file:
            yield from file.iter_batches(batch_size=BATCH_ROWS)

    try:
        with pq.ParquetFile(path) as file:
            schema, rows = file.schema_arrow, file.metadata.num_rows
    except (pa.ArrowException, OSError) as error:
        raise _damaged(path, "Parquet") from error
    return _table(path, name, schema, rows, read)


def arrow_table(path: Path, name: str) -> ReadableTable:
    """Return an Arrow IPC or Feather file as a table.

    Raises:
        InputError: HS-E203 empty, HS-E212 damaged or no Arrow file.
    """
    import pyarrow as pa

    def read() -> Iterator[pa.RecordBatch]:
        with pa.memory_map(str(path)) as stream, pa.ipc.open_file(stream) as file:
            for place in range(file.num_record_batches):
                yield file.get_batch(place)

    try:
        with pa.memory_map(str(path)) as stream, pa.ipc.open_file(stream) as file:
            schema = file.schema
    except (pa.ArrowException, OSError) as error:
        raise _damaged(path, "Arrow") from error
    return _table(path, name, schema, None, read)


def _table(
    path: Path, name: str, schema: pa.Schema, rows: int | None, read: Callable[[], Iterator[pa.RecordBatch]]
) -> ReadableTable:
    plain = is_plain(schema)
    flat = schema if plain else plain_schema(schema)
    names, renamed = unique_names(flat.names)

    def batches() -> Iterator[pa.RecordBatch]:
        import pyarrow as pa

        try:
            for batch in read():
                if batch.num_rows:
                    ours = batch if plain else plain_batch(batch)
                    yield ours.rename_columns(names) if renamed else ours
        except (pa.ArrowException, OSError) as error:
            raise _damaged(path, "Parquet") from error

    return ReadableTable(
        name=name,
        read=batches,
        columns=tuple(
            ColumnMeta(name=column, data_type=str(field.type), comment=_comment(field))
            for column, field in zip(names, flat, strict=True)
        ),
        rows=rows,
        facts={"renamed": renamed} if renamed else {},
    )


def _comment(field: pa.Field) -> str:
    marks = field.metadata or {}
    for key in (b"comment", b"description", b"label"):
        if key in marks:
            return str(marks[key].decode("utf-8", "replace"))
    return ""


def _damaged(path: Path, kind: str) -> InputError:
    if not path.stat().st_size:
        from hushu.io.csv_layout import empty_file

        return empty_file(path)
    return InputError(
        f"this is not a whole {kind} file",
        where=str(path),
        why="it is cut off, damaged or of another format",
        fix="copy or export it again",
        code="HS-E212",
    )
