"""The risk of a table before and after its plan, measured while it is read."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from hushu.anonymize.privacy.risk import risk
from hushu.model import PlanColumn, PlanTable
from hushu.rules import vocabulary

# What stands for a person without being looked up: these grains leave nothing to link by.
_UNLINKABLE = {"pseudonym", "encrypted", "format", "surrogate", "redacted", "drop", "count"}
_MOST_COLUMNS = 8


class Reading:
    """What is noted of a source table while it streams by: its digest and its quasi-identifiers.

    Only the columns that risk compares are kept, so memory grows with them and not with the table.
    """

    def __init__(self, table: PlanTable, present: Sequence[str], privacy: Mapping[str, Any]) -> None:
        self.rows = 0
        named = set(privacy.get("quasi_identifiers") or ())
        self._quasi = [
            c.name
            for c in table.columns
            if c.name in present and (_is_quasi(c) or named & {c.name, c.output})
        ][:_MOST_COLUMNS]
        known = vocabulary.load()
        self._direct = [
            c.name for c in table.columns
            if c.name in present and c.type and c.type in known
            and known[c.type].identifies == "direct" and known[c.type].kind == "personal"
        ]  # fmt: skip
        self._values: dict[str, list[pa.Array]] = {name: [] for name in self._direct}
        self._kept: list[pa.Table] = []
        self._hash = hashlib.sha256()

    def add(self, batch: pa.RecordBatch) -> None:
        """Take note of one batch."""
        from hushu.io.digest import batches_sha256

        self.rows += batch.num_rows
        self._hash.update(batches_sha256([batch]).encode())
        for name in self._direct:
            self._values[name].append(pc.unique(batch[name]))
        if self._quasi:
            self._kept.append(pa.Table.from_batches([batch]).select(self._quasi))

    def identifiers(self) -> dict[str, pa.Array]:
        """Return the distinct values (two characters at least) of each directly identifying column."""
        found: dict[str, pa.Array] = {}
        for name, parts in self._values.items():
            if not parts or not (
                pa.types.is_string(parts[0].type) or pa.types.is_large_string(parts[0].type)
            ):
                continue
            values = pc.unique(pa.chunked_array(parts)).drop_null().cast(pa.string())
            found[name] = values.filter(pc.greater_equal(pc.utf8_length(values), 2))
        return found

    def digest(self) -> str:
        """Return the SHA-256 over the digests of the batches."""
        return self._hash.hexdigest()

    def risk(self) -> dict[str, Any] | None:
        """Return the risk of handing the source out as it is; None without quasi-identifiers or rows."""
        if not self._kept or not self.rows:
            return None
        return risk(pa.concat_tables(self._kept, promote_options="permissive"), self._quasi).to_dict()


def quasi_identifiers(table: PlanTable, privacy: Mapping[str, Any]) -> list[str]:
    """Return the published columns by which a person could be found again.

    The purpose may name them (``privacy.quasi_identifiers``); otherwise the vocabulary says which
    types are known to others.
    """
    named = set(privacy.get("quasi_identifiers") or ())
    leaving = [c for c in table.columns if c.action != "drop"]
    if named:
        return [c.output or c.name for c in leaving if named & {c.name, c.output}]
    return [c.output or c.name for c in leaving if c.grain not in _UNLINKABLE and _is_personal(c)][
        :_MOST_COLUMNS
    ]


def sensitive(table: PlanTable) -> list[str]:
    """Return the published columns whose value must not be inferred."""
    known = vocabulary.load()
    return [
        c.output or c.name
        for c in table.columns
        if c.action != "drop" and c.type and c.type in known and known[c.type].identifies == "sensitive"
    ]


def risk_of(rows: pa.Table, table: PlanTable, privacy: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the risk of the published rows; None when nothing in them could be linked."""
    quasi = [name for name in quasi_identifiers(table, privacy) if name in rows.column_names]
    if not quasi or rows.num_rows == 0:
        return None
    protected = [name for name in sensitive(table) if name not in quasi]
    return risk(rows, quasi, protected or None).to_dict()


def _is_quasi(column: PlanColumn) -> bool:
    entry = vocabulary.load().get(column.type or "")
    return entry is not None and entry.kind == "personal" and entry.identifies == "quasi"


def _is_personal(column: PlanColumn) -> bool:
    entry = vocabulary.load().get(column.type or "")
    return entry is not None and entry.kind == "personal" and entry.identifies in {"quasi", "direct"}
