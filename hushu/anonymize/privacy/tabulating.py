"""Counts that may be published: from a table's rows to protected tables of counts.

Three protections: hiding small counts (audited, also against what was published before), rounding
all of them, or adding noise that a budget pays for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import numpy as np

from hushu.anonymize.keys import Keyring, require
from hushu.anonymize.privacy.cells import ProtectedCounts
from hushu.anonymize.privacy.counttable import CountTable, Mask, count_name, count_table
from hushu.anonymize.privacy.differencing import small_differences
from hushu.anonymize.privacy.dpcounts import Budget, private_counts
from hushu.anonymize.privacy.linked import Wanted, of_same_persons, suppress_linked
from hushu.anonymize.privacy.published import earlier, record, sealed
from hushu.anonymize.privacy.rounding import round_cells
from hushu.errors import ConfigError
from hushu.rules.counttables import DEFAULT_MINIMUM, CountSpec, count_spec

_SIZES = (0, 1, 5, 10, 20, 50, 100, 1_000, 10_000)


@dataclass(frozen=True, slots=True)
class Tabulation:
    """A table of counts that may be published.

    Attributes:
        frame: one row a cell, totals (``合计``) included, a hidden count null; of the kind that came in.
        spec: what was asked for.
        figures: how it was protected, for certificate and report; no count among them.
        kept: what the ledger keeps of it for comparing later tables; empty for rounded and noisy ones.
    """

    frame: Any = field(repr=False)
    spec: CountSpec
    figures: Mapping[str, Any]
    kept: Mapping[str, Any] = field(default_factory=dict, repr=False)

    def to_dict(self) -> dict[str, Any]:
        """Return the specification and the figures as JSON-ready data."""
        return {**self.spec.to_dict(), "protection": self.spec.protection, **self.figures}


def tabulate(
    data: Any,
    by: Sequence[str],
    *,
    measure: str = "",
    minimum: int | None = None,
    width: float | None = None,
    zeros: Literal["publish", "hide"] = "publish",
    rounding: int | None = None,
    rounding_kind: Literal["controlled", "random"] = "controlled",
    epsilon: str | None = None,
    budget: str | None = None,
    categories: Mapping[str, Sequence[str]] | None = None,
    rows_per_person: int = 1,
    key: Any = None,
    ledger: str | Path | None = None,
) -> Tabulation:
    """Count rows by columns and protect the small counts.

    Args:
        data: a frame of any kind, or the path of one table.
        by: the columns to count by.
        measure: a column of counts ≥ 0 to sum; empty counts rows.
        minimum: counts from 1 to one less are hidden, and others so that none can be worked out; 5.
        width: the interval that must remain possible for each hidden count; default ``minimum``.
        zeros: ``publish``, or ``hide`` where a zero tells something about everyone.
        rounding: round every count to this base instead of hiding; needs ``key``.
        rounding_kind: ``controlled`` (totals add up) or ``random`` (unbiased).
        epsilon: noisy counts of this privacy loss instead; needs ``budget``, ``categories``, ``ledger``.
        budget: all the privacy loss that this table may ever have.
        categories: each dimension's categories, known beforehand.
        rows_per_person: at most so many rows belong to one person.
        key: a key, key ring or key file, for rounding.
        ledger: earlier tables are read from it and this one is recorded. Small differences to a table
            of other persons are hidden; with tables of the same persons all is audited together.

    Raises:
        ConfigError: HS-E169, an option is wrong or contradicts another; HS-E162, a column is missing;
            HS-E167, too many cells.
        InputError: HS-E260, no rows; HS-E263, a count is missing or negative.
        PolicyError: HS-E361, small counts cannot be hidden; HS-E362, no controlled rounding exists;
            HS-E363, the budget does not reach.
        OutputError: HS-E501, the extra ``audit`` or ``dp`` is not installed.

    Example:
        >>> import pyarrow as pa
        >>> people = pa.table({"a": ["x"] * 9 + ["y"] * 12, "b": ["p"] * 7 + ["q"] * 8 + ["p"] * 6})
        >>> made = tabulate(people, ["a", "b"])
        >>> made.figures["primary"], made.figures["secondary"], made.frame["n"].null_count
        (1, 3, 4)
    """
    from hushu.io.frames import is_frame, like

    asked = {
        "dimensions": [by] if isinstance(by, str) else list(by), "measure": measure, "minimum": minimum,
        "width": width, "zeros": zeros, "rounding": rounding, "rounding_kind": rounding_kind,
        "epsilon": epsilon, "budget": budget, "categories": dict(categories or {}),
        "rows_per_person": rows_per_person,
    }  # fmt: skip
    spec = count_spec(asked, "tabulate")
    name = Path(data).stem if isinstance(data, str | Path) else "frame"
    (made,) = tabulations(data, [spec], table=name, key=key, ledger=ledger)
    if ledger is not None:
        from hushu.io.ledger import append

        kept = [dict(made.kept)] if made.kept else []
        append(
            ledger, {"kind": "tabulation", "what": name, "figures": dict(made.figures), "count_tables": kept}
        )
    if is_frame(data):
        return Tabulation(like(data, made.frame), made.spec, made.figures, made.kept)
    return made


def tabulations(
    data: Any,
    specs: Sequence[CountSpec],
    *,
    table: str,
    key: Any = None,
    ledger: str | Path | None = None,
    identities: Mapping[str, str] | None = None,
) -> tuple[Tabulation, ...]:
    """Return several tables of counts of the same rows, protected together; frames are Arrow tables.

    Args:
        data: the rows.
        specs: the tables.
        table: the source table's name; earlier tables and the budget are found by it.
        key: for rounding.
        ledger: what was published before, and the budget; nothing but spending is recorded here.
        identities: column → what it is made of, where that is not the column itself.

    Raises: as :func:`tabulate`.
    """
    known = identities or {}
    made: dict[int, Tabulation] = {}
    for measure in dict.fromkeys(spec.measure for spec in specs if spec.protection == "suppression"):
        chosen = {i: s for i, s in enumerate(specs) if s.protection == "suppression" and s.measure == measure}
        before = earlier(ledger, table, known.get(measure, measure))
        hidden = _suppressed(data, list(chosen.values()), table, before, known)
        made |= dict(zip(chosen, hidden, strict=True))
    for number, spec in enumerate(specs):
        if spec.protection == "rounding":
            made[number] = _rounded(data, spec, key)
        elif spec.protection == "dp":
            made[number] = _noisy(data, spec, table, ledger)
    return tuple(made[number] for number in range(len(specs)))


def _suppressed(
    data: Any,
    specs: Sequence[CountSpec],
    source: str,
    before: Sequence[ProtectedCounts],
    identities: Mapping[str, str],
) -> list[Tabulation]:
    open_tables = [count_table(data, spec.dimensions, spec.measure or None) for spec in specs]
    tables = [sealed(table, identities) for table in open_tables]
    same = of_same_persons(tables, before)
    others = [made for made in before if all(made is not one for one in same)]
    wanted, differing = [], []
    for spec, table in zip(specs, tables, strict=True):
        minimum = spec.minimum or DEFAULT_MINIMUM
        small = (table.counts < minimum) & ((table.counts > 0) | (spec.zeros == "hide"))
        near = _near(table, others, minimum) & ~small
        differing.append(int(near.sum()))
        wanted.append(Wanted(table, small | near, minimum, float(spec.width or minimum)))
    out = []
    for spec, table, made, near_cells in zip(
        specs, open_tables, suppress_linked(wanted, same), differing, strict=True
    ):
        figures = {
            **made.to_dict(),
            "primary": made.primary - near_cells,
            "differencing": near_cells,
            "earlier_tables": {"same_persons": len(same), "other_moments": len(others)},
            "audit": {"holds": True, "audited": len(made.audit)},
            "sizes": _sizes(made.table.counts[~made.hidden]),
        }
        kept = record(made, source, identities.get(spec.measure, spec.measure))
        out.append(Tabulation(table.rows(made.hidden), spec, figures, kept))
    return out


def _near(table: CountTable, others: Sequence[ProtectedCounts], minimum: int) -> Mask:
    """Return the cells that differ from an earlier figure of the same group by a few persons."""
    shown = np.zeros(table.counts.shape, dtype=bool)
    near = shown.copy()
    whole = ProtectedCounts(table, shown, 0, 0, minimum, float(minimum), ())
    for other in others:
        for found in small_differences([whole, other], minimum):
            by_name = dict(zip(found.dimensions, found.position, strict=True))
            near[tuple(by_name.get(name, -1) for name in table.dimensions)] = True
    return near


def _rounded(data: Any, spec: CountSpec, key: Any) -> Tabulation:
    from hushu.anonymize.redaction import as_keyring

    ring = key if isinstance(key, Keyring) else as_keyring(key)
    secret = require(ring, where="rounding").active
    table = count_table(data, spec.dimensions, spec.measure or None)
    made = round_cells(table, secret, spec.rounding or DEFAULT_MINIMUM, spec.rounding_kind)
    figures = {"cells": int(made.counts.size), "base": made.base, "sizes": _sizes(made.counts)}
    return Tabulation(made.rows(), spec, figures)


def _noisy(data: Any, spec: CountSpec, source: str, ledger: str | Path | None) -> Tabulation:
    if ledger is None:
        raise ConfigError(
            "noisy counts need a ledger",
            where="epsilon",
            why="the budget is kept there; without it every question would start anew",
            fix="--ledger F or ledger=",
            code="HS-E169",
        )
    budget = Budget.from_ledger(ledger, source, spec.budget or "0")
    made = private_counts(
        data, spec.categories, spec.epsilon or "0", budget, rows_per_person=spec.rows_per_person
    )
    n = made.frame[count_name(spec.dimensions)].to_numpy()
    figures = {
        "cells": made.frame.num_rows,
        "scale": made.scale,
        "error95": made.error95,
        "budget_total": f"{float(made.budget.total):g}",
        "budget_spent": f"{float(made.budget.spent):g}",
        "budget_left": f"{float(made.budget.left):g}",
        "sizes": _sizes(np.maximum(n, 0)),
    }
    return Tabulation(made.frame, spec, figures)


def _sizes(counts: Any) -> dict[str, int]:
    """Return how many published cells hold counts from each bound on, for the report's chart."""
    places = np.searchsorted(np.array(_SIZES), np.asarray(counts).ravel(), side="right") - 1
    found = np.bincount(places, minlength=len(_SIZES))
    used = np.flatnonzero(found).tolist()
    inside = range(used[0], used[-1] + 1) if used else ()
    return {str(_SIZES[place]): int(found[place]) for place in inside}
