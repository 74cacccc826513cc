"""What an attacker can work out about hidden counts from the published ones: linear programming (HiGHS)."""

from __future__ import annotations

from collections.abc import Sequence
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


def cheapest_shift(matrix: Any, counts: Floats, hidden: Mask, cell: int, width: float) -> Floats | None:
    """Return the cheapest change of the table that raises one cell by ``width`` and keeps all sums.

    Cells that change must be hidden for the attacker to be unable to rule the change out. A hidden
    cell costs nothing, another its count (and a little, so that few cells change). A zero costs more
    than any count: readers may know it to be impossible, and then it hides nothing.

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
