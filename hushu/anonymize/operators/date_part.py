"""A date becomes its month, quarter, year or decade."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import pyarrow as pa
import pyarrow.compute as pc

from hushu.anonymize.operators.base import Context, Operator
from hushu.anonymize.values.dates import as_dates

Part = Literal["month", "quarter", "year", "decade"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DatePart(Operator):
    """``1990-01-02`` becomes ``1990-01``, ``1990Q1``, ``1990`` or ``1990s``; unreadable dates become null.

    Raises:
        ConfigError: HS-E151, an unknown part.
    """

    name: ClassVar[str] = "date_part"
    text: ClassVar = {"zh": "日期只保留 {part}", "en": "only the {part} of the date stays"}
    part: Part

    def __post_init__(self) -> None:
        if self.part not in ("month", "quarter", "year", "decade"):
            raise self.wrong("part", f"it is {self.part}", "month, quarter, year or decade")

    def __call__(self, column: Any, context: Context) -> pa.Array:
        """Return n strings."""
        return date_part(as_dates(column, context.column), self.part)


def date_part(days: pa.Array, part: Part) -> pa.Array:
    """Return the part of n date32 values as text."""
    encoded = days.dictionary_encode()  # few days are distinct
    return pa.DictionaryArray.from_arrays(
        encoded.indices, _part(encoded.dictionary, part)
    ).dictionary_decode()


def _part(days: pa.Array, part: Part) -> pa.Array:
    if part == "month":
        return pc.strftime(days, format="%Y-%m")
    year = pc.year(days)
    if part == "year":
        return year.cast(pa.string())
    if part == "decade":
        decade = pc.multiply(pc.divide(year, 10), 10).cast(pa.string())
        return pc.binary_join_element_wise(decade, "s", "")
    return pc.binary_join_element_wise(year.cast(pa.string()), pc.quarter(days).cast(pa.string()), "Q")
