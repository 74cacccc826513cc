"""Gathering a table batch by batch in constant memory: exact counts, and distinct values to look at.

Which values are kept depends on the values alone (those with the smallest keyed hash), so neither the
order of the rows nor a seed changes a result.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol

from hushu.classify import kernel
from hushu.classify.profiles import ColumnProfile
from hushu.classify.tableview import ColumnView, TableView

if TYPE_CHECKING:
    import pyarrow as pa

KEPT = 1000  # distinct values kept
LONGEST = 4000  # characters of a value kept; the kernel sees all of it


class Described(Protocol):
    """What is declared of a column before a value is read."""

    @property
    def name(self) -> str:
        """Name of the column."""

    @property
    def comment(self) -> str:
        """Comment in the database or the DDL."""

    @property
    def data_type(self) -> str:
        """The source's own name for the type."""


class ColumnAccumulator:
    """Gathers one column."""

    def __init__(self, meta: Described) -> None:
        self.meta = meta
        self.profile = ColumnProfile()
        self._sample: dict[str, int] = {}
        self._limit = 1 << 64  # values whose hash is not below are out, and once out never come back
        self._rows = 0

    def add(self, array: Any) -> None:
        """Add the values of one Arrow array."""
        texts = as_text(array)
        self.profile = kernel.merge(self.profile, kernel.profile(texts))
        self._rows += len(texts)
        for value, count in _counts(texts):
            self._keep(value[:LONGEST], count)
        if len(self._sample) > 2 * KEPT:
            self._prune()

    def _keep(self, value: str, count: int) -> None:
        if value in self._sample:
            self._sample[value] += count
        elif self._limit >> 64 or _hash(value) < self._limit:
            self._sample[value] = count

    def _prune(self) -> None:
        ranked = sorted((_hash(v), v) for v in self._sample)
        self._limit = ranked[KEPT][0]
        self._sample = {v: self._sample[v] for _, v in ranked[:KEPT]}

    def view(self) -> ColumnView:
        """Return what was gathered so far."""
        if len(self._sample) > KEPT:
            self._prune()
        ordered = dict(sorted(self._sample.items(), key=lambda item: _hash(item[0])))
        complete = self._limit >> 64 > 0
        distinct = len(ordered) if complete else round(len(ordered) * 2**64 / self._limit)
        return ColumnView(
            name=self.meta.name,
            comment=self.meta.comment,
            data_type=self.meta.data_type,
            profile=self.profile,
            sample=ordered,
            complete=complete,
            distinct=distinct,
        )


class TableAccumulator:
    """Gathers one table.

    Args:
        name: of the table.
        comment: of the table.
        columns: what is declared of each column, in order.

    Example:
        >>> import pyarrow as pa
        >>> from hushu.io.contract import ColumnMeta
        >>> seen = TableAccumulator("t", "", [ColumnMeta(name="xb")])
        >>> seen.add(pa.record_batch({"xb": ["男", "女", "男"]}))
        >>> dict(seen.view().columns[0].sample)["男"]
        2
    """

    def __init__(self, name: str, comment: str, columns: Sequence[Described]) -> None:
        self.name = name
        self.comment = comment
        self._columns = [ColumnAccumulator(meta) for meta in columns]
        self._rows = 0

    def add(self, batch: pa.RecordBatch) -> None:
        """Add the rows of one record batch whose columns stand in the declared order."""
        self._rows += batch.num_rows
        for gathered, array in zip(self._columns, batch.columns, strict=True):
            gathered.add(array)

    def view(self) -> TableView:
        """Return what was gathered so far."""
        return TableView(self.name, self.comment, self._rows, tuple(c.view() for c in self._columns))


def _hash(value: str) -> int:
    return int.from_bytes(hashlib.blake2b(value.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")


def _counts(texts: Any) -> list[tuple[str, int]]:
    if len(texts) <= 4096:
        return list(Counter(v for v in texts.to_pylist() if v is not None).items())
    import pyarrow.compute as pc

    counted = pc.value_counts(texts)
    values, counts = counted.field("values").to_pylist(), counted.field("counts").to_pylist()
    return [(v, n) for v, n in zip(values, counts, strict=True) if v is not None]


def as_text(array: Any) -> Any:
    """Return an Arrow array as strings: numbers with every digit, dates in ISO form, nested values as JSON."""
    import pyarrow as pa
    import pyarrow.types as types

    kind = array.type
    if types.is_string(kind):
        return array
    if types.is_dictionary(kind):
        return as_text(array.dictionary_decode())
    if types.is_nested(kind):
        return pa.array([None if v is None else _json(v) for v in array.to_pylist()], pa.string())
    if types.is_binary(kind) or types.is_large_binary(kind) or types.is_fixed_size_binary(kind):
        return pa.array([None if v is None else v.decode("utf-8", "replace") for v in array.to_pylist()], pa.string())
    if types.is_floating(kind):
        return pa.array([None if v is None or v != v else _number(v) for v in array.to_pylist()], pa.string())
    if types.is_null(kind):
        return pa.nulls(len(array), pa.string())
    return array.cast(pa.string())


def _number(value: float) -> str:
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


def _json(value: Any) -> str:
    import json

    return json.dumps(value, ensure_ascii=False, default=str)
