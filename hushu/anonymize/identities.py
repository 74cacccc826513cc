"""The source's own identifiers, remembered as keys, to find them where they should not stand.

The numbers and names of a table may be more than fit into memory. Their 64-bit keys go to a file of
the folder in which the release is built; a table of bits in memory rules out nearly every cell that
is looked up, and the few that remain are compared with the keys themselves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hushu.anonymize.values.cellkeys import NULL_KEY, Keys, text_keys
from hushu.io.spooling import KeyPile

_LEAST_CHARACTERS = 2
_LEAST_DIGITS = 9  # of numbers stored as numbers: shorter ones are amounts and ages as well
_SMALLEST, _LARGEST = 16, 26  # bits of the table's size
_MOST_SUSPECTS = 1 << 20
_PROBE = 1024
_SIEVE = 1 << 20
_SIEVE_MASK = np.uint64(_SIEVE - 1)


class Identities:
    """The distinct values (two characters at least) of each column that identifies a person directly.

    Example:
        >>> known = Identities(["name"], None)
        >>> known.add(pa.record_batch({"name": ["张伟", "李娜"]}))
        >>> known.look("status", text_keys(pa.array(["张伟", "ok", "张伟"])), own="status")
        >>> known.found()
        {('status', 'name'): 2}
    """

    def __init__(self, columns: Sequence[str], folder: Path | None) -> None:
        self.columns = tuple(columns)
        self._piles = {name: KeyPile(folder, f"known.{i}") for i, name in enumerate(columns)}
        self._marks: np.ndarray | None = None
        self._mask = np.uint64(0)
        self._suspects: dict[tuple[str, str], list[Keys]] = {}
        self._found: dict[tuple[str, str], int] = {}

    def add(self, batch: pa.RecordBatch) -> None:
        """Remember the identifiers of one batch of the source."""
        for name, pile in self._piles.items():
            column = batch[name]
            if not _readable(column.type):
                continue
            keys = text_keys(column)
            if _few_distinct(keys):
                keys = np.unique(keys)
                keys = keys[np.isin(keys, _long_enough(column), assume_unique=True)]
            else:
                keys = keys[_long(column)]
            pile.add(keys)

    def look(self, output: str, keys: Keys, own: str) -> None:
        """Look for identifiers among published cells.

        Args:
            output: the published column.
            keys: the keys of n of its cells, as text.
            own: the column of the source that it was made from; its own values are its own affair.
        """
        marks = self._table()
        others = sum(1 << i for i, name in enumerate(self.columns) if name != own)
        if not others:
            return
        if _few_distinct(keys):
            keys, counts = np.unique(keys, return_counts=True)
        else:
            counts = None
        hit = marks[(keys & self._mask).astype(np.int64)] & others
        rows = np.flatnonzero(hit)
        hit = hit[rows] & marks[(keys[rows] >> np.uint64(32) & self._mask).astype(np.int64)]
        for place, name in enumerate(self.columns):
            here = rows[hit & (1 << place) > 0]
            if len(here):
                suspects = keys[here] if counts is None else np.repeat(keys[here], counts[here])
                self._suspect(output, name, suspects)

    def found(self) -> Mapping[tuple[str, str], int]:
        """Return published column and column of the source → cells that hold a value of it."""
        for output, name in list(self._suspects):
            self._confirm(output, name)
        return dict(sorted(self._found.items()))

    def _suspect(self, output: str, name: str, keys: Keys) -> None:
        kept = self._suspects.setdefault((output, name), [])
        kept.append(keys)
        if sum(map(len, kept)) > _MOST_SUSPECTS:
            self._confirm(output, name)

    def _confirm(self, output: str, name: str) -> None:
        keys, counts = np.unique(np.concatenate(self._suspects.pop((output, name))), return_counts=True)
        real = np.zeros(len(keys), bool)
        maybe = np.zeros(_SIEVE, bool)  # nearly all keys of the pile fall through it
        maybe[(keys & _SIEVE_MASK).astype(np.int64)] = True
        for pile in self._piles[name].parts():
            part = pile[maybe[(pile & _SIEVE_MASK).astype(np.int64)]]
            places = np.minimum(np.searchsorted(keys, part), len(keys) - 1)
            real[places[keys[places] == part]] = True
        if real.any():
            self._found[output, name] = self._found.get((output, name), 0) + int(counts[real].sum())

    def _table(self) -> np.ndarray:
        if self._marks is None:
            most = max((pile.count for pile in self._piles.values()), default=0)
            size = 1 << min(_LARGEST, max(_SMALLEST, (16 * most).bit_length()))
            self._mask = np.uint64(size - 1)
            kind: Any = next(k for k in (np.uint8, np.uint16, np.uint32, np.uint64)
                        if np.iinfo(k).bits >= len(self.columns))  # fmt: skip
            self._marks = np.zeros(size, kind)
            for place, pile in enumerate(self._piles.values()):
                for part in pile.parts():
                    self._marks[(part & self._mask).astype(np.int64)] |= kind(1 << place)
                    self._marks[(part >> np.uint64(32) & self._mask).astype(np.int64)] |= kind(1 << place)
        return self._marks


def _readable(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_integer(kind))


def _long(column: pa.Array) -> np.ndarray:
    whole = pa.types.is_integer(column.type)
    text = column.cast(pa.string()) if whole else column
    long = pc.greater_equal(pc.utf8_length(text), _LEAST_DIGITS if whole else _LEAST_CHARACTERS)
    filled: np.ndarray = pc.fill_null(long, False).to_numpy(zero_copy_only=False)
    return filled


def _long_enough(column: pa.Array) -> Keys:
    values = pc.unique(column)
    return np.asarray(text_keys(values)[_long(values)])


def _few_distinct(keys: Keys) -> bool:
    return len(keys) > _PROBE and len(np.unique(keys[:_PROBE])) < _PROBE // 2


def published_keys(column: pa.Array) -> Keys | None:
    """Return the keys of a published column's cells as text; None for a kind that holds no identifier."""
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if not _readable(column.type):
        return None
    keys = text_keys(column)
    return np.asarray(keys[keys != NULL_KEY] if column.null_count else keys)
