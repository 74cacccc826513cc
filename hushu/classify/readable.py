"""Columns whose cells may not be writable (a time in an unknown zone): the column is lost, not the table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa


class Readable:
    """Writes out the columns of unusual Arrow types; ``lost`` says of each that could not be read why.

    Example:
        >>> import pyarrow as pa
        >>> reading = Readable(["wann", "sjh"])
        >>> strange = pa.array([0], pa.timestamp("us", "Mars/Base"))
        >>> batch = pa.record_batch({"wann": strange, "sjh": ["13800138000"]})
        >>> reading.batch(batch).column(0).null_count, sorted(reading.lost)
        (1, ['wann'])
    """

    def __init__(self, names: list[str]) -> None:
        self.names = names
        self.lost: dict[str, str] = {}

    def batch(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Return the batch with its unusual columns as texts, nulls where a column cannot be read."""
        import pyarrow as pa

        unusual = [at for at, column in enumerate(batch.columns) if _unusual(column.type)]
        if not unusual:
            return batch
        columns = list(batch.columns)
        for at in unusual:
            columns[at] = self._texts(self.names[at], columns[at])
        return pa.RecordBatch.from_arrays(columns, names=[str(at) for at in range(len(columns))])

    def _texts(self, name: str, column: Any) -> Any:
        import pyarrow as pa

        nothing = pa.nulls(len(column), pa.string())
        if name in self.lost:
            return nothing
        try:
            if str(column.type) == "month_day_nano_interval":
                return pa.array([None if v is None else str(v) for v in column.to_pylist()], pa.string())
            return column.cast(pa.string())
        except (pa.ArrowException, ValueError, OverflowError) as problem:
            self.lost[name] = f"{type(problem).__name__}: {column.type}"  # the message may hold a value
            return nothing


def _unusual(kind: Any) -> bool:
    import pyarrow.types as types

    return bool(types.is_temporal(kind)) or str(kind) == "month_day_nano_interval"
