"""Which columns act as quasi-identifiers: how far each, and the few of them together, single rows out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np

from hushu.anonymize.privacy.classes import Ints, combine
from hushu.anonymize.privacy.columns import as_codes, read_table
from hushu.errors import InputError

Role = Literal["identifier", "quasi", "constant", "weak"]
# A column whose values are nearly all different names its row by itself.
IDENTIFIER_DISTINCTION = 0.95
# A column joins the suggestion while it raises the share of separated rows by this much.
LEAST_GAIN = 0.01


@dataclass(frozen=True, slots=True)
class ColumnScore:
    """How far one column singles rows out.

    Attributes:
        column: its name.
        role: ``identifier`` (nearly all values differ), ``quasi`` (suggested), ``constant``, ``weak``.
        distinction: distinct values / rows, 0..1.
        separation: share of pairs of rows that differ in it, 0..1.
    """

    column: str
    role: Role
    distinction: float
    separation: float


@dataclass(frozen=True, slots=True)
class Suggestion:
    """The suggested quasi-identifiers, strongest first, and the share of rows they single out.

    Attributes:
        quasi_identifiers: suggested columns in the order in which they were added.
        unique_share: the share of rows alone in the suggested columns.
        columns: every column's score.
        rows: rows that were looked at.
    """

    quasi_identifiers: tuple[str, ...]
    unique_share: float
    columns: tuple[ColumnScore, ...]
    rows: int

    def to_dict(self) -> dict[str, Any]:
        """Return the figures as JSON-ready values."""
        return asdict(self)


def suggest_quasi_identifiers(
    data: Any, columns: Sequence[str] | None = None, *, most: int = 8, max_rows: int = 200_000
) -> Suggestion:
    """Suggest the quasi-identifiers of a table from its values alone.

    Args:
        data: anything that can be read as a table.
        columns: the columns to consider; default all.
        most: suggest at most so many.
        max_rows: rows looked at, evenly spread over the table.

    Raises:
        InputError: HS-E260, the table is empty.

    Source: distinction and separation: Motwani, Xu 2007. The columns are added greedily by the
    rows they single out; names and law (what is a quasi-identifier by its meaning) are not asked.

    Example:
        >>> import pyarrow as pa
        >>> found = suggest_quasi_identifiers(pa.table({"id": range(8), "sex": ["m", "f"] * 4, "x": [1] * 8}))
        >>> [(score.column, score.role) for score in found.columns]
        [('id', 'identifier'), ('sex', 'quasi'), ('x', 'constant')]
    """
    table = read_table(data, columns)
    if table.num_rows == 0:
        raise InputError("the table is empty", where="data", fix="give its rows", code="HS-E260")
    step = max(1, -(-table.num_rows // max_rows))
    if step > 1:
        table = table.take(np.arange(0, table.num_rows, step))
    codes = {name: as_codes(table[name])[0].astype(np.int64) for name in table.column_names}
    rows = table.num_rows
    scores = {name: _score(code, rows) for name, code in codes.items()}
    free = [
        name
        for name, (distinction, separation) in scores.items()
        if separation > 0 and distinction < IDENTIFIER_DISTINCTION
    ]
    chosen, alone = _greedy({name: codes[name] for name in free}, rows, most)
    return Suggestion(
        tuple(chosen),
        alone,
        tuple(
            ColumnScore(name, _role(name, distinction, separation, chosen), distinction, separation)
            for name, (distinction, separation) in scores.items()
        ),
        rows,
    )


def _score(code: Ints, rows: int) -> tuple[float, float]:
    counts = np.bincount(code)
    same = float((counts * (counts - 1)).sum())
    return len(counts) / rows, 1 - same / max(rows * (rows - 1), 1)


def _role(name: str, distinction: float, separation: float, chosen: Sequence[str]) -> Role:
    if separation == 0:
        return "constant"
    if distinction >= IDENTIFIER_DISTINCTION:
        return "identifier"
    return "quasi" if name in chosen else "weak"


def _greedy(codes: dict[str, Ints], rows: int, most: int) -> tuple[list[str], float]:
    chosen: list[str] = []
    klass, classes, alone, merit = np.zeros(rows, dtype=np.int64), 1, 0.0, 0.0
    while len(chosen) < most and len(chosen) < len(codes):
        best: tuple[float, str, Ints, int] | None = None
        for name in codes:
            if name not in chosen:
                part, number = combine([klass, codes[name]], [classes, int(codes[name].max()) + 1])
                if best is None or number / rows > best[0]:
                    best = (number / rows, name, part, number)
        if best is None or (chosen and best[0] - merit < LEAST_GAIN):
            break
        merit, name, klass, classes = best
        chosen.append(name)
        alone = float((np.bincount(klass)[klass] == 1).mean())
    return chosen, alone
