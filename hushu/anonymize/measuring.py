"""The risk of a table before and after its plan, measured while it is read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from hushu.anonymize.identities import Identities
from hushu.anonymize.privacy.classes import Ints
from hushu.anonymize.privacy.risk import SUPPRESSED, RiskCounter, risk_of_sizes
from hushu.anonymize.values.cellkeys import Keys, cell_keys, row_keys
from hushu.io.spooling import KeyPile
from hushu.model import PlanColumn, PlanTable
from hushu.rules import vocabulary

# What stands for a person without being looked up: these grains leave nothing to link by.
_UNLINKABLE = {"pseudonym", "encrypted", "format", "surrogate", "redacted", "drop", "count"}
_MOST_COLUMNS = 8
MOST_TUPLES = 250_000
"""Distinct tuples of quasi-identifiers that are held in memory."""
_AT_ONCE = 4_000_000  # keys that are sorted at once
_STAR = cell_keys(pa.array([SUPPRESSED]))[0]


class Reading:
    """What is noted of a source table while it streams by: its digest, its identifiers, its classes."""

    def __init__(
        self, table: PlanTable, present: Sequence[str], privacy: Mapping[str, Any], folder: Path | None = None
    ) -> None:
        from hushu.io.digest import TableDigest

        self.rows = 0
        named = set(privacy.get("quasi_identifiers") or ())
        leads = [c.name for c in table.columns if _is_quasi(c) or named & {c.name, c.output}]
        quasi = [name for name in dict.fromkeys(leads) if name in present][:_MOST_COLUMNS]
        known = vocabulary.load()
        direct = [
            c.name for c in table.columns
            if c.name in present and c.type and c.type in known
            and known[c.type].identifies == "direct" and known[c.type].kind == "personal"
        ]  # fmt: skip
        self.identities = Identities(list(dict.fromkeys(direct)), folder)
        self._classes = Classes(quasi, (), folder, "before") if quasi else None
        self._digest = TableDigest()

    def add(self, batch: pa.RecordBatch) -> None:
        """Take note of one batch."""
        self.rows += batch.num_rows
        self._digest.add(batch)
        self.identities.add(batch)
        if self._classes:
            self._classes.add(batch)

    def digest(self) -> str:
        """Return the SHA-256 of names, types and values, however the table was cut in batches."""
        return self._digest.hexdigest()

    def risk(self) -> dict[str, Any] | None:
        """Return the risk of handing the source out as it is; None without quasi-identifiers or rows."""
        return self._classes.report() if self._classes else None


class Classes:
    """The equivalence classes of a stream of batches.

    Up to :data:`MOST_TUPLES` distinct tuples are counted as they are and everything can be said of
    them. Beyond that the sizes of the classes are counted by the keys of their tuples, which go to the
    folder: k and the risks stay exact; l, t and the columns that single rows out are left out.
    """

    def __init__(
        self, quasi: Sequence[str], sensitive: Sequence[str], folder: Path | None, name: str
    ) -> None:
        self._quasi = tuple(quasi)
        self._counter: RiskCounter | None = RiskCounter(quasi, sensitive)
        self._pile = KeyPile(folder, name)
        self._rows = 0

    def add(self, batch: pa.RecordBatch) -> None:
        """Count the rows of one batch."""
        self._rows += batch.num_rows
        self._pile.add(self._keys(batch))
        if self._counter is None:
            return
        self._counter.add(batch)
        if self._counter.most() > 2 * MOST_TUPLES:
            self._counter.merge()
            if self._counter.most() > MOST_TUPLES:
                self._counter = None

    def report(self) -> dict[str, Any] | None:
        """Return the risk as it stands in a certificate; None without rows."""
        if not self._rows:
            return None
        if self._counter is not None:
            return self._counter.report().to_dict()
        return risk_of_sizes(self._rows, self._quasi, self._sizes()).to_dict()

    def _keys(self, batch: pa.RecordBatch) -> Keys:
        """Return the keys of the rows; those suppressed to ``*`` everywhere are in no class."""
        parts = [cell_keys(batch[name]) for name in self._quasi]
        keys = row_keys(parts, batch.num_rows)
        kinds = [batch[name].type for name in self._quasi]
        if all(pa.types.is_string(kind) or pa.types.is_large_string(kind) for kind in kinds):
            shown = np.zeros(batch.num_rows, bool)
            for part in parts:
                shown |= part != _STAR
            return keys if shown.all() else keys[shown]
        return keys

    def _sizes(self) -> Ints:
        """Return the rows of each class, a range of keys at a time."""
        ranges = self._pile.count // _AT_ONCE + 1
        edge = (1 << 64) // ranges
        sizes = [np.empty(0, np.int64)]
        for place in range(ranges):
            low, high = np.uint64(place * edge), np.uint64(min((place + 1) * edge, (1 << 64) - 1))
            last = place == ranges - 1
            parts = (p[(p >= low) & ((p < high) | last)] for p in self._pile.parts())
            keys = np.sort(np.concatenate([np.empty(0, np.uint64), *parts]))
            starts = np.flatnonzero(np.concatenate([keys[:1] == keys[:1], keys[1:] != keys[:-1]]))
            sizes.append(np.diff(np.append(starts, len(keys))))
        return np.concatenate(sizes)


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


def published_classes(
    columns: Sequence[str], table: PlanTable, privacy: Mapping[str, Any], folder: Path | None
) -> Classes | None:
    """Return the counter of a published table's classes; None when nothing in it could be linked."""
    quasi = [name for name in quasi_identifiers(table, privacy) if name in columns]
    if not quasi:
        return None
    protected = [name for name in sensitive(table) if name not in quasi and name in columns]
    return Classes(quasi, protected, folder, "after")


def _is_quasi(column: PlanColumn) -> bool:
    entry = vocabulary.load().get(column.type or "")
    return entry is not None and entry.kind == "personal" and entry.identifies == "quasi"


def _is_personal(column: PlanColumn) -> bool:
    entry = vocabulary.load().get(column.type or "")
    return entry is not None and entry.kind == "personal" and entry.identifies in {"quasi", "direct"}
