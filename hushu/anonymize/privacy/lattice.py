"""Optimal full-domain recoding: the one level per column that loses least and still holds.

The levels of all columns form a lattice. Nodes are visited in the order of a lower bound on their
loss, so that the search ends with a proof as soon as the next bound cannot beat the best node.
The bounds come from subsets of one to three columns: rows that fail there, all other columns
being left out, fail at every node with these levels. Either too many fail, and the node is out
(the subset property of Incognito, LeFevre, DeWitt, Ramakrishnan 2005), or each of them counts 1.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
import numpy.typing as npt

from hushu.anonymize.privacy.classes import Floats, Ints, combine, compact
from hushu.anonymize.privacy.criteria import Criteria
from hushu.anonymize.privacy.hierarchy import Codes, Hierarchy
from hushu.errors import ConfigError

Levels = tuple[int, ...]

# Bounds of all nodes are held in memory at once.
MAX_NODES = 20_000_000
LARGEST_SUBSET = 3
# Halves of nodes that are kept, 8 bytes a tuple each.
MAX_HALVES = 256
_EPSILON = 1e-12


@dataclass(frozen=True, slots=True)
class Optimum:
    """The best node found.

    Attributes:
        levels: the level of each column.
        loss: NCP of the node, suppressed rows counting 1, 0..1.
        suppressed: for each tuple whether its rows are suppressed.
        gap: the loss found minus the least loss that could still exist; 0 when proven optimal.
        nodes: how many nodes were evaluated in full until it was found.
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

    def failing(self, columns: Sequence[int], levels: Sequence[int]) -> npt.NDArray[np.bool_]:
        """Return for each tuple whether its class fails."""
        klass, classes = self.classes(columns, levels)
        return self.criteria.failing(klass, self.count, classes)[klass]


def optimum(tuples: Tuples, weights: Sequence[float], max_seconds: float | None = None) -> Optimum | None:
    """Return the node that loses least, or None when no node keeps within the suppression limit.

    Args:
        tuples: the table.
        weights: the weight of each column in the loss, summing to 1.
        max_seconds: stop then with the best node so far and the gap that is left.

    Raises:
        ConfigError: HS-E168, the lattice has too many nodes.
    """
    started = time.monotonic()
    nodes = 1
    for tree in tuples.trees:
        nodes *= tree.height
    if nodes > MAX_NODES:
        raise ConfigError(
            "too many combinations of levels for global recoding",
            where=f"{len(tuples.trees)} quasi-identifiers",
            why=f"{nodes:,} nodes, at most {MAX_NODES:,} can be searched",
            fix="use recoding='local', fewer quasi-identifiers, or hierarchies with fewer levels",
            code="HS-E168",
        )
    losses = _row_losses(tuples, weights)
    classes = _Halves(tuples)
    best: Optimum | None = None
    for tried, (bound, levels) in enumerate(_by_bound(_bounds(tuples, losses))):
        if best is not None and bound >= best.loss - _EPSILON:
            break
        if best is not None and max_seconds is not None and time.monotonic() - started > max_seconds:
            return replace(best, gap=best.loss - bound, nodes=tried)
        klass, number = classes.of(levels)
        out = tuples.criteria.failing(klass, tuples.count, number)[klass]
        if int(tuples.count[out].sum()) > tuples.limit:
            continue
        loss = _loss(tuples, levels, losses, out)
        if best is None or loss < best.loss - _EPSILON:
            best = Optimum(levels, loss, out, 0.0, tried + 1)
    return best


def _loss(tuples: Tuples, levels: Levels, losses: Sequence[Floats], out: npt.NDArray[np.bool_]) -> float:
    kept = (~out).astype(np.float64)
    total = float(tuples.count[out].sum())
    for loss, level in zip(losses, levels, strict=True):
        total += float(np.einsum("i,i->", loss[level], kept))
    return total / float(tuples.count.sum())


class _Halves:
    """The classes of whole nodes, put together from those of their left and right columns.

    Neighbouring nodes share one of the halves, which is kept.
    """

    def __init__(self, tuples: Tuples) -> None:
        self._tuples = tuples
        self._middle = (len(tuples.trees) + 1) // 2
        self._known: dict[tuple[int, Levels], tuple[Ints, int]] = {}

    def of(self, levels: Levels) -> tuple[Ints, int]:
        """Number the classes of a node."""
        left, width = self._half(0, levels[: self._middle])
        right, other = self._half(self._middle, levels[self._middle :])
        return compact(left * other + right, width * other)

    def _half(self, first: int, levels: Levels) -> tuple[Ints, int]:
        key = (first, levels)
        if key not in self._known:
            if len(self._known) >= MAX_HALVES:
                self._known.clear()
            self._known[key] = self._tuples.classes(range(first, first + len(levels)), levels)
        return self._known[key]


def _row_losses(tuples: Tuples, weights: Sequence[float]) -> list[Floats]:
    """Return for each column levels x tuples: what the tuple's rows lose there."""
    return [
        weight * tree.loss[:, tuples.codes[:, j]] * tuples.count
        for j, (tree, weight) in enumerate(zip(tuples.trees, weights, strict=True))
    ]


def _by_bound(bounds: Floats) -> Iterator[tuple[float, Levels]]:
    """Yield the nodes that may hold, least bound first; ties by levels, so that runs agree."""
    nodes = np.flatnonzero(np.isfinite(bounds))
    order = nodes[np.argsort(np.round(bounds.ravel()[nodes], 12), kind="stable")]
    for node in order:
        levels = tuple(int(level) for level in np.unravel_index(node, bounds.shape))
        yield float(bounds[levels]), levels


def _bounds(tuples: Tuples, losses: Sequence[Floats]) -> Floats:
    """Return a lower bound on the loss of every node; infinity where the node cannot hold."""
    heights = [tree.height for tree in tuples.trees]
    plain = _outer([loss.sum(axis=1) for loss in losses])
    extra = np.zeros(heights)
    tightened = _monotone(tuples)
    holds: dict[tuple[int, ...], npt.NDArray[np.bool_]] = {}
    for size in range(1, min(LARGEST_SUBSET, len(heights)) + 1):
        for columns in combinations(range(len(heights)), size):
            holds[columns] = _search_subset(tightened, columns, losses, extra, holds)
    for columns, may in holds.items():
        extra[~np.broadcast_to(_spread(may, columns, heights), extra.shape)] = np.inf
    bounds: Floats = (plain + extra) / tuples.count.sum()
    return bounds


def _monotone(tuples: Tuples) -> Tuples:
    """Return the tuples with the criteria under which a row that fails in a subset fails everywhere."""
    criteria = tuples.criteria
    if tuples.limit:
        criteria = Criteria(criteria.k, tuple(rule for rule in criteria.sensitive if rule.survives_merging))
    return Tuples(tuples.codes, tuples.count, tuples.trees, criteria, tuples.limit)


def _search_subset(
    tuples: Tuples,
    columns: tuple[int, ...],
    losses: Sequence[Floats],
    extra: Floats,
    known: dict[tuple[int, ...], npt.NDArray[np.bool_]],
) -> npt.NDArray[np.bool_]:
    """Evaluate all levels of a few columns: raise ``extra`` in place, return which levels may hold."""
    heights = extra.shape
    holds = np.ones([heights[j] for j in columns], dtype=bool)
    for leave in range(len(columns)):
        smaller = columns[:leave] + columns[leave + 1 :]
        if smaller:
            holds &= np.expand_dims(known[smaller], leave)
    small, number = _project(tuples, columns)
    # Rows that fail in a few columns fail in more of them: the largest subsets bound best.
    deepest = len(columns) == min(LARGEST_SUBSET, len(heights)) and tuples.limit > 0
    sums = [_sums(number, loss, len(small.codes)) for loss in losses] if deepest else []
    whole = holds & False
    for levels in sorted(np.ndindex(holds.shape), key=sum):
        if whole[levels] or not holds[levels]:
            continue
        out = small.failing(range(len(columns)), levels)
        rows = int(small.count[out].sum())
        if rows == 0:
            whole[tuple(slice(level, None) for level in levels)] = True
        elif rows > tuples.limit:
            holds[levels] = False
        elif deepest:
            place = [slice(None)] * len(heights)
            for column, level in zip(columns, levels, strict=True):
                place[column] = slice(level, level + 1)
            # A failing row counts 1 instead of what its labels lose.
            lost = _outer([s[:, out].sum(axis=1)[p] for s, p in zip(sums, place, strict=True)])
            np.maximum(extra[tuple(place)], rows - lost, out=extra[tuple(place)])
    return holds


def _sums(number: Ints, loss: Floats, found: int) -> Floats:
    """Return the losses of merged tuples, levels x merged tuples."""
    return np.stack([np.bincount(number, weights=row, minlength=found) for row in loss])


def _project(tuples: Tuples, columns: tuple[int, ...]) -> tuple[Tuples, Ints]:
    """Return the distinct tuples of a few columns (and the sensitive values), and each tuple's number."""
    active = tuples.criteria.active
    number, found = combine(
        [*(tuples.codes[:, j] for j in columns), *(rule.codes for rule in active)],
        [*(len(tuples.trees[j].leaves) for j in columns), *(rule.width for rule in active)],
    )
    first = np.zeros(found, dtype=np.int64)
    first[number] = np.arange(len(number))
    small = Tuples(
        tuples.codes[first][:, list(columns)],
        np.bincount(number, weights=tuples.count, minlength=found).astype(np.int64),
        tuple(tuples.trees[j] for j in columns),
        tuples.criteria.of_rows(first),
        tuples.limit,
    )
    return small, number


def _outer(vectors: Sequence[Floats]) -> Floats:
    """Return the array of all sums of one entry from each vector."""
    total = np.zeros([1] * len(vectors))
    for j, vector in enumerate(vectors):
        total = total + vector.reshape([-1 if i == j else 1 for i in range(len(vectors))])
    return total


def _spread(
    array: npt.NDArray[np.bool_], columns: tuple[int, ...], heights: Sequence[int]
) -> npt.NDArray[np.bool_]:
    return array.reshape([heights[j] if j in columns else 1 for j in range(len(heights))])
