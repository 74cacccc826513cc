"""Arrow columns as plain ones: structures become dotted names, lists JSON text, encodings their values.

Whoever reads a source meets numbers, dates, text and bytes only; no dictionary, view, run-length or
nested type.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa


def is_plain(schema: pa.Schema) -> bool:
    """Tell whether every column is plain already."""
    return all(_plain_type(field.type) is field.type for field in schema)


def plain_schema(schema: pa.Schema) -> pa.Schema:
    """Return the schema that :func:`plain_batch` yields."""
    return plain_table(schema.empty_table()).schema


def plain_batch(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Return a batch of plain columns.

    Example:
        >>> import pyarrow as pa
        >>> plain_batch(pa.RecordBatch.from_pylist([{"a": {"b": 1}, "c": [1, 2]}])).to_pylist()
        [{'a.b': 1, 'c': '[1, 2]'}]
    """
    import pyarrow as pa

    table = plain_table(pa.Table.from_batches([batch])).combine_chunks()
    arrays = [c.chunk(0) if c.num_chunks else pa.array([], c.type) for c in table.columns]
    return pa.RecordBatch.from_arrays(arrays, names=table.schema.names)


def plain_table(table: pa.Table) -> pa.Table:
    """Return a table of plain columns; see :func:`plain_batch`."""
    import pyarrow as pa
    import pyarrow.types as kinds

    while any(kinds.is_struct(field.type) for field in table.schema):
        table = table.flatten()
    for place, field in enumerate(table.schema):
        wanted = _plain_type(field.type)
        if wanted is field.type:
            continue
        if kinds.is_nested(field.type):
            values = table.column(place).to_pylist()
            texts = [None if v is None else json.dumps(v, ensure_ascii=False, default=str) for v in values]
            column = pa.chunked_array([pa.array(texts, pa.string())])
        else:
            column = table.column(place).cast(wanted)
        table = table.set_column(place, field.with_type(wanted), column)
    return table


def _plain_type(kind: pa.DataType) -> pa.DataType:
    import pyarrow as pa
    import pyarrow.types as kinds

    if kinds.is_dictionary(kind) or kinds.is_run_end_encoded(kind):
        return _plain_type(kind.value_type)
    if kinds.is_nested(kind) or kinds.is_string_view(kind) or kinds.is_null(kind):
        return pa.string()
    if kinds.is_binary_view(kind):
        return pa.binary()
    return _plain_type(kind.storage_type) if isinstance(kind, pa.BaseExtensionType) else kind
