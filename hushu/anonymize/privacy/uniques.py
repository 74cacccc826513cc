"""Which columns, and which few of them together, single a row out.

Minimal uniques after SUDA2 (Manning, Haglin, Keane 2008): a combination of columns in which a row
is alone in the table although it is not alone in any part of that combination.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt

from hushu.anonymize.privacy.classes import Ints, combine


@dataclass(frozen=True, slots=True)
class MinimalUniques:
    """Rows that few columns single out.

    Attributes:
        rows: rows with at least one minimal unique.
        by_size: how many minimal uniques of one, two, … columns there are.
        by_column: in how many minimal uniques each column takes part.
        worst: the combinations with the most minimal uniques, at most ten, with their number.
        columns_searched: the largest combination looked at.
    """

    rows: int
    by_size: Mapping[int, int]
    by_column: Mapping[str, int]
    worst: tuple[tuple[tuple[str, ...], int], ...]
    columns_searched: int

    def to_dict(self) -> dict[str, Any]:
        """Return the figures as JSON-ready values."""
        return {
            "rows": self.rows,
            "by_size": {str(size): n for size, n in self.by_size.items()},
            "by_column": dict(self.by_column),
            "worst": [{"columns": list(columns), "rows": n} for columns, n in self.worst],
            "columns_searched": self.columns_searched,
        }


def minimal_uniques(
    codes: npt.NDArray[np.int32], count: Ints, names: Sequence[str], most: int = 3
) -> MinimalUniques:
    """Search all combinations of up to ``most`` columns.

    Args:
        codes: distinct tuples x columns.
        count: rows of each tuple.
        names: the columns.
        most: columns in the largest combination, ≥ 1; time grows as the binomial coefficient.
    """
    unique: dict[tuple[int, ...], npt.NDArray[np.bool_]] = {}
    minimal: dict[tuple[int, ...], int] = {}
    touched = np.zeros(len(codes), dtype=bool)
    most = min(most, len(names))
    for size in range(1, most + 1):
        for columns in combinations(range(len(names)), size):
            alone = _alone(codes, count, columns)
            below = np.zeros(len(codes), dtype=bool)
            for part in combinations(columns, size - 1):
                below |= unique.get(part, False)
            unique[columns] = alone | below
            minimal[columns] = int((alone & ~below).sum())
            touched |= alone
    ranked = sorted(minimal, key=lambda columns: (-minimal[columns], columns))
    return MinimalUniques(
        rows=int(touched.sum()),
        by_size={
            size: sum(n for columns, n in minimal.items() if len(columns) == size)
            for size in range(1, most + 1)
        },
        by_column={
            name: sum(n for columns, n in minimal.items() if j in columns) for j, name in enumerate(names)
        },
        worst=tuple(
            (tuple(names[j] for j in columns), minimal[columns])
            for columns in ranked[:10]
            if minimal[columns]
        ),
        columns_searched=most,
    )


def column_risks(
    codes: npt.NDArray[np.int32], count: Ints, names: Sequence[str]
) -> tuple[tuple[str, float], ...]:
    """Return for each column the share of all classes that vanish when it is left out, worst first."""
    classes = len(codes)
    if classes == 0:
        return tuple((name, 0.0) for name in names)
    shares = []
    for j, name in enumerate(names):
        rest = [i for i in range(len(names)) if i != j]
        left = _classes(codes, rest)[1] if rest else 1
        shares.append((name, (classes - left) / classes))
    return tuple(sorted(shares, key=lambda pair: (-pair[1], names.index(pair[0]))))


def _alone(codes: npt.NDArray[np.int32], count: Ints, columns: Sequence[int]) -> npt.NDArray[np.bool_]:
    if not len(codes):
        return np.zeros(0, dtype=bool)
    klass, classes = _classes(codes, columns)
    rows = np.bincount(klass, weights=count, minlength=classes)
    return np.asarray(rows[klass] == 1)


def _classes(codes: npt.NDArray[np.int32], columns: Sequence[int]) -> tuple[Ints, int]:
    return combine([codes[:, j] for j in columns], [int(codes[:, j].max()) + 1 for j in columns])
