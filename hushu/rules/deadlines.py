"""Time limits of the law, counted in working days by the calendar the State Council announces.

The calendar comes from the package ``chinesecalendar`` (extra ``calendar``). A year that it does not
cover yet is counted Monday to Friday, and the answer says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from hushu.errors import missing_extra
from hushu.rules.pack import Deadline


@dataclass(frozen=True, slots=True, kw_only=True)
class DueDate:
    """The last day of a time limit. ``certain`` is False when the calendar did not cover every day."""

    day: date
    certain: bool
    note: str = ""


def working_days_after(start: date, days: int) -> DueDate:
    """Return the ``days``-th working day after ``start``; the first day counted is the one after it.

    Args:
        start: the day of the event, itself not counted.
        days: how many working days, 0 or more.

    Raises:
        OutputError: HS-E501 when the extra ``calendar`` is not installed.

    Example:
        >>> working_days_after(date(2025, 9, 30), 1).day  # 1 to 8 October are holidays
        datetime.date(2025, 10, 9)
    """
    day, left, uncovered = start, days, set()
    while left > 0:
        day += timedelta(days=1)
        working, covered = _is_working_day(day)
        if not covered:
            uncovered.add(day.year)
        left -= working
    if not uncovered:
        return DueDate(day=day, certain=True)
    years = ", ".join(map(str, sorted(uncovered)))
    return DueDate(
        day=day,
        certain=False,
        note=f"the holidays of {years} are not in the calendar; counted Monday to Friday",
    )


def due(deadline: Deadline, event: date, *, extended: bool = False) -> DueDate:
    """Return the last day of ``deadline`` when its event happened on ``event``.

    Args:
        deadline: of a pack.
        event: the day of the event.
        extended: whether the extension that the law allows was granted.

    Raises:
        OutputError: HS-E501 when the extra ``calendar`` is not installed.
    """
    days = deadline.days + (deadline.extension if extended else 0)
    if deadline.unit == "working_days":
        return working_days_after(event, days)
    if deadline.unit == "days":
        return DueDate(day=event + timedelta(days=days), certain=True)
    return DueDate(day=_years_after(event, days), certain=True)


def _years_after(start: date, years: int) -> date:
    try:
        return start.replace(year=start.year + years)
    except ValueError:  # 29 February
        return start.replace(year=start.year + years, day=28)


def _is_working_day(day: date) -> tuple[bool, bool]:
    """Return whether ``day`` is a working day, and whether the calendar knew."""
    try:
        import chinese_calendar
    except ImportError as error:
        raise missing_extra("calendar", "chinese_calendar") from error
    try:
        return bool(chinese_calendar.is_workday(day)), True
    except NotImplementedError:
        return day.weekday() < 5, False
