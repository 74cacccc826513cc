"""Frames of any kind as Arrow batches, columns as integer codes, and back to the same kind of frame."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, time
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds

from hushu.errors import ConfigError, InputError
from hushu.io.frames import is_frame, to_arrow

_DATASETS = {".parquet": "parquet", ".pq": "parquet", ".feather": "feather", ".arrow": "feather"}


def read_batches(data: Any, columns: Sequence[str] | None) -> Iterator[pa.RecordBatch]:
    """Yield the named columns of ``data`` as record batches, so that a big source is never whole in memory.

    Args:
        data: a pandas, polars or pyarrow frame, anything with ``__arrow_c_stream__``, a pyarrow
            dataset or record-batch reader, or a path that :func:`hushu.io.sources.open_source`
            reads as one table.
        columns: the columns to read, each once; None reads all.

    Raises:
        ConfigError: HS-E162, a column is not in the data.
        InputError: HS-E262, the data are of a kind that cannot be read, or not one table.
    """
    if isinstance(data, str | Path):
        if Path(data).suffix.lower() not in _DATASETS:
            yield from _source_batches(str(data), columns)
            return
        data = _dataset(Path(data))
    if isinstance(data, ds.Dataset):
        require_columns(data.schema.names, columns)
        yield from data.to_batches(columns=None if columns is None else list(columns))
    elif isinstance(data, pa.RecordBatchReader):
        require_columns(data.schema.names, columns)
        for batch in data:
            yield batch if columns is None else batch.select(list(columns))
    elif type(data).__module__.partition(".")[0] != "pandas" and hasattr(data, "__arrow_c_stream__"):
        yield from read_batches(pa.RecordBatchReader.from_stream(data), columns)
    else:
        yield from _frame(data, columns).to_batches()


def read_table(data: Any, columns: Sequence[str] | None) -> pa.Table:
    """Return the named columns of ``data``, or all, as one Arrow table (see :func:`read_batches`)."""
    batches = list(read_batches(data, columns))
    if not batches:
        return pa.table({name: pa.nulls(0) for name in columns or ()})
    return pa.Table.from_batches(batches)


def require_columns(present: Sequence[str], wanted: Sequence[str] | None) -> None:
    """Raise HS-E162 unless every wanted column is present, and wanted once."""
    wanted = list(wanted or ())
    missing = [name for name in wanted if name not in present]
    if missing:
        raise ConfigError(
            "a column is not in the data",
            where=", ".join(map(str, missing)),
            why=f"the data have {len(present)} columns: {', '.join(map(str, list(present)[:20]))}",
            fix="check the spelling of the column",
            code="HS-E162",
        )
    repeated = sorted({str(name) for name in wanted if wanted.count(name) > 1})
    if repeated:
        raise ConfigError(
            "a column is named twice",
            where=", ".join(repeated),
            fix="name every quasi-identifier once, and no sensitive column among them",
            code="HS-E162",
        )


def _dataset(path: Path) -> ds.Dataset:
    try:
        return ds.dataset(path, format=_DATASETS[path.suffix.lower()])
    except (pa.ArrowInvalid, OSError) as error:
        raise _unreadable(str(path), type(error).__name__) from error


def _source_batches(name: str, columns: Sequence[str] | None) -> Iterator[pa.RecordBatch]:
    from hushu.io.sources import open_source

    source = open_source(name, sample="all")
    try:
        tables = list(source.tables())
        if len(tables) != 1:
            found = ", ".join(table.name for table in tables[:10])
            missing = "; ".join(f"{part.what}: {part.why}" for part in source.not_examined[:3])
            raise _unreadable(
                name, f"one table is needed, {len(tables)} were found: {found} {missing}".strip()
            )
        for batch in tables[0].batches():
            require_columns(batch.schema.names, columns)
            yield batch if columns is None else batch.select(list(columns))
        if source.not_examined:
            raise _unreadable(name, "; ".join(f"{part.what}: {part.why}" for part in source.not_examined[:3]))
    finally:
        source.close()


def _frame(data: Any, columns: Sequence[str] | None) -> pa.Table:
    if not is_frame(data):
        raise _unreadable(f"{type(data).__module__}.{type(data).__name__}", "it is no frame, stream or path")
    if hasattr(data, "iloc") and columns is not None:
        require_columns(list(data.columns), columns)
        data = data[list(columns)]
    table, _ = to_arrow(data)
    require_columns(table.column_names, columns)
    return table if columns is None else table.select(list(columns))


def _unreadable(where: str, why: str) -> InputError:
    return InputError(
        "the data cannot be read",
        where=where,
        why=why,
        fix="give a pandas, polars or pyarrow frame, or the path of one table",
        code="HS-E262",
    )


def as_codes(column: pa.ChunkedArray | pa.Array) -> tuple[npt.NDArray[np.int32], list[str | None]]:
    """Return a column as codes into its distinct values, in order of first appearance.

    Values come as text; a missing value (null, NaN) is one value of its own, None.
    """
    array = flat(column)
    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    if pa.types.is_nested(array.type):
        array = pa.array([None if value is None else str(value) for value in array.to_pylist()], pa.string())
    if pa.types.is_floating(array.type):
        array = pc.if_else(pc.is_nan(array), pa.scalar(None, array.type), array)
    encoded = array.dictionary_encode(null_encoding="encode")
    codes = encoded.indices.to_numpy(zero_copy_only=False).astype(np.int32, copy=False)
    return codes, [text_of(value) for value in encoded.dictionary.to_pylist()]


def text_of(value: Any) -> str | None:
    """Return a cell as the text that hierarchies use: ``39`` for 39.0, the date alone at midnight.

    Example:
        >>> text_of(39.0), text_of(None), text_of("x")
        ('39', None, 'x')
    """
    if value is None:
        return None
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime) and value.time() == time.min:
        return value.date().isoformat()
    return str(value)


def flat(column: pa.ChunkedArray | pa.Array) -> pa.Array:
    """Return a column as one array."""
    if not isinstance(column, pa.ChunkedArray):
        return column
    joined = column.combine_chunks()
    if isinstance(joined, pa.ChunkedArray):
        return joined.chunk(0) if joined.num_chunks else pa.array([], joined.type)
    return joined


def with_columns(data: Any, columns: Mapping[str, pa.Array]) -> Any:
    """Return ``data``, of the kind that came in, with the given columns replaced.

    A pandas frame keeps its index and the dtypes of its other columns; a stranger with
    ``__arrow_c_stream__`` comes back as a pyarrow table.
    """
    import narwhals as nw

    if hasattr(data, "iloc"):
        return data.assign(**{name: _pandas(array, data.index) for name, array in columns.items()})
    try:
        frame = nw.from_native(data, eager_only=True)
    except TypeError:
        from hushu.io.frames import like

        table, _ = to_arrow(data)
        for name, array in columns.items():
            table = table.set_column(table.column_names.index(name), name, array)
        return like(data, table)
    made = nw.from_arrow(pa.table(dict(columns)), backend=frame.implementation)
    return frame.with_columns(*(made[name] for name in columns)).to_native()


def _pandas(array: pa.Array, index: Any) -> Any:
    series = array.to_pandas()  # with the string dtype of the pandas that is installed
    series.index = index
    return series
