"""Coordinates onto a coarser grid."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, ClassVar

import pyarrow as pa
import pyarrow.compute as pc

from hushu.anonymize.operators.base import Context, Operator
from hushu.anonymize.values.masking import mapped
from hushu.anonymize.values.normalizing import as_text, fold

_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Coordinate(Operator):
    """Longitude and latitude, in one column or two, are rounded: 1 decimal is about 11 km.

    Text without a number becomes null; every number in a text is rounded.

    Raises:
        ConfigError: HS-E151, decimals outside 0 … 3 (4 decimals are a building).
    """

    name: ClassVar[str] = "coordinate"
    text: ClassVar = {"zh": "经纬度保留 {decimals} 位小数", "en": "coordinates keep {decimals} decimals"}
    decimals: int

    def __post_init__(self) -> None:
        if not 0 <= self.decimals <= 3:
            raise self.wrong("decimals", f"it is {self.decimals}", "0 to 3")

    def __call__(self, column: Any, context: Context) -> pa.Array:
        """Return n numbers, or n strings for text."""
        if pa.types.is_floating(column.type) or pa.types.is_integer(column.type):
            rounded = pc.round(column.cast(pa.float64()), self.decimals)
            return rounded.combine_chunks() if isinstance(rounded, pa.ChunkedArray) else rounded
        return mapped(as_text(column, where=context.column), self._one)

    def _one(self, value: str) -> str | None:
        numbers = _NUMBER.findall(fold(value))
        return ",".join(f"{float(number):.{self.decimals}f}" for number in numbers[:2]) or None
