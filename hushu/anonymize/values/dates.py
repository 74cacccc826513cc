"""Reading a column as dates, whichever way it was written."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from hushu.anonymize.values.normalizing import as_text, fold

_ISO = r"^(18|19|20)[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"
_WRITTEN = re.compile(
    r"(?P<year>(?:18|19|20)\d\d)(?:[-/.年](?P<month>1[0-2]|0?[1-9])[-/.月](?P<day>3[01]|[12]\d|0?[1-9])日?"
    r"|(?P<packed>(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])))(?P<time>(?:[T ].*|\d{4}|\d{6})?)$"
)


def parse(text: str) -> tuple[date, str] | None:
    """Return the date at the front of a value and what follows it (a time), or None.

    Example:
        >>> parse("1990年1月2日")
        (datetime.date(1990, 1, 2), '')
        >>> parse("20240131 12:00:00")
        (datetime.date(2024, 1, 31), ' 12:00:00')
    """
    found = _WRITTEN.match(fold(text))
    if not found:
        return None
    packed = found["packed"]
    month, day = (packed[:2], packed[2:]) if packed else (found["month"], found["day"])
    try:
        return date(int(found["year"]), int(month), int(day)), found["time"]
    except ValueError:  # 31 February
        return None


def as_dates(column: Any, where: str = "") -> pa.Array:
    """Return n date32 values; what cannot be read as a date is null."""
    array = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if pa.types.is_date(array.type) or pa.types.is_timestamp(array.type):
        return array.cast(pa.date32()) if pa.types.is_date(array.type) else _day_of(array)
    text = _without_time(as_text(array, where=where))
    plain = pc.fill_null(pc.match_substring_regex(text, _ISO), False)
    days = _iso_days(pc.if_else(plain, text, pa.scalar(None, pa.string())))
    odd = pc.and_(pc.is_valid(text), pc.is_null(days))
    if not pc.any(odd).as_py():
        return days
    others = _one_by_one(text.filter(odd))
    return pc.replace_with_mask(days, odd, others)


def _iso_days(text: pa.Array) -> pa.Array:
    """Return n dates written 2024-01-31; 31 February stays null."""
    year, month, day = (
        pc.utf8_slice_codeunits(text, a, b).cast(pa.int32()) for a, b in ((0, 4), (5, 7), (8, 10))
    )
    most = pc.if_else(pc.is_in(month, pa.array([4, 6, 9, 11], pa.int32())), 30, 31)
    divides = [pc.equal(pc.subtract(year, pc.multiply(pc.divide(year, n), n)), 0) for n in (4, 100, 400)]
    leap = pc.and_(divides[0], pc.or_(pc.invert(divides[1]), divides[2]))
    most = pc.if_else(pc.equal(month, 2), pc.if_else(leap, 29, 28), most)
    real = pc.fill_null(pc.less_equal(day, most), False)
    return pc.if_else(real, text, pa.scalar(None, pa.string())).cast(pa.date32())


def _one_by_one(text: pa.Array) -> pa.Array:
    encoded = text.dictionary_encode()
    read = [parse(value) for value in encoded.dictionary.to_pylist()]
    days = pa.array([found[0] if found else None for found in read], pa.date32())
    return days.take(encoded.indices)


def _day_of(array: pa.Array) -> pa.Array:
    if array.type.tz:
        array = pc.local_timestamp(array)
    return pc.floor_temporal(array, unit="day").cast(pa.date32())


def _without_time(text: pa.Array) -> pa.Array:
    # "2024-01-31 12:00:00" has many more distinct values than its first ten characters.
    timed = pc.and_(pc.string_is_ascii(text), pc.greater(pc.binary_length(text), 10))
    parted = pc.is_in(pc.utf8_slice_codeunits(text, 10, 11), pa.array([" ", "T"]))
    return pc.if_else(pc.and_(timed, parted), pc.utf8_slice_codeunits(text, 0, 10), text)
