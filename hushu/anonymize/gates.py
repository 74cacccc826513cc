"""What must hold before anything is published, and again whenever somebody asks.

The output is scanned anew, cell by cell, by the rules that found the personal data in the first
place; every column must keep to what its operator may say; the risk must meet its target.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from hushu.anonymize.disguises import disguised
from hushu.anonymize.grouping import target_k
from hushu.anonymize.identities import Identities, published_keys
from hushu.anonymize.measuring import published_classes
from hushu.anonymize.values.cellkeys import text_keys
from hushu.errors import PolicyError
from hushu.model import Plan, PlanColumn, PlanTable
from hushu.rules import vocabulary

if TYPE_CHECKING:
    from hushu.classify.profiles import ColumnProfile

# What a whole cell of these operators is; the end of the text and not of a line, so that nothing follows.
_TOKENS = {
    "pseudonym": r"\A(?:[A-Z][A-Z_]*-[a-z2-7]{6}-[a-z2-7]{16}|\*)\z",
    "encrypt": r"\A(?:ENC-[a-z2-7]{6}-[a-z2-7]+|\*)\z",
}
_BY_CHANCE = 1e-4
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


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an inspection found: every check, and the risk of the rows that were seen."""

    checks: tuple[Check, ...]
    risk: dict[str, Any] | None


class Inspection:
    """Every check of one published table, batch by batch: memory does not grow with its rows.

    Args:
        plan: what was to leave.
        name: the table.
        schema: its published columns.
        identities: the source's own identifiers, where the source is at hand.
        folder: where counts may go that outgrow memory.
    """

    def __init__(
        self,
        plan: Plan,
        name: str,
        schema: pa.Schema,
        identities: Identities | None = None,
        folder: Path | None = None,
    ) -> None:
        self._plan, self._name, self._schema = plan, name, schema
        self._planned = next((table for table in plan.tables if table.name == name), None)
        self._identities = identities
        self._profiles: dict[str, ColumnProfile] = {}
        self._bad: dict[str, int] = {}
        self._classes = None
        if self._planned is not None:
            self._leaving = leaving_columns(self._planned)
            self._classes = published_classes(schema.names, self._planned, plan.privacy, folder)

    def add(self, batch: pa.RecordBatch) -> None:
        """Inspect the rows of one batch."""
        if self._planned is None:
            return
        for name, column in zip(batch.schema.names, batch.columns, strict=True):
            granted = self._leaving.get(name)
            wrong = _misfits(granted, column) if granted else None
            if wrong:
                self._bad[name] = self._bad.get(name, 0) + wrong
            # A cell that is one of our own tokens in full cannot be an identifier as well.
            if _could_hold(column.type) and not (wrong == 0 and granted and granted.operator in _TOKENS):
                self._profile(name, column)
            if self._identities:
                look_for_identifiers(self._identities, name, column, granted)
        if self._classes:
            self._classes.add(batch)

    def outcome(self) -> Outcome:
        """Return what was found in all rows."""
        if self._planned is None:
            return Outcome((Check("columns", False, f"{self._name}: the plan knows no such table"),), None)
        risk = self._classes.report() if self._classes else None
        checks = [
            _columns(self._planned, self._schema.names),
            _rescan(self._planned, self._profiles),
            _domains(self._planned, self._bad),
            _group(self._plan, self._planned, risk),
        ]
        if self._identities:
            checks.append(own_identifiers(self._planned, self._identities))
        return Outcome(tuple(checks), risk)

    def _profile(self, name: str, column: pa.Array) -> None:
        from hushu.classify.kernel import merge, profile

        part = profile(column)
        self._profiles[name] = merge(self._profiles[name], part) if name in self._profiles else part


def look_for_identifiers(
    identities: Identities, name: str, column: pa.Array, granted: PlanColumn | None
) -> None:
    """Look for the source's identifiers: as they are, and where values leave unchanged in disguise.

    Args:
        identities: where what is found is noted.
        name: the published column.
        column: some of its cells.
        granted: its plan; its own values are its own affair.
    """
    if (keys := published_keys(column)) is None:
        return
    own = granted.name if granted else ""
    identities.look(name, keys, own)
    whole = granted is None or granted.action == "keep"
    if whole and not pa.types.is_integer(column.type):
        inside = granted is None or granted.type is None
        texts = disguised(column.cast(pa.string()), inside=inside)
        identities.look(name, text_keys(texts), own)


def own_identifiers(table: PlanTable, identities: Identities) -> Check:
    """Check that no name or number, as the source holds it, was found in a column that is not its own."""
    found = [
        f"{output}: {hits} cell(s) equal a value of {name}"
        for (output, name), hits in identities.found().items()
    ]
    return Check("own identifiers", not found, f"{table.name}: " + ("; ".join(found) or "none elsewhere"))


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


def leaving_columns(table: PlanTable) -> dict[str, PlanColumn]:
    """Return the columns that leave, by their published names."""
    return {c.output or c.name: c for c in table.columns if c.action != "drop"}


def _columns(table: PlanTable, names: Sequence[str]) -> Check:
    extra = [name for name in names if name not in leaving_columns(table)]
    missing = [name for name in leaving_columns(table) if name not in names]
    detail = f"{table.name}: " + ", ".join([*(f"+{n}" for n in extra), *(f"-{n}" for n in missing)])
    if telling := _telling(names):
        return Check("columns", False, f"{table.name}: {telling} column name(s) hold an identifier")
    return Check(
        "columns", not extra and not missing, detail if extra or missing else f"{table.name}: as planned"
    )


def _telling(names: Sequence[str]) -> int:
    """Return how many column names hold an identifier: a table turned on its side has persons for columns."""
    from hushu.classify.kernel import profile

    return sum(_counts(profile(pa.array(list(names), pa.string()))).values())


def _rescan(table: PlanTable, profiles: Mapping[str, ColumnProfile]) -> Check:
    """No direct identifier of a format that can be checked stands anywhere it was not granted."""
    leaving = leaving_columns(table)
    found: list[str] = []
    for name, seen in profiles.items():
        granted = leaving.get(name)
        own = granted.type if granted and granted.grain in _MAY_LOOK_LIKE_ITS_TYPE else None
        # Of a million enciphered numbers of 18 digits some are identity numbers by chance.
        chance = _BY_CHANCE * seen.rows if granted and granted.operator == "format_preserving" else 0
        found += [
            f"{name}: {count} × {kind}"
            for kind, count in _counts(seen).items()
            if kind != own and count > chance
        ]
    return Check("re-scan", not found, f"{table.name}: " + ("; ".join(found) or "no identifier found"))


def _counts(seen: ColumnProfile) -> dict[str, int]:
    known = vocabulary.load()
    totals = {
        kind: seen.whole.get(kind, 0) + seen.within.get(kind, 0) for kind in {*seen.whole, *seen.within}
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


def _domains(table: PlanTable, bad: Mapping[str, int]) -> Check:
    """Every cell of a transformed column is something its operator can say."""
    leaving = leaving_columns(table)
    wrong = [
        f"{name}: {count} value(s) that {leaving[name].operator} cannot give" for name, count in bad.items()
    ]
    return Check("domains", not wrong, f"{table.name}: " + ("; ".join(wrong) or "as the operators say"))


def _misfits(column: PlanColumn, cells: pa.Array) -> int | None:
    """Return how many cells the column's operator cannot have given; None where it could give anything."""
    import pyarrow.compute as pc

    pattern = _pattern(column)
    if pattern is None:
        return None
    if pa.types.is_null(cells.type):
        return 0
    if pa.types.is_dictionary(cells.type):
        cells = cells.dictionary_decode()
    fits = pc.match_substring_regex(cells.cast(pa.string()), pattern)
    return int(len(cells) - cells.null_count - (pc.sum(fits).as_py() or 0))


def _pattern(column: PlanColumn) -> str | None:
    """Return what matches every cell that the operator gives, and ``*``, by which recoding hides one."""
    if column.action != "transform":
        return None
    if column.operator in _TOKENS:
        return _TOKENS[column.operator]
    if column.operator == "yes_no":
        words = (str(column.params.get("yes", "是")), str(column.params.get("no", "否")), "*")
        return r"\A(?:" + "|".join(map(re.escape, words)) + r")\z"
    return None


def _group(plan: Plan, table: PlanTable, measured: Mapping[str, Any] | None) -> Check:
    k = target_k(plan.privacy)
    if k is None or measured is None:
        return Check("risk", True, f"{table.name}: no group target applies")
    holds = measured["k"] == 0 or measured["k"] >= k
    return Check("risk", holds, f"{table.name}: k = {measured['k']}, target {k}")
