"""``hushu review export``: the inventory as 清单.xlsx, for people to correct and sign.

Yellow cells are theirs; everything else is locked, without a password. No cell is a formula, no cell
holds a value of the data, and every row carries in hidden columns what it said when it left, so that
the way back can tell a correction from a cell that nobody touched.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hushu.io.atomic import atomic_write
from hushu.model import Inventory
from hushu.reports import sheets
from hushu.reports.names import names_for
from hushu.reports.review_fields import CHOICES, COLUMN_FIELDS, TABLE_FIELDS, UNTYPED, Field
from hushu.reports.review_rows import Row, before, main_pack, rows_of_columns, rows_of_tables
from hushu.reports.review_sheets import (
    CANDIDATE_FIELDS,
    COVER_PLACES,
    HIDDEN_FIELDS,
    INSTRUCTIONS,
    PERSONAL_FIELDS,
    candidates,
    cover_lines,
    personal,
    unexamined,
)
from hushu.rules import vocabulary

ROW_HEIGHT = 42  # three lines; what is longer is read in the formula bar, and rows stay in rank and file
TOP = 3  # title, groups and headings stand above the first row of data
SCHEMA = "hushu.review/1"


@dataclass(frozen=True, slots=True)
class _Forms:
    title: Any
    group: Any
    head: Any
    locked: Any
    open: Any


def export(inventory: Inventory, path: str | Path) -> Path:
    """Write the review workbook, whole or not at all.

    Args:
        inventory: what a scan found, graded.
        path: the ``.xlsx`` to write.

    Raises:
        OutputError: HS-E501, XlsxWriter is not installed; HS-E510, the place cannot be written.

    Example:
        >>> import tempfile
        >>> export(Inventory(), Path(tempfile.mkdtemp()) / "清单.xlsx").name
        '清单.xlsx'
    """
    content = sheets.workbook(lambda book: _fill(book, inventory))
    with atomic_write(path) as handle:
        handle.write(content)
    return Path(path)


def _fill(book: Any, inventory: Inventory) -> None:
    forms = _forms(book)
    book.set_properties({"title": "数据分类分级清单", "comments": SCHEMA})
    book.set_custom_property("hushu_schema", SCHEMA)
    book.set_custom_property("hushu_scanned_at", inventory.scanned_at)
    _cover(book, forms, inventory)
    lists = (
        ("数据资源目录", TABLE_FIELDS, rows_of_tables(inventory)),
        ("数据分类分级清单", COLUMN_FIELDS, rows_of_columns(inventory)),
        ("个人信息清单", PERSONAL_FIELDS, personal(inventory)),
        ("重要数据候选清单", CANDIDATE_FIELDS, candidates(inventory)),
        ("未检查项", HIDDEN_FIELDS, unexamined(inventory)),
    )
    for name, fields, rows in lists:
        _list(book, forms, name, fields, rows)
    _instructions(book, forms)
    _dictionary(book, inventory)


def _forms(book: Any) -> _Forms:
    body = {"valign": "top", "text_wrap": True, "border": 1, "border_color": "#BFC7D0", "font_size": 10}
    head = {**body, "bold": True, "valign": "vcenter", "align": "center", "bg_color": "#E4EAF0"}
    return _Forms(
        title=book.add_format({"bold": True, "font_size": 14, "align": "left", "valign": "vcenter"}),
        group=book.add_format({**head, "bg_color": "#D3DDE7"}),
        head=book.add_format(head),
        locked=book.add_format(body),
        open=book.add_format({**body, "bg_color": "#FFF7CC", "locked": False}),
    )


def _list(book: Any, forms: _Forms, name: str, fields: Sequence[Field], rows: Iterable[Row]) -> None:
    sheet = book.add_worksheet(name)
    shown = [f for f in fields if not f.hidden]
    sheet.merge_range(0, 0, 0, max(1, len(shown) - 1), name, forms.title)
    _groups(sheet, forms, fields)
    for column, field in enumerate(fields):
        sheets.write(sheet, TOP - 1, column, field.title, forms.head)
    frozen = _frozen(fields)
    sizes = [sheets.width([f.title], least=8) for f in fields]
    last = TOP - 1
    for last, row in enumerate(rows, start=TOP):
        full = row | {"_was": before(tuple(fields), row)} if "_key" in row else row
        for column, field in enumerate(fields):
            value = full.get(field.key, "")
            sheets.write(sheet, last, column, value, forms.open if field.editable else forms.locked)
            if last < TOP + 200:
                sizes[column] = max(sizes[column], sheets.width([str(value)], most=_most(column, frozen)))
        sheet.set_row(last, ROW_HEIGHT)
    for column, field in enumerate(fields):
        sheet.set_column(column, column, sizes[column], None, {"hidden": True} if field.hidden else {})
        if field.choice and last >= TOP:
            rule = {"validate": "list", "source": f"={_range(field.choice)}", "error_type": "warning"}
            sheet.data_validation(TOP, column, last, column, rule)
    _frame(sheet, fields, last, frozen)


def _groups(sheet: Any, forms: _Forms, fields: Sequence[Field]) -> None:
    start = 0
    for column in range(1, len(fields) + 1):
        if column < len(fields) and fields[column].group == fields[start].group:
            continue
        if column - start > 1:
            sheet.merge_range(1, start, 1, column - 1, fields[start].group, forms.group)
        else:
            sheets.write(sheet, 1, start, fields[start].group, forms.group)
        start = column


def _frozen(fields: Sequence[Field]) -> int:
    """Return how many columns stay in sight: up to the name of the row."""
    keys = [field.key for field in fields]
    return next((keys.index(key) + 1 for key in ("column", "table", "name", "what") if key in keys), 1)


def _most(column: int, frozen: int) -> int:
    # Frozen columns must leave room to scroll on a small screen.
    return 16 if column < frozen else 36


def _frame(sheet: Any, fields: Sequence[Field], last: int, frozen: int) -> None:
    sheet.freeze_panes(TOP, frozen)
    sheet.autofilter(TOP - 1, 0, max(last, TOP - 1), len(fields) - 1)
    sheet.set_landscape()
    sheet.set_paper(8)  # A3
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(TOP - 1)
    sheet.set_row(0, 28)
    allowed = ("autofilter", "sort", "format_columns", "format_rows", "select_locked_cells")
    sheet.protect("", dict.fromkeys(allowed, True))


def _cover(book: Any, forms: _Forms, inventory: Inventory) -> None:
    sheet = book.add_worksheet("封面与签批")
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, 1, 70)
    sheet.merge_range(0, 0, 0, 1, "数据分类分级清单", forms.title)
    row = 2
    for label, value in cover_lines(inventory):
        sheets.write(sheet, row, 0, label, forms.head)
        sheets.write(sheet, row, 1, value, forms.locked)
        row += 1
    row += 1
    sheets.write(sheet, row, 0, "签批", forms.group)
    for label in COVER_PLACES:
        row += 1
        sheets.write(sheet, row, 0, label, forms.head)
        sheets.write(sheet, row, 1, "", forms.open)
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.protect("", {"format_rows": True})


def _instructions(book: Any, forms: _Forms) -> None:
    sheet = book.add_worksheet("填表说明")
    sheet.set_column(0, 0, 6)
    sheet.set_column(1, 1, 100)
    sheets.write(sheet, 0, 0, "填表说明", forms.title)
    for number, text in enumerate(INSTRUCTIONS, start=1):
        sheets.write(sheet, number + 1, 0, number, forms.locked)
        sheets.write(sheet, number + 1, 1, text, forms.locked)
    sheet.protect("", {"format_rows": True})


def _dictionary(book: Any, inventory: Inventory) -> None:
    # A list longer than 255 characters fits no drop-down; a named range on a hidden sheet does.
    from xlsxwriter.utility import xl_col_to_name

    sheet = book.add_worksheet("字典")
    lists = {**CHOICES, "types": type_names(), "levels": level_names(inventory)}
    for column, (name, values) in enumerate(lists.items()):
        for row, value in enumerate(values):
            sheets.write(sheet, row, column, value)
        letter = xl_col_to_name(column)
        book.define_name(_range(name), f"=字典!${letter}$1:${letter}${max(1, len(values))}")
    sheet.very_hidden()
    sheet.protect("")


def type_names() -> tuple[str, ...]:
    """Return the names of every type, and the word for none."""
    return (UNTYPED, *(entry.zh for entry in vocabulary.load().values()))


def level_names(inventory: Inventory) -> tuple[str, ...]:
    """Return the names of the levels of the pack that stands under 数据级别, lowest first."""
    main = main_pack(inventory)
    return tuple(names_for(inventory, "zh").levels(main))


def _range(name: str) -> str:
    return f"hushu_{name}"
