"""Values beyond a limit become the limit: nobody stands out at the ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import pyarrow as pa
import pyarrow.compute as pc

from hushu.anonymize.operators.base import Context, Operator
from hushu.anonymize.operators.numbers import as_numbers, like


@dataclass(frozen=True, slots=True, kw_only=True)
class TopCode(Operator):
    """Top and bottom coding. GB/T 37964-2019 annex C: choose limits that many thousand persons share.

    Raises:
        ConfigError: HS-E151, no limit, or low above high.
        InputError: HS-E253, cells that are not numbers.
    """

    name: ClassVar[str] = "topcode"
    text: ClassVar = {
        "zh": "低于 {low} 或高于 {high} 的值取边界值",
        "en": "values are cut at {low} and {high}",
    }
    low: float | None = None
    high: float | None = None

    def __post_init__(self) -> None:
        if self.low is None and self.high is None:
            raise self.wrong("high", "neither low nor high is given", "give at least one limit")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise self.wrong("low", "it lies above high", "exchange the limits")

    def __call__(self, column: Any, context: Context) -> pa.Array:
        """Return n numbers of the column's kind (text becomes float64)."""
        numbers = as_numbers(column, context.column)
        if self.low is not None:
            numbers = pc.max_element_wise(numbers, float(self.low), skip_nulls=False)
        if self.high is not None:
            numbers = pc.min_element_wise(numbers, float(self.high), skip_nulls=False)
        return like(numbers, column)
