"""Optimal full-domain recoding: the one level per column that loses least and still holds.

The levels of all columns form a lattice. Nodes are visited in the order of a lower bound on their
loss, so that the first feasible node whose loss no later bound can beat is proven optimal. Before
that, subsets of one to three columns are searched for levels that cannot hold whatever the other
columns do (the subset property of Incognito, LeFevre, DeWitt, Ramakrishnan 2005).
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, product

import numpy as np
import numpy.typing as npt

from hushu.anonymize.classes import Ints, combine
from hushu.anonymize.criteria import Criteria
from hushu.anonymize.hierarchy import Codes, Hierarchy

Levels = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Optimum:
    """The best node found.

    Attributes:
        levels: the level of each column.
        loss: NCP of the node, suppressed rows counting 1, 0..1.
        suppressed: for each tuple whether its rows are suppressed.
        gap: the loss found minus the least loss that could still exist; 0 when proven optimal.
        nodes: how many nodes were evaluated in full.
    """

    levels: Levels
    loss: float
    suppressed: npt.NDArray[np.bool_]
    gap: float
    nodes: int


@dataclass(frozen=True, slots=True)
class Tuples:
    """The distinct rows: tuples x columns of leaf codes, how many rows each stands for, their trees."""

    codes: Codes
    count: Ints
    trees: tuple[Hierarchy, ...]
    criteria: Criteria
    limit: int

    def classes(self, columns: Sequence[int], levels: Sequence[int]) -> tuple[Ints, int]:
        """Number the classes of some columns at some levels."""
        parts, widths = [], []
        for column, level in zip(columns, levels, strict=True):
            tree = self.trees[column]
            if len(tree.labels[level]) > 1:
                parts.append(tree.groups[level][self.codes[:, column]])
                widths.append(len(tree.labels[level]))
        if not parts:
            return np.zeros(len(self.codes), dtype=np.int64), 1
        return combine(parts, widths)

    def suppressed(
        self, columns: Sequence[int], levels: Sequence[int], criteria: Criteria
    ) -> npt.NDArray[np.bool_]:
        """Return for each tuple whether its class fails."""
        klass, classes = self.classes(columns, levels)
        return criteria.failing(klass, self.count, classes)[klass]


def optimum(
    tuples: Tuples,
    weights: Sequence[float],
    max_seconds: float | None = None,
    max_nodes: int | None = None,
) -> Optimum | None:
    """Return the node that loses least, or None when no node keeps within the suppression limit.

    Args:
        tuples: the table.
        weights: the weight of each column in the loss, summing to 1.
        max_seconds: stop then with the best node so far and the gap that is left.
        max_nodes: the same, after so many evaluated nodes.
    """
    started = time.monotonic()
    rows = int(tuples.count.sum())
    per_level = _level_losses(tuples, weights)
    feasible = _pruned(tuples)
    best: Optimum | None = None
    nodes = 0
    for bound, levels in _by_bound(per_level, feasible):
        if best is not None and bound >= best.loss - 1e-12:
            return best
        out_of_time = max_seconds is not None and time.monotonic() - started > max_seconds
        if best is not None and (out_of_time or (max_nodes is not None and nodes >= max_nodes)):
            return Optimum(best.levels, best.loss, best.suppressed, best.loss - bound, nodes)
        nodes += 1
        out = tuples.suppressed(range(len(levels)), levels, tuples.criteria)
        if int(tuples.count[out].sum()) > tuples.limit:
            continue
        loss = _loss(tuples, levels, weights, out, rows)
        if best is None or loss < best.loss - 1e-12:
            best = Optimum(levels, loss, out, 0.0, nodes)
    return best


def _level_losses(tuples: Tuples, weights: Sequence[float]) -> list[list[float]]:
    rows = tuples.count.sum()
    return [
        [
            float(weight * (tree.loss[level][tuples.codes[:, j]] @ tuples.count) / rows)
            for level in range(tree.height)
        ]
        for j, (tree, weight) in enumerate(zip(tuples.trees, weights, strict=True))
    ]


def _loss(
    tuples: Tuples, levels: Levels, weights: Sequence[float], out: npt.NDArray[np.bool_], rows: int
) -> float:
    each = np.zeros(len(tuples.codes))
    for j, level in enumerate(levels):
        each += weights[j] * tuples.trees[j].loss[level][tuples.codes[:, j]]
    return float(np.where(out, 1.0, each) @ tuples.count / rows)


def _pruned(tuples: Tuples) -> list[tuple[tuple[int, ...], npt.NDArray[np.bool_]]]:
    """Return for each small subset of columns which of its level vectors can hold at all."""
    criteria = tuples.criteria
    if tuples.limit:
        kept = tuple(rule for rule in criteria.sensitive if rule.survives_merging)
        criteria = Criteria(criteria.k, kept)
    if tuples.limit >= int(tuples.count.sum()):
        return []
    known: dict[tuple[int, ...], npt.NDArray[np.bool_]] = {}
    for size in (1, 2, 3):
        for columns in combinations(range(len(tuples.trees)), size):
            known[columns] = _subset(tuples, columns, criteria, known)
    return list(known.items())


def _subset(
    tuples: Tuples,
    columns: tuple[int, ...],
    criteria: Criteria,
    known: dict[tuple[int, ...], npt.NDArray[np.bool_]],
) -> npt.NDArray[np.bool_]:
    holds = np.ones([tuples.trees[j].height for j in columns], dtype=bool)
    for leave in range(len(columns)):
        smaller = columns[:leave] + columns[leave + 1 :]
        if smaller:
            holds &= np.expand_dims(known[smaller], leave)
    decided = ~holds
    for levels in sorted(product(*(range(n) for n in holds.shape)), key=sum):
        if decided[levels]:
            continue
        out = tuples.suppressed(columns, levels, criteria)
        if int(tuples.count[out].sum()) <= tuples.limit:
            decided[tuple(slice(level, None) for level in levels)] = True
        else:
            holds[levels] = False
    return holds


def _by_bound(
    per_level: Sequence[Sequence[float]],
    feasible: Sequence[tuple[tuple[int, ...], npt.NDArray[np.bool_]]],
) -> Iterator[tuple[float, Levels]]:
    """Yield the nodes that survive pruning, least bound first; ties by levels, so that runs agree."""
    shape = tuple(len(losses) for losses in per_level)
    alive = np.ones(shape, dtype=bool)
    for columns, holds in feasible:
        view = holds.reshape([shape[j] if j in columns else 1 for j in range(len(shape))])
        alive &= view
    bound = np.zeros(shape)
    for j, losses in enumerate(per_level):
        bound += np.array(losses).reshape([-1 if i == j else 1 for i in range(len(shape))])
    nodes = np.argwhere(alive)
    order = np.argsort(np.round(bound[alive], 12), kind="stable")
    for index in order:
        levels = tuple(int(level) for level in nodes[index])
        yield float(bound[levels]), levels
