"""Reading a workbook that people have had in their hands: headings found by their words, cells as text."""

from __future__ import annotations

import re
import unicodedata
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from hushu.errors import InputError, missing_extra
from hushu.reports.review_fields import Field

FIX = "hushu review export INVENTORY -o 清单.xlsx"
_SEARCHED = 12  # headings are looked for in so many first rows; people put titles and notes above them
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_REL = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_CELL = re.compile(r"([A-Z]{1,3})([0-9]+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row as text by field; ``number`` is what Excel shows beside it, ``ignored`` names formula cells."""

    number: int
    cells: dict[str, str]
    ignored: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Book:
    """An opened workbook: the cells of each sheet, and where formulas stand."""

    path: Path
    sheets: dict[str, list[list[Any]]]
    formulas: dict[str, frozenset[tuple[int, int]]]


def open_book(path: str | Path) -> Book:
    """Read every sheet of a workbook (xlsx, xls, et and ods alike).

    Raises:
        InputError: HS-E282, not a workbook, or one with a password.
        OutputError: HS-E501, python-calamine is not installed.
    """
    try:
        import python_calamine as calamine
    except ImportError:
        raise missing_extra("excel", "python-calamine") from None
    file = Path(path)
    if not file.is_file():
        raise InputError("no such file", where=str(file), fix=FIX, code="HS-E201")
    try:
        with calamine.CalamineWorkbook.from_path(file) as book:
            names = book.sheet_names
            sheets = {name: _cells(book.get_sheet_by_name(name)) for name in names}
    except calamine.PasswordError:
        raise _unreadable(file, "it has a password", "save it without a password") from None
    except (calamine.CalamineError, OSError, ValueError) as problem:
        raise _unreadable(file, type(problem).__name__, FIX) from None
    return Book(file, sheets, _formulas(file))


def _unreadable(file: Path, why: str, fix: str) -> InputError:
    return InputError("the workbook cannot be read", where=str(file), why=why, fix=fix, code="HS-E282")


def _cells(sheet: Any) -> list[list[Any]]:
    rows: list[list[Any]] = sheet.to_python(skip_empty_area=False)
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        if left != right:  # a heading across columns, not a value shared by rows
            continue
        for row in range(top + 1, min(bottom + 1, len(rows))):
            if left < len(rows[row]) and left < len(rows[top]):
                rows[row][left] = rows[top][left]
    return rows


def lines(book: Book, wanted: str, fields: Sequence[Field], needed: frozenset[str]) -> Iterator[Line] | None:
    """Return the rows of the sheet that holds these fields, or None when no sheet does.

    Args:
        book: the opened workbook.
        wanted: the sheet's name as exported; another name is taken when its headings fit better.
        fields: the columns, recognised by heading wherever they stand.
        needed: keys without which a sheet is not this one.
    """
    ordered = sorted(book.sheets, key=lambda name: plain(wanted) not in plain(name))
    for name in ordered:
        found = _headings(book.sheets[name], fields)
        if found is not None and needed <= set(found[1]):
            return _lines(book, name, *found)
        if plain(wanted) in plain(name) and found is not None and "_key" in found[1]:
            return _lines(book, name, *found)
    return None


def _lines(book: Book, name: str, top: int, places: dict[str, int]) -> Iterator[Line]:
    formulas = book.formulas.get(name, frozenset())
    for row, cells in enumerate(book.sheets[name][top + 1 :], start=top + 1):
        said = {
            key: text(cells[column]) if (row, column) not in formulas else ""
            for key, column in places.items()
            if column < len(cells)
        }
        if any(said.values()):
            ignored = tuple(key for key, column in places.items() if (row, column) in formulas)
            yield Line(number=row + 1, cells=said, ignored=ignored)


def _headings(rows: list[list[Any]], fields: Sequence[Field]) -> tuple[int, dict[str, int]] | None:
    """Return the row that holds most known headings, and where each field stands in it."""
    best: tuple[int, dict[str, int]] | None = None
    for number, row in enumerate(rows[:_SEARCHED]):
        texts = [plain(text(cell)) for cell in row]
        places: dict[str, int] = {}
        for field in fields:
            for title in (field.title, *field.also):
                if plain(title) in texts and texts.index(plain(title)) not in places.values():
                    places[field.key] = texts.index(plain(title))
                    break
        if len(places) > (len(best[1]) if best else 1):
            best = number, places
    return best


def labelled(book: Book, wanted: str) -> dict[str, str]:
    """Return what stands beside each label of a sheet of labels, such as the cover; labels folded."""
    found: dict[str, str] = {}
    for name, rows in book.sheets.items():
        if plain(wanted) in plain(name):
            found |= {plain(text(row[0])): text(row[1]) for row in rows if len(row) > 1}
    return found


def text(value: Any) -> str:
    """Return a cell as text: whole numbers without a point, dates as 2026-11-21, spaces trimmed.

    Example:
        >>> text(3.0), text("　三级 "), text(date(2026, 11, 21))
        ('3', '三级', '2026-11-21')
    """
    if value is None or isinstance(value, bool):
        return "" if value is None else ("是" if value else "否")
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time | timedelta):
        return str(value)
    return str(value).replace("\u200b", "").replace("\ufeff", "").strip()


def plain(words: str) -> str:
    """Return words as they compare: full width folded, no spaces, no line breaks, lower case.

    Example:
        >>> plain("数据级别 ▼") == plain("数据级别")
        True
    """
    folded = unicodedata.normalize("NFKC", words)
    return re.sub(r"[\s▼*:]+", "", folded).casefold()


def _formulas(file: Path) -> dict[str, frozenset[tuple[int, int]]]:
    """Return where formulas stand, by sheet: their last value is a program's, not a person's."""
    if not zipfile.is_zipfile(file):
        return {}
    try:
        with zipfile.ZipFile(file) as archive:
            parts = _sheet_parts(archive)
            return {name: frozenset(_formula_cells(archive, part)) for name, part in parts.items()}
    except (KeyError, ElementTree.ParseError, zipfile.BadZipFile):
        return {}  # not an Office Open XML file (ods): its cells have no formula marks we can read


def _sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    # expat bounds the growth of entities, and nothing external is ever resolved.
    book = ElementTree.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314
    links = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    return {
        sheet.get("name", ""): _part(targets.get(sheet.get(f"{_REL}id"), ""))
        for sheet in book.iter(f"{_MAIN}sheet")
    }


def _part(target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _formula_cells(archive: zipfile.ZipFile, part: str) -> Iterator[tuple[int, int]]:
    with archive.open(part) as stream:
        for _, element in ElementTree.iterparse(stream):  # noqa: S314 - as above
            if element.tag == f"{_MAIN}c" and element.find(f"{_MAIN}f") is not None:
                yield _position(element.get("r", ""))
            if element.tag == f"{_MAIN}row":
                element.clear()


def _position(reference: str) -> tuple[int, int]:
    found = _CELL.fullmatch(reference)
    if found is None:
        return -1, -1
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(found[2]) - 1, column - 1
