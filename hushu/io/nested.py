"""Nested Arrow columns as flat ones: structures become dotted names, lists JSON text."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa


def is_nested(schema: pa.Schema) -> bool:
    """Tell whether any column is a structure, list, map or union."""
    import pyarrow.types as kinds

    return any(kinds.is_nested(field.type) for field in schema)


def flat_schema(schema: pa.Schema) -> pa.Schema:
    """Return the schema that :func:`flat_batch` yields."""
    return flat_table(schema.empty_table()).schema


def flat_batch(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Return a batch without nested columns.

    Example:
        >>> import pyarrow as pa
        >>> flat_batch(pa.RecordBatch.from_pylist([{"a": {"b": 1}, "c": [1, 2]}])).to_pylist()
        [{'a.b': 1, 'c': '[1, 2]'}]
    """
    import pyarrow as pa

    if not is_nested(batch.schema):
        return batch
    table = flat_table(pa.Table.from_batches([batch])).combine_chunks()
    arrays = [column.chunk(0) if column.num_chunks else pa.array([], column.type) for column in table.columns]
    return pa.RecordBatch.from_arrays(arrays, names=table.schema.names)


def flat_table(table: pa.Table) -> pa.Table:
    """Return a table without nested columns; see :func:`flat_batch`."""
    import pyarrow as pa
    import pyarrow.types as kinds

    while any(kinds.is_struct(field.type) for field in table.schema):
        table = table.flatten()
    for place, field in enumerate(table.schema):
        if kinds.is_nested(field.type):
            texts = [
                None if value is None else json.dumps(value, ensure_ascii=False, default=str)
                for value in table.column(place).to_pylist()
            ]
            table = table.set_column(place, field.name, pa.array(texts, pa.string()))
    return table
