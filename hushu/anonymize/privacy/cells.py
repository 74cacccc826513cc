"""Small counts: hide them, hide enough others that they cannot be worked out, and prove it.

Primary suppression hides counts below a minimum. Margins give a lone hidden count away (total
minus the rest), so further cells are hidden until linear programming over all published totals
leaves every hidden cell an interval of at least the required width.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import pyarrow as pa

from hushu.anonymize.privacy.celllp import Relations, interval, protect, solver
from hushu.anonymize.privacy.classes import Floats
from hushu.anonymize.privacy.counttable import CountTable, Mask, count_table
from hushu.errors import ConfigError, PolicyError

__all__ = ["CellInterval", "CountTable", "ProtectedCounts", "audit_cells", "count_table", "suppress_cells"]


@dataclass(frozen=True, slots=True)
class CellInterval:
    """What the published counts say of one hidden cell: it lies in ``low`` … ``high``."""

    position: tuple[int, ...]
    low: float
    high: float

    @property
    def width(self) -> float:
        """How much remains unknown."""
        return self.high - self.low


@dataclass(frozen=True, slots=True)
class ProtectedCounts:
    """A table of counts that may be published.

    Attributes:
        table: the counts; never publish it, publish :meth:`rows`.
        hidden: which cells are withheld, totals included.
        primary: how many counts were below the minimum.
        secondary: how many more are hidden for their sake.
        minimum: counts from 1 to one less than this are hidden.
        width: every hidden cell's interval is at least as wide.
        audit: the interval of every hidden cell.
    """

    table: CountTable = field(repr=False)
    hidden: Mask = field(repr=False)
    primary: int
    secondary: int
    minimum: int
    width: float
    audit: tuple[CellInterval, ...] = field(repr=False)

    def rows(self) -> pa.Table:
        """Return the publishable table in long form, hidden counts null, totals included."""
        return self.table.rows(self.hidden)

    def to_dict(self) -> dict[str, Any]:
        """Return the figures for certificate and report; no count among them.

        ``narrowest`` is None when nothing is hidden or nothing bounds what is.
        """
        return {
            "cells": int(self.hidden.size),
            "primary": self.primary,
            "secondary": self.secondary,
            "minimum": self.minimum,
            "width": self.width,
            "narrowest": _finite(min((cell.width for cell in self.audit), default=None)),
        }


def suppress_cells(
    table: CountTable,
    minimum: int = 5,
    width: float | None = None,
    *,
    zeros: Literal["publish", "hide"] = "publish",
) -> ProtectedCounts:
    """Hide small counts and what would give them away.

    Args:
        table: counts with all totals, all of which the reader will see unless hidden here.
        minimum: counts from 1 to ``minimum - 1`` are hidden, ≥ 2.
        width: the least interval that must remain possible for each hidden cell; default ``minimum``.
        zeros: ``publish``, or ``hide`` where a zero tells something about everyone.

    Raises:
        ConfigError: HS-E160, an option is wrong.
        OutputError: HS-E501, the extra ``audit`` is not installed.
        PolicyError: HS-E361, even hiding whole rows leaves a small count recoverable.

    Source: Kelly, Golden, Assad 1992; Fischetti, Salazar-González 2001 (attacker's intervals).

    Example:
        >>> counts = pa.table({"a": ["x"] * 9 + ["y"] * 12, "b": ["p"] * 7 + ["q"] * 8 + ["p"] * 6})
        >>> made = suppress_cells(count_table(counts, ["a", "b"]))
        >>> made.primary, made.secondary, min(cell.width for cell in made.audit) >= 5
        (1, 3, True)
    """
    if minimum < 2 or zeros not in ("publish", "hide") or (width is not None and width <= 0):
        raise ConfigError(
            "an option is wrong",
            where="suppress_cells",
            why="minimum must be ≥ 2, width above 0, zeros 'publish' or 'hide'",
            fix="correct it",
            code="HS-E160",
        )
    need = float(minimum if width is None else width)
    counts = table.counts.ravel().astype(float)
    small = (counts < minimum) & ((counts > 0) | (zeros == "hide"))
    hidden = small.copy()
    wide = _protected(table, counts, hidden, need) if small.any() else {}
    audit = _intervals(table, hidden, wide)
    weak = sum(cell.width < need - 1e-6 for cell in audit)
    if weak:
        raise PolicyError(
            "small counts cannot be hidden in this table",
            where=", ".join(table.dimensions),
            why=f"{weak} of them could still be worked out from the totals",
            fix="publish fewer dimensions or coarser categories, or round the counts",
            code="HS-E361",
        )
    return ProtectedCounts(
        table,
        hidden.reshape(table.counts.shape),
        int(small.sum()),
        int(hidden.sum() - small.sum()),
        minimum,
        need,
        audit,
    )


def _finite(width: float | None) -> float | None:
    # Where the grand total is hidden too, nothing bounds a count from above; JSON knows no infinity.
    return width if width is not None and np.isfinite(width) else None


def _protected(
    table: CountTable, counts: Floats, hidden: Mask, need: float
) -> dict[int, tuple[float, float]]:
    solver()
    matrix = Relations(len(counts), table.sums()).matrix()
    cells = np.flatnonzero(hidden).tolist()
    return protect(matrix, counts, hidden, dict.fromkeys(cells, need), np.zeros(len(counts), dtype=bool))


def audit_cells(table: CountTable, hidden: Mask) -> tuple[CellInterval, ...]:
    """Return what the published cells say of each hidden one.

    Args:
        table: the counts with all totals.
        hidden: which cells are withheld, of the counts' shape.

    Raises:
        OutputError: HS-E501, the extra ``audit`` is not installed.
    """
    return _intervals(table, hidden.ravel(), {})


def _intervals(
    table: CountTable, hidden: Mask, known: Mapping[int, tuple[float, float]]
) -> tuple[CellInterval, ...]:
    if not hidden.any():
        return ()
    solver()
    counts = table.counts.ravel().astype(float)
    matrix = Relations(len(counts), table.sums()).matrix()
    found = []
    for cell in np.flatnonzero(hidden).tolist():
        low, high = known[cell] if cell in known else interval(matrix, counts, hidden, cell)
        place = tuple(int(i) for i in np.unravel_index(cell, table.counts.shape))
        found.append(CellInterval(place, low, high))
    return tuple(found)
