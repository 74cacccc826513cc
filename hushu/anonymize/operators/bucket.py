"""Numbers into bands."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any, ClassVar

import pyarrow as pa

from hushu.anonymize.operators.base import Context, Operator
from hushu.anonymize.operators.numbers import as_numbers

_MOST_BANDS = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket(Operator):
    """A number becomes the band it lies in: ``[20,30)``, ``<18`` or ``≥90``.

    Args:
        width: bands of equal width starting at ``origin``; or
        edges: ascending limits; the two outer bands are open.
        origin: where the equal bands start.
        low: with ``width``: values below it share one open band.
        high: with ``width``: values from it upwards share one open band.

    Raises:
        ConfigError: HS-E151, neither or both of width and edges, or edges that do not ascend.
        InputError: HS-E253, cells that are not numbers.

    Example:
        >>> from hushu.anonymize.operators import Context
        >>> Bucket(width=10, high=90)(pa.array([17, 30, 104]), Context()).to_pylist()
        ['[10,20)', '[30,40)', '≥90']
    """

    name: ClassVar[str] = "bucket"
    text: ClassVar = {"zh": "数值归入区间", "en": "numbers become bands"}
    width: float | None = None
    edges: tuple[float, ...] = ()
    origin: float = 0
    low: float | None = None
    high: float | None = None

    def __post_init__(self) -> None:
        if (self.width is None) == (not self.edges):
            raise self.wrong("width", "give either width or edges", "width: 10, or edges: [18, 60]")
        if self.width is not None and self.width <= 0:
            raise self.wrong("width", f"it is {self.width}", "a number above 0")
        for name, limit in (("low", self.low), ("high", self.high)):
            if limit is not None and (self.width is None or not self._place(limit).is_integer()):
                raise self.wrong(name, "it is not the limit of a band", "origin plus a multiple of width")
        if self.low is not None and self.high is not None and self.low >= self.high:
            raise self.wrong("low", "it is not below high", "exchange the limits")
        if any(a >= b for a, b in pairwise(self.edges)):
            raise self.wrong("edges", "they do not ascend", "list the limits from low to high")

    def explain(self, lang: str = "zh") -> str:
        """Say which bands there are."""
        if self.width is not None:
            zh, en = f"每 {_plain(self.width)} 一段", f"bands of {_plain(self.width)}"
        else:
            limits = ", ".join(_plain(edge) for edge in self.edges)
            zh, en = f"按 {limits} 分段", f"bands cut at {limits}"
        return f"数值归入区间（{zh}）" if lang.startswith("zh") else f"numbers become {en}"

    def __call__(self, column: Any, context: Context) -> pa.Array:
        """Return n band labels; nulls stay null."""
        import numpy as np
        import pyarrow.compute as pc

        numbers = as_numbers(column, context.column)
        values = pc.fill_null(numbers, 0.0).to_numpy(zero_copy_only=False)
        codes, labels = self._banded(values, np)
        mask = np.asarray(pc.is_null(numbers, nan_is_null=True))
        indices = pa.array(codes, pa.int32(), mask=mask)
        return pa.DictionaryArray.from_arrays(indices, pa.array(labels, pa.string())).dictionary_decode()

    def _banded(self, values: Any, np: Any) -> tuple[Any, list[str]]:
        edges = np.asarray(self._limits(values, np), np.float64)
        places = np.searchsorted(edges, np.nan_to_num(values), side="right")
        # Of a hundred thousand bands few hold anything: only those get a label.
        filled, codes = np.unique(places, return_inverse=True)
        return codes.astype(np.int32), [_label(edges, int(place)) for place in filled]

    def _limits(self, values: Any, np: Any) -> Any:
        if self.width is None:
            return self.edges
        # Bands lie on one grid whatever the batch holds, so batches agree on every label.
        places = np.floor((values[np.isfinite(values)] - self.origin) / self.width)
        inner = (places.min(), places.max() + 1) if len(places) else (0.0, 1.0)
        first = inner[0] if self.low is None else self._place(self.low)
        last = inner[1] if self.high is None else self._place(self.high)
        if self.low is None:
            first = min(first, last)
        if last - first > _MOST_BANDS:
            raise self.wrong("width", "more than a million bands would be needed", "choose a larger width")
        return self.origin + self.width * np.arange(first, max(first, last) + 1)

    def _place(self, limit: float) -> float:
        return float(limit - self.origin) / (self.width or 1)


def _label(edges: Any, place: int) -> str:
    if place == 0:
        return f"<{_plain(edges[0])}"
    if place == len(edges):
        return f"≥{_plain(edges[-1])}"
    return f"[{_plain(edges[place - 1])},{_plain(edges[place])})"


def _plain(number: float) -> str:
    return str(int(number)) if float(number).is_integer() else repr(float(number))
