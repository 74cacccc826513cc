"""Gathering a table batch by batch in constant memory: exact counts, and distinct values to look at.

Which distinct values are kept depends on the values alone (:mod:`hushu.classify.sketch`), so neither the
order of the rows nor a seed changes a result.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from queue import SimpleQueue
from typing import TYPE_CHECKING, Protocol

from hushu.classify import kernel
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


class TableAccumulator:
    """Gathers one table, several large batches at once while the next one is read.

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
        self._declared = tuple(columns)
        self._rows = 0
        self._gatherings = [kernel.gathering(len(self._declared))]
        self._idle: SimpleQueue[int] = SimpleQueue()  # numbers of gatherings that no thread uses
        self._idle.put(0)
        self._threads: ThreadPoolExecutor | None = None
        self._begun: list[Future[None]] = []

    def add(self, batch: pa.RecordBatch) -> None:
        """Add the rows of one record batch whose columns stand in the declared order."""
        self._rows += batch.num_rows
        if batch.num_rows * batch.num_columns < _WORTH_THREADS:
            self._finish(0)
            self._gather(batch)
            return
        if self._threads is None:
            self._begin()
        assert self._threads is not None  # noqa: S101  (narrowing for the type checker)
        self._finish(len(self._gatherings))  # so few batches are held at once
        self._begun.append(self._threads.submit(self._gather, batch))

    def _begin(self) -> None:
        count = min(4, os.cpu_count() or 1)
        self._threads = ThreadPoolExecutor(count)
        for number in range(len(self._gatherings), count):
            self._gatherings.append(kernel.gathering(len(self._declared)))
            self._idle.put(number)

    def _gather(self, batch: pa.RecordBatch) -> None:
        number = self._idle.get()
        try:
            self._gatherings[number].add(batch)
        finally:
            self._idle.put(number)

    def _finish(self, waiting: int) -> None:
        """Wait until no more than so many batches are under way."""
        while len(self._begun) > waiting:
            self._begun.pop(0).result()

    def view(self) -> TableView:
        """Return what was gathered so far."""
        self._finish(0)
        if self._threads:
            self._threads.shutdown()
            self._threads = None
        whole = self._gatherings[0]
        for part in self._gatherings[1:]:
            whole.merge(part)
        del self._gatherings[1:]
        self._idle = SimpleQueue()
        self._idle.put(0)
        views = [
            ColumnView(meta.name, meta.comment, meta.data_type, *found)
            for meta, found in zip(self._declared, whole.columns(), strict=True)
        ]
        return TableView(self.name, self.comment, self._rows, tuple(views))
