"""The two ways to recode a table: one level per column (global), or own ancestors per class (local)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from hushu.anonymize.privacy.classes import Closeness, Diversity, Ints, combine
from hushu.anonymize.privacy.columns import as_codes
from hushu.anonymize.privacy.criteria import Criteria, Sensitive
from hushu.anonymize.privacy.hierarchy import ROOT, Codes, Hierarchy, HierarchyRows, build_hierarchy, codes_of
from hushu.anonymize.privacy.lattice import Tuples, optimum
from hushu.anonymize.privacy.mondrian import partition
from hushu.errors import PolicyError


@dataclass(frozen=True, slots=True)
class Encoded:
    """The quasi-identifiers of a table as leaf codes, rows x columns, with their trees."""

    names: tuple[str, ...]
    codes: Codes
    trees: tuple[Hierarchy, ...]


@dataclass(frozen=True, slots=True)
class Recoded:
    """For each row and column the level to publish, the row's class, and which rows are suppressed."""

    level: Codes
    klass: Ints
    suppressed: npt.NDArray[np.bool_]
    levels: tuple[int, ...] = ()
    gap: float | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """What is asked of the sensitive columns; turned into :class:`Sensitive` for a given table."""

    columns: tuple[str, ...] = ()
    l: float | None = None  # noqa: E741 - the field's own name for it
    t: float | None = None
    diversity: Diversity = "distinct"
    c: float = 1.0
    closeness: Closeness = "equal"
    hierarchies: Mapping[str, HierarchyRows] | None = None

    def of(self, table: pa.Table) -> tuple[Sensitive, ...]:
        """Return the rules with the table's own values and distributions."""
        return tuple(self._column(table, name) for name in self.columns)

    def _column(self, table: pa.Table, name: str) -> Sensitive:
        code, values = as_codes(table[name])
        levels, width = None, len(values)
        if self.closeness != "equal":
            tree = build_hierarchy(name, values, (self.hierarchies or {}).get(name))
            code, width, levels = codes_of(tree, values)[code], len(tree.leaves), tree.groups
        codes = code.astype(np.int64)
        reference = np.bincount(codes, minlength=width) / len(codes)
        return Sensitive(
            name,
            codes,
            width,
            reference,
            self.l,
            self.diversity,
            self.c,
            self.t,
            self.closeness,
            levels if self.closeness == "hierarchical" else None,
        )


def encode(table: pa.Table, names: Sequence[str], hierarchies: Mapping[str, HierarchyRows]) -> Encoded:
    """Return the quasi-identifiers of a table as leaf codes with their hierarchies."""
    codes, trees = [], []
    for name in names:
        code, values = as_codes(table[name])
        tree = build_hierarchy(name, values, hierarchies.get(name))
        codes.append(codes_of(tree, values)[code])
        trees.append(tree)
    return Encoded(tuple(names), np.ascontiguousarray(np.stack(codes, axis=1)), tuple(trees))


def distinct(encoded: Encoded, criteria: Criteria, limit: int) -> tuple[Tuples, Ints]:
    """Return the distinct rows (quasi-identifiers and sensitive values) and each row's number."""
    columns = [encoded.codes[:, j] for j in range(len(encoded.names))]
    widths = [len(tree.leaves) for tree in encoded.trees]
    key, found = combine(
        [*columns, *(rule.codes for rule in criteria.active)],
        [*widths, *(rule.width for rule in criteria.active)],
    )
    first = np.zeros(found, dtype=np.int64)
    first[key[::-1]] = np.arange(len(key) - 1, -1, -1)
    count = np.bincount(key, minlength=found)
    return Tuples(encoded.codes[first], count, encoded.trees, criteria.of_rows(first), limit), key


def recode_globally(
    encoded: Encoded,
    criteria: Criteria,
    weights: Sequence[float],
    limit: int,
    max_seconds: float | None = None,
) -> Recoded:
    """Return the optimal full-domain recoding.

    Raises:
        PolicyError: HS-E360, every node of the lattice suppresses more than ``limit`` rows.
    """
    tuples, number = distinct(encoded, criteria, limit)
    best = optimum(tuples, weights, max_seconds)
    if best is None:
        raise PolicyError(
            "no recoding keeps within the suppression limit",
            where=f"max_suppression, {limit} rows",
            why="even the coarsest levels leave more rows in classes that break k, l or t",
            fix="allow more suppression, lower the criteria, or give the hierarchies a level *",
            code="HS-E360",
        )
    level = np.broadcast_to(np.array(best.levels, dtype=np.int32), encoded.codes.shape).copy()
    klass, _ = tuples.classes(range(len(best.levels)), best.levels)
    return Recoded(level, klass[number], best.suppressed[number], best.levels, best.gap)


def recode_locally(encoded: Encoded, criteria: Criteria, weights: Sequence[float]) -> Recoded:
    """Return the multidimensional recoding by best cuts."""
    tuples, number = distinct(encoded, criteria, 0)
    part = partition(tuples.codes, tuples.count, tuples.trees, tuples.criteria, weights)
    low, high = class_ranges(tuples.codes, part)
    level = np.stack(
        [tree.ancestor_level(low[:, j], high[:, j]) for j, tree in enumerate(encoded.trees)], axis=1
    )
    klass = part[number]
    return Recoded(level[klass], klass, np.zeros(len(klass), dtype=bool))


def class_ranges(codes: Codes, klass: Ints) -> tuple[Codes, Codes]:
    """Return for each class and column the least and the greatest code."""
    order = np.argsort(klass, kind="stable")
    starts = np.flatnonzero(np.diff(klass[order], prepend=-1))
    cells = codes[order]
    return np.minimum.reduceat(cells, starts), np.maximum.reduceat(cells, starts)


def published(encoded: Encoded, recoded: Recoded) -> dict[str, pa.Array]:
    """Return the columns that change: labels of the hierarchies, ``*`` in suppressed rows.

    A column that keeps all its values is not among them, and so keeps its type.
    """
    touched = recoded.suppressed.any()
    return {
        name: _labels(tree, encoded.codes[:, j], recoded.level[:, j], recoded.suppressed)
        for j, (name, tree) in enumerate(zip(encoded.names, encoded.trees, strict=True))
        if touched or recoded.level[:, j].any()
    }


def _labels(tree: Hierarchy, codes: Codes, level: Codes, out: npt.NDArray[np.bool_]) -> pa.Array:
    offsets = np.cumsum([0, *(len(labels) for labels in tree.labels)])
    index = tree.groups[level, codes] + offsets[level]
    index[out] = offsets[-1]
    names = [label for labels in tree.labels for label in labels] + [ROOT]
    return pa.DictionaryArray.from_arrays(index, pa.array(names, pa.string())).cast(pa.string())


def information_loss(encoded: Encoded, recoded: Recoded, weights: Sequence[float]) -> float:
    """Return NCP, 0..1: the mean over rows of the weighted loss of their cells; a suppressed row loses 1."""
    loss = np.zeros(len(encoded.codes))
    for j, tree in enumerate(encoded.trees):
        loss += weights[j] * tree.loss[recoded.level[:, j], encoded.codes[:, j]]
    return float(np.where(recoded.suppressed, 1.0, loss).mean())
