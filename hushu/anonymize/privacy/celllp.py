"""What an attacker can work out about hidden counts from the published ones: linear programming (HiGHS)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from hushu.anonymize.privacy.classes import Floats
from hushu.anonymize.privacy.counttable import Mask
from hushu.errors import missing_extra


def solver() -> Any:
    """Return scipy.optimize.

    Raises:
        OutputError: HS-E501, the extra ``audit`` is not installed.
    """
    try:
        import scipy.optimize
    except ImportError as error:
        raise missing_extra("audit", "scipy") from error
    return scipy.optimize


@dataclass(frozen=True, slots=True)
class Relations:
    """Additive relations between cells: for each, the positions of the parts and of their total."""

    cells: int
    sums: Sequence[tuple[Sequence[int], int]]

    def matrix(self) -> Any:
        """Return the relations as a sparse matrix A with A x = 0."""
        from scipy.sparse import coo_array

        row, column, value = [], [], []
        for number, (parts, total) in enumerate(self.sums):
            row += [number] * (len(parts) + 1)
            column += [*parts, total]
            value += [1.0] * len(parts) + [-1.0]
        return coo_array((value, (row, column)), shape=(len(self.sums), self.cells)).tocsr()


def interval(matrix: Any, counts: Floats, hidden: Mask, cell: int) -> tuple[float, float]:
    """Return the least and greatest value that a hidden cell can have, all published cells being known."""
    if not hidden[cell]:
        return float(counts[cell]), float(counts[cell])
    unknown = np.flatnonzero(hidden)
    known = np.where(hidden, 0.0, counts)
    cost = (unknown == cell).astype(float)
    relations = matrix[:, unknown]
    rhs = -(matrix @ known)
    used = np.diff(relations.indptr) > 0
    found = []
    for sign in (1.0, -1.0):
        made = solver().linprog(
            sign * cost, A_eq=relations[used], b_eq=rhs[used], bounds=(0, None), method="highs"
        )
        if made.status == 3:  # unbounded
            found.append(-sign * float("inf"))
        elif made.status == 0:
            found.append(sign * made.fun)
        else:  # not solved: count the cell as known rather than as safe
            return float(counts[cell]), float(counts[cell])
    return found[0], found[1]


def cheapest_shift(
    matrix: Any, counts: Floats, hidden: Mask, cell: int, width: float, fixed: Mask
) -> Floats | None:
    """Return the cheapest change of the table that raises one cell by ``width`` and keeps all sums.

    Cells that change must be hidden for the attacker to be unable to rule the change out. A hidden
    cell costs nothing, another its count (and a little, so that few cells change). A zero costs more
    than any count: readers may know it to be impossible, and then it hides nothing. A fixed cell is
    public already and cannot change.

    Source: the shortest-path idea of Kelly, Golden, Assad 1992, as a linear program.
    """
    from scipy.sparse import hstack

    n = len(counts)
    price = np.where(hidden, 0.0, 1.0 + np.where(counts > 0, counts, counts.max()))
    least = np.zeros(2 * n)
    least[cell] = width
    # Nothing moves by more than the width, nothing falls below zero, and the cell itself only rises.
    most = np.concatenate([np.full(n, width), np.minimum(counts, width)])
    most[n + cell] = 0.0
    most[np.concatenate([fixed, fixed])] = 0.0
    if fixed[cell]:
        return None
    made = solver().linprog(
        np.concatenate([price, price]),
        A_eq=hstack([matrix, -matrix]).tocsr(),
        b_eq=np.zeros(matrix.shape[0]),
        bounds=np.column_stack([least, most]),
        method="highs",
    )
    if made.status != 0:
        return None
    shift: Floats = made.x[:n] - made.x[n:]
    return shift


def cheapest_pair(
    matrix: Any, counts: Floats, hidden: Mask, cell: int, width: float, fixed: Mask
) -> Floats | None:
    """Return how far two possible tables that part by ``width`` in one cell leave the shown counts.

    Dearer than :func:`cheapest_shift` and blind to no way out: neither table needs to be the true one.
    None when what is fixed leaves no such pair.
    """
    from scipy.sparse import csr_array, eye_array, hstack, vstack

    n = len(counts)
    shown = np.flatnonzero(~hidden & ~fixed)
    price = 1.0 + np.where(counts > 0, counts, counts.max())[shown]
    pick = csr_array((np.ones(len(shown)), (np.arange(len(shown)), shown)), shape=(len(shown), n))
    none = csr_array((len(shown), n))
    far = -eye_array(len(shown))
    sides: list[Any] = [hstack(parts) for parts in (
        (pick, none, far), (-pick, none, far), (none, pick, far), (none, -pick, far)
    )]  # fmt: skip
    apart = csr_array(([1.0, -1.0], ([0, 0], [cell, n + cell])), shape=(1, 2 * n + len(shown)))
    at = counts[shown]
    low, high = np.where(fixed, counts, 0.0), np.where(fixed, counts, np.inf)
    far_bounds = np.column_stack([np.zeros(len(shown)), np.full(len(shown), np.inf)])
    empty = csr_array((matrix.shape[0], n))
    gap = csr_array((matrix.shape[0], len(shown)))
    equal: Any = vstack([hstack([matrix, empty, gap]), hstack([empty, matrix, gap])])
    below: Any = vstack([*sides, apart])
    made = solver().linprog(
        np.concatenate([np.zeros(2 * n), price]),
        A_ub=below.tocsr(),
        b_ub=np.concatenate([at, -at, at, -at, [-width]]),
        A_eq=equal.tocsr(),
        b_eq=np.zeros(2 * matrix.shape[0]),
        bounds=np.vstack([np.tile(np.column_stack([low, high]), (2, 1)), far_bounds]),
        method="highs",
    )
    if made.status != 0:
        return None
    moved = np.zeros(n)
    moved[shown] = made.x[2 * n :]
    return moved


def protect(
    matrix: Any, counts: Floats, hidden: Mask, widths: Mapping[int, float], fixed: Mask
) -> dict[int, tuple[float, float]]:
    """Hide more cells, in place, until each cell of ``widths`` could as well be larger by its width.

    Args:
        matrix: the relations between all cells.
        counts: any table that agrees with all that is published.
        hidden: what the attacker does not see; grows.
        widths: cell → the interval it needs; a cell hidden for its sake needs as much.
        fixed: cells that are public already.

    Returns:
        The intervals of the cells found wide enough on the way: hiding more only widens them.
    """
    need = dict(widths)
    waiting = sorted(need, key=lambda cell: (-counts[cell], cell))
    wide: dict[int, tuple[float, float]] = {}
    done: set[int] = set()
    while waiting:
        cell = waiting.pop()
        if cell in done:
            continue
        done.add(cell)
        found = interval(matrix, counts, hidden, cell)
        if found[1] - found[0] >= need[cell] - 1e-6:
            wide[cell] = found
            continue
        shift = cheapest_shift(matrix, counts, hidden, cell, need[cell], fixed)
        if shift is None:
            shift = cheapest_pair(matrix, counts, hidden, cell, need[cell], fixed)
        if shift is None:
            continue
        new = np.flatnonzero((np.abs(shift) > 1e-6) & ~hidden)
        hidden[new] = True
        need.update(dict.fromkeys(new.tolist(), need[cell]))
        waiting += sorted(new.tolist(), key=lambda other: (-counts[other], other))
    return wide
