"""Whose copy leaked: each marked cell of the leaked part votes for or against each recipient."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from statistics import NormalDist
from typing import Any

import numpy as np
import pyarrow as pa

from hushu.anonymize.keys import Key, KeyMaterial
from hushu.anonymize.marks import Blocks, Mark, chosen, recipient_bits, row_blocks, steps
from hushu.anonymize.privacy.columns import read_table
from hushu.errors import ConfigError, InputError

# p = 1e-9 for one comparison; more comparisons raise the bar so that a whole trace errs once in a million.
LEAST_Z = 6.0
WHOLE_ERROR = 1e-6


@dataclass(frozen=True, slots=True)
class Suspect:
    """How the votes fell for one recipient; ``z`` is in standard deviations from chance."""

    recipient: str
    scope: str
    z: float
    votes: int
    agreeing: int


@dataclass(frozen=True, slots=True)
class TraceResult:
    """What :func:`trace` can say.

    Attributes:
        named: the recipients whose marks the leaked part carries; empty when none can be named.
        suspects: every candidate, strongest first.
        threshold: the z from which a recipient is named.
        rows: rows of the leaked part.
        reason: why nobody is named, or how sure the naming is.
        reason_zh: the same in Chinese.
    """

    named: tuple[str, ...]
    suspects: tuple[Suspect, ...]
    threshold: float
    rows: int
    reason: str
    reason_zh: str

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object of ``hushu trace --format json``; the twenty strongest candidates."""
        return {
            "named": list(self.named),
            "threshold": round(self.threshold, 2),
            "rows": self.rows,
            "reason": self.reason,
            "reason_zh": self.reason_zh,
            "suspects": [
                {
                    "recipient": s.recipient,
                    "scope": s.scope,
                    "z": round(s.z, 2),
                    "votes": s.votes,
                    "agreeing": s.agreeing,
                }
                for s in self.suspects[:20]
            ],
        }


@dataclass(frozen=True, slots=True)
class _Scheme:
    """How a family of copies was marked: the same for all recipients of one release."""

    scope: str
    row_key: tuple[str, ...]
    marks: tuple[Mark, ...]
    rate: float


def trace(leaked: Any, ledger: Any, key: KeyMaterial | bytes) -> TraceResult:
    """Name the recipients whose copy a leaked table comes from.

    Args:
        leaked: a frame or the path of a table; rows may be missing, columns too, in any order and
            under other names, cells in other formats.
        ledger: the ledger's path, or the fingerprint records of the candidate copies (each a
            :class:`~hushu.anonymize.fingerprint.Fingerprint` or its dictionary).
        key: the key that marked the copies.

    Raises:
        ConfigError: HS-E166, no candidate's record is given, or none was made with this key.
        InputError: HS-E260, the leaked table is empty; HS-E262, it cannot be read.
        LedgerError: HS-E702, the ledger does not verify.

    Note:
        One vote per row and column, however often a row is repeated; O(rows x columns + votes x candidates).
    """
    material = Key(key) if isinstance(key, bytes) else key
    records = _records(ledger, material)
    table = read_table(leaked, None)
    if table.num_rows == 0:
        raise InputError("the leaked table is empty", where="leaked", fix="give rows of it", code="HS-E260")
    suspects: list[Suspect] = []
    comparisons = 0
    for scheme, recipients in _by_scheme(records):
        best: dict[str, Suspect] = {}
        for blocks, columns in _readings(table, scheme, material):
            comparisons += len(recipients)
            for suspect in _votes(blocks, columns, scheme, recipients, material):
                if suspect.recipient not in best or suspect.z > best[suspect.recipient].z:
                    best[suspect.recipient] = suspect
        suspects += best.values()
    suspects.sort(key=lambda suspect: (-suspect.z, suspect.recipient))
    threshold = LEAST_Z
    if comparisons:
        threshold = max(LEAST_Z, -NormalDist().inv_cdf(WHOLE_ERROR / comparisons))
    named = tuple(dict.fromkeys(suspect.recipient for suspect in suspects if suspect.z >= threshold))
    reason, reason_zh = _reason(named, suspects, threshold)
    return TraceResult(named, tuple(suspects), threshold, table.num_rows, reason, reason_zh)


def _reason(named: Sequence[str], suspects: Sequence[Suspect], threshold: float) -> tuple[str, str]:
    if not suspects:
        return (
            "no reading of the leaked columns fits a marked release: the columns that name a row, "
            "or all marked columns, are missing",
            "泄露的列对不上任何加过指纹的批次：缺少标识行的列，或缺少全部带标记的列",
        )
    votes = max(suspect.votes for suspect in suspects)
    if named:
        return (
            f"{votes} marked cells; chance alone would name anybody at most once in a million traces",
            f"共 {votes} 个标记；仅凭巧合指认任何人的机会不超过百万分之一",
        )
    if math.sqrt(votes) < threshold:
        need = math.ceil(threshold**2)
        return (
            f"too small a part: {votes} marked cells were found, {need} would be needed even if all agreed",
            f"泄露部分太小：只找到 {votes} 个标记，即使全部相符也需要 {need} 个",
        )
    return (
        f"{votes} marked cells agree with nobody's copy: the part is from no candidate's release, "
        "or the marks were rounded away",
        f"{votes} 个标记与任何接收方的副本都不相符：不是这些批次的数据，或标记已被取整抹去",
    )


def _records(ledger: Any, key: KeyMaterial) -> list[Mapping[str, Any]]:
    if isinstance(ledger, str | Path):
        from hushu.io.ledger import entries

        found = [entry["fingerprint"] for entry in entries(ledger) if entry.get("fingerprint")]
    else:
        found = [record if isinstance(record, Mapping) else record.to_dict() for record in ledger]
    mine = [record for record in found if record["key_id"] == key.id]
    if not mine:
        raise ConfigError(
            "no candidate copy is known",
            where="ledger",
            why=f"{len(found)} fingerprint records, none made with key {key.id}",
            fix="give the ledger of the releases and the key that marked them",
            code="HS-E166",
        )
    return mine


def _by_scheme(records: Iterable[Mapping[str, Any]]) -> Iterator[tuple[_Scheme, list[str]]]:
    def scheme(record: Mapping[str, Any]) -> _Scheme:
        marks = tuple(Mark(m["column"], m["kind"], m["decimals"]) for m in record["marks"])
        return _Scheme(record["scope"], tuple(record["row_key"]), marks, record["rate"])

    for found, group in groupby(sorted(records, key=lambda r: repr(scheme(r))), key=scheme):
        yield found, list(dict.fromkeys(record["recipient"] for record in group))


def _plain(name: str) -> str:
    return "".join(str(name).split()).casefold()


def _readings(
    table: pa.Table, scheme: _Scheme, key: KeyMaterial
) -> Iterator[tuple[Blocks, dict[Mark, pa.ChunkedArray]]]:
    """Yield the ways to read the leaked columns as the marked ones: by name, else every fitting column."""
    named = {_plain(name): name for name in table.column_names}
    row_key = [named.get(_plain(name)) for name in scheme.row_key]
    keys: list[list[str]] = []
    if all(row_key):
        keys = [[name for name in row_key if name]]
    elif len(scheme.row_key) == 1:
        keys = [[name] for name in table.column_names if _names_rows(table[name])]
    by_name = {
        mark: table[named[_plain(mark.column)]] for mark in scheme.marks if _plain(mark.column) in named
    }
    for names in keys:
        blocks = row_blocks(key, [table[name] for name in names], scheme.scope)
        if by_name:
            yield blocks, by_name
            continue
        for mark in scheme.marks:
            for name in table.column_names:
                if name not in names and steps(table[name], mark)[1].mean() > 0.5:
                    yield blocks, {mark: table[name]}


def _names_rows(column: pa.ChunkedArray) -> bool:
    return not pa.types.is_floating(column.type) and len(column.unique()) > len(column) / 2


def _votes(
    blocks: Blocks,
    columns: Mapping[Mark, pa.ChunkedArray],
    scheme: _Scheme,
    recipients: Sequence[str],
    key: KeyMaterial,
) -> Iterator[Suspect]:
    """Count the votes of every marked cell for each recipient."""
    cells = []
    for mark, column in columns.items():
        value, known = steps(column, mark)
        carries, _ = chosen(key, blocks, mark.column, scheme.scope, scheme.rate)
        rows, odd = _one_vote_each(blocks[carries & known], value[carries & known] % 2 == 1)
        cells.append((mark.column, rows, odd))
    votes = sum(len(odd) for _, _, odd in cells)
    for recipient in recipients:
        agreeing = 0
        for column_name, rows, odd in cells:
            bits = recipient_bits(key, rows, column_name, scheme.scope, recipient)
            agreeing += int((bits == odd).sum())
        z = (2 * agreeing - votes) / math.sqrt(votes) if votes else 0.0
        yield Suspect(recipient, scheme.scope, z, votes, agreeing)


def _one_vote_each(rows: Blocks, odd: Any) -> tuple[Blocks, Any]:
    """Return each row once with its majority; rows whose repetitions disagree evenly have no vote."""
    if not len(rows):
        return rows, odd
    names, first, number = np.unique(
        np.ascontiguousarray(rows).view("S16"), return_index=True, return_inverse=True
    )
    if len(names) == len(rows):
        return rows, odd
    balance = np.bincount(number.ravel(), weights=np.where(odd, 1, -1), minlength=len(names))
    return rows[first][balance != 0], balance[balance != 0] > 0
