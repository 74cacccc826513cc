"""A release held against the population it was drawn from: k-map and δ-presence as criteria.

Every published label covers a range of values. Whoever holds the register of everybody finds, for a
published row, all persons whose values lie within its labels: at least ``k_map`` of them there must
be, and at most the share ``presence`` of them may stand in the release.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from hushu.anonymize.privacy.autohierarchy import ROOT, rows_from_values
from hushu.anonymize.privacy.classes import Ints
from hushu.anonymize.privacy.columns import as_codes
from hushu.anonymize.privacy.hierarchy import Codes, Hierarchy, HierarchyRows, codes_of
from hushu.anonymize.privacy.kanonymity import Anonymized, k_anonymize
from hushu.anonymize.privacy.population import PopulationMatch
from hushu.errors import InputError, PolicyError

# Each further attempt asks for classes larger by so much.
_STEP = 1.6
_CHUNK_CELLS = 20_000_000


@dataclass(frozen=True, slots=True)
class Presence:
    """What is asked of every published class; None asks nothing."""

    k_map: int | None = None
    presence: float | None = None


@dataclass(frozen=True, slots=True)
class _Classes:
    """The published label vectors: each row's (-1 for a suppressed row), rows and persons of each."""

    of_row: Ints
    here: Ints
    there: Ints


def hide_in_population(
    table: pa.Table,
    names: Sequence[str],
    population: pa.Table,
    asked: Presence,
    k: int = 1,
    *,
    hierarchies: Mapping[str, HierarchyRows] | None = None,
    max_suppression: float = 0.0,
    **options: Any,
) -> tuple[Anonymized, PopulationMatch]:
    """Recode a table until its rows hide among the population.

    Args:
        table: the rows.
        names: the quasi-identifiers.
        population: everybody the table was drawn from, with the columns of ``names`` at the same grain.
        asked: the criteria.
        k: least size of a class within the table.
        hierarchies: as :func:`k_anonymize`; those left out are built from the values of both tables.
        max_suppression: the share of rows, 0..1, that may be published as ``*``.
        options: what else :func:`k_anonymize` takes.

    Returns:
        The recoding with the fewest rows a class that holds, and the figures against the population.

    Raises:
        InputError: HS-E260, the population is empty.
        PolicyError: HS-E322, even the coarsest recoding leaves more than ``max_suppression`` exposed.

    Source: Sweeney 2002 (k-map); Nergiz, Atzori, Clifton 2007 (δ-presence).
    """
    if population.num_rows == 0:
        raise InputError(
            "the population table is empty", where="privacy.population", fix="give its rows", code="HS-E260"
        )
    trees = {**{n: _of_both(table[n], population[n]) for n in names}, **dict(hierarchies or {})}
    limit = int(np.floor(max_suppression * table.num_rows + 1e-9))
    size = max(k, 1)
    while True:
        made = k_anonymize(table, names, size, hierarchies=trees, max_suppression=max_suppression, **options)
        classes = _held_against(made, names, population)
        exposed = _exposed(classes, asked)
        if made.suppressed + int(exposed.sum()) <= limit or not exposed.any():
            return _hidden(made, names, exposed), _match(classes, exposed)
        if size >= table.num_rows:
            raise PolicyError(
                "no recoding hides the rows among the population",
                where=f"k_map {asked.k_map}, presence {asked.presence}: {table.num_rows} rows of "
                f"{population.num_rows} persons",
                why=f"{int(exposed.sum())} rows stay exposed and {limit} may be suppressed",
                fix="lower k_map, raise presence or max_suppression, or release a smaller sample",
                code="HS-E322",
            )
        size = min(max(size + 1, int(size * _STEP)), table.num_rows)


def _of_both(one: pa.ChunkedArray, other: pa.ChunkedArray) -> HierarchyRows:
    values = [*as_codes(one)[1], *as_codes(other)[1]]
    return rows_from_values(values)


def _held_against(made: Anonymized, names: Sequence[str], population: pa.Table) -> _Classes:
    trees = {tree.column: tree for tree in made.scheme.trees}
    vectors = np.stack([_spans(made.frame[n], trees[n]) for n in names], axis=1)
    whole = np.array([[0, len(trees[n].leaves) - 1] for n in names])
    published, of_row = np.unique(vectors.reshape(len(vectors), -1), axis=0, return_inverse=True)
    of_row = of_row.ravel().astype(np.int64)
    here = np.bincount(of_row, minlength=len(published))
    if made.suppressed:
        root = (published == whole.ravel()).all(axis=1)
        of_row = np.where(root[of_row], -1, of_row)
    codes = np.stack([_leaves(population[n], trees[n]) for n in names], axis=1)
    return _Classes(of_row, here, _within(codes, published.reshape(-1, len(names), 2)))


def _spans(column: pa.ChunkedArray, tree: Hierarchy) -> Codes:
    """Return for every cell the first and the last leaf that its label covers."""
    code, labels = as_codes(column)
    known: dict[str | None, tuple[int, int]] = {}
    for level in range(tree.height):
        first, last = tree.spans(level)
        for leaf, group in enumerate(tree.groups[level]):
            known.setdefault(tree.labels[level][group], (int(first[leaf]), int(last[leaf])))
    whole = (0, len(tree.leaves) - 1)
    missing = codes_of(tree, [None])[0] if None in labels else 0
    found = [(int(missing), int(missing)) if v is None else known.get(v, whole) for v in labels]
    return np.array(found, dtype=np.int32)[code]


def _leaves(column: pa.ChunkedArray, tree: Hierarchy) -> Codes:
    code, values = as_codes(column)
    lookup = {leaf: place for place, leaf in enumerate(tree.leaves)}
    missing = lookup.get(None, lookup.get("", -1))
    return np.array([missing if v is None else lookup.get(v, -1) for v in values], dtype=np.int32)[code]


def _within(codes: Codes, boxes: Codes) -> Ints:
    """Return how many persons lie within each box."""
    rows, count = np.unique(codes, axis=0, return_counts=True)
    found = np.zeros(len(boxes), dtype=np.int64)
    step = max(1, _CHUNK_CELLS // max(len(boxes), 1))
    for start in range(0, len(rows), step):
        part = rows[start : start + step]
        inside = np.ones((len(part), len(boxes)), dtype=bool)
        for j in range(codes.shape[1]):
            inside &= (part[:, j, None] >= boxes[:, j, 0]) & (part[:, j, None] <= boxes[:, j, 1])
        found += count[start : start + step] @ inside
    return found


def _exposed(classes: _Classes, asked: Presence) -> npt.NDArray[np.bool_]:
    # A population that misses people of the table is no population: those classes count as they are.
    there = np.maximum(classes.here, classes.there)
    bad = np.zeros(len(there), dtype=bool)
    if asked.k_map is not None:
        bad |= there < asked.k_map
    if asked.presence is not None:
        bad |= classes.here > asked.presence * there + 1e-9
    return np.asarray(np.where(classes.of_row >= 0, bad[classes.of_row], False))


def _hidden(made: Anonymized, names: Sequence[str], exposed: npt.NDArray[np.bool_]) -> Anonymized:
    if not exposed.any():
        return made
    frame = made.frame
    mask = pa.array(exposed)
    for name in names:
        text = pc.if_else(mask, pa.scalar(ROOT), frame[name].cast(pa.string()))
        frame = frame.set_column(frame.column_names.index(name), name, text)
    more = int(exposed.sum())
    loss = made.information_loss + more / frame.num_rows * (1 - made.information_loss)
    return replace(made, frame=frame, suppressed=made.suppressed + more, information_loss=min(loss, 1.0))


def _match(classes: _Classes, exposed: npt.NDArray[np.bool_]) -> PopulationMatch:
    of_row = classes.of_row[(classes.of_row >= 0) & ~exposed]
    if not len(of_row):
        return PopulationMatch(0, (0.0, 0.0), 0.0, 0.0, 0)
    kept = np.unique(of_row)
    size = np.maximum(classes.here, classes.there)
    share = classes.here[kept] / size[kept]
    return PopulationMatch(
        k_map=int(size[kept].min()),
        delta=(float(share.min()), float(share.max())),
        greatest=float(1 / size[kept].min()),
        mean=float((1 / size[of_row]).mean()),
        outside=int(np.maximum(classes.here[kept] - classes.there[kept], 0).sum()),
    )
