"""Counts and shares as text."""

from __future__ import annotations

import math
from datetime import datetime
from typing import Any


def number(value: Any) -> str:
    """Return a count with thousands separators; unknown is a dash, never 0.

    Example:
        >>> number(20000), number(None)
        ('20,000', '—')
    """
    return f"{value:,}" if isinstance(value, int) else "—"


def sure(confidence: float) -> str:
    """Return a confidence to the per cent; nothing that was recognised is quite certain.

    Example:
        >>> sure(0.8664), sure(0.9989)
        ('87%', '>99%')
    """
    return ">99%" if confidence >= 0.995 else f"{confidence:.0%}"


def moment(stamp: str) -> str:
    """Return an ISO time to the minute, with its offset; anything else as it is.

    Example:
        >>> moment("2026-11-21T23:13:53+00:00"), moment("")
        ('2026-11-21 23:13 UTC', '—')
    """
    try:
        found = datetime.fromisoformat(stamp)
    except ValueError:
        return stamp or "—"
    offset = f"{found:%z}" if found.utcoffset() else "UTC" if found.tzinfo else ""
    return f"{found:%Y-%m-%d %H:%M} {offset}".strip()


def share(value: Any) -> str:
    """Return a share 0..1 as per cent; what is small but not zero never prints as zero.

    Example:
        >>> share(0.913), share(0.00004), share(0), share(None)
        ('91.3%', '<0.01%', '0%', '—')
    """
    if not isinstance(value, int | float) or not math.isfinite(value):
        return "—"
    if value == 0:
        return "0%"
    if value < 0.0001:
        return "<0.01%"
    return f"{value * 100:.2f}".rstrip("0").rstrip(".") + "%"
