"""Frames of any kind as Arrow batches, columns as integer codes, and back to the same kind of frame."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.dataset as ds

from hushu.errors import ConfigError, InputError


def read_batches(data: Any, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
    """Yield the named columns of ``data`` as record batches, so that a big source is never whole in memory.

    Args:
        data: a pandas, polars or pyarrow frame, anything with ``__arrow_c_stream__``, a pyarrow
            dataset or record-batch reader, or the path of a CSV, Parquet or Feather file.
        columns: the columns to read, each at most once.

    Raises:
        ConfigError: HS-E162, a column is not in the data.
        InputError: HS-E262, the data are of a kind that cannot be read.
    """
    if isinstance(data, str | Path):
        data = _open_path(Path(data))
    if isinstance(data, ds.Dataset):
        require_columns(data.schema.names, columns)
        yield from data.to_batches(columns=list(columns))
    elif isinstance(data, pa.RecordBatchReader):
        require_columns(data.schema.names, columns)
        for batch in data:
            yield batch.select(list(columns))
    elif hasattr(data, "__arrow_c_stream__") and not hasattr(data, "iloc"):
        yield from read_batches(pa.RecordBatchReader.from_stream(data), columns)
    else:
        yield from _frame_table(data, columns).to_batches()


def read_table(data: Any, columns: Sequence[str]) -> pa.Table:
    """Return the named columns of ``data`` as one Arrow table (see :func:`read_batches`)."""
    batches = list(read_batches(data, columns))
    if not batches:
        return pa.table({name: pa.nulls(0) for name in columns})
    return pa.Table.from_batches(batches)


def require_columns(present: Sequence[str], wanted: Sequence[str]) -> None:
    """Raise HS-E162 unless every wanted column is present once and is wanted once."""
    missing = [name for name in wanted if name not in present]
    if missing:
        raise ConfigError(
            "a column is not in the data",
            where=", ".join(map(str, missing)),
            why=f"the data have {len(present)} columns: {', '.join(map(str, list(present)[:20]))}",
            fix="check the spelling of the column",
            code="HS-E162",
        )
    repeated = sorted({str(name) for name in wanted if list(wanted).count(name) > 1})
    if repeated:
        raise ConfigError(
            "a column is named twice",
            where=", ".join(repeated),
            fix="name every quasi-identifier once, and no sensitive column among them",
            code="HS-E162",
        )


def _open_path(path: Path) -> ds.Dataset:
    suffix = path.suffix.lower().lstrip(".")
    kinds = {"csv": "csv", "tsv": "csv", "txt": "csv", "parquet": "parquet", "pq": "parquet"}
    kind = kinds.get(suffix, "feather" if suffix in {"feather", "arrow", "ipc"} else "")
    if not kind or not path.exists():
        raise InputError(
            "the data cannot be read",
            where=str(path),
            why="no such file" if kind else f"files ending in {suffix!r} are not read here",
            fix="give a .csv, .parquet or .feather file",
            code="HS-E262",
        )
    try:
        return ds.dataset(path, format=_csv_format(path) if kind == "csv" else kind)
    except (pa.ArrowInvalid, OSError) as error:
        raise InputError(
            "the data cannot be read",
            where=str(path),
            why=type(error).__name__,
            fix="check that the file is what its name says, in UTF-8",
            code="HS-E262",
        ) from error


def _csv_format(path: Path) -> ds.CsvFileFormat:
    with path.open(encoding="utf-8-sig", errors="replace") as stream:
        header = stream.readline()
    delimiter = max(",;\t|", key=header.count)
    names = [name.strip().strip('"') for name in header.rstrip("\r\n").split(delimiter)]
    # Every column as text: 00123 stays 00123.
    convert = pa.csv.ConvertOptions(
        column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=True, null_values=[""]
    )
    return ds.CsvFileFormat(pa.csv.ParseOptions(delimiter=delimiter), convert_options=convert)


def _frame_table(data: Any, columns: Sequence[str]) -> pa.Table:
    import narwhals as nw

    try:
        frame = nw.from_native(data, eager_only=True)
    except TypeError as error:
        raise InputError(
            "the data are of a kind that cannot be read",
            where=type(data).__name__,
            fix="give a pandas, polars or pyarrow frame, or the path of a file",
            code="HS-E262",
        ) from error
    require_columns(frame.columns, columns)
    return pa.table({name: _arrow_column(frame[name]) for name in columns})


def _arrow_column(series: Any) -> pa.ChunkedArray | pa.Array:
    native = series.to_native()
    try:
        return pa.array(native, from_pandas=True) if hasattr(native, "iloc") else series.to_arrow()
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        # A pandas object column that mixes kinds: as text, missing values kept apart.
        return pa.array([None if _is_missing(v) else str(v) for v in series.to_list()])


def _is_missing(value: Any) -> bool:
    return value is None or bool(value != value)


def as_codes(column: pa.ChunkedArray | pa.Array) -> tuple[npt.NDArray[np.int32], list[str | None]]:
    """Return a column as codes into its distinct values, in order of first appearance.

    Values come as text; a missing value (null, NaN) is one value of its own, None.
    """
    array = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if isinstance(array, pa.ChunkedArray):
        array = array.chunk(0) if array.num_chunks else pa.array([], type=column.type)
    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    if pa.types.is_floating(array.type):
        array = pc.if_else(pc.is_nan(array), pa.scalar(None, array.type), array)
    encoded = array.dictionary_encode(null_encoding="encode")
    codes = encoded.indices.to_numpy(zero_copy_only=False).astype(np.int32, copy=False)
    return codes, [_text(value) for value in encoded.dictionary.to_pylist()]


def _text(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)


def with_columns(data: Any, columns: Mapping[str, pa.Array]) -> Any:
    """Return ``data``, of the kind that came in, with the given columns replaced.

    A pandas frame keeps its index and the dtypes of its other columns; a file or a stream comes
    back as a pyarrow table.
    """
    import narwhals as nw

    if hasattr(data, "iloc"):
        import pandas as pd

        return data.assign(
            **{name: pd.Series(_pandas_values(array), index=data.index) for name, array in columns.items()}
        )
    frame = nw.from_native(data, eager_only=True)
    backend = frame.implementation
    made = nw.from_arrow(pa.table(dict(columns)), backend=backend)
    return frame.with_columns(*(made[name] for name in columns)).to_native()


def _pandas_values(array: pa.Array) -> Any:
    import pandas as pd

    return array.to_pandas() if pd.__version__ >= "3" else array.to_pandas().astype(object)
