"""Dates among values: which are dates at all, and which columns of dates look like births."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence

_DATE = re.compile(
    r"(?P<y>(?:18|19|20|21|99)\d{2})(?P<s>[-/.年]?)(?P<m>\d{1,2})(?:[-/.月]|(?<=\d))(?P<d>\d{1,2})日?"
    r"(?P<t>[T ]?\d{1,2}[:：时]\d{1,2}.*)?"
)
_COMPACT = re.compile(r"(?P<y>(?:18|19|20)\d{2})(?P<m>\d{2})(?P<d>\d{2})(?:\.0)?(?P<t>\d{6})?")
_CENTURIES = ("1", "2", "9")  # with which years begin here
_MIDNIGHT = re.compile(r"[T ]?0?0[:：]00(?:[:：]00)?(?:\.0+)?(?:Z|\+\d\d:?\d\d)?")


def parse(value: str) -> tuple[datetime.date, bool] | None:
    """Return the day a value names and whether it also names a time of day, or None.

    Example:
        >>> parse("1985年3月2日"), parse("2024-01-01 08:30")[1], parse("2024-13-01")
        ((datetime.date(1985, 3, 2), False), True, None)
    """
    if value[:1] not in _CENTURIES:
        return None
    found = _COMPACT.fullmatch(value) or _DATE.fullmatch(value)
    if not found:
        return None
    time = found["t"] or ""
    try:
        day = datetime.date(int(found["y"]), int(found["m"]), int(found["d"]))
    except ValueError:
        return None
    return day, bool(time) and not _MIDNIGHT.fullmatch(time) and time != "000000"


def date(values: Sequence[str]) -> list[float]:
    """Return whether each value is a date, with or without a time."""
    return [float(parse(v) is not None) for v in values]


def birth_date(values: Sequence[str]) -> list[float]:
    """Return how far each value looks like a date of birth, judged by the spread of the whole column.

    Births of a population spread over decades and hold no time of day; events cluster in recent years.
    """
    parsed = [parse(v) for v in values]
    days = sorted(p[0] for p in parsed if p and p[0].year < 9999)
    if len(days) < 3:
        return [0.0] * len(values)
    timed = sum(1 for p in parsed if p and p[1])
    if timed > 0.1 * len(days):
        return [0.0] * len(values)
    low, high = days[len(days) // 10], days[(len(days) * 9) // 10]
    spread = (high - low).days / 365.25
    likeness = min(1.0, max(0.0, (spread - 12) / 18))
    if low.year > 1996 or days[len(days) // 2].year > 2012:
        likeness *= 0.25
    return [likeness if p and 1900 <= p[0].year < 2100 else 0.0 for p in parsed]
