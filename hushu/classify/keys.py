"""The key of a value: a hash of its length, its first and its last bytes, by which a sketch keeps it or not.

This is the way without a compiler; the C kernel gives the same keys.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

HIGHEST = (1 << 64) - 1
_K1, _K2, _K3 = 0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9


def keyed_hash(value: str) -> int:
    """Return the key of one value, 0..2**64-1.

    Example:
        >>> keyed_hash("a") == keyed_hash("a") != keyed_hash("b")
        True
    """
    data = value.encode("utf-8", "surrogatepass")
    first, last = int.from_bytes(data[:8], "little"), int.from_bytes(data[-8:], "little")
    mixed = (first * _K1 ^ last * _K2 ^ len(data) * _K3) & HIGHEST
    mixed ^= mixed >> 29
    mixed = mixed * _K2 & HIGHEST
    return mixed ^ mixed >> 32


def fine_hash(value: str) -> int:
    """Return a hash of all bytes of a value, 0..2**64-1, for values that share one key."""
    data = value.encode("utf-8", "surrogatepass")
    mixed = len(data) * _K3 & HIGHEST
    for at in range(0, len(data), 8):
        mixed = (mixed ^ int.from_bytes(data[at : at + 8], "little")) * _K1 & HIGHEST
        mixed ^= mixed >> 32
    mixed = mixed * _K2 & HIGHEST
    return mixed ^ mixed >> 29


def below(array: pa.StringArray, bar: int) -> tuple[Any, Any]:
    """Return the rows of the values whose key does not exceed the bar, in order, and their keys.

    Args:
        array: n strings, any offset; nulls are left out.
        bar: 0..2**64-1.

    Returns:
        Two numpy arrays of one length, int64 and uint64.
    """
    import numpy as np

    keys = hashes(array)
    chosen = keys <= np.uint64(bar)
    if array.null_count:
        chosen &= array.is_valid().to_numpy(zero_copy_only=False)
    rows = np.flatnonzero(chosen)
    return rows, keys[rows]


def hashes(array: pa.StringArray) -> Any:
    """Return :func:`keyed_hash` of every value of an Arrow string array as uint64; nulls get some value.

    Args:
        array: n strings, any offset.
    """
    import numpy as np

    offsets = np.frombuffer(array.buffers()[1], dtype=np.int32)[array.offset : array.offset + len(array) + 1]
    size = offsets[-1] - offsets[0]
    data = np.zeros((size + 23) // 8 * 8, dtype=np.uint8)
    if size:
        data[8 : 8 + size] = np.frombuffer(array.buffers()[2], dtype=np.uint8)[offsets[0] : offsets[-1]]
    words = np.lib.stride_tricks.as_strided(data.view("<u8")[:1], shape=(size + 9,), strides=(1,))
    starts, ends = (offsets[:-1] - offsets[0]).astype(np.int64), (offsets[1:] - offsets[0]).astype(np.int64)
    lengths = ends - starts
    last = words[ends]
    if not len(lengths) or lengths.min() >= 8:
        first = words[starts + 8]
    else:  # a value shorter than a word is its own first and last bytes
        missing = (8 * (8 - np.minimum(np.maximum(lengths, 1), 8))).astype(np.uint64)
        last = np.where(lengths == 0, np.uint64(0), last >> missing)
        first = last if lengths.max() <= 8 else np.where(lengths <= 8, last, words[starts + 8])
    mixed = first * np.uint64(_K1) ^ last * np.uint64(_K2) ^ lengths.astype(np.uint64) * np.uint64(_K3)
    mixed ^= mixed >> np.uint64(29)
    mixed *= np.uint64(_K2)
    return mixed ^ mixed >> np.uint64(32)
