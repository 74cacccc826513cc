"""Delimited text that Arrow refuses, row by row through Python's parser, with the damage counted."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING

from hushu.io.cells import CellDecoder
from hushu.io.contract import BATCH_ROWS
from hushu.io.csv_layout import MAX_LINE, Layout
from hushu.io.encodings import errors_for

if TYPE_CHECKING:
    import pyarrow as pa

BATCH_CHARACTERS = 1 << 25


@dataclass(slots=True)
class Damage:
    """What is wrong with a file: counts and line numbers, never content."""

    ragged: dict[int, int] = field(default_factory=dict)
    ragged_line: int = 0
    long_lines: list[int] = field(default_factory=list)
    open_quote_line: int = 0
    joined_rows: int = 0
    nul_bytes: int = 0

    def words(self, width: int) -> list[str]:
        """Return one sentence for each kind of damage, with its code."""
        out = []
        if self.ragged:
            shapes = ", ".join(f"{count} with {fields}" for fields, count in sorted(self.ragged.items()))
            out.append(
                f"HS-E205 {sum(self.ragged.values())} rows do not have the header's {width} fields "
                f"({shapes})" + (f"; first at line {self.ragged_line}" if self.ragged_line else "")
            )
        if self.open_quote_line:
            out.append(
                f"HS-E206 a quote opens at line {self.open_quote_line} and never closes; "
                "from there on quotes were read as plain characters"
            )
        elif self.joined_rows:
            out.append(
                f"HS-E206 the quotes do not pair up: {self.joined_rows} rows hold line ends and may be "
                "several rows run together"
            )
        if self.long_lines:
            out.append(
                f"HS-E207 {len(self.long_lines)} lines are longer than {MAX_LINE >> 20} Mi characters "
                f"(first: line {self.long_lines[0]})"
            )
        if self.nul_bytes:
            out.append(
                f"HS-E208 {self.nul_bytes} NUL bytes were taken out before reading; cells may be damaged"
            )
        return out


def python_rows(
    layout: Layout, decoder: CellDecoder, damage: Damage, *, skip: int
) -> Iterator[pa.RecordBatch]:
    """Yield the rows of a damaged file from the row after the first ``skip`` good ones."""
    rows: list[list[str | None]] = []
    size = 0
    for row in _good_rows(layout, decoder, damage):
        if skip:
            skip -= 1
            continue
        rows.append(row)
        size += sum(len(cell) for cell in row if cell)
        if len(rows) >= BATCH_ROWS or size >= BATCH_CHARACTERS:
            yield _batch(rows, layout)
            rows, size = [], 0
    if rows:
        yield _batch(rows, layout)


def _batch(rows: list[list[str | None]], layout: Layout) -> pa.RecordBatch:
    import pyarrow as pa

    columns = [pa.array(cells, pa.string()) for cells in zip(*rows, strict=True)]
    return pa.RecordBatch.from_arrays(columns, names=list(layout.names))


def _good_rows(layout: Layout, decoder: CellDecoder, damage: Damage) -> Iterator[list[str | None]]:
    width = len(layout.names)
    for line, row in _records(layout, damage):
        if not row:
            continue
        if len(row) != width:
            damage.ragged[len(row)] = damage.ragged.get(len(row), 0) + 1
            damage.ragged_line = damage.ragged_line or line
            continue
        yield [_text(cell, layout.encoding.name, decoder) or None for cell in row]


def _text(cell: str, encoding: str, decoder: CellDecoder) -> str:
    if "\ufffd" in cell and errors_for(encoding) == "replace":
        decoder.met["?"] += 1
    elif not cell.isascii():
        try:
            cell.encode("utf-8")
        except UnicodeEncodeError:
            return decoder.text(cell.encode(encoding, "surrogateescape"))
    return cell


def _records(layout: Layout, damage: Damage) -> Iterator[tuple[int, list[str]]]:
    """Yield (line number, fields); after a quote that never closes, quotes are plain characters."""
    csv.field_size_limit(max(csv.field_size_limit(), MAX_LINE))
    lines = _Lines(layout, damage)
    reader = csv.reader(
        lines, delimiter=layout.delimiter, quoting=csv.QUOTE_MINIMAL if layout.quoted else csv.QUOTE_NONE
    )
    held: tuple[int, list[str]] | None = None
    while True:
        begun = lines.number + 1
        lines.quotes = 0
        try:
            row = next(reader, None)
        except csv.Error:
            row = None
            lines.quotes = 1
        if row is None and not lines.quotes:
            break
        if layout.quoted and lines.quotes % 2 and (row is None or lines.ended()):
            damage.open_quote_line = begun
            break
        if held:
            yield held
        held = (begun, row or [])
    if held:
        yield held
    lines.close()
    if damage.open_quote_line:
        rest = _Lines(layout, damage, after=damage.open_quote_line - 1)
        for row in csv.reader(rest, delimiter=layout.delimiter, quoting=csv.QUOTE_NONE):
            yield rest.number, row
        rest.close()


class _Lines:
    """The physical lines of a file, without NULs and without lines too long to hold."""

    def __init__(self, layout: Layout, damage: Damage, after: int = 0) -> None:
        self._damage = damage
        self._stream: IO[str] = layout.path.open(
            encoding=layout.encoding.name, errors=errors_for(layout.encoding.name), newline=""
        )
        self._read = 0
        self.number = 0
        self.quotes = 0
        if layout.encoding.mark:
            self._stream.read(1)
        self._next = self._line()
        while self._next is not None and self._read <= max(layout.start_line, after):
            next(self)

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        if self._next is None:
            raise StopIteration
        line, self.number = self._next, self._read
        self._next = self._line()
        self.quotes += line.count('"')
        return line

    def _line(self) -> str | None:
        while line := self._stream.readline(MAX_LINE):
            self._read += 1
            if len(line) < MAX_LINE or line.endswith(("\n", "\r")):
                return line.replace("\0", "")
            if self._read not in self._damage.long_lines:
                self._damage.long_lines.append(self._read)
            while (more := self._stream.readline(MAX_LINE)) and not more.endswith(("\n", "\r")):
                pass
        return None

    def ended(self) -> bool:
        """Tell whether the last line was handed out."""
        return self._next is None

    def close(self) -> None:
        """Close the file."""
        self._stream.close()
