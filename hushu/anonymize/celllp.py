"""What an attacker can work out about hidden counts from the published ones: linear programming (HiGHS)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from hushu.anonymize.classes import Floats
from hushu.anonymize.counttable import Mask
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
        found.append(float("inf") * -sign if made.status == 3 else sign * made.fun)
    return found[0], found[1]


def cheapest_shift(matrix: Any, counts: Floats, hidden: Mask, cell: int, width: float) -> Floats | None:
    """Return the cheapest change of the table that raises one cell by ``width`` and keeps all sums.

    Cells that change must be hidden for the attacker to be unable to rule the change out. A hidden
    cell costs nothing, another its count (and a little, so that few cells change).

    Source: the shortest-path idea of Kelly, Golden, Assad 1992, as a linear program.
    """
    n = len(counts)
    price = np.where(hidden, 0.0, 1.0 + counts)
    upper_down = counts.copy()
    low_up = np.zeros(n)
    low_up[cell] = width
    upper_down[cell] = 0.0
    from scipy.sparse import hstack

    # An upper bound keeps the change near the table: nothing grows by more than the width.
    upper_up = np.full(n, width)
    made = solver().linprog(
        np.concatenate([price, price]),
        A_eq=hstack([matrix, -matrix]).tocsr(),
        b_eq=np.zeros(matrix.shape[0]),
        bounds=np.column_stack(
            [np.concatenate([low_up, np.zeros(n)]), np.concatenate([upper_up, np.minimum(upper_down, width)])]
        ),
        method="highs",
    )
    if made.status != 0:
        return None
    shift: Floats = made.x[:n] - made.x[n:]
    return shift
