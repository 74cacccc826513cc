"""Parquet and Arrow (Feather) files, row group by row group."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from hushu.errors import InputError
from hushu.io.contract import ColumnMeta, ReadableTable, unique_names
from hushu.io.plain import is_plain, plain_batch, plain_schema

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

Read = Callable[[], Iterator["pa.RecordBatch"]]

BATCH_ROWS = 65_536
SKIMMED_ROWS = 1 << 17  # of one batch, so that a row group of 100,000 rows is one
LEAST_GROUP = 1 << 14  # rows of a row group that is worth a batch of its own
SMALL_DICTIONARY = 1 << 17  # bytes, compressed: a column chunk with a smaller one holds few different values


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

    def skim() -> Iterator[pa.RecordBatch]:
        with pq.ParquetFile(path, pre_buffer=False, read_dictionary=repeating) as file:
            for groups in _runs(file.metadata):
                yield from file.iter_batches(batch_size=SKIMMED_ROWS, row_groups=groups)

    try:
        with pq.ParquetFile(path) as file:
            schema, rows = file.schema_arrow, file.metadata.num_rows
            repeating = _repeating(file) if is_plain(schema) else []
    except (pa.ArrowException, OSError) as error:
        raise _damaged(path, "Parquet") from error
    return _table(path, name, schema, rows, read, skim)


def _repeating(file: pq.ParquetFile) -> list[str]:
    """Return the columns of text of which each row group holds few different values, by its dictionary.

    None where row groups are small: no batch spans two dictionaries.
    """
    import pyarrow.types as kinds

    known = file.metadata
    if known.num_rows < LEAST_GROUP * max(known.num_row_groups, 1):
        return []
    kept = {at for at, field in enumerate(file.schema_arrow) if kinds.is_string(field.type)}
    for number in range(known.num_row_groups):
        group = known.row_group(number)
        kept -= {at for at in kept if not 0 < _dictionary_bytes(group.column(at)) <= SMALL_DICTIONARY}
    return [file.schema_arrow.field(at).name for at in sorted(kept)]


def _dictionary_bytes(chunk: pq.ColumnChunkMetaData) -> int:
    """Return how large the dictionary of a column chunk is, 0 when it has none."""
    if not chunk.has_dictionary_page or chunk.dictionary_page_offset is None:
        return 0
    return int(chunk.data_page_offset - chunk.dictionary_page_offset)


def _runs(metadata: pq.FileMetaData) -> Iterator[list[int]]:
    """Yield the numbers of the row groups, of several small ones at once."""
    run: list[int] = []
    rows = 0
    for number in range(metadata.num_row_groups):
        run.append(number)
        rows += metadata.row_group(number).num_rows
        if rows >= BATCH_ROWS:
            yield run
            run, rows = [], 0
    if run:
        yield run


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
    path: Path, name: str, schema: pa.Schema, rows: int | None, read: Read, skim: Read | None = None
) -> ReadableTable:
    plain = is_plain(schema)
    flat = schema if plain else plain_schema(schema)
    names, renamed = unique_names(flat.names)

    def batches(read: Read) -> Iterator[pa.RecordBatch]:
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
        read=partial(batches, read),
        skim=partial(batches, skim) if skim and plain else None,
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
