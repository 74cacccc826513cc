"""Any Arrow array as text: strings as they are, numbers without losing a digit, nested values as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any


def text_chunks(array: Any) -> Iterator[Any]:
    """Yield the chunks of an Arrow array as string or large-string arrays of the same length."""
    import pyarrow as pa

    for chunk in array.chunks if isinstance(array, pa.ChunkedArray) else [array]:
        yield _as_text(chunk)


def text_parts(array: Any) -> Iterator[tuple[Any, Any]]:
    """Yield the values of an Arrow array as text, each with how often it counts.

    Yields:
        Pairs of a string array of n values and an int64 numpy array of n weights; weights are None when every
        value counts once. A dictionary-encoded array yields its distinct values.
    """
    import pyarrow as pa

    for chunk in array.chunks if isinstance(array, pa.ChunkedArray) else [array]:
        if pa.types.is_dictionary(chunk.type):
            yield from _dictionary(chunk)
        else:
            yield _as_text(chunk), None


def _dictionary(chunk: Any) -> Iterator[tuple[Any, Any]]:
    import numpy as np
    import pyarrow as pa

    indices = chunk.indices
    if indices.null_count:
        yield pa.nulls(indices.null_count, pa.string()), None
        indices = indices.drop_null()
    weights = np.bincount(indices.to_numpy(zero_copy_only=False), minlength=len(chunk.dictionary))
    yield _as_text(chunk.dictionary), weights.astype(np.int64)


def _as_text(chunk: Any) -> Any:
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = chunk.type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return chunk
    if pa.types.is_dictionary(kind):
        return _as_text(chunk.dictionary_decode())
    if pa.types.is_floating(kind):
        return _floats(chunk)
    if pa.types.is_nested(kind) or pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        return pa.array(map(_json, chunk.to_pylist()), pa.large_string())
    try:
        return pc.cast(chunk, pa.string())
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return pa.array(map(_json, chunk.to_pylist()), pa.large_string())


def _floats(chunk: Any) -> Any:
    # A whole number stored as a float is written without exponent: 13800138000, not 1.3800138e+10.
    import pyarrow as pa
    import pyarrow.compute as pc

    wide = pc.cast(chunk, pa.float64())
    small = pc.fill_null(pc.less(pc.abs(wide), 2**53), fill_value=False)
    tame = pc.if_else(small, wide, 0.0)
    whole = pc.and_(small, pc.equal(pc.floor(tame), tame))
    digits = pc.cast(pc.cast(pc.if_else(whole, tame, 0.0), pa.int64()), pa.string())
    narrow = wide if pa.types.is_float16(chunk.type) else chunk
    return pc.if_else(whole, digits, pc.cast(narrow, pa.string()))


def _json(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, list | tuple | dict):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)
