"""The formats of telephone, identity and card numbers as domains of numbers for FF1."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hushu.anonymize.values.digitwise import (
    ZERO,
    calendar,
    digits_of,
    fixed_width,
    joined,
    luhn_digit,
    placed,
    places_of,
    split,
    weighted,
)
from hushu.anonymize.values.ff1 import FF1, CipherName, for_domain, walk
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
_ID_CHECK = np.frombuffer(b"10X98765432", np.uint8) - ZERO
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
            digits = np.ascontiguousarray(letters[part].T) - ZERO
            numbers, fits = self.read(digits)
            front = digits[: self.keep]
            tweak = np.ascontiguousarray(front.T) if self.keep else b""
            out = walk(permute, np.where(fits, numbers, 0), self.size(), tweak)
            made[part] = self.write(out, front).T + ZERO
            formed[part] = fits
        return placed(len(text), rows[formed], made if formed.all() else made[formed])


class Mobile(Fixed):
    """Mobile numbers: a series of three digits and eight more."""

    def size(self) -> int:
        """Return 10^8, or that for every series."""
        return 10**8 if self.keep else len(MOBILE_SERIES) * 10**8

    def read(self, digits: Array) -> tuple[Array, Array]:
        """Return series index × 10^8 + subscriber number."""
        fits = (digits < 10).all(axis=0)
        series = places_of(MOBILE_SERIES)[np.where(fits, joined(digits[:3]), 0)]
        fits &= series >= 0
        tail = joined(digits[3:])
        return (tail if self.keep else series.astype(np.uint64) * np.uint64(10**8) + tail), fits

    def write(self, numbers: Array, front: Array) -> Array:
        """Return the digits."""
        if self.keep:
            return np.vstack([front, split(numbers, 8)])
        series = numbers // np.uint64(10**8)
        lead = digits_of(MOBILE_SERIES)[:, series.astype(np.int64)]
        return np.vstack([lead, split(numbers - series * np.uint64(10**8), 8)])


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
        fits &= _ID_CHECK[weighted(body) % 11] == digits[17]
        province = places_of(PROVINCES)[joined(body[:2])]
        written = joined(body[6:14]).astype(np.int64) - 19_000_000
        numbered = calendar()[0]
        day = numbered[np.clip(written, 0, len(numbered) - 1)]
        fits &= (province >= 0) & (day >= 0) & (written >= 0) & (written < len(numbered))
        area = np.zeros(len(day), np.uint64) if self.keep == 6 else joined(body[2:6])
        if self.keep == 0:
            area += province.astype(np.uint64) * np.uint64(10**4)
        number = (area * np.uint64(_DAYS) + day.astype(np.uint64)) * np.uint64(1000) + joined(body[14:17])
        return number, fits

    def write(self, numbers: Array, front: Array) -> Array:
        """Return the digits with their check character."""
        rest = numbers // np.uint64(1000)
        area = rest // np.uint64(_DAYS)
        born = calendar()[1][:, (rest - area * np.uint64(_DAYS)).astype(np.int64)]
        lead = [front]
        if self.keep == 0:
            province = area // np.uint64(10**4)
            lead = [digits_of(PROVINCES)[:, province.astype(np.int64)]]
            area = area - province * np.uint64(10**4)
        if self.keep < 6:
            lead.append(split(area, 4))
        body = np.vstack([*lead, born, split(numbers - rest * np.uint64(1000), 3)])
        return np.vstack([body, _ID_CHECK[weighted(body) % 11]])


class Card(Fixed):
    """Bank cards of one length: kept front, digits, Luhn digit (ISO/IEC 7812-1)."""

    def size(self) -> int:
        """Return 10 for every digit that is neither kept nor the check digit."""
        return int(10 ** (self.width - 1 - self.keep))

    def read(self, digits: Array) -> tuple[Array, Array]:
        """Return the digits between front and check digit."""
        fits = (digits < 10).all(axis=0)
        fits &= luhn_digit(digits[:-1]) == digits[-1]
        return joined(digits[self.keep : -1]), fits

    def write(self, numbers: Array, front: Array) -> Array:
        """Return the digits with their check digit."""
        body = np.vstack([front, split(numbers, self.width - 1 - self.keep)])
        return np.vstack([body, luhn_digit(body)])


class Plain(Fixed):
    """Digits of one width, leading zeros included."""

    def size(self) -> int:
        """Return 10 for every digit that is not kept."""
        return int(10 ** (self.width - self.keep))

    def read(self, digits: Array) -> tuple[Array, Array]:
        """Return the digits behind the front."""
        fits: Array = np.all(digits < 10, axis=0)
        return joined(digits[self.keep :]), fits

    def write(self, numbers: Array, front: Array) -> Array:
        """Return the digits."""
        return np.vstack([front, split(numbers, self.width - self.keep)])


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


class Numbers(Widths):
    """Plain numbers of any width that leaves 10^6 values or more."""

    def encrypt(self, text: pa.Array) -> pa.Array:
        """Return n strings, each of its own width.

        Raises:
            ConfigError: HS-E156, numbers so short that all of their width can be tried.
        """
        least = self.parts[0].width
        short = pc.and_(pc.ascii_is_decimal(text), pc.less(pc.binary_length(text), least))
        count = pc.sum(short).as_py() or 0
        if count:
            raise ConfigError(
                "numbers too short for format-preserving encryption",
                where=f"{count} of {len(text)} values",
                why=f"below {least} digits all values can be tried (NIST SP 800-38G rev. 1 asks for 10^6)",
                fix="keep fewer characters, or use the operator pseudonym",
                code="HS-E156",
            )
        return Widths.encrypt(self, text)


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
    return Numbers(tuple(Plain(key, cipher, kept, width) for width in range(kept + 6, 19)))
