"""The formats of telephone, identity and card numbers as domains of numbers for FF1."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hushu.anonymize.ff1 import FF1, CipherName, for_domain, walk
from hushu.errors import ConfigError

Array = np.ndarray[Any, Any]

# Mobile series in use (allocation as of March 2023, state of the ministry's published list).
MOBILE_SERIES = tuple(
    str(series)
    for series in range(130, 200)
    if series not in {*range(140, 145), 154, 160, 161, 163, 164, 168, 169, 179, 194}
)
PROVINCES = tuple(
    # GB/T 2260, and 81-83 for residents of Hong Kong, Macao and Taiwan
    f"{code}"
    for first, last in ((11, 15), (21, 23), (31, 37), (41, 46), (50, 54), (61, 65), (71, 71), (81, 83))
    for code in range(first, last + 1)
)
_DAYS = (date(2100, 1, 1) - date(1900, 1, 1)).days
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ZERO = np.uint8(ord("0"))
_ID_CHECK = np.frombuffer(b"10X98765432", np.uint8) - _ZERO
_DOUBLED = np.array([2 * d - 9 * (2 * d > 9) for d in range(10)] + [0] * 6, np.uint8)  # Luhn
_CHUNK = 16_384  # rows that stay in the second-level cache
Step = Callable[[Array, Any], Array]


class Format(ABC):
    """A set of strings that is numbered without gaps."""

    @abstractmethod
    def encrypt(self, text: pa.Array) -> pa.Array:
        """Return n strings of the format; what is not of the format, and null, become null."""

    @abstractmethod
    def decrypt(self, text: pa.Array) -> pa.Array:
        """Undo :meth:`encrypt`."""


@dataclass(frozen=True, slots=True)
class Fixed(Format):
    """Strings of one width: parsed into a number and a kept front, written back with their check."""

    key: bytes = field(repr=False)
    cipher: CipherName
    keep: int
    width: int

    def encrypt(self, text: pa.Array) -> pa.Array:
        """Return n strings of the format."""
        return self._mapped(text, lambda ff1: ff1.encrypt_numbers)

    def decrypt(self, text: pa.Array) -> pa.Array:
        """Return n originals."""
        return self._mapped(text, lambda ff1: ff1.decrypt_numbers)

    @abstractmethod
    def size(self) -> int:
        """Return how many values share one kept front."""

    @abstractmethod
    def read(self, digits: Array) -> tuple[Array, Array]:
        """Return the numbers of width×n digits (a value above 9 is no digit), and which are well formed."""

    @abstractmethod
    def write(self, numbers: Array, front: Array) -> Array:
        """Return width×n digits of numbers behind their kept front (X is 40 above 0)."""

    def _mapped(self, text: pa.Array, step: Callable[[FF1], Step]) -> pa.Array:
        rows, letters = fixed_width(text, self.width)
        permute = step(for_domain(self.key, self.size(), self.cipher))
        made = np.empty_like(letters)
        formed = np.zeros(len(rows), bool)
        for start in range(0, len(rows), _CHUNK):
            part = slice(start, start + _CHUNK)
            digits = np.ascontiguousarray(letters[part].T) - _ZERO
            numbers, fits = self.read(digits)
            front = digits[: self.keep]
            tweak = np.ascontiguousarray(front.T) if self.keep else b""
            out = walk(permute, np.where(fits, numbers, 0), self.size(), tweak)
            made[part] = self.write(out, front).T + _ZERO
            formed[part] = fits
        return _placed(len(text), rows[formed], made if formed.all() else made[formed])


class Mobile(Fixed):
    """Mobile numbers: a series of three digits and eight more."""

    def size(self) -> int:
        """Return 10^8, or that for every series."""
        return 10**8 if self.keep else len(MOBILE_SERIES) * 10**8

    def read(self, digits: Array) -> tuple[Array, Array]:
        """Return series index × 10^8 + subscriber number."""
        fits = (digits < 10).all(axis=0)
        series = _places(MOBILE_SERIES)[np.where(fits, _joined(digits[:3]), 0)]
        fits &= series >= 0
        tail = _joined(digits[3:])
        return (tail if self.keep else series.astype(np.uint64) * np.uint64(10**8) + tail), fits

    def write(self, numbers: Array, front: Array) -> Array:
        """Return the digits."""
        if self.keep:
            return np.vstack([front, _split(numbers, 8)])
        series = numbers // np.uint64(10**8)
        lead = _digits_of(MOBILE_SERIES)[:, series.astype(np.int64)]
        return np.vstack([lead, _split(numbers - series * np.uint64(10**8), 8)])


class Resident(Fixed):
    """Identity numbers: area, day of birth from 1900 to 2099, sequence, check character."""

    def size(self) -> int:
        """Return days × sequences × areas that are not kept."""
        return _DAYS * 1000 * {0: len(PROVINCES) * 10**4, 2: 10**4, 6: 1}[self.keep]

    def read(self, digits: Array) -> tuple[Array, Array]:
        """Return (area × days + day) × 1000 + sequence."""
        body = digits[:17]
        fits = (body < 10).all(axis=0)
        body = np.where(fits, body, 0)
        fits &= _ID_CHECK[_weighted(body) % 11] == digits[17]
        province = _places(PROVINCES)[_joined(body[:2])]
        written = _joined(body[6:14]).astype(np.int64) - 19_000_000
        numbered = _calendar()[0]
        day = numbered[np.clip(written, 0, len(numbered) - 1)]
        fits &= (province >= 0) & (day >= 0) & (written >= 0) & (written < len(numbered))
        area = np.zeros(len(day), np.uint64) if self.keep == 6 else _joined(body[2:6])
        if self.keep == 0:
            area += province.astype(np.uint64) * np.uint64(10**4)
        number = (area * np.uint64(_DAYS) + day.astype(np.uint64)) * np.uint64(1000) + _joined(body[14:17])
        return number, fits

    def write(self, numbers: Array, front: Array) -> Array:
        """Return the digits with their check character."""
        rest = numbers // np.uint64(1000)
        area = rest // np.uint64(_DAYS)
        born = _calendar()[1][:, (rest - area * np.uint64(_DAYS)).astype(np.int64)]
        lead = [front]
        if self.keep == 0:
            province = area // np.uint64(10**4)
            lead = [_digits_of(PROVINCES)[:, province.astype(np.int64)]]
            area = area - province * np.uint64(10**4)
        if self.keep < 6:
            lead.append(_split(area, 4))
        body = np.vstack([*lead, born, _split(numbers - rest * np.uint64(1000), 3)])
        return np.vstack([body, _ID_CHECK[_weighted(body) % 11]])


class Card(Fixed):
    """Bank cards of one length: kept front, digits, Luhn digit (ISO/IEC 7812-1)."""

    def size(self) -> int:
        """Return 10 for every digit that is neither kept nor the check digit."""
        return int(10 ** (self.width - 1 - self.keep))

    def read(self, digits: Array) -> tuple[Array, Array]:
        """Return the digits between front and check digit."""
        fits = (digits < 10).all(axis=0)
        fits &= _luhn(digits[:-1]) == digits[-1]
        return _joined(digits[self.keep : -1]), fits

    def write(self, numbers: Array, front: Array) -> Array:
        """Return the digits with their check digit."""
        body = np.vstack([front, _split(numbers, self.width - 1 - self.keep)])
        return np.vstack([body, _luhn(body)])


class Plain(Fixed):
    """Digits of one width, leading zeros included."""

    def size(self) -> int:
        """Return 10 for every digit that is not kept."""
        return int(10 ** (self.width - self.keep))

    def read(self, digits: Array) -> tuple[Array, Array]:
        """Return the digits behind the front."""
        fits: Array = np.all(digits < 10, axis=0)
        return _joined(digits[self.keep :]), fits

    def write(self, numbers: Array, front: Array) -> Array:
        """Return the digits."""
        return np.vstack([front, _split(numbers, self.width - self.keep)])


@dataclass(frozen=True, slots=True)
class Widths(Format):
    """Several widths, each its own format."""

    parts: tuple[Fixed, ...]

    def encrypt(self, text: pa.Array) -> pa.Array:
        """Return n strings, each of its own width."""
        return pc.coalesce(*(part.encrypt(text) for part in self.parts))

    def decrypt(self, text: pa.Array) -> pa.Array:
        """Return n originals."""
        return pc.coalesce(*(part.decrypt(text) for part in self.parts))


_KEEPS = {"PHONE_NUMBER": (0, 3), "CN_RESIDENT_ID": (0, 2, 6), "BANK_CARD": tuple(range(1, 9))}
_NUMBERED = (
    "BANK_ACCOUNT",
    "UTILITY_ACCOUNT_NO",
    "STUDENT_NO",
    "EMPLOYEE_NO",
    "MEDICAL_RECORD_NO",
    "QQ_NUMBER",
)


def of_type(type_id: str, key: bytes, keep: int | None, cipher: CipherName) -> Format:
    """Return the format of a type's values.

    Raises:
        ConfigError: HS-E152, the type has no format; HS-E151, ``keep`` is not offered for it;
            HS-E156, what is not kept has fewer than 10^6 values.
    """
    allowed = _KEEPS.get(type_id, tuple(range(7)) if type_id in _NUMBERED else ())
    if not allowed:
        raise ConfigError(
            "format-preserving encryption does not fit this type",
            where=type_id,
            fix="use pseudonym or encrypt; formats exist for: " + ", ".join((*_KEEPS, *_NUMBERED)),
            code="HS-E152",
        )
    kept = allowed[0] if keep is None else keep
    if kept not in allowed:
        raise ConfigError(
            "this many leading characters cannot be kept",
            where=f"{type_id}, keep: {kept}",
            fix="one of: " + ", ".join(map(str, allowed)),
            code="HS-E151",
        )
    if type_id == "PHONE_NUMBER":
        return Mobile(key, cipher, kept, 11)
    if type_id == "CN_RESIDENT_ID":
        return Resident(key, cipher, kept, 18)
    if type_id == "BANK_CARD":
        return Widths(tuple(Card(key, cipher, kept, width) for width in range(16, 20)))
    return Widths(tuple(Plain(key, cipher, kept, width) for width in range(kept + 6, 19)))


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


def _placed(n: int, rows: Array, letters: Array) -> pa.Array:
    width = letters.shape[1]
    data = np.ascontiguousarray(letters, np.uint8)
    ends = np.arange(len(rows) + 1, dtype=np.int32) * width
    made = pa.Array.from_buffers(pa.string(), len(rows), [None, pa.py_buffer(ends), pa.py_buffer(data)])
    if len(rows) == n:
        return made
    places = np.full(n, -1, np.int64)
    places[rows] = np.arange(len(rows))
    return made.take(pa.array(places, mask=places < 0))


def _joined(digits: Array) -> Array:
    out: Array = digits[0].astype(np.uint64)
    for row in digits[1:]:
        out = out * np.uint64(10) + row
    return out


def _split(numbers: Array, width: int) -> Array:
    out = np.empty((width, len(numbers)), np.uint8)
    rest = numbers
    for row in range(width - 1, -1, -1):
        tens = rest // np.uint64(10)
        out[row] = rest - tens * np.uint64(10)
        rest = tens
    return out


def _weighted(body: Array) -> Array:
    total = np.zeros(body.shape[1], np.uint16)
    for row, weight in zip(body, _ID_WEIGHTS, strict=True):
        total += row.astype(np.uint16) * np.uint16(weight)
    return total


def _luhn(body: Array) -> Array:
    total = np.zeros(body.shape[1], np.uint16)
    for place, row in enumerate(body[::-1]):
        total += row if place % 2 else _DOUBLED[row & 15]
    return ((10 - total % 10) % 10).astype(np.uint8)


@lru_cache(maxsize=4)
def _places(codes: tuple[str, ...]) -> Array:
    places = np.full(10 ** len(codes[0]), -1, np.int64)
    places[[int(code) for code in codes]] = range(len(codes))
    return places


@lru_cache(maxsize=4)
def _digits_of(codes: tuple[str, ...]) -> Array:
    letters = np.frombuffer("".join(codes).encode("ascii"), np.uint8).reshape(len(codes), -1)
    return np.ascontiguousarray(letters.T) - _ZERO


@lru_cache(maxsize=1)
def _calendar() -> tuple[Array, Array]:
    """Return YYYYMMDD − 19000000 → day number (or −1), and day number → eight digits."""
    days = np.arange("1900-01-01", "2100-01-01", dtype="datetime64[D]")
    written = np.array([int(text.replace("-", "")) for text in np.datetime_as_string(days)], np.uint64)
    numbers = np.full(2_000_000, -1, np.int32)
    numbers[written.astype(np.int64) - 19_000_000] = range(len(days))
    return numbers, _split(written, 8)
