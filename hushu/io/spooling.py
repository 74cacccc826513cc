"""Rows that may not fit into memory: kept in a folder, handed out as they came or sorted by a key.

Up to a budget rows stay in memory; beyond it they go to Arrow files in the folder that was given,
which the caller owns and removes (the hidden folder in which a release is built). Without a folder
everything stays in memory.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

BUDGET = 64 << 20
"""Bytes of rows that are held before they are written to disk."""
BATCH_ROWS = 65_536
"""Rows of one batch handed out by :class:`SortedRuns`, whatever came in: row groups are cut alike."""
_BUCKETS = 1024
_MOST_OPEN = 256  # files at once: a process may often open no more than 1,024
_SHIFT = 54  # the bits of a 64-bit key below those that number the buckets


class Rows(Protocol):
    """A table that is read batch by batch, as often as wanted."""

    @property
    def schema(self) -> pa.Schema:
        """Return names and types of the columns."""

    @property
    def num_rows(self) -> int:
        """Return the number of rows."""

    def batches(self, columns: Sequence[str] | None = None) -> Iterator[pa.RecordBatch]:
        """Yield the rows, or some of their columns; every call starts anew."""


@dataclass(frozen=True, slots=True)
class Held:
    """Rows of a table in memory."""

    table: pa.Table

    @property
    def schema(self) -> pa.Schema:
        """Return names and types of the columns."""
        return self.table.schema

    @property
    def num_rows(self) -> int:
        """Return the number of rows."""
        return int(self.table.num_rows)

    def batches(self, columns: Sequence[str] | None = None) -> Iterator[pa.RecordBatch]:
        """Yield the rows, or some of their columns."""
        table = self.table if columns is None else self.table.select(list(columns))
        yield from table.to_batches(max_chunksize=BATCH_ROWS)


class Spool:
    """Rows in the order in which they came.

    Example:
        >>> import pyarrow as pa
        >>> spool = Spool(None)
        >>> spool.add(pa.record_batch({"a": [1, 2]}))
        >>> spool.num_rows, [batch.num_rows for batch in spool.batches()]
        (2, [2])
    """

    def __init__(self, folder: Path | None, name: str = "rows", budget: int = 0) -> None:
        self._folder, self._name, self._budget = folder, name, budget or BUDGET
        self._files: list[Path] = []
        self._held: list[pa.RecordBatch] = []
        self._bytes = 0
        self._schemas: list[pa.Schema] = []
        self.num_rows = 0

    @property
    def schema(self) -> pa.Schema:
        """Return names and types of the columns; types that differ between batches are widened."""
        return _joint(self._schemas)

    def add(self, batch: pa.RecordBatch) -> None:
        """Keep the rows of one batch."""
        self.num_rows += batch.num_rows
        if batch.schema not in self._schemas:
            self._schemas.append(batch.schema)
        self._held.append(batch)
        self._bytes += batch.nbytes
        if self._folder is not None and self._bytes > self._budget:
            self._flush(self._folder)

    def batches(self, columns: Sequence[str] | None = None) -> Iterator[pa.RecordBatch]:
        """Yield the rows, or some of their columns."""
        schema = self.schema
        for file in self._files:
            yield from (_fitted(batch, schema, columns) for batch in _read(file))
        for batch in self._held:
            yield _fitted(batch, schema, columns)

    def _flush(self, folder: Path) -> None:
        import pyarrow as pa

        while self._held:  # a file has one schema
            schema = self._held[0].schema
            here = [batch for batch in self._held if batch.schema == schema]
            if len(here) < len(self._held):
                here = self._held[: next(i for i, b in enumerate(self._held) if b.schema != schema)]
            file = folder / f"{self._name}.{len(self._files)}.arrow"
            with pa.OSFile(str(file), "wb") as sink, pa.ipc.new_file(sink, schema) as writer:
                for batch in here:
                    writer.write_batch(batch)
            self._files.append(file)
            del self._held[: len(here)]
        self._bytes = 0


class SortedRuns:
    """Rows sorted by a 64-bit key: runs are sorted in memory, written out, and merged range by range.

    Rows of equal keys keep the order in which they came. Memory grows with the budget alone.
    """

    def __init__(self, folder: Path | None, name: str = "sorted", budget: int = 0) -> None:
        self._folder, self._name, self._budget = folder, name, budget or BUDGET
        self._runs: list[_Run] = []
        self._waiting: list[tuple[pa.RecordBatch, Any]] = []
        self._bytes = self._all_bytes = 0
        self._schemas: list[pa.Schema] = []
        self.num_rows = 0

    @property
    def schema(self) -> pa.Schema:
        """Return names and types of the columns; types that differ between batches are widened."""
        return _joint(self._schemas)

    def add(self, batch: pa.RecordBatch, keys: np.ndarray) -> None:
        """Keep the rows of one batch.

        Args:
            batch: n rows.
            keys: n uint64.
        """
        self.num_rows += batch.num_rows
        if batch.schema not in self._schemas:
            self._schemas.append(batch.schema)
        if not batch.num_rows:
            return
        self._waiting.append((batch, keys))
        self._bytes += batch.nbytes
        self._all_bytes += batch.nbytes
        if self._bytes > self._budget:
            self._close_run()

    def batches(self, columns: Sequence[str] | None = None) -> Iterator[pa.RecordBatch]:
        """Yield the rows in the order of their keys, 65,536 a batch."""
        import pyarrow as pa

        self._close_run()
        schema, left = self.schema, None
        try:
            for batch in self._merged():
                fitted = _fitted(batch, schema, columns)
                left = fitted if left is None else pa.concat_batches([left, fitted])
                while left.num_rows >= BATCH_ROWS:
                    yield left.slice(0, BATCH_ROWS)
                    left = left.slice(BATCH_ROWS)
            if left is not None and left.num_rows:
                yield left
        finally:
            for run in self._runs:
                run.close()

    def _close_run(self) -> None:
        import numpy as np
        import pyarrow as pa

        if not self._waiting:
            return
        keys = np.concatenate([keys for _, keys in self._waiting])
        schema = _joint([batch.schema for batch, _ in self._waiting])
        rows = pa.concat_batches([_fitted(batch, schema, None) for batch, _ in self._waiting])
        self._waiting.clear()
        self._bytes = 0
        order = np.argsort(keys, kind="stable")
        keys, rows = keys[order], rows.take(pa.array(order))
        place = None if self._folder is None else self._folder / f"{self._name}.{len(self._runs)}.arrow"
        self._runs.append(_Run.written(rows, keys, place) if place else _Run.held(rows, keys))

    def _merged(self) -> Iterator[pa.RecordBatch]:
        import numpy as np

        if not self._runs:
            return
        counts = sum(run.counts for run in self._runs)
        most = max(1, int(self._budget / 4 / max(1.0, self._all_bytes / self.num_rows)))
        first = 0
        while first < _BUCKETS:
            reach = np.searchsorted(np.cumsum(counts[first:]), most, side="right")
            last = min(_BUCKETS, first + max(1, int(reach)))
            if counts[first:last].sum() > 2 * most:
                yield from self._crowded(first, most)
            else:
                yield from _in_order(self._gathered(range(first, last)))
            first = last

    def _gathered(self, buckets: range) -> list[tuple[pa.RecordBatch, Any]]:
        pieces: list[tuple[pa.RecordBatch, Any]] = []
        for run in self._runs:
            pieces += [piece for bucket in buckets for piece in run.bucket(bucket)]
            if len(self._runs) > _MOST_OPEN:
                run.close()
        return pieces

    def _crowded(self, bucket: int, most: int) -> Iterator[pa.RecordBatch]:
        """One bucket that holds too many rows: cut at keys; rows of one and the same key need no sorting."""
        import numpy as np

        keys = np.sort(np.concatenate([run.keys(bucket) for run in self._runs]))
        cuts = keys[most::most]
        top = np.uint64(bucket) << np.uint64(_SHIFT) | np.uint64((1 << _SHIFT) - 1)
        edges = np.unique(np.concatenate([keys[:1], cuts, cuts[cuts < top] + np.uint64(1)]))
        for low, high in zip(edges, [*edges[1:], None], strict=True):
            alike = high is not None and high == low + np.uint64(1)
            pieces = (piece for run in self._runs for piece in run.between(bucket, low, high))
            yield from (rows for rows, _ in pieces) if alike else _in_order(list(pieces))


class KeyPile:
    """Keys of 64 bits, in memory up to a budget, then in a file."""

    def __init__(self, folder: Path | None, name: str, budget: int = 0) -> None:
        self._file = None if folder is None else folder / f"{name}.keys"
        self._budget = budget or BUDGET // 16
        self._held: list[Any] = []
        self._bytes = 0
        self.count = 0

    def add(self, keys: np.ndarray) -> None:
        """Keep n uint64."""
        self._held.append(keys)
        self._bytes += keys.nbytes
        self.count += len(keys)
        if self._file is not None and self._bytes > self._budget:
            with self._file.open("ab") as stream:
                for part in self._held:
                    stream.write(part.tobytes())
            self._held, self._bytes = [], 0

    def parts(self) -> Iterator[np.ndarray]:
        """Yield all keys, some at a time; every call starts anew."""
        import numpy as np

        if self._file is not None and self._file.exists():
            with self._file.open("rb") as stream:
                while data := stream.read(self._budget // 8 * 8):
                    yield np.frombuffer(data, np.uint64)
        if len(self._held) > 1:
            self._held = [np.concatenate(self._held)]
        yield from self._held


@dataclass(slots=True)
class _Run:
    """Sorted rows, one batch a bucket of keys, in a file or in memory."""

    counts: Any
    places: dict[int, int]
    file: Path | None = None
    rows: tuple[pa.RecordBatch, ...] = ()
    sorted_keys: tuple[Any, ...] = ()
    names: tuple[str, ...] = ()
    reader: Any = None

    @classmethod
    def held(cls, rows: pa.RecordBatch, keys: np.ndarray) -> _Run:
        counts, places, parts = _bucketed(keys)
        return cls(
            counts,
            places,
            rows=tuple(rows.slice(a, b - a) for a, b in parts),
            sorted_keys=tuple(keys[a:b] for a, b in parts),
        )

    @classmethod
    def written(cls, rows: pa.RecordBatch, keys: np.ndarray, file: Path) -> _Run:
        import pyarrow as pa

        counts, places, parts = _bucketed(keys)
        names = [str(i) for i in range(len(rows.columns))]  # a column may be called as the key is
        keyed = pa.RecordBatch.from_arrays([pa.array(keys), *rows.columns], names=["key", *names])
        plain = pa.schema(
            [keyed.schema.field(0), *(f.with_name(n) for f, n in zip(rows.schema, names, strict=True))]
        )
        keyed = keyed.cast(plain) if keyed.schema != plain else keyed
        with pa.OSFile(str(file), "wb") as sink, pa.ipc.new_file(sink, plain) as writer:
            for start, stop in parts:
                writer.write_batch(keyed.slice(start, stop - start))
        return cls(counts, places, file=file, names=tuple(rows.schema.names))

    def bucket(self, number: int) -> Iterator[tuple[pa.RecordBatch, Any]]:
        """Yield the rows of a bucket with their keys: once, or not at all."""
        place = self.places.get(number)
        if place is None:
            return
        if self.file is None:
            yield self.rows[place], self.sorted_keys[place]
            return
        batch = self._open().get_batch(place)
        rows = batch.select(range(1, batch.num_columns)).rename_columns(list(self.names))
        yield rows, batch.column(0).to_numpy()

    def _open(self) -> Any:
        """Return the file's reader: reading its table of contents anew for every bucket would cost more."""
        import pyarrow as pa

        if self.reader is None:
            self.reader = pa.ipc.open_file(pa.OSFile(str(self.file)))
        return self.reader

    def close(self) -> None:
        """Let go of the file; it is opened again when it is read again."""
        self.reader = None

    def keys(self, number: int) -> Any:
        """Return the keys of a bucket."""
        import numpy as np

        return next((keys for _, keys in self.bucket(number)), np.empty(0, np.uint64))

    def between(self, number: int, low: Any, high: Any) -> Iterator[tuple[pa.RecordBatch, Any]]:
        """Yield the rows of a bucket whose key k is low ≤ k < high, copied out of it."""
        import numpy as np
        import pyarrow as pa

        for rows, keys in self.bucket(number):
            start = int(np.searchsorted(keys, low))
            stop = len(keys) if high is None else int(np.searchsorted(keys, high))
            if stop > start:
                yield rows.take(pa.array(np.arange(start, stop))), keys[start:stop].copy()


def _bucketed(keys: np.ndarray) -> tuple[Any, dict[int, int], list[tuple[int, int]]]:
    """Return rows by bucket, where each filled bucket's batch stands, and its first and last row."""
    import numpy as np

    counts = np.bincount((keys >> np.uint64(_SHIFT)).astype(np.int64), minlength=_BUCKETS)
    ends = np.cumsum(counts)
    filled = np.flatnonzero(counts)
    parts = [(int(ends[b] - counts[b]), int(ends[b])) for b in filled]
    return counts, {int(b): place for place, b in enumerate(filled)}, parts


def _in_order(pieces: list[tuple[pa.RecordBatch, Any]]) -> Iterator[pa.RecordBatch]:
    import numpy as np
    import pyarrow as pa

    if not pieces:
        return
    schema = _joint([rows.schema for rows, _ in pieces])
    rows = pa.concat_batches([_fitted(rows, schema, None) for rows, _ in pieces])
    keys = np.concatenate([keys for _, keys in pieces])
    if np.all(keys[:-1] <= keys[1:]):
        yield rows
    else:
        yield rows.take(pa.array(np.argsort(keys, kind="stable")))


def _read(file: Path) -> Iterator[pa.RecordBatch]:
    import pyarrow as pa

    with pa.OSFile(str(file)) as stream, pa.ipc.open_file(stream) as reader:
        for place in range(reader.num_record_batches):
            yield reader.get_batch(place)


def _joint(schemas: list[pa.Schema]) -> pa.Schema:
    import pyarrow as pa

    different = list(dict.fromkeys(schemas))
    if len(different) == 1:
        return different[0]
    return pa.unify_schemas(different, promote_options="permissive")


def _fitted(batch: pa.RecordBatch, schema: pa.Schema, columns: Sequence[str] | None) -> pa.RecordBatch:
    import pyarrow as pa

    if columns is not None:
        batch = batch.select(list(columns))
        schema = pa.schema([schema.field(name) for name in columns])
    return batch if batch.schema == schema else batch.cast(schema)
