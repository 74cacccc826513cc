"""Counting distinct tuples over a stream of batches: memory grows with distinct tuples, not with rows."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

# Partial counts are merged when they outgrow this, or twice what the last merge left.
_MERGE_AT = 500_000
# The name of the counts; no column of a real table is called so.
ROWS = "\x00rows"


class TupleCounter:
    """Counts how often each tuple of some columns occurs.

    A missing value (null, NaN) is a value of its own.

    Example:
        >>> counter = TupleCounter(["sex"])
        >>> counter.add(pa.table({"sex": ["m", "f", "m"]}))
        >>> sorted(counter.table()[ROWS].to_pylist())
        [1, 2]
    """

    def __init__(self, columns: Sequence[str]) -> None:
        self.columns = list(columns)
        self._parts: list[pa.Table] = []
        self.pending = 0
        self._merge_at = _MERGE_AT

    def add(self, rows: pa.Table | pa.RecordBatch) -> None:
        """Count the rows of one batch; columns of the batch beyond the counted ones are ignored."""
        table = pa.table({name: _groupable(rows[name]) for name in self.columns})
        part = table.group_by(self.columns, use_threads=False).aggregate([([], "count_all")])
        part = part.rename_columns([*self.columns, ROWS]).cast(_schema(part, self.columns))
        self._parts.append(part)
        self.pending += part.num_rows
        if self.pending > self._merge_at:
            self.merge()

    def merge(self) -> None:
        """Count equal tuples together; ``pending`` is their number then."""
        merged = self.table()
        self._parts, self.pending = [merged], merged.num_rows
        self._merge_at = max(_MERGE_AT, 2 * merged.num_rows)

    def table(self) -> pa.Table:
        """Return the distinct tuples with the column :data:`ROWS`, their number of rows."""
        if not self._parts:
            return pa.table({**{name: pa.nulls(0) for name in self.columns}, ROWS: pa.array([], pa.int64())})
        if len(self._parts) == 1:
            return self._parts[0]
        whole = pa.concat_tables(self._parts, promote_options="permissive")
        merged = whole.group_by(self.columns, use_threads=False).aggregate([(ROWS, "sum")])
        return merged.rename_columns([*self.columns, ROWS])


def _schema(part: pa.Table, columns: Sequence[str]) -> pa.Schema:
    fields = [pa.field(name, part.schema.field(name).type) for name in columns]
    return pa.schema([*fields, pa.field(ROWS, pa.int64())])


def _groupable(column: pa.Array | pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if pa.types.is_floating(column.type):
        column = pc.if_else(pc.is_nan(column), pa.scalar(None, column.type), column)
    if pa.types.is_nested(column.type):
        column = pa.array([None if v is None else repr(v) for v in column.to_pylist()], pa.string())
    return column
