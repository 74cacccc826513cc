"""What must hold before anything is published, and again whenever somebody asks.

The output is scanned anew, cell by cell, by the rules that found the personal data in the first
place; every column must keep to what its operator may say; the risk must meet its target.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from hushu.anonymize.grouping import target_k
from hushu.anonymize.measuring import risk_of
from hushu.anonymize.tokens import PATTERN
from hushu.errors import PolicyError
from hushu.model import Plan, PlanColumn, PlanTable
from hushu.rules import vocabulary

# A masked value keeps the shape of its type; a format-preserving one is a valid value of its type.
_MAY_LOOK_LIKE_ITS_TYPE = {"exact", "masked", "encrypted", "format", "surrogate", "noise", "interval"}


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was checked, and whether it holds; ``detail`` counts and names columns only."""

    name: str
    holds: bool
    detail: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Return the check as it stands in the certificate."""
        return {"name": self.name, "holds": self.holds, "detail": self.detail}


def check_tables(plan: Plan, tables: Mapping[str, pa.Table]) -> tuple[Check, ...]:
    """Return every check of a release's tables against its plan.

    Args:
        plan: what was to leave.
        tables: name → published rows.
    """
    planned = {table.name: table for table in plan.tables}
    checks: list[Check] = []
    for name, rows in tables.items():
        if name not in planned:
            checks.append(Check("columns", False, f"{name}: the plan knows no such table"))
            continue
        checks.append(_columns(planned[name], rows))
        checks.append(_identifiers(planned[name], rows))
        checks.append(_domains(planned[name], rows))
        checks.append(_group(plan, planned[name], rows))
    return tuple(checks)


def own_identifiers(rows: pa.Table, table: PlanTable, identifiers: Mapping[str, pa.Array]) -> Check:
    """Check that no name or number, as the source holds it, stands in a column that is not its own.

    Args:
        rows: the published rows.
        table: their plan.
        identifiers: column → distinct values of the source's columns that identify persons directly.
    """
    import pyarrow.compute as pc

    found: list[str] = []
    for output, column in _leaving(table).items():
        if output not in rows.column_names or not _is_text(rows[output].type):
            continue
        published = rows[output].cast(pa.string())
        for name, values in identifiers.items():
            if name == column.name or not len(values):
                continue
            hits = pc.sum(pc.is_in(published, value_set=values)).as_py() or 0
            if hits:
                found.append(f"{output}: {hits} cell(s) equal a value of {name}")
    return Check("own identifiers", not found, f"{table.name}: " + ("; ".join(found) or "none elsewhere"))


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def require(checks: Sequence[Check]) -> None:
    """Let nothing pass when a check does not hold.

    Raises:
        PolicyError: HS-E320.
    """
    failed = [check for check in checks if not check.holds]
    if failed:
        raise PolicyError(
            "the release does not hold; nothing was published",
            where="; ".join(check.name for check in failed),
            why="; ".join(check.detail for check in failed),
            fix="coarsen or drop the named columns in the plan",
            code="HS-E320",
        )


def _leaving(table: PlanTable) -> dict[str, PlanColumn]:
    return {c.output or c.name: c for c in table.columns if c.action != "drop"}


def _columns(table: PlanTable, rows: pa.Table) -> Check:
    extra = [name for name in rows.column_names if name not in _leaving(table)]
    missing = [name for name in _leaving(table) if name not in rows.column_names]
    detail = f"{table.name}: " + ", ".join([*(f"+{n}" for n in extra), *(f"-{n}" for n in missing)])
    return Check(
        "columns", not extra and not missing, detail if extra or missing else f"{table.name}: as planned"
    )


def _identifiers(table: PlanTable, rows: pa.Table) -> Check:
    """No direct identifier of a format that can be checked stands anywhere it was not granted."""
    leaving = _leaving(table)
    found: list[str] = []
    for name in rows.column_names:
        granted = leaving.get(name)
        own = granted.type if granted and granted.grain in _MAY_LOOK_LIKE_ITS_TYPE else None
        found += [f"{name}: {count} × {kind}" for kind, count in _counts(rows[name]).items() if kind != own]
    return Check("re-scan", not found, f"{table.name}: " + ("; ".join(found) or "no identifier found"))


def _counts(column: pa.ChunkedArray) -> dict[str, int]:
    from hushu.classify.kernel import merge, profile

    known = vocabulary.load()
    parts = [profile(chunk) for chunk in column.chunks]
    if not parts or not _could_hold(column.type):
        return {}
    whole = parts[0]
    for part in parts[1:]:
        whole = merge(whole, part)
    totals = {
        kind: whole.whole.get(kind, 0) + whole.within.get(kind, 0) for kind in {*whole.whole, *whole.within}
    }
    return {
        kind: count
        for kind, count in totals.items()
        if count and kind in _SURE and known[kind].identifies == "direct" and known[kind].kind == "personal"
    }


# Formats that a number of another meaning hardly ever fulfils; the others need a header to be believed.
_SURE = {
    "CN_RESIDENT_ID", "CN_FOREIGNER_ID", "PHONE_NUMBER", "EMAIL_ADDRESS", "BANK_CARD", "LICENSE_PLATE", "VIN",
    "MAC_ADDRESS", "IP_ADDRESS", "CN_MILITARY_ID", "CN_PASSPORT", "REAL_ESTATE_NO", "STUDENT_NO",
    "CREDENTIAL",
}  # fmt: skip


def _could_hold(kind: pa.DataType) -> bool:
    return bool(
        pa.types.is_string(kind)
        or pa.types.is_large_string(kind)
        or pa.types.is_dictionary(kind)
        or pa.types.is_integer(kind)
    )


def _domains(table: PlanTable, rows: pa.Table) -> Check:
    """Every cell of a transformed column is something its operator can say."""
    wrong: list[str] = []
    for name, column in _leaving(table).items():
        if name not in rows.column_names or column.action != "transform":
            continue
        allowed = _allowed(column)
        if allowed is None:
            continue
        values = rows[name].combine_chunks().cast(pa.string()).unique().to_pylist()
        bad = sum(
            1 for value in values if value is not None and value != "*" and not allowed.fullmatch(value)
        )
        if bad:
            wrong.append(f"{name}: {bad} value(s) that {column.operator} cannot give")
    return Check("domains", not wrong, f"{table.name}: " + ("; ".join(wrong) or "as the operators say"))


def _allowed(column: PlanColumn) -> re.Pattern[str] | None:
    if column.operator == "pseudonym":
        return PATTERN
    if column.operator == "yes_no":
        words = (str(column.params.get("yes", "是")), str(column.params.get("no", "否")))
        return re.compile("|".join(map(re.escape, words)))
    return None


def _group(plan: Plan, table: PlanTable, rows: pa.Table) -> Check:
    k = target_k(plan.privacy)
    measured = risk_of(rows, table, plan.privacy)
    if k is None or measured is None:
        return Check("risk", True, f"{table.name}: no group target applies")
    holds = measured["k"] == 0 or measured["k"] >= k
    return Check("risk", holds, f"{table.name}: k = {measured['k']}, target {k}")
