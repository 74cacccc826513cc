"""A recoding that was found once, applied to next month's data: the same labels, k checked anew."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from hushu.anonymize.privacy import recoding
from hushu.anonymize.privacy.classes import Floats, Ints, compact
from hushu.anonymize.privacy.columns import as_codes, read_table, with_columns
from hushu.anonymize.privacy.criteria import Criteria
from hushu.anonymize.privacy.hierarchy import Codes, Hierarchy
from hushu.errors import InputError

# Rows compared with all boxes at a time: keeps the comparison within some tens of megabytes.
_CHUNK_CELLS = 20_000_000


@dataclass(frozen=True, slots=True)
class Boxes:
    """The label vectors that may be published, least loss first: the codes each covers, its loss."""

    low: Codes
    high: Codes
    loss: Floats


@dataclass(frozen=True, slots=True)
class Reapplied:
    """New rows under an old scheme.

    Attributes:
        frame: the table, of the kind that came in.
        k: the smallest published class; 0 when none is.
        information_loss: NCP, 0..1.
        suppressed: rows that fit no published label vector, or whose class fell short of k, l or t.
        unseen: for each column how many cells hold a value the scheme has never seen.
    """

    frame: Any = field(repr=False)
    k: int
    information_loss: float
    suppressed: int
    unseen: dict[str, int]


@dataclass(frozen=True, slots=True)
class Scheme:
    """How a table was recoded; holds labels of hierarchies and criteria, no rows.

    Attributes:
        names: the quasi-identifiers.
        trees: their hierarchies.
        levels: the level of each column (global recoding), or empty.
        boxes: the label vectors of the classes (local recoding), or None.
        k: least class size.
        rule: what is asked of the sensitive columns.
        weights: each column's share in the loss.
    """

    names: tuple[str, ...]
    trees: tuple[Hierarchy, ...] = field(repr=False)
    levels: tuple[int, ...]
    boxes: Boxes | None = field(repr=False)
    k: int
    rule: recoding.Rule
    weights: tuple[float, ...]

    def apply(self, frame: Any) -> Reapplied:
        """Recode new data with the same labels.

        A row whose values fit no label vector of the scheme, or whose class has fewer than k rows
        (or breaks l or t) among the new data, is suppressed. O(distinct rows x classes) for local
        recoding, O(rows) for global.

        Raises:
            ConfigError: HS-E162, a column of the scheme is missing.
            InputError: HS-E260, the table is empty.
        """
        table = read_table(frame, [*self.names, *self.rule.columns])
        if table.num_rows == 0:
            raise InputError("the table is empty", where="frame", fix="give its rows", code="HS-E260")
        codes = np.stack([_codes(table[n], t) for n, t in zip(self.names, self.trees, strict=True)], axis=1)
        criteria = Criteria(self.k, self.rule.of(table))
        low, high = self._ranges(codes, criteria)
        fits = low[:, 0] >= 0
        klass = _number(low, high)
        out = ~fits
        out[fits] = _failing(klass[fits], criteria.of_rows(np.flatnonzero(fits)))
        columns, loss = self._published(low, high, out)
        sizes = np.bincount(klass[~out]) if (~out).any() else np.zeros(1, dtype=np.int64)
        return Reapplied(
            with_columns(frame, columns),
            int(sizes[sizes > 0].min(initial=0 if out.all() else len(out))),
            float(np.where(out, 1.0, loss).mean()),
            int(out.sum()),
            {n: int((codes[:, j] < 0).sum()) for j, n in enumerate(self.names) if (codes[:, j] < 0).any()},
        )

    def _ranges(self, codes: Codes, criteria: Criteria) -> tuple[Codes, Codes]:
        """Return the codes that each row's published labels cover; -1 where no label vector fits."""
        if self.boxes is not None:
            box = _settle(codes, self.boxes, [len(tree.leaves) for tree in self.trees], criteria)
            none = (box < 0)[:, None]
            return np.where(none, -1, self.boxes.low[box]), np.where(none, -1, self.boxes.high[box])
        low, high = np.empty_like(codes), np.empty_like(codes)
        for j, (tree, level) in enumerate(zip(self.trees, self.levels, strict=True)):
            first, last = tree.spans(level)
            known = codes[:, j] >= 0
            low[:, j] = np.where(known, first[codes[:, j]], 0)
            high[:, j] = np.where(known, last[codes[:, j]], len(tree.leaves) - 1)
        return low, high

    def _published(
        self, low: Codes, high: Codes, out: npt.NDArray[np.bool_]
    ) -> tuple[dict[str, pa.Array], Floats]:
        columns, loss = {}, np.zeros(len(low))
        for j, (name, tree) in enumerate(zip(self.names, self.trees, strict=True)):
            first, last = np.maximum(low[:, j], 0), np.maximum(high[:, j], 0)
            level = tree.ancestor_level(first, last)
            one = recoding.Encoded((name,), first[:, None], (tree,))
            columns.update(recoding.published(one, recoding.Recoded(level[:, None], first, out)))
            loss += self.weights[j] * tree.loss[level, first]
        return columns, loss


def make_scheme(
    encoded: recoding.Encoded,
    recoded: recoding.Recoded,
    k: int,
    rule: recoding.Rule,
    weights: tuple[float, ...],
) -> Scheme:
    """Return the scheme of a recoding that was just made."""
    boxes = None if recoded.levels else _boxes(encoded, recoded, weights)
    return Scheme(encoded.names, encoded.trees, recoded.levels, boxes, k, rule, weights)


def _boxes(encoded: recoding.Encoded, recoded: recoding.Recoded, weights: tuple[float, ...]) -> Boxes:
    """Return the label vectors of the classes, and the same raised level by level up to the roots."""
    _, first = np.unique(recoded.klass, return_index=True)
    codes, level = encoded.codes[first], recoded.level[first]
    found = []
    for _ in range(max(tree.height for tree in encoded.trees)):
        found.append(_box(encoded.trees, codes, level))
        level = np.minimum(level + 1, [tree.height - 1 for tree in encoded.trees])
    every = np.unique(np.concatenate(found), axis=0)
    low, high = np.hsplit(every, 2)
    loss = np.zeros(len(low))
    for j, tree in enumerate(encoded.trees):
        loss += weights[j] * (high[:, j] - low[:, j]) / max(len(tree.leaves) - 1, 1)
    order = np.argsort(loss, kind="stable")
    return Boxes(low[order], high[order], loss[order])


def _box(trees: tuple[Hierarchy, ...], codes: Codes, level: Codes) -> Codes:
    """Return the first and last code of each label, all columns' first codes before the last ones."""
    ends = np.empty((2, *codes.shape), dtype=np.int32)
    for j, tree in enumerate(trees):
        first, last = (np.stack(x) for x in zip(*(tree.spans(at) for at in range(tree.height)), strict=True))
        ends[0, :, j], ends[1, :, j] = first[level[:, j], codes[:, j]], last[level[:, j], codes[:, j]]
    return np.hstack([ends[0], ends[1]])


def _codes(column: pa.ChunkedArray, tree: Hierarchy) -> Codes:
    """Return leaf codes, -1 for values the tree has never seen."""
    code, values = as_codes(column)
    lookup = {leaf: place for place, leaf in enumerate(tree.leaves)}
    missing = lookup.get(None, lookup.get("", -1))
    return np.array([missing if v is None else lookup.get(v, -1) for v in values], dtype=np.int32)[code]


def _settle(codes: Codes, boxes: Boxes, leaves: list[int], criteria: Criteria) -> Ints:
    """Return for each row the smallest box that holds; boxes that fail give their rows to larger ones."""
    box = np.full(len(codes), -1)
    waiting = np.arange(len(codes))
    alive = np.ones(len(boxes.loss), dtype=bool)
    while len(waiting) and alive.any():
        box[waiting] = _smallest_box(codes[waiting], boxes, alive, leaves)
        placed = np.flatnonzero(box >= 0)
        failing = _failing(box[placed], criteria.of_rows(placed))
        waiting = placed[failing]
        alive[box[waiting]] = False
        box[waiting] = -1
    return box


def _failing(klass: Ints, criteria: Criteria) -> npt.NDArray[np.bool_]:
    """Return for each row whether its class breaks k, l or t."""
    if not len(klass):
        return np.zeros(0, dtype=bool)
    part, parts = compact(klass, int(klass.max()) + 1)
    return criteria.failing(part, np.ones(len(part), dtype=np.int64), parts)[part]


def _smallest_box(codes: Codes, boxes: Boxes, alive: npt.NDArray[np.bool_], leaves: list[int]) -> Ints:
    rows, number = np.unique(codes, axis=0, return_inverse=True)
    place = np.flatnonzero(alive)
    low, high = boxes.low[place], boxes.high[place]
    chosen = np.full(len(rows), -1)
    step = max(1, _CHUNK_CELLS // len(place))
    for start in range(0, len(rows), step):
        part = rows[start : start + step]
        fits = np.ones((len(part), len(place)), dtype=bool)
        for j, width in enumerate(leaves):
            # A value never seen fits only where the whole domain is published.
            value = part[:, j, None]
            inside = (value >= low[:, j]) & (value <= high[:, j])
            fits &= inside | ((value < 0) & (high[:, j] - low[:, j] == width - 1))
        found = fits.argmax(axis=1)
        chosen[start : start + step] = np.where(fits[np.arange(len(part)), found], place[found], -1)
    return chosen[number.ravel()]


def _number(low: Codes, high: Codes) -> Ints:
    _, number = np.unique(np.hstack([low, high]), axis=0, return_inverse=True)
    return number.ravel().astype(np.int64)
