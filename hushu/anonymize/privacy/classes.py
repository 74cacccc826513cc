"""Equivalence classes and what is measured on them: k, l-diversity, t-closeness.

A class is the set of rows that agree in every quasi-identifier. The measures are computed on the
*contingency* of classes and sensitive values: parallel arrays of class, value and count, one entry
per pair that occurs, so that their cost and memory grow with distinct tuples, not with rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from hushu.errors import ConfigError

Ints: TypeAlias = npt.NDArray[np.int64]
Floats: TypeAlias = npt.NDArray[np.float64]
Diversity = Literal["distinct", "entropy", "recursive"]
Closeness = Literal["equal", "ordered", "hierarchical"]

# Classes x values that are written out at a time for distances in a tree.
_DENSE_CELLS = 4_000_000


@dataclass(frozen=True, slots=True)
class Contingency:
    """How often each sensitive value occurs in each class: parallel arrays sorted by class, then value.

    Attributes:
        klass: class number, 0 … classes - 1, each at least once.
        value: code of the sensitive value.
        count: rows with this class and value, ≥ 1.
        classes: the number of classes.
        values: the number of sensitive values.
    """

    klass: Ints
    value: Ints
    count: Ints
    classes: int
    values: int

    @property
    def sizes(self) -> Ints:
        """Rows of each class."""
        return np.bincount(self.klass, weights=self.count, minlength=self.classes).astype(np.int64)


def contingency(klass: Ints, value: Ints, count: Ints, classes: int, values: int) -> Contingency:
    """Return the contingency of rows or tuples given by class, sensitive value and weight."""
    key = klass.astype(np.int64) * values + value
    if classes * values <= 8 * len(key) + 65_536:
        table = np.bincount(key, weights=count, minlength=classes * values)
        found = np.flatnonzero(table)
        total = table[found].astype(np.int64)
    else:
        found, inverse = np.unique(key, return_inverse=True)
        total = np.bincount(inverse, weights=count).astype(np.int64)
    return Contingency(found // values, found % values, total, classes, values)


def combine(codes: Sequence[npt.NDArray[np.integer]], widths: Sequence[int]) -> tuple[Ints, int]:
    """Number the distinct tuples of several code columns, 0 … n - 1 in lexicographic order.

    Args:
        codes: one array of codes per column, all of one length.
        widths: for each column one more than its largest code.

    Returns:
        The number of each row's tuple, and how many tuples there are.
    """
    rows = len(codes[0])
    key, width = np.zeros(rows, dtype=np.int64), 1
    for column, size in zip(codes, widths, strict=True):
        if width * size >= 1 << 62:
            found, key = np.unique(key, return_inverse=True)
            width = len(found)
        key = key * size + column
        width *= size
    return compact(key, width)


def compact(key: Ints, width: int) -> tuple[Ints, int]:
    """Renumber keys below ``width`` to 0 … n - 1, keeping their order."""
    if width <= 8 * len(key) + 65_536:
        present = np.zeros(width, dtype=bool)
        present[key] = True
        number = np.cumsum(present) - 1
        return number[key], int(number[-1]) + 1 if width else 0
    found, inverse = np.unique(key, return_inverse=True)
    return inverse.astype(np.int64), len(found)


def diversity(table: Contingency, kind: Diversity = "distinct", c: float = 1.0) -> Floats:
    """Return the l of every class.

    Args:
        table: classes and sensitive values.
        kind: ``distinct`` counts values; ``entropy`` gives exp(entropy); ``recursive`` gives the
            largest l for which the class is recursive (c, l)-diverse.
        c: the constant of recursive diversity: r1 < c (r_l + r_(l+1) + …).

    Source: Machanavajjhala et al. 2007, Definitions 3.1-3.3.

    Example:
        >>> table = contingency(np.array([0, 0, 1]), np.array([0, 1, 0]), np.array([3, 3, 6]), 2, 2)
        >>> diversity(table).tolist(), diversity(table, "entropy").round(6).tolist()
        ([2.0, 1.0], [2.0, 1.0])
    """
    if kind == "distinct":
        return np.bincount(table.klass, minlength=table.classes).astype(float)
    if kind == "entropy":
        share = table.count / table.sizes[table.klass]
        return np.exp(np.bincount(table.klass, weights=-share * np.log(share), minlength=table.classes))
    if kind == "recursive":
        return _recursive(table, c)
    raise ConfigError(
        "unknown kind of l-diversity", where=str(kind), fix="distinct, entropy or recursive", code="HS-E163"
    )


def _recursive(table: Contingency, c: float) -> Floats:
    order = np.lexsort((-table.count, table.klass))
    klass, count = table.klass[order], table.count[order].astype(float)
    starts = np.searchsorted(klass, np.arange(table.classes))
    total = np.add.reduceat(count, starts)
    before = np.cumsum(count) - count
    # What is left of the class from its i-th most frequent value on: r_i + r_(i+1) + …
    tail = total[klass] - (before - before[starts][klass])
    holds = count[starts][klass] < c * tail
    reached: Floats = np.add.reduceat(holds.astype(float), starts)
    return reached


def closeness(
    table: Contingency,
    kind: Closeness = "equal",
    reference: Floats | None = None,
    levels: npt.NDArray[np.integer] | None = None,
) -> Floats:
    """Return the t of every class: the earth mover's distance to the whole table's distribution.

    Args:
        table: classes and sensitive values; for ``ordered`` the codes follow the order.
        kind: ``equal`` (half the sum of differences), ``ordered`` (neighbours one step apart),
            ``hierarchical`` (steps up and down a tree).
        reference: the distribution to compare with, summing to 1; default the table's own.
        levels: for ``hierarchical``, levels x values: the group of each value, from the values
            themselves (row 0) to the root.

    Source: Li, Li, Venkatasubramanian 2007, section 4.
    """
    total = np.bincount(table.value, weights=table.count, minlength=table.values)
    base = total / total.sum() if reference is None else reference
    if kind == "equal":
        # sum |p - q| over the values that occur, plus q over those that do not, halved.
        share = table.count / table.sizes[table.klass]
        part = np.abs(share - base[table.value]) - base[table.value]
        halved: Floats = (np.bincount(table.klass, weights=part, minlength=table.classes) + base.sum()) / 2
        return halved
    if kind == "ordered":
        return _ordered_distance(table, base)
    if kind == "hierarchical" and levels is not None:
        out = np.empty(table.classes)
        step = max(1, _DENSE_CELLS // table.values)
        for first in range(0, table.classes, step):
            extra = _dense(table, first, min(first + step, table.classes)) - base
            out[first : first + len(extra)] = _tree_distance(extra, levels)
        return out
    raise ConfigError(
        "unknown kind of t-closeness",
        where=str(kind),
        fix="equal, ordered, or hierarchical with a hierarchy for the sensitive column",
        code="HS-E163",
    )


def _ordered_distance(table: Contingency, base: Floats) -> Floats:
    """Sum |P - Q| over all values, P and Q cumulated; between two values of a class P stands still."""
    whole = np.cumsum(base)
    sums = np.concatenate(([0.0], np.cumsum(whole)))
    starts = np.searchsorted(table.klass, np.arange(table.classes))
    share = table.count / table.sizes[table.klass]
    running = np.cumsum(share)
    level = running - (running - share)[starts][table.klass]
    until = np.append(table.value[1:], table.values)
    until[np.append(starts[1:], len(until)) - 1] = table.values
    # From the value on, up to the class's next one, P stays at `level`; Q passes it at `turn`.
    turn = np.clip(np.searchsorted(whole, level), table.value, until)
    below = level * (turn - table.value) - (sums[turn] - sums[table.value])
    above = sums[until] - sums[turn] - level * (until - turn)
    distance = np.bincount(table.klass, weights=below + above, minlength=table.classes)
    ordered: Floats = (distance + sums[table.value[starts]]) / max(table.values - 1, 1)
    return ordered


def _dense(table: Contingency, first: int, last: int) -> Floats:
    low, high = np.searchsorted(table.klass, [first, last])
    dense = np.zeros((last - first, table.values))
    dense[table.klass[low:high] - first, table.value[low:high]] = table.count[low:high]
    share: Floats = dense / dense.sum(axis=1, keepdims=True)
    return share


def _tree_distance(extra: Floats, levels: npt.NDArray[np.integer]) -> Floats:
    """Earth mover's distance in a tree: at each inner node the lesser of its children's surplus and lack."""
    height = len(levels) - 1
    cost = np.zeros(len(extra))
    for level in range(1, height + 1):
        below, above = levels[level - 1], levels[level]
        width = int(below.max()) + 1
        parent = np.zeros(width, dtype=np.int64)
        parent[below] = above
        child = extra @ np.eye(width)[below]
        belongs = np.eye(int(above.max()) + 1)[parent]
        surplus, lack = np.maximum(child, 0) @ belongs, np.maximum(-child, 0) @ belongs
        cost += level / height * np.minimum(surplus, lack).sum(axis=1)
    return cost
