"""Hierarchies built from the values when none is given: ranges for numbers, prefixes for codes and dates.

Step sizes are rounded so that labels read well: ``20-39`` for whole numbers, ``[0.5,1)`` for others.
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
    whole = all(number.is_integer() for number in numbers)
    widths = _widths(max(numbers) - min(numbers), least=2.0 if whole else 0.0)
    label = _whole_label if whole else _real_label
    return [
        (text, *(label(number, width) for width in widths), ROOT)
        for text, number in zip(texts, numbers, strict=True)
    ]


def _widths(span: float, least: float) -> list[float]:
    """Return nesting widths …, 5, 10, 50, 100, … from a four-hundredth of the span up to the span."""
    low = max(least, span / 400)
    exponent = math.floor(math.log10(max(low, 1e-300)))
    steps = [m * 10.0**e for e in range(exponent, exponent + 4) for m in (1, 5)]
    return [step for step in steps if low <= step < span]


def _whole_label(number: float, width: float) -> str:
    low = math.floor(number / width) * width
    return f"{int(low)}-{int(low + width) - 1}"


def _real_label(number: float, width: float) -> str:
    low = math.floor(number / width) * width
    return f"[{low:g},{low + width:g})"
