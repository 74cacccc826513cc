"""Multidimensional local recoding: cut the table, best cut first, while every part keeps k, l and t.

Mondrian (LeFevre, DeWitt, Ramakrishnan 2006) with two changes. Values are numbered along their
hierarchy, so that a part is published under the lowest common ancestors of its values, labels
that stand in the hierarchy. And the cut taken, be it between two neighbouring values or between one
group of the hierarchy and the rest, is the one that saves most published loss, over all columns,
per bit of the parting (as C4.5 weighs its splits): without the division a column with a hundred
groups below one root would never be cut. On Adult, a resident register and a sparse table no other
weight (none, roots and powers of the bits; 4 to 100,000 instead of the 32 below) loses over 2 % less,
and the lesser side's share itself up to 2.7 times as much (tests/anonymize/test_cut_rule.py). Scores
are whole numbers, so that the C kernel and numpy
cut alike on every machine.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from hushu.anonymize.privacy.classes import Ints
from hushu.anonymize.privacy.criteria import Criteria
from hushu.anonymize.privacy.hierarchy import Codes, Hierarchy

try:
    import hushu.anonymize.privacy._classes as _classes
except ImportError:  # installed without a compiler
    _classes = None

# Losses are counted in millionths, so that sums are exact.
UNIT = 1_000_000
# Besides the gain counts 1/32 of what halving the column could save: it leads towards later gains.
GAIN_WEIGHT = 32
# The lesser side's share of a part is told in so many steps.
SHARES = 4096
# A part whose best cuts all break l or t is left whole after so many: columns can have thousands of values.
MAX_TRIED = 256
_KERNEL_COLUMNS = 64
_DIVERSITY = {"distinct": 0, "entropy": 1, "recursive": 2}
_CLOSENESS = {"equal": 0, "ordered": 1, "hierarchical": 2}


def partition(
    codes: Codes,
    count: Ints,
    trees: Sequence[Hierarchy],
    criteria: Criteria,
    weights: Sequence[float] | None = None,
) -> Ints:
    """Return the class of each tuple, numbered by first appearance.

    Args:
        codes: tuples x columns, leaf codes.
        count: the rows that each tuple stands for.
        trees: the hierarchy of each column.
        criteria: what every class must satisfy; the whole table must.
        weights: how much each column's loss counts, summing to 1; default alike.

    Note:
        O(rows x columns² x depth); depth is about log2(rows / k).
    """
    if _classes is None or len(trees) > _KERNEL_COLUMNS or len(criteria.active) > _KERNEL_COLUMNS // 2:
        return _by_first_row(_partition_portable(codes, count, trees, criteria, weights))
    losses = _units(trees, weights)
    made = _classes.partition(
        np.ascontiguousarray(codes, dtype=np.int32),
        np.ascontiguousarray(count, dtype=np.int64),
        _parting_bits(),
        len(codes),
        criteria.k,
        tuple(
            (tree.height, len(tree.leaves), tree.groups, loss)
            for tree, loss in zip(trees, losses, strict=True)
        ),
        tuple(
            (
                rule.width,
                rule.codes.astype(np.int32),
                _DIVERSITY[rule.diversity],
                -1.0 if rule.l is None else float(rule.l),
                float(rule.c),
                -1.0 if rule.t is None else float(rule.t),
                _CLOSENESS[rule.closeness],
                np.ascontiguousarray(rule.reference, dtype=np.float64),
                0 if rule.levels is None else len(rule.levels),
                b"" if rule.levels is None else np.ascontiguousarray(rule.levels, dtype=np.int32),
            )
            for rule in criteria.active
        ),
    )
    return _by_first_row(np.frombuffer(made, np.int32))


def _units(trees: Sequence[Hierarchy], weights: Sequence[float] | None) -> list[Codes]:
    scale = [1.0] * len(trees) if weights is None else [weight * len(trees) for weight in weights]
    return [
        np.round(tree.loss * factor * UNIT).astype(np.int32)
        for tree, factor in zip(trees, scale, strict=True)
    ]


@lru_cache(maxsize=1)
def _parting_bits() -> Ints:
    """Return the entropy of parting off a share of 0, 1, … SHARES / 2 (of SHARES), in 65536ths of a bit."""
    share = np.arange(1, SHARES // 2 + 1) / SHARES
    bits = -share * np.log2(share) - (1 - share) * np.log2(1 - share)
    return np.concatenate(([0], np.round(65536 * bits))).astype(np.int64)


def _scores(gain: Ints, column_loss: Ints, inside: Ints, outside: Ints) -> Ints:
    lesser = np.minimum(inside, outside)
    share = np.maximum(lesser * SHARES // np.maximum(inside + outside, 1), 1)
    score: Ints = (GAIN_WEIGHT * gain + column_loss * lesser) // _parting_bits()[share]
    return score


def _by_first_row(klass: npt.NDArray[np.integer]) -> Ints:
    _, first, number = np.unique(klass, return_index=True, return_inverse=True)
    rank = np.empty(len(first), dtype=np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    return rank[number]


@dataclass(frozen=True, slots=True)
class _Cuts:
    """Candidate cuts: the part each belongs to, its score, and the codes low … high of its inside."""

    part: Ints
    score: Ints
    column: Ints
    low: Ints
    high: Ints


def _partition_portable(
    codes: Codes,
    count: Ints,
    trees: Sequence[Hierarchy],
    criteria: Criteria,
    weights: Sequence[float] | None = None,
) -> Ints:
    """Cut all parts of one depth at a time; the same cuts as the kernel's."""
    klass = np.zeros(len(codes), dtype=np.int64)
    losses = _units(trees, weights)
    active, made = np.arange(len(codes)), 1
    while len(active):
        part, parts = _compact(klass[active])
        sizes = np.bincount(part, weights=count[active], minlength=parts)
        wide = sizes[part] >= 2 * criteria.k
        active = active[wide]
        if not len(active):
            break
        part, parts = _compact(klass[active])
        rows = _Rows(codes[active], count[active], part, parts, criteria.of_rows(active))
        cut = _best(rows, trees, losses)
        chosen = cut.column[part] >= 0
        value = codes[active, np.maximum(cut.column[part], 0)]
        inside = chosen & (value >= cut.low[part]) & (value <= cut.high[part])
        klass[active[inside]] = made + part[inside]
        made += parts
        active = active[chosen]
    return klass


def _compact(number: Ints) -> tuple[Ints, int]:
    found, part = np.unique(number, return_inverse=True)
    return part, len(found)


@dataclass(frozen=True, slots=True)
class _Rows:
    """The tuples that are still being cut, and the part that each is in."""

    codes: Codes
    count: Ints
    part: Ints
    parts: int
    criteria: Criteria


def _best(rows: _Rows, trees: Sequence[Hierarchy], losses: Sequence[Codes]) -> _Cuts:
    """Return for each part its best cut that holds; column -1 where there is none."""
    found = [cuts for j in range(len(trees)) for cuts in _column_cuts(rows, trees, losses, j)]
    every = _Cuts(*(np.concatenate([getattr(c, name) for c in found]) for name in _Cuts.__slots__))
    order = np.lexsort((np.arange(len(every.part)), -every.score, every.part))
    best = _Cuts(*(np.full(rows.parts, -1, dtype=np.int64) for _ in range(5)))
    nth = np.arange(len(order)) - np.searchsorted(every.part[order], every.part[order])
    for turn in range(min(int(nth.max(initial=-1)) + 1, MAX_TRIED)):
        tried = order[nth == turn]
        tried = tried[best.column[every.part[tried]] < 0]
        if not len(tried):
            break
        tried = tried[_hold(rows, every, tried)]
        for name in _Cuts.__slots__:
            getattr(best, name)[every.part[tried]] = getattr(every, name)[tried]
    return best


def _hold(rows: _Rows, cuts: _Cuts, tried: Ints) -> npt.NDArray[np.bool_]:
    """Return whether both sides of each tried cut (at most one a part) keep the sensitive rules."""
    if not rows.criteria.active:
        return np.ones(len(tried), dtype=bool)
    which = np.full(rows.parts, -1, dtype=np.int64)
    which[cuts.part[tried]] = np.arange(len(tried))
    of = np.flatnonzero(which[rows.part] >= 0)
    cut = tried[which[rows.part[of]]]
    value = rows.codes[of, cuts.column[cut]]
    side = 2 * which[rows.part[of]] + ((value >= cuts.low[cut]) & (value <= cuts.high[cut]))
    failing = rows.criteria.of_rows(of).failing(side, rows.count[of], 2 * len(tried))
    return np.asarray(~failing.reshape(-1, 2).any(axis=1))


@dataclass(frozen=True, slots=True)
class _Runs:
    """The rows of all parts sorted by one column, as runs of one part and code."""

    part: Ints
    code: Ints
    count: Ints
    first: npt.NDArray[np.bool_]
    last: npt.NDArray[np.bool_]
    low: Codes
    high: Codes


def _column_cuts(
    rows: _Rows, trees: Sequence[Hierarchy], losses: Sequence[Codes], column: int
) -> Iterator[_Cuts]:
    """Yield the cuts of one column: after each code, then one group of each level against the rest."""
    k = rows.criteria.k
    runs = _runs(rows, column, len(trees[column].leaves))
    count = _running_count(runs.part, runs.count)
    before = count, *_running_range(runs)
    total = np.bincount(runs.part, weights=runs.count).astype(np.int64)
    after = total[runs.part] - count + runs.count, *_running_range(runs, backward=True)
    ends = np.flatnonzero(runs.last)
    low, high = before[1][ends], before[2][ends]
    whole = total * _box_loss(trees, losses, low, high)
    column_loss = _loss(trees[column], losses[column], low[:, column], high[:, column])
    start = runs.code[runs.first]

    def scored(
        at: Ints, inside: tuple[Ints, Codes, Codes], outside: tuple[Ints, Codes, Codes], low: Ints
    ) -> _Cuts:
        allowed = (inside[0] >= k) & (outside[0] >= k)
        at, low = at[allowed], low[allowed]
        inside, outside = (tuple(x[allowed] for x in side) for side in (inside, outside))  # type: ignore[assignment]
        loss = sum(n * _box_loss(trees, losses, a, b) for n, a, b in (inside, outside))
        of = runs.part[at]
        score = _scores(whole[of] - loss, column_loss[of], inside[0], outside[0])
        return _Cuts(of, score, np.full(len(at), column), low, runs.code[at])

    at = np.flatnonzero(~runs.last)
    yield scored(at, tuple(x[at] for x in before), tuple(x[at + 1] for x in after), start[runs.part[at]])  # type: ignore[arg-type]
    for groups in trees[column].groups[:-1]:
        group = groups[runs.code]
        opens = runs.first | np.append(True, group[1:] != group[:-1])
        a = np.flatnonzero(opens)
        b = np.append(a[1:], len(group)) - 1
        inner_low, inner_high = np.minimum.reduceat(runs.low, a), np.maximum.reduceat(runs.high, a)
        middle = ~(runs.first[a] | runs.last[b])
        a, b = a[middle], b[middle]
        inside = before[0][b] - before[0][a - 1], inner_low[middle], inner_high[middle]
        outside = (
            total[runs.part[a]] - inside[0],
            np.minimum(before[1][a - 1], after[1][b + 1]),
            np.maximum(before[2][a - 1], after[2][b + 1]),
        )
        yield scored(b, inside, outside, runs.code[a])


def _runs(rows: _Rows, column: int, leaves: int) -> _Runs:
    key = rows.part * leaves + rows.codes[:, column]
    order = np.argsort(key, kind="stable")
    starts = np.flatnonzero(np.diff(key[order], prepend=-1))
    cells = rows.codes[order]
    of, code = np.divmod(key[order][starts], leaves)
    turn = np.flatnonzero(np.diff(of, prepend=-1))
    first = np.zeros(len(of), dtype=bool)
    first[turn] = True
    return _Runs(
        of,
        code,
        np.add.reduceat(rows.count[order], starts),
        first,
        np.append(first[1:], True),
        np.minimum.reduceat(cells, starts),
        np.maximum.reduceat(cells, starts),
    )


def _running_count(part: Ints, count: Ints) -> Ints:
    running = np.cumsum(count)
    before = np.concatenate(([0], running))[np.searchsorted(part, part)]
    return running - before


def _running_range(runs: _Runs, *, backward: bool = False) -> tuple[Codes, Codes]:
    """Return least and greatest codes so far within each part; an offset per part starts it anew."""
    turn = slice(None, None, -1) if backward else slice(None)
    offset = runs.part[turn, None] * (int(runs.high.max()) + 1)
    if backward:
        offset = offset[0] - offset
    low = np.minimum.accumulate(runs.low[turn] - offset) + offset
    high = np.maximum.accumulate(runs.high[turn] + offset) - offset
    return low[turn].astype(np.int32), high[turn].astype(np.int32)


def _box_loss(trees: Sequence[Hierarchy], losses: Sequence[Codes], low: Codes, high: Codes) -> Ints:
    total = np.zeros(len(low), dtype=np.int64)
    for j, (tree, loss) in enumerate(zip(trees, losses, strict=True)):
        total += _loss(tree, loss, low[:, j], high[:, j])
    return total


def _loss(tree: Hierarchy, loss: Codes, low: Codes, high: Codes) -> Ints:
    return loss[tree.ancestor_level(low, high), low].astype(np.int64)
