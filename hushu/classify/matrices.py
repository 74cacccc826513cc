"""What rows of digits, or of letters and digits, are: check digits, dates and areas of all rows at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

from hushu.classify.reference import today_number
from hushu.rules.checksums import USCC_ALPHABET, VIN_VALUES
from hushu.rules.formats import BUSINESS_CODES, PROVINCE_NUMBERS, USCC_KINDS


def digits_of(rows: Any) -> Any:
    """Return a matrix of ASCII digits as numbers."""
    import numpy as np

    return (rows - np.uint8(48)).astype(np.int32)


def country_code(d: Any) -> Any:
    """Return which rows of digits begin 86 or 0086: only the telephone reader can tell what they are."""
    long = (d[:, 0] == 0) & (d[:, 1] == 0) & (d[:, 2] == 8) & (d[:, 3] == 6)
    return long | ((d[:, 0] == 8) & (d[:, 1] == 6))


def verdicts(d: Any) -> Iterator[tuple[str, Any]]:
    """Yield type and mask for rows of so many digits that begin neither 86 nor 0086."""
    size = d.shape[1]
    if size in (10, 11, 12):
        yield "PHONE_NUMBER", _narrowed(landline(d) | (_mobile(d) if size == 11 else False), d, _varied)
    elif size == 9:
        yield "CN_ORG_CODE", _narrowed(_org_code(d), d, _varied)
        yield "CN_PASSPORT", _narrowed((d[:, 0] == 1) & ((d[:, 1] == 4) | (d[:, 1] == 5)), d, _varied)
    elif size == 13:
        yield "PHONE_NUMBER", _narrowed((d[:, 0] == 1) & (d[:, 1] == 4) & (d[:, 2] <= 4), d, _varied)
    elif size == 15:
        yield "CN_RESIDENT_ID", _narrowed(_resident_15(d), d, _varied)
        yield "IMEI", _luhn(d) & _varied(d)
        yield "CN_BUSINESS_REG_NO", _narrowed(_province(d, 0), d, _varied, _mod_11_10)
    elif 16 <= size <= 19:
        if size == 18:
            yield from eighteen(d, d[:, 17])
        yield "BANK_CARD", _narrowed(_issuer(d), d, _varied, _luhn)
        if size == 17:
            yield "VIN", _weighted(d, _VIN_WEIGHTS) % 11 == d[:, 8]


def _varied(d: Any) -> Any:
    return (d != d[:, :1]).any(axis=1)


def _narrowed(mask: Any, d: Any, *tests: Callable[[Any], Any]) -> Any:
    """Return the mask without the rows that fail one of the tests, which cost more than a look at a digit."""
    import numpy as np

    rows = np.flatnonzero(mask)
    for test in tests:
        rows = rows[test(d if len(rows) == len(d) else d[rows])]
    left = np.zeros(len(d), bool)
    left[rows] = True
    return left


def eighteen(d: Any, check: Any) -> Iterator[tuple[str, Any]]:
    """Yield type and mask for rows of eighteen; X at the end is 10 to a person, 29 to a credit code."""
    yield from _persons(d)
    kind = _one_of(d[:, 0] * 10 + d[:, 1], BUSINESS_CODES) & _province(d, 2)
    if kind.any():
        kind = _narrowed(kind, d, _varied)
        kind &= (31 - _weighted(d[:, :17], _USCC_WEIGHTS) % 31) % 31 == check
    yield "CN_USCC", kind


_USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def _weighted(d: Any, weights: tuple[int, ...]) -> Any:
    """Return the sum of each row's digits times their weights."""
    import numpy as np

    return d[:, : len(weights)] @ np.array(weights, np.int32)


@lru_cache(maxsize=1)
def _letters() -> tuple[Any, Any, Any]:
    """Return the values of bytes in vehicle numbers, credit codes and base 36; -1000: not allowed."""
    import numpy as np

    tables = []
    for values in (VIN_VALUES, {c: n for n, c in enumerate(USCC_ALPHABET)}, _BASE_36):
        table = np.full(256, -1000, np.int32)
        for char, value in values.items():
            table[ord(char)] = table[ord(char.lower())] = value
        tables.append(table)
    return tables[0], tables[1], tables[2]


_BASE_36 = {char: int(char, 36) for char in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"}


def vin(rows: Any) -> Any:
    """Return which rows of seventeen letters and digits are vehicle numbers."""
    values = _letters()[0][rows]
    total = _weighted(values, _VIN_WEIGHTS)
    check = rows[:, 8] - 48
    check[(rows[:, 8] | 32) == ord("x")] = 10
    return (values >= 0).all(axis=1) & (total % 11 == check)


def uscc(rows: Any) -> Any:
    """Return which rows of eighteen letters and digits are credit codes."""
    import numpy as np

    values = _letters()[1][rows]
    kinds = [ord(first) * 256 + ord(kind) for first, kinds in USCC_KINDS.items() for kind in kinds]
    head = (rows[:, 0] & ~(rows[:, 0] >> 1 & 32)).astype(np.int32) * 256 + rows[:, 1]
    valid = np.isin(head, kinds) & ((rows[:, 2:8] >= 48) & (rows[:, 2:8] <= 57)).all(axis=1)
    valid &= _one_of(values[:, 2] * 10 + values[:, 3], PROVINCE_NUMBERS) & (values >= 0).all(axis=1)
    return valid & ((31 - _weighted(values, _USCC_WEIGHTS) % 31) % 31 == values[:, 17])


def possible(rows: Any) -> Any:
    """Return which rows of letters and digits could be a passport, permit, certificate or the like."""
    import numpy as np

    size = rows.shape[1]
    digit = (rows >= 48) & (rows <= 57)
    first = rows[:, 0] & ~(rows[:, 0] >> 1 & 32)
    if size <= 11:
        found = np.isin(first, list(b"EGDSPKHMCWLT")) & digit[:, 2:].all(axis=1)
        if size == 9:
            values = _letters()[2][rows]
            sums = _weighted(values, (3, 7, 9, 10, 5, 8, 4, 2))
            check = np.where((rows[:, 8] | 32) == ord("x"), 10, np.where(digit[:, 8], rows[:, 8] - 48, 99))
            found |= (11 - sums % 11) % 11 == check
        return found
    if size == 15:
        return ~digit[:, :3].any(axis=1) & digit[:, 3:].all(axis=1)
    if size == 19:
        return np.isin(first, list(b"GJL")) & digit[:, 1:18].all(axis=1)
    return digit[:, :12].all(axis=1) & ~digit[:, 12:14].any(axis=1)


def _persons(d: Any) -> Iterator[tuple[str, Any]]:
    checked = (12 - _weighted(d, _ID_WEIGHTS) % 11) % 11 == d[:, 17]
    dated = _narrowed(checked, d, _born)
    resident = dated & (d[:, 0] >= 1) & (d[:, 0] <= 8)
    abroad = (d[:, 0] == 8) & (d[:, 1] >= 1) & (d[:, 1] <= 3) & ~d[:, 2:6].any(axis=1)
    yield "CN_RESIDENT_ID", resident
    yield "CN_RESIDENCE_PERMIT", resident & abroad
    yield "CN_FOREIGNER_ID", dated & (d[:, 0] == 9)


def _born(d: Any) -> Any:
    return _date(d[:, 6] * 1000 + d[:, 7] * 100 + d[:, 8] * 10 + d[:, 9], d, 10)


def _one_of(numbers: Any, allowed: frozenset[int]) -> Any:
    import numpy as np

    return np.isin(numbers, sorted(allowed))


def _province(d: Any, at: int) -> Any:
    return _one_of(d[:, at] * 10 + d[:, at + 1], PROVINCE_NUMBERS)


def _mobile(d: Any) -> Any:
    second, third, fourth = d[:, 1], d[:, 2], d[:, 3]
    return (d[:, 0] == 1) & (
        (second == 3)
        | (second == 8)
        | ((second == 4) & (third >= 5))
        | (((second == 5) | (second == 9)) & (third != 4))
        | ((second == 6) & ((third == 2) | ((third >= 5) & (third <= 7)) | ((third == 1) & (fourth == 9))))
        | ((second == 7) & (third <= 8) & ((third != 4) | (fourth <= 1) | (fourth == 9)))
    )


def landline(d: Any) -> Any:
    """Return which rows of ten to twelve digits are a fixed-line number with its area code."""
    size = d.shape[1]
    two = (d[:, 1] == 1) & (d[:, 2] == 0) | (d[:, 1] == 2) & (d[:, 2] != 6)
    three = d[:, 1] >= 3
    short = two & (size - 3 in (7, 8)) & (d[:, 3] >= 2) & (d[:, 3] <= 8)
    long = three & (size - 4 in (7, 8)) & (d[:, 4] >= 2) & (d[:, 4] <= 8)
    return (d[:, 0] == 0) & (short | long)


def _luhn(d: Any) -> Any:
    doubled = 2 * d[:, -2::-2]
    return (d[:, ::-2].sum(axis=1) + doubled.sum(axis=1) - 9 * (doubled > 9).sum(axis=1)) % 10 == 0


def _issuer(d: Any) -> Any:
    import numpy as np

    head = d[:, 0] * 1000 + d[:, 1] * 100 + d[:, 2] * 10 + d[:, 3]
    listed = np.isin(d[:, 0], (4, 5, 6, 9)) | np.isin(head // 100, (34, 36, 37, 38))
    return listed | ((head >= 2221) & (head <= 2720)) | ((head >= 3528) & (head <= 3589))


def _org_code(d: Any) -> Any:
    return (11 - _weighted(d, (3, 7, 9, 10, 5, 8, 4, 2)) % 11) % 11 == d[:, 8]


def _mod_11_10(d: Any) -> Any:
    import numpy as np

    product = np.full(len(d), 10)
    for place in range(14):
        total = (product + d[:, place]) % 10
        product = np.where(total == 0, 10, total) * 2 % 11
    return (11 - product) % 10 == d[:, 14]


def _resident_15(d: Any) -> Any:
    year = 1900 + d[:, 6] * 10 + d[:, 7]
    return (d[:, 0] >= 1) & (d[:, 0] <= 8) & _province(d, 0) & _date(year, d, 8)


def _date(year: Any, d: Any, at: int) -> Any:
    import numpy as np

    month, day = d[:, at] * 10 + d[:, at + 1], d[:, at + 2] * 10 + d[:, at + 3]
    days = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])[np.minimum(month, 12)]
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0)) & (month == 2)
    real = (month >= 1) & (month <= 12) & (day >= 1) & (day <= days + leap)
    return real & (year >= 1850) & (year * 10000 + month * 100 + day <= today_number())
