"""Gathering a table batch by batch in constant memory: exact counts, and distinct values to look at.

Which distinct values are kept depends on the values alone (:mod:`hushu.classify.sketch`), so neither the
order of the rows nor a seed changes a result.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Protocol

from hushu.classify import kernel
from hushu.classify.profiles import ColumnProfile
from hushu.classify.sketch import Sketch, counted
from hushu.classify.tableview import ColumnView, TableView

if TYPE_CHECKING:
    import pyarrow as pa

_WORTH_THREADS = 20_000  # cells of a batch


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
        self._sketch = Sketch()

    def add(self, array: Any) -> None:
        """Add the values of one Arrow array."""
        texts = as_text(array)
        if self.profile.rows and self._sketch.complete:  # few different values: each is looked at once
            values, counts = counted(texts)
            found = kernel.profile_counted(values, counts)
            self._sketch.add_counted(values, counts)
        else:
            found = kernel.profile(texts)
            self._sketch.add(texts)
        self.profile = kernel.merge(self.profile, found)

    def view(self) -> ColumnView:
        """Return what was gathered so far."""
        sample, complete, distinct = self._sketch.values()
        return ColumnView(
            name=self.meta.name,
            comment=self.meta.comment,
            data_type=self.meta.data_type,
            profile=self.profile,
            sample=sample,
            complete=complete,
            distinct=distinct,
        )


class TableAccumulator:
    """Gathers one table, the columns of a large batch at once while the next batch is read.

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
        self._threads: ThreadPoolExecutor | None = None
        self._begun: list[Future[None]] = []

    def add(self, batch: pa.RecordBatch) -> None:
        """Add the rows of one record batch whose columns stand in the declared order."""
        self._rows += batch.num_rows
        self._finish()  # never more than two batches are held, and a column is in one thread only
        pairs = zip(self._columns, batch.columns, strict=True)
        if batch.num_rows * batch.num_columns < _WORTH_THREADS:
            for gathered, array in pairs:
                gathered.add(array)
            return
        threads = self._threads = self._threads or ThreadPoolExecutor(min(4, os.cpu_count() or 1))
        self._begun = [threads.submit(gathered.add, array) for gathered, array in pairs]

    def _finish(self) -> None:
        for column in self._begun:
            column.result()
        self._begun = []

    def view(self) -> TableView:
        """Return what was gathered so far."""
        self._finish()
        if self._threads:
            self._threads.shutdown()
            self._threads = None
        return TableView(self.name, self.comment, self._rows, tuple(c.view() for c in self._columns))


def as_text(array: Any) -> Any:
    """Return an Arrow array as strings: numbers keep every digit, dates are ISO, nested values JSON."""
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
        return pa.array(
            [None if v is None else v.decode("utf-8", "replace") for v in array.to_pylist()], pa.string()
        )
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
