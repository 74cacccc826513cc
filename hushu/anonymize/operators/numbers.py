"""Reading a column as numbers, whichever way it was stored."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from hushu.anonymize.values.normalizing import as_text
from hushu.errors import InputError


def as_numbers(column: Any, where: str) -> pa.Array:
    """Return n float64 values; empty text counts as null, full-width digits and thousands commas are read.

    Raises:
        InputError: HS-E253, cells that are not numbers (their count is named, never their content).
    """
    array = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if pa.types.is_integer(array.type) or pa.types.is_floating(array.type) or pa.types.is_decimal(array.type):
        return array.cast(pa.float64())
    text = pc.utf8_trim_whitespace(pc.utf8_normalize(as_text(array, where=where), form="NFKC"))
    text = pc.replace_substring(text, ",", "")
    text = pc.if_else(pc.equal(text, ""), pa.scalar(None, pa.string()), text)
    try:
        return text.cast(pa.float64())
    except pa.ArrowInvalid as error:
        bad = pc.invert(pc.match_substring_regex(text, r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$"))
        raise InputError(
            "the column holds cells that are not numbers",
            where=where,
            why=f"{pc.sum(bad).as_py() or 'some'} of {len(text)} cells",
            fix="choose an operator for text (mask, generalize, pseudonym), or clean the column",
            code="HS-E253",
        ) from error


def like(numbers: pa.Array, column: Any) -> pa.Array:
    """Return float64 results in the column's own kind: whole numbers stay whole numbers."""
    if pa.types.is_integer(column.type):
        whole = pc.round(numbers, round_mode="half_to_even")
        return whole.cast(pa.int64(), safe=False).cast(column.type, safe=False)
    return numbers.cast(column.type) if pa.types.is_floating(column.type) else numbers
