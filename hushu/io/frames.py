"""Data frames in, and frames of the same kind out.

pandas, polars, pyarrow, whatever narwhals knows, anything with ``__arrow_c_stream__`` and a list of
dictionaries become Arrow; :func:`like` turns the result back into what came in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from hushu.errors import InputError
from hushu.io.contract import BATCH_ROWS, ColumnMeta, ReadableTable, TableList, unique_names
from hushu.io.plain import is_plain, plain_table

if TYPE_CHECKING:
    import pyarrow as pa


def is_frame(source: Any) -> bool:
    """Tell whether a value can be read as a table: a frame, a list of dictionaries, or named frames.

    Example:
        >>> is_frame([{"a": 1}]), is_frame("people.csv")
        (True, False)
    """
    if isinstance(source, (str, bytes)) or hasattr(source, "__fspath__"):
        return False
    if hasattr(source, "__arrow_c_stream__") or hasattr(source, "__dataframe__"):
        return True
    if isinstance(source, Mapping):
        return bool(source) and all(is_frame(value) for value in source.values())
    if isinstance(source, Sequence):
        return all(isinstance(row, Mapping) for row in source)
    return type(source).__module__.partition(".")[0] in {"pandas", "polars", "pyarrow", "duckdb"}


def frame_source(source: Any, *, label: str = "frame") -> TableList:
    """Return a source over one frame, or over several by name.

    Raises:
        InputError: HS-E220 when Arrow cannot hold the frame.

    Example:
        >>> [t.name for t in frame_source({"people": [{"a": 1}], "places": [{"b": 2}]}).tables()]
        ['people', 'places']
    """
    named = source if isinstance(source, Mapping) else {label: source}
    return TableList(label=label, items=tuple(_table(str(name), frame) for name, frame in named.items()))


def _table(name: str, frame: Any) -> ReadableTable:
    table, notes = to_arrow(frame)
    if not is_plain(table.schema):
        table = plain_table(table)
        names, _ = unique_names(table.schema.names)
        table = table.rename_columns(names)
    return ReadableTable(
        name=name,
        read=lambda: _batches(table),
        columns=tuple(ColumnMeta(name=field.name, data_type=str(field.type)) for field in table.schema),
        rows=table.num_rows,
        facts={"renamed": notes} if notes else {},
    )


def _batches(table: pa.Table) -> Iterator[pa.RecordBatch]:
    for batch in table.to_batches(max_chunksize=BATCH_ROWS):
        if batch.num_rows:
            yield batch


def to_arrow(frame: Any) -> tuple[pa.Table, list[str]]:
    """Return a frame as an Arrow table, and notes on what had to change.

    Column names are made text, unique and non-empty; columns that mix types become text.

    Raises:
        InputError: HS-E220 when Arrow cannot hold the frame.

    Example:
        >>> to_arrow([{"a": 1}, {"a": "x", "b": None}])[0].to_pydict()
        {'a': ['1', 'x'], 'b': [None, None]}
    """
    import pyarrow as pa

    try:
        table = _arrow(frame)
    except (pa.ArrowException, TypeError, ValueError, UnicodeError, OverflowError) as error:
        raise InputError(
            "the frame cannot be read",
            where=f"{type(frame).__module__}.{type(frame).__name__}",
            why=f"Arrow cannot hold it ({type(error).__name__})",
            fix="convert it to a pyarrow Table, or its odd columns to text",
            code="HS-E220",
        ) from error
    names, notes = unique_names([text(name) for name in table.schema.names])
    return table.rename_columns(names), notes


def _arrow(frame: Any) -> pa.Table:
    import pyarrow as pa

    if isinstance(frame, pa.Table):
        return frame
    if isinstance(frame, pa.RecordBatch):
        return pa.Table.from_batches([frame])
    if isinstance(frame, Sequence):
        return _records(frame)
    if type(frame).__module__.partition(".")[0] == "pandas":
        return _pandas(frame)
    if hasattr(frame, "__arrow_c_stream__"):
        return pa.table(frame)
    import narwhals as nw

    lazy: Any = nw.from_native(frame)
    if isinstance(lazy, nw.LazyFrame):
        lazy = lazy.collect()
    arrow: pa.Table = lazy.to_arrow()
    return arrow


def _records(rows: Sequence[Mapping[Any, Any]]) -> pa.Table:
    import pyarrow as pa

    names = list(dict.fromkeys(name for row in rows for name in row))
    columns = [column([row.get(name) for row in rows]) for name in names]
    return pa.Table.from_arrays(columns, names=[text(name) for name in names])


def _pandas(frame: Any) -> pa.Table:
    import pyarrow as pa

    if not hasattr(frame, "columns"):
        frame = frame.to_frame()
    columns = []
    for place in range(frame.shape[1]):
        series = frame.iloc[:, place]
        try:
            columns.append(pa.Array.from_pandas(series))
        except (pa.ArrowException, TypeError, ValueError, OverflowError, UnicodeError):
            columns.append(column([None if _missing(v) else v for v in series.tolist()]))
    plain = [c.combine_chunks() if isinstance(c, pa.ChunkedArray) else c for c in columns]
    return pa.Table.from_arrays(plain, names=[text(name) for name in frame.columns])


def column(values: Sequence[Any]) -> pa.Array:
    """Return values as one Arrow array; mixed types, huge numbers and lone surrogates become text.

    Example:
        >>> column([1, "007", None]).to_pylist()
        ['1', '007', None]
    """
    import pyarrow as pa

    try:
        return pa.array(values)
    except (pa.ArrowException, TypeError, ValueError, UnicodeError, OverflowError):
        return pa.array([None if v is None else text(v) for v in values], pa.string())


def text(value: Any) -> str:
    """Return a value as text that UTF-8 can hold; half a surrogate pair becomes U+FFFD."""
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    written = value if isinstance(value, str) else str(value)
    try:
        written.encode("utf-8")
    except UnicodeEncodeError:
        return written.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return written


def _missing(value: Any) -> bool:
    return value is None or value != value or type(value).__name__ in {"NAType", "NaTType"}


def like(original: Any, table: pa.Table) -> Any:
    """Return an Arrow table as the kind of frame that ``original`` is.

    What cannot be rebuilt (a stranger with ``__arrow_c_stream__`` only) comes back as a pyarrow Table.

    Example:
        >>> import pyarrow as pa
        >>> like([{"x": 1}], pa.table({"y": [2]}))
        [{'y': 2}]
    """
    import pyarrow as pa

    kind = type(original).__module__.partition(".")[0]
    if isinstance(original, pa.RecordBatch):
        merged = table.combine_chunks().to_batches()
        return merged[0] if merged else pa.RecordBatch.from_pylist([], schema=table.schema)
    if kind == "pyarrow":
        return table
    if isinstance(original, Sequence):
        return table.to_pylist()
    if kind == "pandas":
        return table.to_pandas()
    if kind == "polars":
        return _polars(original, table)
    if kind == "narwhals":
        import narwhals as nw

        return nw.from_native(like(nw.to_native(original), table))
    return table


def _polars(original: Any, table: pa.Table) -> Any:
    import polars as pl

    frame: Any = pl.from_arrow(table)
    return frame.lazy() if isinstance(original, pl.LazyFrame) else frame
