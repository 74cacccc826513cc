"""Add noise to a number: discrete, keyed, the same in every run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hushu.anonymize.operators.base import Context, Operator
from hushu.anonymize.operators.numbers import as_numbers, like
from hushu.anonymize.values import digests


@dataclass(frozen=True, slots=True, kw_only=True)
class Noise(Operator):
    """Add two-sided geometric noise (the discrete Laplace law) in units of ``step``.

    The draw belongs to the row's position and column under the key, so two runs agree. This is not
    differential privacy: the values' range is not bounded and no budget is kept.

    Args:
        scale: mean absolute size of the noise, in the column's own unit.
        step: noise and result are multiples of it.

    Raises:
        ConfigError: HS-E151, scale below step, or a step that is not above 0.
        InputError: HS-E253, cells that are not numbers.
    """

    name: ClassVar[str] = "noise"
    needs_key: ClassVar[bool] = True
    text: ClassVar = {
        "zh": "加离散噪声（平均幅度约 {scale}，步长 {step}）",
        "en": "noise of about {scale} is added, in steps of {step}",
    }
    scale: float
    step: float = 1

    def __post_init__(self) -> None:
        if not self.step > 0:
            raise self.wrong("step", f"it is {self.step}", "a number above 0")
        if self.scale < self.step:
            raise self.wrong("scale", "it is below the step, so most values would not change", "scale ≥ step")

    def __call__(self, column: Any, context: Context) -> pa.Array:
        """Return n numbers of the column's kind (text becomes float64)."""
        numbers = as_numbers(column, context.column)
        key = context.scope().derive(context.place("noise"), context.type or "VALUE")
        drawn = digests.stream(key, 2 * context.start, 2 * len(numbers)).reshape(-1, 2)
        ratio = -self.step / self.scale
        tries = np.floor(np.log((drawn >> np.uint64(11)).astype(np.float64) * 2.0**-53 + 2.0**-54) / ratio)
        steps = pc.round(pc.divide(numbers, float(self.step)), round_mode="half_to_even")
        noisy = pc.multiply(pc.add(steps, pa.array(tries[:, 0] - tries[:, 1])), float(self.step))
        return like(noisy, column)
