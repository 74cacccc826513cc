"""Hierarchies built from the values when none is given: ranges for numbers, prefixes for codes and dates.

The step sizes are rounded so that the labels read well (``20-39``); the widths double, five-fold,
ten-fold, as ARX's interval hierarchies are usually drawn.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from typing import Any

ROOT = "*"
_DATE = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?$")
_DIGITS = re.compile(r"\d+$")


def rows_from_values(values: Iterable[Any]) -> list[tuple[str, ...]]:
    """Return hierarchy rows for the distinct values of a column, missing ones left out.

    Dates go day, month, year; digit codes of one length lose their last pairs (``340104``,
    ``3401**``, ``34****``); other numbers go into ranges; all else straight to ``*``.

    Example:
        >>> rows_from_values(["2024-05-06"])
        [('2024-05-06', '2024-05', '2024', '*')]
        >>> rows_from_values(["340104", "340111"])[0]
        ('340104', '3401**', '34****', '*')
    """
    texts = sorted({str(value) for value in values if value is not None})
    if not texts:
        return [("", ROOT)]
    if all(_DATE.match(text) for text in texts):
        return [_date_row(text) for text in texts]
    if all(_DIGITS.match(text) for text in texts) and {len(text) for text in texts} == {6}:
        return [(text, text[:4] + "**", text[:2] + "****", ROOT) for text in texts]
    numbers = _numbers(texts)
    if numbers is not None and len(texts) > 2:
        return _ranges(texts, numbers)
    return [(text, ROOT) for text in texts]


def _date_row(text: str) -> tuple[str, ...]:
    found = _DATE.match(text)
    assert found is not None  # noqa: S101 - the caller matched it
    return (text, f"{found[1]}-{int(found[2]):02d}", found[1], ROOT)


def _numbers(texts: Sequence[str]) -> list[float] | None:
    try:
        numbers = [float(text) for text in texts]
    except ValueError:
        return None
    return numbers if all(math.isfinite(number) for number in numbers) else None


def _ranges(texts: Sequence[str], numbers: Sequence[float]) -> list[tuple[str, ...]]:
    span = max(numbers) - min(numbers)
    widths = _widths(span or 1.0)
    rows = []
    for text, number in zip(texts, numbers, strict=True):
        rows.append((text, *(_range_label(number, width) for width in widths), ROOT))
    return rows


def _widths(span: float) -> list[float]:
    # About 20, 10 and 4 ranges: each width a multiple of the one before, so that ranges nest.
    exponent = math.floor(math.log10(span / 20)) if span > 0 else 0
    base = 10.0**exponent
    first = next(m * base for m in (1, 2, 5, 10) if span / (m * base) <= 20)
    return [first, first * 2, first * 4]


def _range_label(number: float, width: float) -> str:
    low = math.floor(number / width) * width
    if width >= 1 and float(width).is_integer():
        return f"{int(low)}-{int(low + width) - 1}"
    return f"[{low:g},{low + width:g})"
