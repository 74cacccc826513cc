"""A recipient's mark in a release, and finding out whose copy leaked.

For some cells, chosen by the key from the row's own key columns, the last digit (or the day) is
made even or odd as the recipient's pseudorandom bit says: at most one step of change, in half of
the chosen cells. Nobody without the key can tell which cells were chosen. In a leaked part each
chosen cell votes for or against every recipient; by chance the votes balance, in the recipient's
copy they agree. There is no code book: each recipient's bits are independent of all others', so
that a mixture of copies names each of its sources.

Off by default; never on keys or on columns stated to be exact. Rounding to coarser steps destroys it.
Source: Agrawal, Kiernan 2002 (marking relations); the statistic is a binomial test.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from hushu.anonymize.keys import Key, KeyMaterial
from hushu.anonymize.marks import (
    Mark,
    Mask,
    Steps,
    chosen,
    describe,
    recipient_bits,
    rewrite,
    row_blocks,
    steps,
)
from hushu.anonymize.privacy.columns import read_table, require_columns, with_columns
from hushu.anonymize.tracing import Suspect, TraceResult, trace
from hushu.errors import ConfigError, InputError

__all__ = ["Fingerprint", "Fingerprinted", "Suspect", "TraceResult", "fingerprint", "trace"]

SCHEME = "hushu.fingerprint/1"
# A whole copy must reach z = 10, or a part of it could hardly ever name anybody.
LEAST_VOTES = 100


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """How one copy was marked; enough, with the key, to trace it. Holds no value of the data.

    Attributes:
        recipient: whose copy it is.
        scope: the release or data set, so that marks of different data sets are unrelated.
        key_id: which key marked it.
        row_key: the columns that name a row.
        marks: the marked columns.
        rate: the share of cells of the marked columns meant to change.
        rows: rows of the copy.
        votes: marked cells, those included whose digit was right already.
        changed: cells that were changed.
        z: the strength of the whole copy, √votes.
    """

    recipient: str
    scope: str
    key_id: str
    row_key: tuple[str, ...]
    marks: tuple[Mark, ...]
    rate: float
    rows: int
    votes: int
    changed: int
    z: float

    def to_dict(self) -> dict[str, Any]:
        """Return the record as it stands in certificate and ledger."""
        return {
            "scheme": SCHEME,
            "recipient": self.recipient,
            "scope": self.scope,
            "key_id": self.key_id,
            "row_key": list(self.row_key),
            "marks": [mark.to_dict() for mark in self.marks],
            "rate": self.rate,
            "rows": self.rows,
            "votes": self.votes,
            "changed": self.changed,
            "z": round(self.z, 2),
        }


@dataclass(frozen=True, slots=True)
class Fingerprinted:
    """A marked copy and the record of its marks."""

    frame: Any = field(repr=False)
    record: Fingerprint


def fingerprint(
    frame: Any,
    *,
    recipient: str,
    key: KeyMaterial | bytes,
    row_key: str | Sequence[str],
    columns: Sequence[str],
    exact: Sequence[str] = (),
    scope: str = "",
    rate: float = 0.01,
) -> Fingerprinted:
    """Return a copy that carries the recipient's mark.

    Args:
        frame: a pandas, polars or pyarrow frame.
        recipient: whose copy it is, as the ledger names them.
        key: the marking key, at least 16 bytes.
        row_key: the column or columns whose values name a row in the release; never changed.
        columns: the columns that may be changed by one step: numbers and dates.
        exact: columns that must not change; naming one in ``columns`` is an error.
        scope: the release or data set.
        rate: the share of cells to change, 0 … 0.25; twice as many carry a bit.

    Raises:
        ConfigError: HS-E165, a column is a key, exact or too coarse to be marked, or the rate is wrong.
        InputError: HS-E265, too few rows: the mark would name nobody.

    Example:
        >>> import pyarrow as pa
        >>> table = pa.table({"id": range(20000), "income": [5000 + i % 700 for i in range(20000)]})
        >>> key = bytes(range(32))
        >>> made = fingerprint(table, recipient="A", key=key, row_key="id", columns=["income"])
        >>> trace(made.frame, [made.record, {**made.record.to_dict(), "recipient": "B"}], key).named
        ('A',)
    """
    keys = (row_key,) if isinstance(row_key, str) else tuple(row_key)
    material = Key(key) if isinstance(key, bytes) else key
    _check(keys, columns, exact, rate)
    table = read_table(frame, [*keys, *columns])
    marks = tuple(_markable(table[name], name) for name in columns)
    blocks = row_blocks(material, [table[name] for name in keys], scope)
    rewritten, votes, changed = {}, 0, 0
    for mark in marks:
        carries, up = chosen(material, blocks, mark.column, scope, rate)
        value, known = steps(table[mark.column], mark)
        carries &= known
        odd = recipient_bits(material, blocks, mark.column, scope, recipient)
        change = _change(value, known, carries & ((value % 2 == 1) != odd), up)
        rewritten[mark.column] = rewrite(table[mark.column], mark, change)
        votes += len(np.unique(blocks[carries].view("S16")))
        changed += int(np.count_nonzero(change))
    if votes < LEAST_VOTES:
        raise InputError(
            "too few rows for a fingerprint",
            where=f"{table.num_rows} rows, {votes} of {LEAST_VOTES} marked cells needed",
            why="a leaked part would name nobody with certainty",
            fix="mark more columns, raise the rate, or release without a fingerprint",
            code="HS-E265",
        )
    record = Fingerprint(
        recipient, scope, material.id, keys, marks, rate, table.num_rows, votes, changed, math.sqrt(votes)
    )
    return Fingerprinted(with_columns(frame, rewritten), record)


def _check(keys: Sequence[str], columns: Sequence[str], exact: Sequence[str], rate: float) -> None:
    problem = ""
    if not keys or not columns or isinstance(columns, str):
        problem = "name the columns that name a row, and a list of columns to mark"
    elif set(columns) & {*keys, *exact}:
        problem = (
            f"keys and exact columns are never changed: {', '.join(sorted(set(columns) & {*keys, *exact}))}"
        )
    elif not 0 < rate <= 0.25:
        problem = "the rate must lie above 0 and not above 0.25"
    if problem:
        raise ConfigError(
            "the fingerprint is not possible so",
            where="fingerprint",
            why=problem,
            fix="correct it",
            code="HS-E165",
        )
    require_columns([*keys, *columns], [*keys, *columns])


def _markable(array: Any, column: str) -> Mark:
    mark, reason = describe(array, column)
    if mark is None:
        raise ConfigError(
            "the column cannot carry a fingerprint",
            where=column,
            why=reason,
            fix="mark columns whose last digit matters to nobody, or none",
            code="HS-E165",
        )
    return mark


def _change(value: Steps, known: Mask, wrong: Mask, up: Mask) -> Steps:
    """Return each cell's change: one step where the digit is wrong, within the column's range."""
    least, most = value[known].min(), value[known].max()
    step = np.where(up, 1, -1)
    step = np.where(value + step > most, -1, np.where(value + step < least, 1, step))
    return np.where(wrong, step, 0).astype(np.int64)
