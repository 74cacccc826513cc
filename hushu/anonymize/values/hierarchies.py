"""Generalisation hierarchies: what a value becomes one, two, n steps up.

Shipped: ``region`` (codes 12→9→6→4→2 digits, or names), ``address``, ``age``, ``income``,
``date``, ``industry`` (GB/T 4754), ``education``. Any other is a ``;`` file of rows
``value;level 1;…;level n``, the shape that ARX and Amnesia read. A value that a hierarchy does
not know never stops a batch: it becomes the recorded default, and is counted as such.
"""

from __future__ import annotations

import csv
import re
from abc import ABC, abstractmethod
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hushu.anonymize.values import addresses
from hushu.anonymize.values.masking import before_digit, mapped
from hushu.anonymize.values.normalizing import fold
from hushu.errors import ConfigError

TOP = "*"


class Hierarchy(ABC):
    """Levels above a value, coarser step by step; the last is ``*``."""

    name: str
    levels: tuple[str, ...]

    @abstractmethod
    def lift(self, value: str, level: int) -> str | None:
        """Return the value at ``level`` (0: itself), or None when the hierarchy does not know it."""

    def lift_all(self, text: pa.Array, level: int) -> pa.Array:
        """Return n strings at ``level``; null where the input is null or not known."""
        return mapped(text, lambda value: self.lift(value, level))

    def index(self, level: str | int) -> int:
        """Return the number of a level given by number or name.

        Raises:
            ConfigError: HS-E153, no such level.
        """
        if isinstance(level, str) and level in self.levels:
            return self.levels.index(level) + 1
        if isinstance(level, int) and 0 <= level <= len(self.levels):
            return level
        raise ConfigError(
            f"the hierarchy {self.name} has no such level",
            where=str(level),
            fix="one of: " + ", ".join(f"{n} {word}" for n, word in enumerate(self.levels, 1)),
            code="HS-E153",
        )

    def rows(self, values: Iterable[str], default: str = TOP) -> list[list[str]]:
        """Return rows ``[value, level 1, …, level n]`` for given values (for k-anonymity)."""
        steps = range(1, len(self.levels) + 1)
        return [[value, *(self.lift(value, n) or default for n in steps)] for value in values]


@dataclass(frozen=True, slots=True)
class Codes(Hierarchy):
    """Codes whose prefix is the coarser code; ``widths`` from fine to coarse."""

    name: str
    levels: tuple[str, ...]
    widths: tuple[int, ...]

    def lift(self, value: str, level: int) -> str | None:
        """Return the prefix of that level; a code that is already coarser stays."""
        code = fold(value)
        if not code.isdecimal() or len(code) not in self.widths:
            return None
        return TOP if level == len(self.levels) else code[: self.widths[level]]


@dataclass(frozen=True, slots=True)
class Regions(Hierarchy):
    """Administrative divisions, written as code or as name."""

    name: str = "region"
    levels: tuple[str, ...] = ("street", "district", "city", "province", TOP)

    def lift(self, value: str, level: int) -> str | None:
        """Return the code prefix or the name of that level."""
        if fold(value).isdecimal():
            return _REGION_CODES.lift(value, level)
        if level == 0:
            return value
        return (
            TOP if level == 5 else addresses.cut(value, ("street", "district", "city", "province")[level - 1])
        )


@dataclass(frozen=True, slots=True)
class Addresses(Hierarchy):
    """Address depth: room → number → lane → road → street → district → city → province."""

    name: str = "address"
    levels: tuple[str, ...] = (*reversed(addresses.DEPTHS), TOP)

    def lift(self, value: str, level: int) -> str | None:
        """Return the address down to that depth."""
        if level == 0:
            return value
        return TOP if level == len(self.levels) else addresses.cut(value, addresses.DEPTHS[-level])

    def lift_all(self, text: pa.Array, level: int) -> pa.Array:
        """Return n addresses down to that depth; from the road up, few fronts decide them all."""
        front = before_digit(text) if level >= self.levels.index("road") + 1 else None
        return mapped(text, lambda value: self.lift(value, level), by=front)


@dataclass(frozen=True, slots=True)
class Bands(Hierarchy):
    """Numbers in bands that widen; every list of limits is part of the finer one."""

    name: str
    levels: tuple[str, ...]
    limits: tuple[tuple[float, ...], ...]

    def lift(self, value: str, level: int) -> str | None:
        """Return the band of that level."""
        try:
            number = float(fold(value).replace(",", ""))
        except ValueError:
            return None
        if level == 0:
            return value
        return TOP if level == len(self.levels) else band(number, self.limits[level - 1])

    def lift_all(self, text: pa.Array, level: int) -> pa.Array:
        """Return n bands; plain numbers are placed column-wise."""
        if not 0 < level < len(self.levels):
            return Hierarchy.lift_all(self, text, level)
        try:
            numbers = text.cast(pa.float64())
        except pa.ArrowInvalid:  # full-width digits, thousands commas, words
            return Hierarchy.lift_all(self, text, level)
        limits = self.limits[level - 1]
        places = np.searchsorted(limits, pc.fill_null(numbers, 0.0).to_numpy(), side="right")
        labels = pa.array([band(number, limits) for number in (limits[0] - 1, *limits)])
        return labels.take(pa.array(places, mask=np.asarray(numbers.is_null())))


@dataclass(frozen=True, slots=True)
class Dates(Hierarchy):
    """Dates: month → quarter → year → decade."""

    name: str = "date"
    levels: tuple[str, ...] = ("month", "quarter", "year", "decade", TOP)

    def lift(self, value: str, level: int) -> str | None:
        """Return the part of that level."""
        found = _DATE.match(fold(value))
        if level == 0 or not found:
            return value if found else None
        year, month = found["year"], int(found["month"] or 0)
        parts = (
            f"{year}-{month:02d}" if month else year,
            f"{year}Q{(month + 2) // 3}" if month else year,
            year,
            f"{year[:3]}0s",
            TOP,
        )
        return parts[level - 1]


@dataclass(frozen=True, slots=True)
class Rows(Hierarchy):
    """A table of values and their levels, from a file."""

    name: str
    levels: tuple[str, ...]
    table: Mapping[str, tuple[str, ...]]

    def lift(self, value: str, level: int) -> str | None:
        """Return the entry of that level; spelling is compared after folding."""
        if level == 0:
            return value
        row = self.table.get(fold(value))
        return row[level - 1] if row else None


_REGION_CODES = Codes("region", ("street", "district", "city", "province", TOP), (12, 9, 6, 4, 2))
_DATE = re.compile(
    r"(?P<year>(?:18|19|20)\d\d)(?:[-/.年]?(?P<month>1[0-2]|0?[1-9])(?:[-/.月]?(?:3[01]|[12]\d|0?[1-9])日?|月)?"
    r"(?:[T ].*)?|年)?$"
)


def band(number: float, limits: tuple[float, ...]) -> str:
    """Return the label of the band of ascending ``limits`` in which a number lies.

    Example:
        >>> band(17, (0, 18, 60))
        '[0,18)'
    """
    place = bisect_right(limits, number)
    if place == 0:
        return f"<{limits[0]:.15g}"
    low = f"{limits[place - 1]:.15g}"
    return f"≥{low}" if place == len(limits) else f"[{low},{limits[place]:.15g})"


def names() -> tuple[str, ...]:
    """Return the names of the shipped hierarchies."""
    return ("address", "age", "date", "education", "income", "industry", "region")


@lru_cache(maxsize=32)
def load(name_or_path: str) -> Hierarchy:
    """Return a shipped hierarchy by name, or one read from a ``;`` file.

    Raises:
        ConfigError: HS-E153, no such name or file, rows of unequal width, or a value listed twice.

    Example:
        >>> load("age").lift("37", 2)
        '[30,40)'
    """
    if name_or_path == "region":
        return Regions()
    if name_or_path == "address":
        return Addresses()
    if name_or_path == "date":
        return Dates()
    if name_or_path in ("age", "income"):
        return _bands(name_or_path)
    if name_or_path == "industry":
        return _industry()
    if name_or_path == "education":
        text = (files("hushu.anonymize.values") / "bands" / "education.csv").read_text("utf-8")
        return from_text(text, name="education")
    return from_file(name_or_path)


def from_file(path: str | Path) -> Hierarchy:
    """Read a ``;`` file of rows ``value;level 1;…;level n``.

    Raises:
        ConfigError: HS-E153, unreadable, rows of unequal width, or a value listed twice.
    """
    try:
        text = Path(path).read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            "the hierarchy cannot be read",
            where=str(path),
            why=type(error).__name__,
            fix="a UTF-8 file, or one of: " + ", ".join(names()),
            code="HS-E153",
        ) from error
    return from_text(text, name=str(path))


def from_text(text: str, *, name: str) -> Hierarchy:
    """Read rows ``value;level 1;…;level n``; lines that start with ``#`` are comments.

    Raises:
        ConfigError: HS-E153, no row, rows of unequal width, or a value listed twice.
    """
    lines = (line for line in text.splitlines() if line.strip() and not line.startswith("#"))
    rows = [tuple(cell.strip() for cell in row) for row in csv.reader(lines, delimiter=";")]
    widths = {len(row) for row in rows}
    table = {fold(row[0]): row[1:] for row in rows}
    if len(widths) != 1 or widths == {1}:
        raise ConfigError(
            "the rows of the hierarchy do not have one width of two or more",
            where=name,
            fix="every row: value;level 1;…;level n",
            code="HS-E153",
        )
    if len(table) != len(rows):
        raise ConfigError(
            "a value stands twice in the hierarchy",
            where=name,
            why=f"{len(rows)} rows, {len(table)} values",
            fix="keep one row per value",
            code="HS-E153",
        )
    return Rows(name, tuple(f"level {n}" for n in range(1, len(rows[0]))), table)


def _bands(name: str) -> Hierarchy:
    import yaml

    text = (files("hushu.anonymize.values") / "bands" / "bands.yaml").read_text("utf-8")
    found = yaml.safe_load(text)[name]
    levels = tuple(level["name"] for level in found["levels"])
    limits = tuple(tuple(level["limits"]) for level in found["levels"])
    return Bands(name, (*levels, TOP), limits)


def _industry() -> Hierarchy:
    text = (files("hushu.anonymize.values") / "bands" / "industry.csv").read_text("utf-8")
    entries = {row["code"]: row for row in csv.DictReader(text.splitlines())}
    table: dict[str, tuple[str, ...]] = {}
    for code, row in entries.items():
        chain = [code]
        while entries[chain[-1]]["parent"]:
            chain.append(entries[chain[-1]]["parent"])
        # A coarse entry stays itself on the finer levels: class ← group ← division ← section.
        padded = [chain[0]] * (4 - len(chain)) + chain
        table[code] = (*padded[1:], TOP)
        table.setdefault(fold(row["name"]), (*(entries[c]["name"] for c in padded[1:]), TOP))
    return Rows("industry", ("group", "division", "section", TOP), table)
