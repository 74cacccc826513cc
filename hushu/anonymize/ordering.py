"""The order of rows is a column too: it tells who stood where in the source.

Rows leave sorted by a key of their own published values: the order repeats nothing that the columns
do not say already, is the same for any order of the input, and needs no secret. Being no order of
names or numbers it can be had in bounded memory, since no range of keys holds more rows than another.
"""

from __future__ import annotations

from pathlib import Path

from hushu.anonymize.values.cellkeys import cell_keys, row_keys
from hushu.io.spooling import Rows, SortedRuns


def by_content(rows: Rows, folder: Path | None) -> SortedRuns:
    """Return the rows in an order that their published values alone decide. O(n log n) for n rows.

    Args:
        rows: n rows in any order.
        folder: where rows go that outgrow memory; None keeps them all.

    Example:
        >>> import pyarrow as pa
        >>> from hushu.io.spooling import Held
        >>> one = by_content(Held(pa.table({"a": ["x", "y", "z"]})), None)
        >>> two = by_content(Held(pa.table({"a": ["z", "x", "y"]})), None)
        >>> list(one.batches())[0].equals(list(two.batches())[0])
        True
    """
    runs = SortedRuns(folder)
    for batch in rows.batches():
        runs.add(batch, row_keys([cell_keys(column) for column in batch.columns], batch.num_rows))
    return runs
