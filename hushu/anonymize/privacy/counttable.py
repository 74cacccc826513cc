"""Tables of counts with all their totals, as one array: the last place of each axis is its total."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from hushu.anonymize.privacy.classes import Ints
from hushu.anonymize.privacy.columns import as_codes, read_batches, require_columns
from hushu.anonymize.privacy.counting import ROWS, TupleCounter
from hushu.errors import ConfigError, InputError

Mask: TypeAlias = npt.NDArray[np.bool_]

TOTAL = "合计"
MAX_CELLS = 200_000


@dataclass(frozen=True, slots=True)
class CountTable:
    """Counts by one or more dimensions, totals included.

    Attributes:
        dimensions: names of the axes.
        categories: for each axis its categories, the total left out; None is a missing value.
        counts: one more place per axis than categories; the last is the total.
    """

    dimensions: tuple[str, ...]
    categories: tuple[tuple[str | None, ...], ...]
    counts: Ints

    def sums(self) -> list[tuple[list[int], int]]:
        """Return every additive relation as the flat positions of the parts and of their total."""
        flat = np.arange(self.counts.size).reshape(self.counts.shape)
        found = []
        for axis in range(self.counts.ndim):
            moved = np.moveaxis(flat, axis, 0).reshape(self.counts.shape[axis], -1)
            found += [(line[:-1].tolist(), int(line[-1])) for line in moved.T]
        return found

    def rows(self, hidden: Mask | None = None, counts: npt.NDArray[Any] | None = None) -> pa.Table:
        """Return the table in long form: one row a cell, a hidden count as null."""
        values = (self.counts if counts is None else counts).ravel()
        labels = [[*names, TOTAL] for names in self.categories]
        columns: dict[str, Any] = {name: [] for name in self.dimensions}
        for cell in product(*labels):
            for name, label in zip(self.dimensions, cell, strict=True):
                columns[name].append(label)
        mask = None if hidden is None else hidden.ravel()
        return pa.table({**columns, count_name(self.dimensions): pa.array(values, mask=mask)})


def count_name(dimensions: Sequence[str]) -> str:
    """Return ``n``, or what the published count is called when a dimension has that name.

    Example:
        >>> count_name(["sex"]), count_name(["n"])
        ('n', 'n_')
    """
    name = "n"
    while name in dimensions:
        name += "_"
    return name


def count_table(data: Any, dimensions: Sequence[str], count: str | None = None) -> CountTable:
    """Count rows (or sum a count column) by dimensions, with every total.

    Args:
        data: anything that can be read as a table.
        dimensions: the columns to count by.
        count: a column of counts ≥ 0 to sum; default one per row.

    Raises:
        ConfigError: HS-E162, a column is missing; HS-E167, the table would have too many cells.
        InputError: HS-E260, no rows; HS-E263, a count is missing or negative.

    Example:
        >>> table = count_table(pa.table({"sex": ["m", "f", "m"]}), ["sex"])
        >>> table.counts.tolist()
        [1, 2, 3]
    """
    names = list(dimensions)
    if not names:
        raise ConfigError(
            "no dimension is given", where="dimensions", fix="name at least one", code="HS-E160"
        )
    wanted = [*names, *([count] if count else [])]
    require_columns(wanted, wanted)
    counter = TupleCounter(wanted)
    for batch in read_batches(data, wanted):
        counter.add(batch)
    cells = counter.table()
    if cells.num_rows == 0:
        raise InputError("the table is empty", where="data", fix="give its rows", code="HS-E260")
    weight = cells[ROWS].to_numpy().astype(np.int64)
    if count:
        weight = weight * _counts(cells[count], count)
    return _assembled(cells, names, weight)


def _counts(column: pa.ChunkedArray, name: str) -> Ints:
    import pyarrow.compute as pc

    try:
        value = pc.cast(column, pa.float64())
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):  # its message quotes the cell
        value = pa.chunked_array([pa.nulls(1, pa.float64())])
    if value.null_count or pc.min(value).as_py() < 0 or not pc.all(pc.equal(pc.round(value), value)).as_py():
        raise InputError(
            "a count is missing, negative or broken",
            where=name,
            why="counts are whole numbers ≥ 0",
            fix="correct the column",
            code="HS-E263",
        )
    whole: Ints = value.to_numpy().astype(np.int64)
    return whole


def _assembled(cells: pa.Table, names: list[str], weight: Ints) -> CountTable:
    places, categories = [], []
    for name in names:
        code, values = as_codes(cells[name])
        order = sorted(range(len(values)), key=lambda i: (values[i] is None, values[i] or ""))
        rank = np.empty(len(values), dtype=np.int64)
        rank[order] = np.arange(len(values))
        places.append(rank[code])
        categories.append(tuple(values[i] for i in order))
    shape = tuple(len(values) + 1 for values in categories)
    if np.prod([float(n) for n in shape]) > MAX_CELLS:
        raise ConfigError(
            "the table would have too many cells",
            where=", ".join(names),
            why=f"more than {MAX_CELLS:,}, totals included",
            fix="count by fewer or coarser dimensions",
            code="HS-E167",
        )
    counts = np.zeros(shape, dtype=np.int64)
    np.add.at(counts, tuple(places), weight)
    for axis in range(counts.ndim):
        end: list[Any] = [slice(None)] * counts.ndim
        end[axis] = -1
        counts[tuple(end)] = counts.sum(axis=axis)
    return CountTable(tuple(names), tuple(categories), counts)
