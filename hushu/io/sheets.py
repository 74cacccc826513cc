"""Workbooks (xlsx, xls, xlsb, ods, and WPS's et) through calamine: every sheet a table.

A title above the header becomes the table's comment. Numbers of more than fifteen digits have lost
their last ones when Excel stored them; they are shown as Excel shows them, warned about, and never
repaired.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hushu.errors import InputError, missing_extra
from hushu.io.contract import BATCH_ROWS, ColumnMeta, ReadableTable, unique_names
from hushu.io.csv_layout import SNIFFED_ROWS, empty_file, is_header
from hushu.io.frames import text

if TYPE_CHECKING:
    import pyarrow as pa

EXACT_DIGITS = 1e15
TITLE_ROWS = 10


def sheet_tables(path: Path, name: str) -> Iterator[ReadableTable]:
    """Yield the sheets of a workbook that hold anything, hidden ones too.

    Raises:
        InputError: HS-E203 when no sheet holds anything, HS-E214 when it is no workbook or has a password.
        OutputError: HS-E501 when the extra ``excel`` is missing.
    """
    try:
        import python_calamine as calamine
    except ImportError as error:
        raise missing_extra("excel", "python_calamine") from error
    try:
        with path.open("rb") as stream, calamine.CalamineWorkbook.from_filelike(stream) as book:
            hidden = {s.name for s in book.sheets_metadata if str(s.visible).rpartition(".")[2] != "Visible"}
            sheets = [(s, book.get_sheet_by_name(s)) for s in book.sheet_names]
    except calamine.PasswordError as error:
        raise _unreadable(path, "it is protected by a password") from error
    except (calamine.CalamineError, ValueError, OSError) as error:
        raise _unreadable(path, "it is damaged or no workbook") from error
    filled = [(label, sheet) for label, sheet in sheets if next(_rows(sheet), None)]
    if not filled:
        raise empty_file(path)
    for label, sheet in filled:
        shown = name if len(filled) == 1 else f"{name}.{label}"
        yield _table(shown, sheet, {"sheet": label} | ({"hidden": True} if label in hidden else {}))


def _rows(sheet: Any) -> Iterator[Sequence[Any]]:
    """Yield the rows that hold anything, from the first column that does."""
    left = sheet.start[1] if sheet.start else 0
    for row in sheet.iter_rows():
        cells = row[left:]
        if any(cell != "" for cell in cells):
            yield cells


def _table(name: str, sheet: Any, facts: dict[str, Any]) -> ReadableTable:
    sample = list(islice(_rows(sheet), SNIFFED_ROWS))
    top = _header_row(sample)
    head = [_text(cell) for cell in sample[top]]
    begin = top
    if is_header(head, [[_text(cell) for cell in row] for row in sample[top + 1 :]]):
        begin = top + 1
        names, renamed = unique_names(head)
        facts |= {"renamed": renamed} if renamed else {}
    else:
        names = [f"c{place}" for place in range(1, len(head) + 1)]
        facts["header"] = "none: the first row looks like data"
    columns = [_Column() for _ in names]
    rows = 0
    for row in islice(_rows(sheet), begin, None):
        rows += 1
        for column, cell in zip(columns, row, strict=True):
            if cell != "":
                column.see(cell)
    return ReadableTable(
        name=name,
        read=lambda: _batches(islice(_rows(sheet), begin, None), names, columns),
        columns=tuple(
            ColumnMeta(name=n, data_type=str(c.arrow_type())) for n, c in zip(names, columns, strict=True)
        ),
        comment=" ".join(str(cell) for row in sample[:top] for cell in row if cell != ""),
        rows=rows,
        notes=[
            f"HS-W201 {n}: Excel stored {c.lost} long numbers and dropped their digits after the 15th"
            for n, c in zip(names, columns, strict=True)
            if c.lost
        ],
        facts=facts,
    )


def _header_row(rows: list[Sequence[Any]]) -> int:
    """Return the first row that fills at least half of the columns; what stands above is a title."""
    width = max(sum(cell != "" for cell in row) for row in rows[: TITLE_ROWS * 5])
    for place, row in enumerate(rows[:TITLE_ROWS]):
        if 2 * sum(cell != "" for cell in row) > width:
            return place
    return 0


@dataclass(slots=True)
class _Column:
    """What the cells of a column are: their types, whether numbers are whole, how many lost digits."""

    kinds: set[type] = field(default_factory=set)
    whole: bool = True
    lost: int = 0

    def see(self, cell: Any) -> None:
        """Take one cell into account."""
        self.kinds.add(type(cell))
        if isinstance(cell, float):
            if abs(cell) >= EXACT_DIGITS:
                self.lost += 1
            elif cell != int(cell):
                self.whole = False

    def arrow_type(self) -> pa.DataType:
        """Return the Arrow type that holds every cell; text for a mixture."""
        import pyarrow as pa

        if self.lost or len(self.kinds) != 1:
            return pa.string()
        known = {
            float: pa.int64() if self.whole else pa.float64(),
            int: pa.int64(),
            bool: pa.bool_(),
            date: pa.date32(),
            datetime: pa.timestamp("us"),
            time: pa.time64("us"),
            timedelta: pa.duration("us"),
        }
        return known.get(next(iter(self.kinds)), pa.string())

    def array(self, cells: Sequence[Any]) -> pa.Array:
        """Return cells of this column as Arrow holds them, empty ones as null."""
        import pyarrow as pa

        kind = self.arrow_type()
        if pa.types.is_string(kind):
            return pa.array([None if c == "" else _text(c) for c in cells], kind)
        convert = int if pa.types.is_integer(kind) else _same
        return pa.array([None if c == "" else convert(c) for c in cells], kind)


def _same(cell: Any) -> Any:
    return cell


def _batches(
    rows: Iterator[Sequence[Any]], names: list[str], columns: list[_Column]
) -> Iterator[pa.RecordBatch]:
    import pyarrow as pa

    while part := list(islice(rows, BATCH_ROWS)):
        arrays = [column.array(cells) for column, cells in zip(columns, zip(*part, strict=True), strict=True)]
        yield pa.RecordBatch.from_arrays(arrays, names=names)


def _text(cell: Any) -> str:
    """Return a cell as Excel shows it: whole numbers without a point, long ones in scientific form."""
    if isinstance(cell, float):
        if abs(cell) >= EXACT_DIGITS:
            return f"{cell:.14E}"
        return str(int(cell)) if cell == int(cell) else repr(cell)
    return text(cell)


def _unreadable(path: Path, why: str) -> InputError:
    if not path.stat().st_size:
        return empty_file(path)
    return InputError(
        "the workbook cannot be read",
        where=str(path),
        why=why,
        fix="open it in Excel or WPS and save it as .xlsx without a password",
        code="HS-E214",
    )
