"""What a catalogue office sends back: the usual reasons, checked before a list is handed in.

Source: the common rejections of a published 目录梳理 help page (system name as resource name, names
that differ by a number or a mark, code too short, empty provider or summary, format against sharing
method, words in number cells, data type not from the list), and order 809, articles 14 and 15.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from hushu.model import Inventory
from hushu.reports.review_fields import CHOICES, COLUMN_FIELDS, TABLE_FIELDS, Field
from hushu.reports.review_reading import Book, lines, open_book
from hushu.reports.review_rows import rows_of_columns, rows_of_tables
from hushu.reports.words import Say, speaker
from hushu.rules.bases import basis_kind

DATA_TYPES = ("数字型", "字符型", "日期型", "日期时间型", "时间戳型", "布尔型", "二进制")
_FILES = ("电子文件", "电子表格", "图形图像", "流媒体")
TABLES, COLUMNS = "数据资源目录", "数据分类分级清单"
_CODE_LENGTH = 7  # 类 1 + 项 2 + 目 3, then at least one figure of 细目
_ONLY_LAW = ("law", "administrative_regulation", "state_council_decision")

Row = Mapping[str, str]
Numbered = Sequence[tuple[int, Row]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """One thing that a catalogue office would send back: where it stands and what it is."""

    sheet: str
    row: int
    field: str
    text: str


def check_inventory(inventory: Inventory, lang: str = "zh") -> tuple[Complaint, ...]:
    """Return what would be sent back of the list as it is exported, before anybody filled it in.

    Example:
        >>> check_inventory(Inventory())
        ()
    """
    say = speaker(lang)
    tables = [(n, _as_text(row)) for n, row in enumerate(rows_of_tables(inventory), start=4)]
    columns = [(n, _as_text(row)) for n, row in enumerate(rows_of_columns(inventory), start=4)]
    return (*_names(tables, say), *_columns(columns, say))


def check_workbook(path: str | Path, lang: str = "zh") -> tuple[Complaint, ...]:
    """Return what would be sent back of a filled workbook.

    Raises:
        InputError: HS-E201, HS-E282, the workbook cannot be read.
    """
    book, say = open_book(path), speaker(lang)
    tables = _rows(book, TABLES, TABLE_FIELDS, {"table", "columns"})
    columns = _rows(book, COLUMNS, COLUMN_FIELDS, {"column"})
    return (*_names(tables, say), *_tables(tables, say), *_columns(columns, say), *_sharing(columns, say))


def _rows(book: Book, name: str, fields: tuple[Field, ...], needed: set[str]) -> Numbered:
    found = lines(book, name, fields, frozenset(needed))
    return [(line.number, line.cells) for line in found or ()]


def _as_text(row: Mapping[str, object]) -> Row:
    return {key: str(value) for key, value in row.items()}


def _complaint(key: str, number: int, say: Say, kind: str, sheet: str = TABLES, **values: str) -> Complaint:
    titles = {f.key: f.title for f in (TABLE_FIELDS if sheet == TABLES else COLUMN_FIELDS)}
    return Complaint(sheet=sheet, row=number, field=titles[key], text=say(f"precheck.{kind}", **values))


def _names(rows: Numbered, say: Say) -> Iterator[Complaint]:
    """Yield the names that no catalogue takes: empty, a system's, or told apart by a number or a mark."""
    alike: dict[str, list[int]] = {}
    for number, row in rows:
        name = row.get("title_zh", "").strip()
        if not name:
            yield _complaint("title_zh", number, say, "empty")
            continue
        if name == row.get("system", "").strip() or re.search(r"(系统|平台|数据库)$", name):
            yield _complaint("title_zh", number, say, "system_name")
        alike.setdefault(_bare(name), []).append(number)
    for numbers in alike.values():
        for number in numbers[1:]:
            yield _complaint("title_zh", number, say, "alike", row=str(numbers[0]))


def _bare(name: str) -> str:
    """Return a name without spaces, marks and closing figures, as dragging a cell makes them."""
    folded = unicodedata.normalize("NFKC", name)
    letters = "".join(c for c in folded if c.isalnum() or c == "_")
    return re.sub(r"_?\d+$", "", letters).casefold() or letters


def _tables(rows: Numbered, say: Say) -> Iterator[Complaint]:
    for number, row in rows:
        for key in ("provider", "summary"):
            if not row.get(key, "").strip():
                yield _complaint(key, number, say, "empty")
        if row.get("format") in _FILES and row.get("mode", "").startswith("库表"):
            yield _complaint("mode", number, say, "contradiction", format=row["format"])
        for key in ("rows", "columns"):
            if not _is_number(row.get(key, "")):
                yield _complaint(key, number, say, "number")
        if row.get("update", "") not in ("", *CHOICES["update"]):
            yield _complaint("update", number, say, "choice")
    yield from _codes(rows, say)
    yield from _sharing(rows, say, sheet=TABLES)


def _codes(rows: Numbered, say: Say) -> Iterator[Complaint]:
    codes = [(number, row["catalogue_code"]) for number, row in rows if row.get("catalogue_code", "").strip()]
    usual = Counter("/" in code for _, code in codes).most_common(1)
    seen: dict[str, int] = {}
    for number, code in codes:
        if len(code.partition("/")[0]) < _CODE_LENGTH:
            yield _complaint("catalogue_code", number, say, "code_short", length=str(_CODE_LENGTH))
        if ("/" in code) != usual[0][0]:
            yield _complaint("catalogue_code", number, say, "code_unlike")
        if seen.setdefault(code, number) != number:
            yield _complaint("catalogue_code", number, say, "alike", row=str(seen[code]))


def _columns(rows: Numbered, say: Say) -> Iterator[Complaint]:
    for number, row in rows:
        if row.get("data_type", "") not in ("", *DATA_TYPES):
            yield _complaint("data_type", number, say, "choice", COLUMNS)
        if not _is_number(row.get("length", "")):
            yield _complaint("length", number, say, "number", COLUMNS)


def _sharing(rows: Numbered, say: Say, sheet: str = COLUMNS) -> Iterator[Complaint]:
    """Yield conditions and reasons that order 809 asks for and that are missing or too weak."""
    for number, row in rows:
        sharing, said = row.get("sharing", ""), row.get("sharing_condition", "").strip()
        if sharing.startswith("有条件") and not said:
            yield _complaint("sharing_condition", number, say, "condition", sheet)
        if sharing.startswith("不予") and basis_kind(said) not in _ONLY_LAW:
            yield _complaint("sharing_condition", number, say, "basis", sheet)


def _is_number(text: str) -> bool:
    # Unknown is left empty or said in one word; anything else that is no number would be sent back.
    return text in ("", "未知") or re.fullmatch(r"\d+(\.\d+)?", text) is not None


def told(complaints: Iterable[Complaint], lang: str = "zh") -> tuple[str, ...]:
    """Return the complaints as lines, each once."""
    say = speaker(lang)
    places = ((say("import.place", sheet=c.sheet, row=str(c.row)), c) for c in complaints)
    return tuple(dict.fromkeys(say("import.at", place=f"{p} {c.field}", told=c.text) for p, c in places))
