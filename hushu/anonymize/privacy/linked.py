"""Tables of counts about the same persons, protected together: what one hides another must not tell.

All tables are places in one table over all their dimensions, most of whose cells nobody published.
Suppression and audit run on that table: a hidden cell is safe when everything published, now and
earlier, leaves it an interval of the required width.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from hushu.anonymize.privacy.celllp import Relations, interval, protect, solver
from hushu.anonymize.privacy.cells import CellInterval, ProtectedCounts
from hushu.anonymize.privacy.classes import Floats, Ints
from hushu.anonymize.privacy.counttable import CountTable, Mask
from hushu.anonymize.privacy.differencing import places, united_table
from hushu.errors import PolicyError


@dataclass(frozen=True, slots=True)
class Wanted:
    """A table that shall be published: its counts, and what has to be hidden in it from the start."""

    table: CountTable = field(repr=False)
    small: Mask = field(repr=False)
    minimum: int
    width: float


@dataclass(frozen=True, slots=True)
class _Union:
    """The table over all dimensions: its relations, and where each published table stands in it."""

    matrix: Any
    cells: int
    places: tuple[Ints, ...]


def suppress_linked(
    wanted: Sequence[Wanted], earlier: Sequence[ProtectedCounts] = ()
) -> tuple[ProtectedCounts, ...]:
    """Hide what would give small counts away in any of the tables, given what is public already.

    Args:
        wanted: tables of the same persons.
        earlier: published tables that may be of the same persons (:func:`of_same_persons`).

    Raises:
        ConfigError: HS-E167, the tables together span too many cells.
        OutputError: HS-E501, the extra ``audit`` is not installed.
        PolicyError: HS-E361, a small count could still be worked out, or is public already.

    Source: linked tables, Hundepool et al., Statistical Disclosure Control (2012), section 4.5.
    """
    tables = [one.table for one in wanted]
    union = _union([*tables, *(made.table for made in earlier)])
    hidden, fixed = np.ones(union.cells, dtype=bool), np.zeros(union.cells, dtype=bool)
    counts = _point(union, tables, earlier)
    need: dict[int, float] = {}
    for _, place in zip(wanted, union.places, strict=False):
        hidden[place] = False
    for made, place in zip(earlier, union.places[len(wanted) :], strict=True):
        fixed[place[~made.hidden.ravel()]] = True
        hidden[place] |= made.hidden.ravel()
        need |= dict.fromkeys(place[made.hidden.ravel()].tolist(), made.width)
    for one, place in zip(wanted, union.places, strict=False):
        small = place[one.small.ravel()]
        hidden[small] = True
        need |= {cell: max(need.get(cell, 0.0), one.width) for cell in small.tolist()}
    hidden[fixed] = False
    wide = protect(union.matrix, counts, hidden, need, fixed) if need else {}
    found = {
        cell: wide.get(cell) or interval(union.matrix, counts, hidden, cell)
        for cell in {*need, *_hidden_places(union, wanted, hidden)}
    }
    least = min(one.width for one in wanted)
    _require_wide(found, {cell: need.get(cell, least) for cell in found}, wanted)
    return tuple(_made(one, place, hidden, found) for one, place in zip(wanted, union.places, strict=False))


def _hidden_places(union: _Union, wanted: Sequence[Wanted], hidden: Mask) -> set[int]:
    return {
        int(cell) for _, place in zip(wanted, union.places, strict=False) for cell in place[hidden[place]]
    }


def _require_wide(
    found: dict[int, tuple[float, float]], need: dict[int, float], wanted: Sequence[Wanted]
) -> None:
    weak = sum(high - low < need[cell] - 1e-6 for cell, (low, high) in found.items())
    if weak:
        raise PolicyError(
            "small counts cannot be hidden in this table",
            where="; ".join(", ".join(one.table.dimensions) for one in wanted),
            why=f"{weak} of them could still be worked out from the totals or from earlier tables",
            fix="publish fewer dimensions or coarser categories, or round the counts",
            code="HS-E361",
        )


def _made(one: Wanted, place: Ints, hidden: Mask, found: dict[int, tuple[float, float]]) -> ProtectedCounts:
    mask = hidden[place].reshape(one.table.counts.shape)
    audit = tuple(
        CellInterval(tuple(int(i) for i in np.unravel_index(cell, mask.shape)), *found[int(place[cell])])
        for cell in np.flatnonzero(mask)
    )
    primary = int(one.small.sum())
    return ProtectedCounts(one.table, mask, primary, int(mask.sum()) - primary, one.minimum, one.width, audit)


def _union(tables: Sequence[CountTable]) -> _Union:
    whole = united_table(tables)
    flat = tuple(np.ravel_multi_index(places(table, whole), whole.counts.shape).ravel() for table in tables)
    return _Union(Relations(whole.counts.size, whole.sums()).matrix(), whole.counts.size, flat)


def of_same_persons(
    tables: Sequence[CountTable], earlier: Sequence[ProtectedCounts]
) -> tuple[ProtectedCounts, ...]:
    """Return the published tables that may speak of the same persons: no figure contradicts another.

    Args:
        tables: tables of the same persons.
        earlier: published tables.
    """
    known: list[ProtectedCounts] = []
    for made in earlier:
        together = [*known, made]
        union = _union([*tables, *(one.table for one in together)])
        if _point(union, tables, together).size:
            known = together
    return tuple(known)


def _point(union: _Union, tables: Sequence[CountTable], known: Sequence[ProtectedCounts]) -> Floats:
    """Return a table that agrees with all counts and everything published; empty when none does."""
    low, high = np.zeros(union.cells), np.full(union.cells, np.inf)
    masks = [
        *(np.zeros(table.counts.shape, dtype=bool) for table in tables),
        *(made.hidden for made in known),
    ]
    for table, mask, place in zip(
        [*tables, *(made.table for made in known)], masks, union.places, strict=True
    ):
        seen = ~mask.ravel()
        counts = table.counts.ravel()[seen].astype(float)
        if (counts < low[place[seen]]).any() or (counts > high[place[seen]]).any():
            return np.empty(0)
        low[place[seen]] = high[place[seen]] = counts
    if (low == high).all():
        return low
    made = solver().linprog(
        np.zeros(union.cells),
        A_eq=union.matrix,
        b_eq=np.zeros(union.matrix.shape[0]),
        bounds=np.column_stack([low, high]),
        method="highs",
    )
    return np.asarray(made.x, dtype=float) if made.status == 0 else np.empty(0)
