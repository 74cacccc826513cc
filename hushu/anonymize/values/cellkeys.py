"""Keys of cells and rows: 64 bits that tell values apart, the same in every run and on every machine.

They sort, count and look up where the values themselves would not fit into memory. They are no
secret and hide nothing: a key of a value that may not be seen is as sensitive as the value.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from hushu.anonymize.values.digests import buffers

try:
    import hushu.anonymize.values._kernel as _kernel
except ImportError:  # installed without a compiler
    _kernel = None

Keys: TypeAlias = npt.NDArray[np.uint64]

_K1, _K2, _K3 = (np.uint64(k) for k in (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9))
_HALF, _MIX = np.uint64(32), np.uint64(29)
NULL_KEY = np.uint64(0x5555AAAA5555AAAA)


def cell_keys(array: Any) -> Keys:
    """Return one key for each of n cells; equal values have equal keys, null has a key of its own.

    Two different values share a key with probability 2**-64. Numbers that are equal have one key
    whatever their width; text has one key whether its offsets have 32 or 64 bits.

    Args:
        array: ``pa.Array`` or ``pa.ChunkedArray`` of n cells of any type.

    Example:
        >>> a, b, c = cell_keys(pa.array(["张伟", "李娜", "张伟"]))
        >>> bool(a == c), bool(a == b)
        (True, False)
    """
    if isinstance(array, pa.ChunkedArray):
        return np.concatenate([cell_keys(c) for c in array.chunks] or [np.empty(0, np.uint64)])
    kind = array.type
    if pa.types.is_dictionary(kind):
        return _dictionary_keys(array)
    if pa.types.is_boolean(kind) or pa.types.is_integer(kind) or pa.types.is_floating(kind):
        keys = _number_keys(array)
    else:
        keys = _text_keys(_as_text(array))
    if array.null_count:
        keys = np.where(array.is_valid().to_numpy(zero_copy_only=False), keys, NULL_KEY)
    return keys


def text_keys(array: pa.Array) -> Keys:
    """Return the keys of n cells written out as text: a number and its digits have one key."""
    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    return cell_keys(_as_text(array))


def row_keys(columns: list[Keys], rows: int) -> Keys:
    """Return one key for each of n rows, made of the keys of its cells from left to right.

    Example:
        >>> one, two = cell_keys(pa.array(["a", "b"])), cell_keys(pa.array(["b", "a"]))
        >>> bool(row_keys([one, two], 2)[0] == row_keys([two, one], 2)[0])
        False
    """
    made = np.zeros(rows, np.uint64)
    for keys in columns:
        made = (made ^ keys) * _K1
        made ^= made >> _HALF
    made = (made ^ made >> _MIX) * _K2
    return made ^ made >> _HALF


def _dictionary_keys(array: pa.DictionaryArray) -> Keys:
    of_values = np.append(cell_keys(array.dictionary), NULL_KEY)
    places = pc.fill_null(array.indices.cast(pa.int64()), len(array.dictionary))
    made: Keys = of_values[places.to_numpy(zero_copy_only=False)]
    return made


def _number_keys(array: pa.Array) -> Keys:
    if pa.types.is_integer(array.type):
        values = pc.fill_null(array, 0).to_numpy(zero_copy_only=False)
        numbers = values.astype(np.float64)
        # Beyond 2**53 a double no longer tells one whole number from the next.
        exact = np.abs(numbers) <= 2.0**53
        bits = np.where(exact, (numbers + 0.0).view(np.uint64), values.astype(np.uint64) ^ _K3)
    else:
        numbers = pc.fill_null(array.cast(pa.float64()), 0.0).to_numpy(zero_copy_only=False)
        bits = np.where(np.isnan(numbers), np.nan, numbers + 0.0).view(np.uint64)
    bits = (bits ^ bits >> _MIX) * _K1
    bits = (bits ^ bits >> _HALF) * _K2
    made: Keys = bits ^ bits >> _MIX
    return made


def _as_text(array: pa.Array) -> pa.Array:
    if pa.types.is_string(array.type):
        return array
    try:
        return array.cast(pa.string())
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return pa.array([None if v is None else repr(v) for v in array.to_pylist()], pa.string())


def _text_keys(array: pa.Array) -> Keys:
    offsets, data = buffers(array)
    if _kernel is None:
        return _portable(np.frombuffer(offsets, np.int32)[array.offset :][: len(array) + 1], data)
    return np.frombuffer(_kernel.cell_keys(offsets, data, array.offset, len(array)), np.uint64)


def _portable(offsets: npt.NDArray[np.int32], data: Any) -> Keys:
    raw = np.concatenate([np.frombuffer(data, np.uint8), np.zeros(8, np.uint8)])
    words = np.lib.stride_tricks.as_strided(
        raw[: len(raw) // 8 * 8].view("<u8")[:1], shape=(len(raw) - 7,), strides=(1,)
    )
    places = offsets[:-1].astype(np.int64)
    left = np.diff(offsets).astype(np.int64)
    keys = left.astype(np.uint64) * _K3
    rows = np.flatnonzero(left > 0)
    while len(rows):
        word = words[places[rows]]
        short = left[rows] < 8
        cut = (8 * (8 - np.minimum(left[rows], 8))).astype(np.uint64)
        word = np.where(short, word << cut >> cut, word)
        mixed = (keys[rows] ^ word) * _K1
        keys[rows] = mixed ^ mixed >> _HALF
        places[rows] += 8
        left[rows] -= 8
        rows = rows[left[rows] > 0]
    keys = (keys ^ keys >> _MIX) * _K2
    return keys ^ keys >> _HALF
