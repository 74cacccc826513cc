"""A sample of the distinct values of a column, with exact counts, in constant memory.

Which values are kept depends on the values alone, namely on a hash of their length, their first and last
bytes: the order of the rows and the size of the batches change nothing. What is out once never comes back
(the bar only falls), so the count of every value that is kept is exact.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pyarrow as pa

KEPT = 1000  # distinct values kept
LONGEST = 4000  # characters of a value kept
_SMALL = 256  # a batch up to this length is counted value by value
_ALL = (1 << 64) - 1
_K1, _K2, _K3 = 0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9


def keyed_hash(value: str) -> int:
    """Return the hash by which a value is kept, 0..2**64-1.

    Example:
        >>> keyed_hash("a") == keyed_hash("a") != keyed_hash("b")
        True
    """
    data = value.encode("utf-8", "surrogatepass")
    first, last = int.from_bytes(data[:8], "little"), int.from_bytes(data[-8:], "little")
    mixed = (first * _K1 ^ last * _K2 ^ len(data) * _K3) & _ALL
    mixed ^= mixed >> 29
    mixed = mixed * _K2 & _ALL
    return mixed ^ mixed >> 32


def hashes(array: pa.StringArray) -> Any:
    """Return :func:`keyed_hash` of every value of an Arrow string array as uint64; nulls get some value.

    Args:
        array: n strings, any offset.
    """
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


def _fine_hash(value: str) -> int:
    return int.from_bytes(
        hashlib.blake2b(value.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big"
    )


class Sketch:
    """Gathers distinct values and their counts; see the module."""

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}
        self._bar = _ALL
        self._fine_bar = _ALL  # for values that share their first bytes, their last bytes and their length

    def add(self, texts: pa.StringArray) -> None:
        """Add the values of one Arrow string array; nulls count nothing."""
        if len(texts) <= _SMALL:
            self._take((v, 1) for v in texts.to_pylist() if v is not None)
        else:
            self._add_many(texts)
        if len(self._counts) > 2 * KEPT:
            self._prune()

    def _add_many(self, texts: pa.StringArray) -> None:
        import pyarrow as pa
        import pyarrow.compute as pc

        if self._bar == _ALL:  # few different values need no hash
            counted = pc.value_counts(texts)
            if len(counted) <= 2 * KEPT:
                self._take_counted(counted)
                return
        keys = hashes(texts)
        below = keys <= self._bar
        if int(below.sum()) > 4 * KEPT:
            known = np.unique(keys[below])
            if len(known) > KEPT:  # only the smallest of these can stay
                self._bar = min(self._bar, int(known[KEPT]))
                below = keys <= self._bar
        chosen = texts if below.all() else texts.take(pa.array(np.flatnonzero(below)))
        self._take_counted(pc.value_counts(chosen))

    def _take_counted(self, counted: Any) -> None:
        pairs = zip(counted.field("values").to_pylist(), counted.field("counts").to_pylist(), strict=True)
        self._take((v, n) for v, n in pairs if v is not None)

    def _take(self, pairs: Any) -> None:
        counts, bar = self._counts, self._bar
        for value, count in pairs:
            if value in counts:
                counts[value] += count
            elif (bar == _ALL or keyed_hash(value) <= bar) and (
                self._fine_bar == _ALL or _fine_hash(value) <= self._fine_bar
            ):
                counts[value] = count

    def _prune(self) -> None:
        ranked = sorted(self._counts, key=lambda v: (keyed_hash(v), v))
        if len(ranked) > KEPT:
            self._bar = min(self._bar, keyed_hash(ranked[KEPT]))
        self._counts = {v: self._counts[v] for v in ranked if keyed_hash(v) <= self._bar}
        if len(self._counts) > (2 * KEPT if self._fine_bar == _ALL else KEPT + 1):
            finer = sorted(self._counts, key=_fine_hash)
            self._fine_bar = min(self._fine_bar, _fine_hash(finer[KEPT]))
            self._counts = {v: self._counts[v] for v in finer[: KEPT + 1]}

    def values(self) -> tuple[dict[str, int], bool, int]:
        """Return the kept values with their counts, whether these are all, and how many distinct there are.

        The number is an estimate (about 3 % off) when not all are kept.
        """
        if self._bar != _ALL or len(self._counts) > KEPT:
            self._prune()
        ranked = sorted(self._counts, key=lambda v: (keyed_hash(v), v))
        kept = {v[:LONGEST]: self._counts[v] for v in ranked[:KEPT]}
        if self._bar == _ALL:
            return kept, True, len(self._counts)
        share = (self._bar if self._fine_bar == _ALL else self._fine_bar) / _ALL
        return kept, False, max(len(kept), round(len(self._counts) / max(share, 1e-12)))
