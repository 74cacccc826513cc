"""What every source of data offers: tables, one after the other, as Arrow batches.

A source is opened by :func:`hushu.io.sources.open_source`. It hands out its tables lazily, and
what it could not read it lists under ``not_examined`` instead of ending the scan.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from hushu.model import NotExamined

if TYPE_CHECKING:
    import pyarrow as pa

BATCH_ROWS = 10_000
"""Rows of one Arrow batch where the reader, not the file, decides."""

DECLARED = "declaration only"
"""The method of a table that a script declares: there are no rows to read."""

NO_ROWS = "HS-W202 no row was read: only names, types and comments were judged"


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnMeta:
    """What is known about a column before a value is read.

    ``data_type`` is the source's own name for the type; ``references`` is ``table.column`` of a
    foreign key, or empty.
    """

    name: str
    data_type: str = ""
    comment: str = ""
    primary_key: bool = False
    references: str = ""


class TableSource(Protocol):
    """One table: what it declares, and its rows as Arrow batches.

    ``rows`` is None while nobody has counted; ``method`` is ``all`` or says how it was sampled, and
    ``bound`` what the sample cannot rule out. ``facts`` tells how it was read (``encoding``,
    ``delimiter``, ``header``, ``renamed``); ``notes`` warns of what is missing in the values although they
    were read (digits that Excel dropped). Both are complete once :meth:`batches` is exhausted.
    """

    name: str
    comment: str
    columns: tuple[ColumnMeta, ...]
    rows: int | None
    method: str
    bound: str
    notes: list[str]
    facts: dict[str, Any]

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Yield the rows; every call starts anew."""
        ...

    def skimmed(self) -> Iterator[pa.RecordBatch]:
        """Yield the same rows for a reader that only looks: text that repeats may be dictionary-encoded."""
        ...


@runtime_checkable
class Source(Protocol):
    """Somewhere tables come from. ``label`` is safe to show: it holds no password.

    ``not_examined`` is complete when :meth:`tables` is exhausted and each table was read.
    """

    label: str
    not_examined: list[NotExamined]

    def tables(self) -> Iterator[TableSource]:
        """Yield the tables, lazily; a table that cannot be read is listed, not raised."""
        ...

    def close(self) -> None:
        """Release files and connections. Closing twice is harmless."""
        ...


@dataclass(slots=True, kw_only=True)
class ReadableTable:
    """A :class:`TableSource` whose rows come from a function."""

    name: str
    read: Callable[[], Iterator[pa.RecordBatch]] = field(repr=False)
    skim: Callable[[], Iterator[pa.RecordBatch]] | None = field(default=None, repr=False)  # if it differs
    columns: tuple[ColumnMeta, ...] = ()
    comment: str = ""
    rows: int | None = None
    method: str = "all"
    bound: str = ""
    notes: list[str] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Yield the rows as Arrow batches; a table that yields none says so in its notes."""
        yield from self._noted(self.read)

    def skimmed(self) -> Iterator[pa.RecordBatch]:
        """Yield the same rows, text that repeats dictionary-encoded where that is quicker."""
        yield from self._noted(self.skim or self.read)

    def _noted(self, read: Callable[[], Iterator[pa.RecordBatch]]) -> Iterator[pa.RecordBatch]:
        rows = 0
        for batch in read():
            rows += batch.num_rows
            yield batch
        if not rows and NO_ROWS not in self.notes and self.method != DECLARED:
            self.notes.append(NO_ROWS)


@dataclass(slots=True, kw_only=True)
class TableList:
    """A :class:`Source` over tables that are at hand already."""

    label: str
    items: tuple[TableSource, ...] = ()
    not_examined: list[NotExamined] = field(default_factory=list)

    def tables(self) -> Iterator[TableSource]:
        """Yield the tables."""
        yield from self.items

    def close(self) -> None:
        """Do nothing: no file is open."""


def unique_names(names: list[str]) -> tuple[list[str], list[str]]:
    """Return names made unique and non-empty, and a note for each that had to change.

    Example:
        >>> unique_names(["a", "", "a"])[0]
        ['a', 'column_2', 'a_2']
    """
    seen: set[str] = set()
    out: list[str] = []
    notes: list[str] = []
    for place, name in enumerate(names, 1):
        wanted = name if name.strip() else f"column_{place}"
        chosen, suffix = wanted, 2
        while chosen in seen or (chosen != name and chosen in names):
            chosen, suffix = f"{wanted}_{suffix}", suffix + 1
        if not name.strip():
            notes.append(f"column {place} has no name; called {chosen}")
        elif chosen != name:
            notes.append(f"column {place} repeats {name!r}; called {chosen}")
        seen.add(chosen)
        out.append(chosen)
    return out, notes
