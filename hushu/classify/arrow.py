"""Any Arrow array as text: strings as they are, numbers without losing a digit, nested values as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any


def text_chunks(array: Any) -> Iterator[Any]:
    """Yield the chunks of an Arrow array as string or large-string arrays of the same length."""
    import pyarrow as pa

    for chunk in array.chunks if isinstance(array, pa.ChunkedArray) else [array]:
        yield as_text(chunk)


def as_text(chunk: Any) -> Any:
    """Return an Arrow array as strings: numbers keep every digit, dates are ISO, nested values JSON.

    Returns:
        A string or large-string array of the same length; NaN becomes null.

    Example:
        >>> import pyarrow as pa
        >>> as_text(pa.array([13800138000.0, 1.5, None])).to_pylist()
        ['13800138000', '1.5', None]
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = chunk.type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return chunk
    if pa.types.is_dictionary(kind):
        return as_text(chunk.dictionary_decode())
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
    text = pc.if_else(whole, digits, pc.cast(narrow, pa.string()))
    return pc.if_else(pc.is_nan(wide), pa.scalar(None, pa.string()), text)


def _json(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, list | tuple | dict):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)
