"""Groups of at least k neighbours share their mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pyarrow as pa

from hushu.anonymize.operators.base import Context, Operator, Reads
from hushu.anonymize.operators.numbers import as_numbers, like


@dataclass(frozen=True, slots=True, kw_only=True)
class Microaggregate(Operator):
    """MDAV on one column: the value becomes the mean of its group of k to 2k−1 values.

    Args:
        k: smallest group, 2 or more.

    Source: Domingo-Ferrer and Torra 2005, algorithm MDAV-generic, in one dimension.

    Raises:
        ConfigError: HS-E151, k below 2, or fewer than k values.
        InputError: HS-E253, cells that are not numbers.

    Example:
        >>> Microaggregate(k=2)(pa.array([1, 2, 10, 12]), Context()).to_pylist()
        [2, 2, 11, 11]
    """

    name: ClassVar[str] = "microaggregate"
    reads: ClassVar[Reads] = "column"
    text: ClassVar = {
        "zh": "微聚集：每 {k} 个以上相近的值取平均",
        "en": "groups of {k} or more near values share their mean",
    }
    k: int

    def __post_init__(self) -> None:
        if self.k < 2:
            raise self.wrong("k", f"it is {self.k}", "2 or more")

    def __call__(self, column: Any, context: Context) -> pa.Array:
        """Return n numbers of the column's kind (text becomes float64)."""
        numbers = as_numbers(column, context.column)
        valid = np.asarray(numbers.is_valid())
        values = numbers.drop_null().to_numpy()
        if 0 < len(values) < self.k:
            raise self.wrong(
                "k", f"the column has only {len(values)} values", "a smaller k, or drop the column"
            )
        out = np.zeros(len(numbers))
        out[valid] = mdav(values, self.k)
        return like(pa.array(out, mask=~valid), column)


def mdav(values: np.ndarray, k: int) -> np.ndarray:
    """Return each value's group mean; n float64 in and out, groups of k to 2k−1. O(n log n).

    In one dimension the value farthest from the mean is always an end of the sorted run, and its
    k−1 nearest are its neighbours there: so groups are cut from the two ends in turn.
    """
    order = np.argsort(values, kind="stable")
    ordered = values[order]
    sums = np.concatenate([[0.0], np.cumsum(ordered)])
    out = np.empty_like(ordered, dtype=np.float64)
    low, high = 0, len(ordered)

    def close(start: int, stop: int) -> None:
        out[start:stop] = (sums[stop] - sums[start]) / (stop - start)

    while high - low >= 3 * k:
        mean = (sums[high] - sums[low]) / (high - low)
        if mean - ordered[low] > ordered[high - 1] - mean:
            close(low, low + k)
            close(high - k, high)
        else:
            close(high - k, high)
            close(low, low + k)
        low, high = low + k, high - k
    if high - low >= 2 * k:
        mean = (sums[high] - sums[low]) / (high - low)
        split = low + k if mean - ordered[low] > ordered[high - 1] - mean else high - k
        close(low, split)
        close(split, high)
    elif high > low:
        close(low, high)
    back = np.empty_like(out)
    back[order] = out
    return back
