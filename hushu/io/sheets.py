"""Workbooks (xlsx, xls, xlsb, ods, and WPS's et) through calamine: every sheet a table.

A title above the header becomes the table's comment. Numbers of more than fifteen digits have lost
their last ones when Excel stored them; they are shown as Excel shows them, warned about, and never
repaired.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hushu.errors import InputError, missing_extra
from hushu.io.contract import BATCH_ROWS, ColumnMeta, ReadableTable, unique_names
from hushu.io.csv_layout import empty_file, is_header
from hushu.io.frames import column

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
            sheets = [(s, _filled(book.get_sheet_by_name(s).to_python())) for s in book.sheet_names]
    except calamine.PasswordError as error:
        raise _unreadable(path, "it is protected by a password") from error
    except (calamine.CalamineError, ValueError, OSError) as error:
        raise _unreadable(path, "it is damaged or no workbook") from error
    filled = [(sheet, rows) for sheet, rows in sheets if rows]
    if not filled:
        raise empty_file(path)
    for sheet, rows in filled:
        shown = name if len(filled) == 1 else f"{name}.{sheet}"
        yield _table(shown, rows, {"sheet": sheet} | ({"hidden": True} if sheet in hidden else {}))


def _filled(rows: Sequence[Sequence[Any]]) -> list[Sequence[Any]]:
    return [row for row in rows if any(cell != "" for cell in row)]


def _table(name: str, rows: list[Sequence[Any]], facts: dict[str, Any]) -> ReadableTable:
    top = _header_row(rows)
    title = " ".join(str(c) for row in rows[:top] for c in row if c != "")
    head = [_text(cell) for cell in rows[top]]
    body = rows[top + 1 :]
    if is_header(head, [[_text(cell) for cell in row] for row in body[:50]]):
        names, renamed = unique_names(head)
        facts |= {"renamed": renamed} if renamed else {}
    else:
        names, body = [f"c{place}" for place in range(1, len(head) + 1)], rows[top:]
        facts["header"] = "none: the first row looks like data"
    cells = list(zip(*body, strict=True)) if body else [()] * len(names)
    columns, notes = [], []
    for label, values in zip(names, cells, strict=True):
        columns.append(_column(values))
        lost = sum(isinstance(v, float) and abs(v) >= EXACT_DIGITS for v in values)
        if lost:
            notes.append(
                f"HS-W201 {label}: Excel stored {lost} long numbers and dropped their digits after the 15th"
            )
    return ReadableTable(
        name=name,
        read=lambda: _batches(names, columns),
        columns=tuple(ColumnMeta(name=n, data_type=str(c.type)) for n, c in zip(names, columns, strict=True)),
        comment=title,
        rows=len(body),
        notes=notes,
        facts=facts,
    )


def _header_row(rows: list[Sequence[Any]]) -> int:
    """Return the first row that fills at least half of the columns; what stands above is a title."""
    width = max(sum(cell != "" for cell in row) for row in rows[: TITLE_ROWS * 5])
    for place, row in enumerate(rows[:TITLE_ROWS]):
        if 2 * sum(cell != "" for cell in row) > width:
            return place
    return 0


def _batches(names: list[str], columns: list[pa.Array]) -> Iterator[pa.RecordBatch]:
    import pyarrow as pa

    table = pa.Table.from_arrays(columns, names=names)
    yield from (batch for batch in table.to_batches(max_chunksize=BATCH_ROWS) if batch.num_rows)


def _column(values: Sequence[Any]) -> pa.Array:
    kinds = {type(value) for value in values if value != ""}
    if kinds and kinds <= {float, int, bool} and bool not in kinds and _whole(values):
        return column([None if v == "" else int(v) for v in values])
    if len(kinds) == 1 and kinds <= {float, bool, date, datetime, time, timedelta} and _exact(values):
        return column([None if v == "" else v for v in values])
    return column([None if v == "" else _text(v) for v in values])


def _whole(values: Sequence[Any]) -> bool:
    return all(v == "" or (abs(v) < EXACT_DIGITS and v == int(v)) for v in values)


def _exact(values: Sequence[Any]) -> bool:
    return not any(isinstance(v, float) and abs(v) >= EXACT_DIGITS for v in values)


def _text(cell: Any) -> str:
    """Return a cell as Excel shows it: whole numbers without a point, long ones in scientific form."""
    if isinstance(cell, float):
        if abs(cell) >= EXACT_DIGITS:
            return f"{cell:.14E}"
        return str(int(cell)) if cell == int(cell) else repr(cell)
    return str(cell)


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
