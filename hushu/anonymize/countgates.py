"""Checks of a published table of counts, from nothing but what is published."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hushu.anonymize.gates import Check, Outcome, leaving_columns, look_for_identifiers, own_identifiers
from hushu.anonymize.identities import Identities
from hushu.anonymize.privacy.cells import audit_cells
from hushu.anonymize.privacy.classes import Floats, Ints
from hushu.anonymize.privacy.columns import as_codes
from hushu.anonymize.privacy.counttable import TOTAL, CountTable, Mask, count_name
from hushu.anonymize.privacy.tabulating import Tabulation
from hushu.model import PlanTable
from hushu.rules.counttables import DEFAULT_MINIMUM, CountSpec


def inspected(counts: Mapping[str, Tabulation], table: PlanTable, identities: Identities) -> Outcome:
    """Return every check of a table's counts before they leave.

    Args:
        counts: by their names in the release.
        table: the plan of the table they were made of.
        identities: its identifiers: no category may be one.
    """
    granted = leaving_columns(table)
    for made in counts.values():
        for name in made.spec.dimensions:
            for chunk in made.frame[name].chunks:
                look_for_identifiers(identities, name, chunk, granted.get(name))
    checks = [check for name, made in counts.items() for check in check_counts(name, made.frame, made.spec)]
    return Outcome((*checks, own_identifiers(table, identities)), None)


def check_counts(name: str, rows: pa.Table, spec: CountSpec) -> tuple[Check, ...]:
    """Return what must hold of a published table of counts, re-audited as an attacker sees it.

    Args:
        name: the table's name in the release.
        rows: the published cells, totals included, a hidden count null.
        spec: what was asked for.
    """
    found = _read(rows, spec)
    if isinstance(found, str):
        return (Check("counts", False, f"{name}: {found}"),)
    table, hidden = found
    if spec.protection == "suppression":
        return _suppression(name, table, hidden, spec)
    if hidden.any():
        return (Check("counts", False, f"{name}: {int(hidden.sum())} count(s) are missing"),)
    if spec.protection == "rounding":
        wrong = int((table.counts % (spec.rounding or 1) != 0).sum())
        return (Check("counts", not wrong, f"{name}: {wrong} count(s) are no multiple of {spec.rounding}"),)
    return (Check("counts", True, f"{name}: noise of ε = {spec.epsilon}, totals are sums of cells"),)


def _suppression(name: str, table: CountTable, hidden: Mask, spec: CountSpec) -> tuple[Check, ...]:
    minimum = spec.minimum or DEFAULT_MINIMUM
    width = float(spec.width or minimum)
    shown = table.counts[~hidden]
    small = int(((shown < minimum) & ((shown > 0) | (spec.zeros == "hide"))).sum())
    audit = audit_cells(table, hidden)
    weak = sum(cell.width < width - 1e-6 for cell in audit)
    return (
        Check("small counts", not small, f"{name}: {small} published count(s) below {minimum}"),
        Check(
            "cell audit",
            not weak,
            f"{name}: {weak} of {len(audit)} hidden count(s) narrower than {width:g}",
        ),
    )


def _read(rows: pa.Table, spec: CountSpec) -> tuple[CountTable, Mask] | str:
    """Return the cells as an array, or what is wrong with the table's shape."""
    value = count_name(spec.dimensions)
    if rows.column_names != [*spec.dimensions, value]:
        return "other columns than the dimensions and the count"
    places: list[Ints] = []
    categories = []
    for dimension in spec.dimensions:
        codes, values = as_codes(rows[dimension])
        inner = [v for v in values if v != TOTAL]
        if len(inner) == len(values):
            return f"{dimension} has no total"
        rank = {v: i for i, v in enumerate([*inner, TOTAL])}
        places.append(np.array([rank[v] for v in values], dtype=np.int64)[codes])
        categories.append(tuple(inner))
    shape = tuple(len(values) + 1 for values in categories)
    flat = np.ravel_multi_index(tuple(places), shape)
    if len(np.unique(flat)) != len(flat) or len(flat) != np.prod(shape):
        return "not every cell stands in it once"
    shown = _numbers(rows[value])
    if shown is None:
        return f"{value} holds what is no count"
    counts, hidden = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=bool)
    counts.ravel()[flat] = np.nan_to_num(shown).astype(np.int64)
    hidden.ravel()[flat] = np.isnan(shown)
    return CountTable(spec.dimensions, tuple(categories), counts), hidden


def _numbers(column: pa.ChunkedArray) -> Floats | None:
    """Return the counts, NaN where hidden; None when one is no whole number. A text file holds text."""
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        column = pc.if_else(pc.equal(column, ""), pa.scalar(None, column.type), column)
    try:
        numbers: Floats = column.cast(pa.float64()).to_numpy()
    except pa.ArrowInvalid:
        return None
    whole = np.isnan(numbers) | (numbers == np.round(numbers))
    return numbers if whole.all() else None
