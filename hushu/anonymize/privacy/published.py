"""What was published before: count tables as the ledger keeps them, without a category's name.

A table's record holds its dimensions, a digest of every category and the counts that were shown,
so that a later table can be compared with it cell by cell and nobody reads a value in the ledger.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from hushu.anonymize.privacy.cells import ProtectedCounts
from hushu.anonymize.privacy.counttable import CountTable


def sealed(table: CountTable, identities: Mapping[str, str]) -> CountTable:
    """Return a table with digests for its categories and with its dimensions by what they are made of.

    Args:
        table: the table.
        identities: dimension → source column and operator; two tables agree on it, whatever their names.
    """
    names = tuple(identities.get(name, name) for name in table.dimensions)
    categories = tuple(
        tuple(None if value is None else _digest(name, value) for value in values)
        for name, values in zip(names, table.categories, strict=True)
    )
    return CountTable(names, categories, table.counts)


def record(made: ProtectedCounts, table: str, measure: str) -> dict[str, Any]:
    """Return a published table as the ledger keeps it; ``made`` is sealed, ``table`` its source table."""
    cells = zip(made.table.counts.ravel(), made.hidden.ravel(), strict=True)
    counts = [None if hidden else int(n) for n, hidden in cells]
    return {
        "table": table,
        "measure": measure,
        "dimensions": list(made.table.dimensions),
        "categories": [list(values) for values in made.table.categories],
        "counts": counts,
        "minimum": made.minimum,
        "width": made.width,
    }


def earlier(ledger: str | Path | None, table: str, measure: str) -> tuple[ProtectedCounts, ...]:
    """Return the tables of the same source table and measure that a ledger holds, each once.

    Raises:
        LedgerError: HS-E702, the ledger does not verify.
    """
    if ledger is None or not Path(ledger).exists():
        return ()
    found: dict[str, ProtectedCounts] = {}
    for kept in _records(ledger):
        if kept["table"] == table and kept["measure"] == measure:
            found[repr((kept["dimensions"], kept["categories"], kept["counts"]))] = _restored(kept)
    return tuple(found.values())


def _records(ledger: str | Path) -> Iterator[Mapping[str, Any]]:
    from hushu.io.ledger import entries

    for entry in entries(ledger):
        yield from entry.get("count_tables") or ()


def _restored(kept: Mapping[str, Any]) -> ProtectedCounts:
    shape = tuple(len(values) + 1 for values in kept["categories"])
    shown: Sequence[int | None] = kept["counts"]
    hidden = np.array([n is None for n in shown]).reshape(shape)
    counts = np.array([n or 0 for n in shown], dtype=np.int64).reshape(shape)
    table = CountTable(
        tuple(kept["dimensions"]), tuple(tuple(values) for values in kept["categories"]), counts
    )
    return ProtectedCounts(table, hidden, 0, 0, int(kept["minimum"]), float(kept["width"]), ())


def _digest(dimension: str, value: str) -> str:
    return hashlib.sha256(f"{dimension}\0{value}".encode("utf-8", "surrogatepass")).hexdigest()[:16]
