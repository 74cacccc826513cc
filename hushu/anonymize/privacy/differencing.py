"""What several published tables give away together: differences between them, and all of them at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from hushu.anonymize.privacy.celllp import Relations, interval, solver
from hushu.anonymize.privacy.cells import ProtectedCounts
from hushu.anonymize.privacy.classes import Ints
from hushu.anonymize.privacy.counttable import MAX_CELLS, CountTable, Mask
from hushu.errors import ConfigError


@dataclass(frozen=True, slots=True)
class SmallDifference:
    """Two published counts of the same group that differ by a few persons.

    Attributes:
        first: number of the one table.
        second: number of the other.
        dimensions: the dimensions both have, by which the group is named.
        position: its place along each of them; the last place is the total.
    """

    first: int
    second: int
    dimensions: tuple[str, ...]
    position: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class JointRisk:
    """A hidden cell of one table that all tables together narrow down.

    Attributes:
        table: number of the table.
        position: the cell's place in it.
        width: what remains unknown of its count.
    """

    table: int
    position: tuple[int, ...]
    width: float


def small_differences(tables: Sequence[ProtectedCounts], minimum: int = 5) -> tuple[SmallDifference, ...]:
    """Return where two tables of different moments or selections isolate fewer than ``minimum`` persons.

    Args:
        tables: published tables; compared pairwise over the dimensions they share, categories by name.
        minimum: differences from 1 to ``minimum - 1`` are reported.

    Note:
        Groups are matched by their categories' names: overlapping ranges (60 and over, 65 and
        over) are different names and are not compared.
    """
    found: list[SmallDifference] = []
    for (i, one), (j, other) in combinations(enumerate(tables), 2):
        shared = tuple(name for name in one.table.dimensions if name in other.table.dimensions)
        left, right = _marginal(one, shared), _marginal(other, shared)
        for position, (a, b) in _matched(left, right):
            if 0 < abs(a - b) < minimum:
                found.append(SmallDifference(i, j, shared, position))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Marginal:
    categories: tuple[tuple[str | None, ...], ...]
    counts: Ints
    hidden: Mask


def _marginal(made: ProtectedCounts, shared: Sequence[str]) -> _Marginal:
    """Return the published totals over all but the shared dimensions."""
    dimensions = made.table.dimensions
    place = tuple(slice(None) if name in shared else -1 for name in dimensions)
    order = [name for name in dimensions if name in shared]
    axes = [order.index(name) for name in shared]
    categories = tuple(made.table.categories[dimensions.index(name)] for name in shared)
    return _Marginal(
        categories, np.transpose(made.table.counts[place], axes), np.transpose(made.hidden[place], axes)
    )


def _matched(left: _Marginal, right: _Marginal) -> list[tuple[tuple[int, ...], tuple[int, int]]]:
    maps = [{name: place for place, name in enumerate(names)} for names in right.categories]
    out = []
    for position in np.ndindex(left.counts.shape):
        other: list[int] = []
        for axis, place in enumerate(position):
            names = left.categories[axis]
            if place == len(names):
                other.append(len(right.categories[axis]))
            elif names[place] in maps[axis]:
                other.append(maps[axis][names[place]])
        if len(other) == len(position) and not left.hidden[position] and not right.hidden[tuple(other)]:
            out.append((tuple(position), (int(left.counts[position]), int(right.counts[tuple(other)]))))
    return out


def joint_audit(tables: Sequence[ProtectedCounts], width: float | None = None) -> tuple[JointRisk, ...]:
    """Return the hidden cells that tables of the same persons narrow down together.

    Args:
        tables: published tables of one and the same set of persons.
        width: the interval that must remain; default each table's own.

    Raises:
        ConfigError: HS-E167, the tables together span too many cells to be audited.
        OutputError: HS-E501, the extra ``audit`` is not installed.
    """
    solver()
    whole = united_table([made.table for made in tables])
    shape = whole.counts.shape
    counts, hidden = np.zeros(shape), np.ones(shape, dtype=bool)
    where = [places(made.table, whole) for made in tables]
    for made, place in zip(tables, where, strict=True):
        shown = ~made.hidden
        counts[tuple(axis[shown] for axis in place)] = made.table.counts[shown]
        hidden[tuple(axis[shown] for axis in place)] = False
    matrix = Relations(counts.size, whole.sums()).matrix()
    found = []
    for number, (made, place) in enumerate(zip(tables, where, strict=True)):
        need = made.width if width is None else width
        for position in np.argwhere(made.hidden):
            cell = int(np.ravel_multi_index(tuple(int(axis[tuple(position)]) for axis in place), shape))
            low, high = interval(matrix, counts.ravel(), hidden.ravel(), cell)
            if high - low < need - 1e-6:
                found.append(JointRisk(number, tuple(int(i) for i in position), high - low))
    return tuple(found)


def united_table(tables: Sequence[CountTable]) -> CountTable:
    """Return an empty table over all dimensions of the tables, each with every category of any of them.

    Raises:
        ConfigError: HS-E167, it would have too many cells to be audited.
    """
    names = tuple(dict.fromkeys(name for table in tables for name in table.dimensions))
    categories = tuple(_categories(tables, name) for name in names)
    shape = tuple(len(values) + 1 for values in categories)
    if np.prod([float(n) for n in shape]) > MAX_CELLS:
        raise ConfigError(
            "the tables span too many cells",
            where=", ".join(names),
            why=f"more than {MAX_CELLS:,} together, totals included",
            fix="audit them in smaller groups, or publish fewer dimensions",
            code="HS-E167",
        )
    return CountTable(names, categories, np.zeros(shape, dtype=np.int64))


def _categories(tables: Sequence[CountTable], name: str) -> tuple[str | None, ...]:
    found: dict[str | None, None] = {}
    for table in tables:
        if name in table.dimensions:
            found.update(dict.fromkeys(table.categories[table.dimensions.index(name)]))
    return tuple(found)


def places(table: CountTable, whole: CountTable) -> tuple[Ints, ...]:
    """Return for each joint dimension the joint place of every cell of one table."""
    grid = np.indices(table.counts.shape)
    out = []
    for name, joint_values in zip(whole.dimensions, whole.categories, strict=True):
        if name not in table.dimensions:
            out.append(np.full(table.counts.shape, len(joint_values), dtype=np.int64))
            continue
        axis = table.dimensions.index(name)
        where = {value: place for place, value in enumerate(joint_values)}
        joint = np.array([*(where[value] for value in table.categories[axis]), len(joint_values)])
        out.append(joint[grid[axis]])
    return tuple(out)
