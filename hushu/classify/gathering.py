"""Gathering the columns of a table without a compiler: counts in numpy, distinct values in a sketch."""

from __future__ import annotations

from typing import Any

from hushu.classify import fallback
from hushu.classify.arrow import as_text
from hushu.classify.profiles import ColumnProfile, Gathered, merge
from hushu.classify.sketch import Sketch, counted

_ROWS = 65_536
_BYTES = 1 << 26


class Gathering:
    """Gathers so many columns batch by batch, as :class:`hushu.classify.compiled.Gathering` does."""

    def __init__(self, columns: int) -> None:
        self._profiles = [ColumnProfile()] * columns
        self._sketches = [Sketch() for _ in range(columns)]
        self._waiting: list[Any] = []  # batches: numpy looks at many rows for hardly more than at few

    def add(self, batch: Any) -> None:
        """Add the rows of an Arrow record batch."""
        self._waiting.append(batch)
        if sum(b.num_rows for b in self._waiting) >= _ROWS or sum(b.nbytes for b in self._waiting) >= _BYTES:
            self._gather()

    def _gather(self) -> None:
        import pyarrow as pa

        batches, self._waiting = self._waiting, []
        for at, sketch in enumerate(self._sketches if batches else []):
            columns = [batch.column(at) for batch in batches]
            if all(pa.types.is_dictionary(column.type) for column in columns):
                for column in columns:
                    self._count(at, *counted(column))
                continue
            parts = [as_text(column) for column in columns]
            texts = pa.concat_arrays(parts) if len(parts) > 1 else parts[0]
            if self._profiles[at].rows and sketch.complete:  # few different values: each is looked at once
                self._count(at, *counted(texts))
                continue
            self._profiles[at] = merge(self._profiles[at], fallback.profile(texts))
            sketch.add(texts)

    def _count(self, at: int, values: Any, counts: Any) -> None:
        """Add different values of a column with how often each occurs."""
        values = as_text(values)
        self._profiles[at] = merge(self._profiles[at], fallback.weighted(values, counts.to_numpy()))
        self._sketches[at].add_counted(values, counts)

    def merge(self, other: Gathering) -> None:
        """Add what another gathering of the same columns holds."""
        self._gather()
        other._gather()
        self._profiles = [merge(a, b) for a, b in zip(self._profiles, other._profiles, strict=True)]
        for mine, others in zip(self._sketches, other._sketches, strict=True):
            mine.merge(others)

    def columns(self) -> list[Gathered]:
        """Return what was gathered of each column so far."""
        self._gather()
        return [
            Gathered(profile, *sketch.values())
            for profile, sketch in zip(self._profiles, self._sketches, strict=True)
        ]
