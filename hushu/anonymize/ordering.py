"""The order of rows is a column too: it tells who stood where in the source.

Rows leave sorted by their own published values, so the order repeats nothing that the columns
do not say already, is the same for any order of the input, and needs no key.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc


def by_content(rows: pa.Table) -> pa.Table:
    """Return the rows sorted by all their columns, from left to right, nulls last.

    Columns are sorted by the ranks of their distinct values: comparing integers instead of text
    halves the time. O(n log n) for n rows.

    Example:
        >>> by_content(pa.table({"a": [2, 1], "b": ["x", "y"]}))["a"].to_pylist()
        [1, 2]
    """
    if rows.num_rows < 2 or not rows.num_columns:
        return rows
    ranks = [_ranks(column) for column in rows.columns]
    return rows.take(pa.array(np.lexsort(ranks[::-1])))


def _ranks(column: pa.ChunkedArray) -> Any:
    """Return n integers that order as the values do; nulls come last."""
    encoded = _plain(column).combine_chunks().dictionary_encode()
    order = pc.array_sort_indices(encoded.dictionary).to_numpy()
    rank = np.empty(len(order) + 1, np.int32)
    rank[order] = np.arange(len(order), dtype=np.int32)
    rank[-1] = len(order)
    return rank[pc.fill_null(encoded.indices, len(order)).to_numpy(zero_copy_only=False)]


def _plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    kind = column.type
    if pa.types.is_dictionary(kind):
        return column.cast(kind.value_type)
    if pa.types.is_nested(kind) or pa.types.is_null(kind):
        texts = [None if value is None else repr(value) for value in column.to_pylist()]
        return pa.chunked_array([pa.array(texts, pa.string())])
    return column
