"""Decimal digits of whole columns: width×n arrays of digits, and the numbers they write."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

Array = np.ndarray[Any, Any]
ZERO = np.uint8(ord("0"))
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_DOUBLED = np.array([2 * d - 9 * (2 * d > 9) for d in range(10)] + [0] * 6, np.uint8)  # Luhn


def fixed_width(text: pa.Array, width: int) -> tuple[Array, Array]:
    """Return the rows whose value has ``width`` bytes, and those bytes as a rows×width array."""
    exact = pc.fill_null(pc.equal(pc.binary_length(text), width), False)
    rows = pc.indices_nonzero(exact).to_numpy()
    chosen = text if len(rows) == len(text) else text.take(pa.array(rows))
    if len(chosen) == 0:
        return rows, np.zeros((0, width), np.uint8)
    start = np.frombuffer(chosen.buffers()[1], np.int32)[chosen.offset]
    data = np.frombuffer(chosen.buffers()[2], np.uint8)[start : start + len(chosen) * width]
    return rows, data.reshape(-1, width)


def placed(n: int, rows: Array, letters: Array) -> pa.Array:
    """Return n strings: the letters of the given rows, null elsewhere."""
    width = letters.shape[1]
    data = np.ascontiguousarray(letters, np.uint8)
    large = len(rows) * width > np.iinfo(np.int32).max
    kind = pa.large_string() if large else pa.string()
    ends = np.arange(len(rows) + 1, dtype=np.int64 if large else np.int32) * width
    made = pa.Array.from_buffers(kind, len(rows), [None, pa.py_buffer(ends), pa.py_buffer(data)])
    if len(rows) == n:
        return made
    places = np.full(n, -1, np.int64)
    places[rows] = np.arange(len(rows))
    return made.take(pa.array(places, mask=places < 0))


def joined(digits: Array) -> Array:
    """Return the numbers whose decimal digits are the rows of a width×n array."""
    out: Array = digits[0].astype(np.uint64)
    for row in digits[1:]:
        out = out * np.uint64(10) + row
    return out


def split(numbers: Array, width: int) -> Array:
    """Return the width×n decimal digits of n numbers."""
    out = np.empty((width, len(numbers)), np.uint8)
    rest = numbers
    for row in range(width - 1, -1, -1):
        tens = rest // np.uint64(10)
        out[row] = rest - tens * np.uint64(10)
        rest = tens
    return out


def weighted(body: Array) -> Array:
    """Return the weighted sums of 17×n digits. Source: GB 11643-1999."""
    total = np.zeros(body.shape[1], np.uint16)
    for row, weight in zip(body, _ID_WEIGHTS, strict=True):
        total += row.astype(np.uint16) * np.uint16(weight)
    return total


def luhn_digit(body: Array) -> Array:
    """Return the check digits of width×n digits. Source: ISO/IEC 7812-1, annex B."""
    total = np.zeros(body.shape[1], np.uint16)
    for place, row in enumerate(body[::-1]):
        total += row if place % 2 else _DOUBLED[row & 15]
    return ((10 - total % 10) % 10).astype(np.uint8)


@lru_cache(maxsize=4)
def places_of(codes: tuple[str, ...]) -> Array:
    """Return a table from a code's number to its place in the list, or −1."""
    places = np.full(10 ** len(codes[0]), -1, np.int64)
    places[[int(code) for code in codes]] = range(len(codes))
    return places


@lru_cache(maxsize=4)
def digits_of(codes: tuple[str, ...]) -> Array:
    """Return the digits of codes of one width as width×n."""
    letters = np.frombuffer("".join(codes).encode("ascii"), np.uint8).reshape(len(codes), -1)
    return np.ascontiguousarray(letters.T) - ZERO


@lru_cache(maxsize=1)
def calendar() -> tuple[Array, Array]:
    """Return YYYYMMDD − 19000000 → day number (or −1), and day number → eight digits."""
    days = np.arange("1900-01-01", "2100-01-01", dtype="datetime64[D]")
    written = np.array([int(text.replace("-", "")) for text in np.datetime_as_string(days)], np.uint64)
    numbers = np.full(2_000_000, -1, np.int32)
    numbers[written.astype(np.int64) - 19_000_000] = range(len(days))
    return numbers, split(written, 8)
