"""Generalisation hierarchies: from a value up to ``*``, as integer codes.

A hierarchy is a tree over the values of one column. Its leaves are numbered so that every group
at every level is a contiguous range; the lowest common ancestor of a set of values is then the
lowest common ancestor of its smallest and its largest code, which numpy computes for a whole
column at once.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from hushu.anonymize.privacy.columns import text_of
from hushu.errors import ConfigError, InputError

ROOT = "*"
Codes: TypeAlias = npt.NDArray[np.int32]
HierarchyRows: TypeAlias = Sequence[Sequence[Any]] | str | Path


@dataclass(frozen=True, slots=True)
class Hierarchy:
    """The generalisation tree of one column.

    Attributes:
        column: the column's name.
        leaves: the values, level 0, in code order; None stands for a missing value.
        labels: for each level the label of each group; level 0 holds the leaves.
        groups: levels x leaves, the group of each leaf at each level.
        loss: for each level and leaf, (leaves of its group - 1) / (leaves - 1), 0..1.
        unseen: how many values of the data the given hierarchy did not list; they stand below
            the root alone.
    """

    column: str
    leaves: tuple[Any, ...]
    labels: tuple[npt.NDArray[np.object_], ...]
    groups: Codes
    loss: npt.NDArray[np.float64]
    unseen: int = 0

    @property
    def height(self) -> int:
        """The number of levels, the values themselves (level 0) included."""
        return len(self.labels)

    def spans(self, level: int) -> tuple[Codes, Codes]:
        """Return for each leaf the first and last code of its group at a level."""
        return _spans(self.groups[level])

    def ancestor_level(self, low: Codes, high: Codes) -> Codes:
        """Return for each pair of codes the lowest level at which both lie in one group."""
        level = np.zeros(np.broadcast_shapes(np.shape(low), np.shape(high)), dtype=np.int32)
        for groups in self.groups[:-1]:
            level += groups[low] != groups[high]
        return level


def _spans(groups: npt.NDArray[np.int32]) -> tuple[Codes, Codes]:
    ends = np.flatnonzero(np.diff(groups, append=-1))
    starts = np.concatenate(([0], ends[:-1] + 1))
    number = np.cumsum(np.diff(groups, prepend=groups[0]) != 0)
    return starts.astype(np.int32)[number], ends.astype(np.int32)[number]


def read_hierarchy(rows: HierarchyRows, column: str) -> list[tuple[str, ...]]:
    """Read the rows ``[value, level 1, … level n]`` of a hierarchy, or a ``;`` file of that shape.

    Args:
        rows: the rows, or the path of a UTF-8 file with one row a line.
        column: the column it belongs to, for messages.

    Raises:
        InputError: HS-E261, the file cannot be read.
        ConfigError: HS-E161, rows of unequal length, a value listed twice, or no row at all.
    """
    if isinstance(rows, str | Path):
        rows = _read_file(Path(rows), column)
    if hasattr(rows, "itertuples"):  # a pandas frame
        rows = list(rows.itertuples(index=False))
    try:
        out = [tuple(text_of(cell) or "" for cell in row) for row in rows]
    except TypeError:
        raise ConfigError(
            "the hierarchy is no list of rows",
            where=column,
            why="each row is a value and its levels",
            fix="give rows [value, level 1, … level n] or the path of a ; file",
            code="HS-E161",
        ) from None
    out = [row for row in out if row]
    if not out:
        raise ConfigError(
            "the hierarchy is empty", where=column, fix="give one row per value", code="HS-E161"
        )
    for number, row in enumerate(out, start=1):
        if len(row) != len(out[0]):
            raise ConfigError(
                "the hierarchy's rows differ in length",
                where=f"{column}, row {number}",
                why=f"it has {len(row)} levels, the first row has {len(out[0])}",
                fix="give every value the same number of levels",
                code="HS-E161",
            )
    if len({row[0] for row in out}) != len(out):
        unique = list(dict.fromkeys(out))
        if len({row[0] for row in unique}) != len(unique):
            raise ConfigError(
                "the hierarchy gives a value two different paths",
                where=column,
                fix="list every value once",
                code="HS-E161",
            )
        out = unique
    return out


def _read_file(path: Path, column: str) -> list[list[str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            return [row for row in csv.reader(stream, delimiter=";") if row]
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            "the hierarchy file cannot be read",
            where=f"{column}: {path}",
            why=type(error).__name__,
            fix="give a UTF-8 file with rows value;level 1;…",
            code="HS-E261",
        ) from error


def build_hierarchy(column: str, values: Iterable[Any], rows: HierarchyRows | None = None) -> Hierarchy:
    """Return the hierarchy of a column, completed by the data's own values.

    Args:
        column: the column's name.
        values: the column's distinct values; None is a missing value, a value of its own.
        rows: the given hierarchy; None builds one from the values (numbers and dates by ranges,
            everything else straight to the root).

    Note:
        A value that the hierarchy does not list is no error: it becomes a leaf below the root,
        and is counted in :attr:`Hierarchy.unseen`.

    Example:
        >>> tree = build_hierarchy("city", ["Hefei"], [["Hefei", "Anhui"], ["Wuhu", "Anhui"]])
        >>> tree.labels[1].tolist(), tree.height
        (['Anhui'], 2)
    """
    from hushu.anonymize.privacy.autohierarchy import rows_from_values

    values = list(values)
    paths = rows_from_values(values) if rows is None else read_hierarchy(rows, column)
    if len({path[-1] for path in paths}) > 1:
        paths = [(*path, ROOT) for path in paths]
    if len(paths[0]) == 1:
        paths = [(path[0], ROOT) for path in paths]
    listed = {path[0] for path in paths}
    root, height = paths[0][-1], len(paths[0])
    missing = [None] if None in values and "" not in listed else []
    extra = sorted({str(v) for v in values if v is not None} - listed)
    full: list[tuple[Any, ...]] = [*paths, *((v, *[root] * (height - 1)) for v in [*extra, *missing])]
    return _assemble(column, full, unseen=0 if rows is None else len(extra))


def _assemble(column: str, paths: Sequence[tuple[Any, ...]], unseen: int) -> Hierarchy:
    height = len(paths[0])
    # A group is a path from the root: a label repeated below two parents names two groups.
    ranks: list[dict[tuple[Any, ...], int]] = [{} for _ in range(height)]
    ordered = sorted(paths, key=_leaf_order)
    for level in range(height - 1, -1, -1):
        for path in ordered:
            ranks[level].setdefault(path[level:], len(ranks[level]))
    ordered.sort(key=lambda path: tuple(ranks[level][path[level:]] for level in range(height - 1, -1, -1)))
    groups = np.zeros((height, len(ordered)), dtype=np.int32)
    labels = []
    for level in range(height):
        seen = {key: rank for rank, key in enumerate(dict.fromkeys(path[level:] for path in ordered))}
        groups[level] = [seen[path[level:]] for path in ordered]
        names = np.empty(len(seen), dtype=object)
        names[:] = [key[0] for key in seen]
        labels.append(names)
    return Hierarchy(
        column=column,
        leaves=tuple(path[0] for path in ordered),
        labels=tuple(labels),
        groups=groups,
        loss=_losses(groups),
        unseen=unseen,
    )


def _losses(groups: Codes) -> npt.NDArray[np.float64]:
    width = groups.shape[1]
    loss = np.zeros(groups.shape)
    if width > 1:
        for level, row in enumerate(groups):
            loss[level] = (np.bincount(row)[row] - 1) / (width - 1)
    return loss


def _leaf_order(path: tuple[Any, ...]) -> tuple[int, float, str]:
    value = path[0]
    if value is None:
        return (2, 0.0, "")
    try:
        return (0, float(value), "")
    except ValueError:
        return (1, 0.0, str(value))


def codes_of(hierarchy: Hierarchy, values: Sequence[Any]) -> Codes:
    """Return the leaf codes of distinct values; every value must be a leaf."""
    lookup: Mapping[Any, int] = {leaf: code for code, leaf in enumerate(hierarchy.leaves)}
    empty = lookup.get(None, lookup.get("", 0))
    return np.array([empty if v is None else lookup[str(v)] for v in values], dtype=np.int32)
