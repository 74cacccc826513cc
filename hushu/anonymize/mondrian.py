"""Multidimensional local recoding: cut the table, best cut first, while every part keeps k, l and t.

Mondrian (LeFevre, DeWitt, Ramakrishnan 2006) with two changes. Values are numbered along their
hierarchy, so that a part is published under the lowest common ancestors of its values, labels
that stand in the hierarchy; and the cut is the one that lowers the published loss most, not the
median of the widest column. All scores are integers, so that every machine cuts alike.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from hushu.anonymize.classes import Ints
from hushu.anonymize.criteria import Criteria
from hushu.anonymize.hierarchy import Codes, Hierarchy

# Losses are counted in millionths, so that sums are exact.
UNIT = 1_000_000
# Gain counts this many times as much as cutting near the middle of the part.
GAIN_WEIGHT = 10


def ancestor_losses(tree: Hierarchy) -> Codes:
    """Return leaves x leaves: the loss, in millionths, of publishing the ancestor of two leaves."""
    codes = np.arange(len(tree.leaves), dtype=np.int32)
    level = tree.ancestor_level(codes[:, None], codes[None, :])
    return np.round(tree.loss[level, codes[:, None]] * UNIT).astype(np.int32)


def partition(codes: Codes, trees: Sequence[Hierarchy], criteria: Criteria) -> Ints:
    """Return the class of each row, numbered by first appearance.

    Args:
        codes: rows x columns, leaf codes.
        trees: the hierarchy of each column.
        criteria: what every class must satisfy; the whole table must.
    """
    losses = [ancestor_losses(tree) for tree in trees]
    klass = np.empty(len(codes), dtype=np.int64)
    waiting = [np.arange(len(codes))]
    made = 0
    while waiting:
        rows = waiting.pop()
        halves = _best_cut(codes, rows, losses, criteria)
        if halves is None:
            klass[rows] = made
            made += 1
        else:
            waiting.extend(halves)
    return by_first_row(klass, made)


def by_first_row(klass: Ints, classes: int) -> Ints:
    """Renumber classes by their first row."""
    first = np.full(classes, len(klass), dtype=np.int64)
    np.minimum.at(first, klass, np.arange(len(klass)))
    number = np.empty(classes, dtype=np.int64)
    number[np.argsort(first)] = np.arange(classes)
    return number[klass]


def _best_cut(
    codes: Codes, rows: Ints, losses: Sequence[Codes], criteria: Criteria
) -> tuple[Ints, Ints] | None:
    if len(rows) < 2 * criteria.k:
        return None
    part = codes[rows]
    scores, columns, places = [], [], []
    for column, loss in enumerate(losses):
        place, score = cut_scores(part[:, column], loss, criteria.k)
        scores.append(score)
        places.append(place)
        columns.append(np.full(len(place), column))
    score, place, column_of = (np.concatenate(x) for x in (scores, places, columns))
    for best in np.argsort(-score, kind="stable"):
        left = part[:, column_of[best]] <= place[best]
        if _both_hold(left, rows, criteria):
            return rows[left], rows[~left]
    return None


def _both_hold(left: npt.NDArray[np.bool_], rows: Ints, criteria: Criteria) -> bool:
    if not criteria.sensitive:
        return True
    ones = np.ones(len(rows), dtype=np.int64)
    return not criteria.of_rows(rows).failing((~left).astype(np.int64), ones, 2).any()


def cut_scores(values: Codes, loss: Codes, k: int) -> tuple[Ints, Ints]:
    """Return the codes after which the part may be cut, leaving k rows on both sides, and their scores."""
    present, counts = np.unique(values, return_counts=True)
    left = np.cumsum(counts)[:-1]
    right = len(values) - left
    whole = int(loss[present[0], present[-1]])
    gain = (
        whole * len(values)
        - loss[present[0], present[:-1]].astype(np.int64) * left
        - loss[present[1:], present[-1]].astype(np.int64) * right
    )
    score = GAIN_WEIGHT * gain + whole * np.minimum(left, right)
    allowed = (left >= k) & (right >= k)
    return present[:-1][allowed].astype(np.int64), score[allowed]
