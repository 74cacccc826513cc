"""Numbers to the nearest step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import pyarrow as pa
import pyarrow.compute as pc

from hushu.anonymize.operators.base import Context, Operator
from hushu.anonymize.operators.numbers import as_numbers, like


@dataclass(frozen=True, slots=True, kw_only=True)
class Round(Operator):
    """A number becomes the nearest multiple of ``step``; halves go to the even one.

    Raises:
        ConfigError: HS-E151, a step that is not above 0.
        InputError: HS-E253, cells that are not numbers.
    """

    name: ClassVar[str] = "round"
    text: ClassVar = {"zh": "取整到 {step} 的倍数", "en": "rounded to multiples of {step}"}
    step: float

    def __post_init__(self) -> None:
        if not self.step > 0:
            raise self.wrong("step", f"it is {self.step}", "a number above 0")

    def __call__(self, column: Any, context: Context) -> pa.Array:
        """Return n numbers of the column's kind (text becomes float64)."""
        numbers = as_numbers(column, context.column)
        rounded = pc.round_to_multiple(numbers, float(self.step), round_mode="half_to_even")
        return like(rounded, column)
