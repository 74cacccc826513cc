"""A sample of the distinct values of a column, with exact counts, in constant memory.

Which values are kept depends on the values alone, namely on a hash of their length, their first and last
bytes (:mod:`hushu.classify.keys`): the order of the rows and the size of the batches change nothing. What is
out once never comes back (the bar only falls), so the count of every value that is kept is exact, and once
the bar is low almost every value costs a hash and a comparison. The C kernel keeps the same values.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hushu.classify.keys import HIGHEST, below, fine_hash

if TYPE_CHECKING:
    import pyarrow as pa

KEPT = 1000  # distinct values kept
LONGEST = 4000  # characters of a value kept


def distinct(kept: int, bar: int, fine_bar: int) -> int:
    """Return how many distinct values there are (about 3 % off) when so many lie below the bars."""
    share = (bar if fine_bar == HIGHEST else fine_bar) / HIGHEST
    return max(min(kept, KEPT), round(kept / max(share, 1e-12)))


class Sketch:
    """Gathers distinct values and their counts; see the module."""

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}
        self._keys: dict[str, int] = {}  # of the values counted
        self._bar = HIGHEST
        self._fine_bar = HIGHEST  # for values that share their first bytes, their last bytes and their length

    @property
    def complete(self) -> bool:
        """Whether every distinct value so far is kept: then counting them first is cheap."""
        return self._bar == HIGHEST

    def add(self, texts: pa.StringArray) -> None:
        """Add the values of one Arrow string array; nulls count nothing."""
        if self.complete:
            first = texts.slice(0, 4 * KEPT)  # enough to lower the bar where almost all values differ
            self.add_counted(*counted(first))
            texts = texts.slice(len(first))
        if not self.complete:
            rows, _ = below(texts, self._bar)
            texts = texts.take(_indices(rows))
        if len(texts):
            self.add_counted(*counted(texts))

    def add_counted(self, values: pa.StringArray, counts: pa.Int64Array) -> None:
        """Add distinct values with how often each occurs; a null counts nothing."""
        rows, keys = below(values, self._bar)
        if len(keys) > 2 * KEPT:  # only the smallest of these can stay
            self._lower(keys)
            chosen = keys <= self._bar
            rows, keys = rows[chosen], keys[chosen]
        if len(rows) < len(values):
            values, counts = values.take(_indices(rows)), counts.take(_indices(rows))
        self._take(values.to_pylist(), counts.to_pylist(), keys.tolist())
        if len(self._counts) > 2 * KEPT:
            self._prune()

    def merge(self, other: Sketch) -> None:
        """Add what another sketch holds."""
        self._bar, self._fine_bar = min(self._bar, other._bar), min(self._fine_bar, other._fine_bar)
        self._keep([v for v in self._counts if self._stays(v, self._keys[v])])
        held = other._counts
        self._take(list(held), list(held.values()), [other._keys[v] for v in held])
        if len(self._counts) > 2 * KEPT:
            self._prune()

    def _stays(self, value: str, key: int) -> bool:
        return key <= self._bar and (self._fine_bar == HIGHEST or fine_hash(value) <= self._fine_bar)

    def _lower(self, keys: Any) -> None:
        import numpy as np

        known = np.unique(keys)
        if len(known) > KEPT:
            self._bar = min(self._bar, int(known[KEPT]))

    def _take(self, values: list[str], counts: list[int], keys: list[int]) -> None:
        total = self._counts
        for value, count, key in zip(values, counts, keys, strict=True):
            if value in total:
                total[value] += count
            elif self._stays(value, key):
                total[value] = count
                self._keys[value] = key

    def _prune(self) -> None:
        keys = self._keys
        if len(keys) > KEPT:
            self._bar = min(self._bar, sorted(keys.values())[KEPT])
        self._keep([v for v in self._counts if keys[v] <= self._bar])
        if len(self._counts) > (2 * KEPT if self._fine_bar == HIGHEST else KEPT + 1):
            finer = sorted(self._counts, key=fine_hash)
            self._fine_bar = min(self._fine_bar, fine_hash(finer[KEPT]))
            self._keep(finer[: KEPT + 1])

    def _keep(self, values: list[str]) -> None:
        self._counts = {v: self._counts[v] for v in values}
        self._keys = {v: self._keys[v] for v in values}

    def values(self) -> tuple[dict[str, int], bool, int]:
        """Return the kept values with their counts, whether these are all, and how many distinct there are.

        The number is an estimate (about 3 % off) when not all are kept.
        """
        if self._bar != HIGHEST or len(self._counts) > KEPT:
            self._prune()
        ranked = sorted(self._counts, key=lambda value: (self._keys[value], value))
        kept = {v[:LONGEST]: self._counts[v] for v in ranked[:KEPT]}
        if self._bar == HIGHEST:
            return kept, True, len(self._counts)
        return kept, False, distinct(len(self._counts), self._bar, self._fine_bar)


def counted(texts: pa.StringArray) -> tuple[pa.StringArray, pa.Int64Array]:
    """Return the distinct values of an array, null among them, and how often each occurs."""
    import pyarrow.compute as pc

    pairs = pc.value_counts(texts)
    return pairs.field("values"), pairs.field("counts")


def _indices(rows: Any) -> pa.Array:
    # Not pa.array(rows), which imports pandas when that is installed.
    import pyarrow as pa

    return pa.Array.from_buffers(pa.int64(), len(rows), [None, pa.py_buffer(rows)])
