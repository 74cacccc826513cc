"""How a delimited text file is laid out: encoding, delimiter, header, where the rows begin."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from hushu.errors import InputError
from hushu.io.cells import CellDecoder
from hushu.io.contract import unique_names
from hushu.io.encodings import Encoding, detect, errors_for, known_encoding

DELIMITERS = ",\t;|"
HEAD_BYTES = 1 << 20
LONGEST_HEAD = 1 << 23
SNIFFED_ROWS = 100
MAX_LINE = 1 << 26
"""Longest line that is read, in characters; a longer one is listed, not examined."""

_NUMBER = re.compile(r"[+-]?\d[\d,]*(\.\d+)?([eE][+-]?\d+)?%?")
_SENTENCE = re.compile("[。，；！？]")
_UNIT_SEPARATOR = "\x1f"
_YEAR = re.compile(r"(19|20)\d\d")
_DATE = re.compile(r"\d{4}[-/.年]\d{1,2}([-/.月]\d{1,2}日?)?([ T]\d{1,2}:\d{2}.*)?")
_MARKED = re.compile(
    r"[^@\s]+@[^@\s]+\.\w+|https?://\S+|\+?\d[\d \-]{6,}[\dXx]|[0-9A-Fa-f]{8}-[0-9A-Fa-f-]{27}"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """What must be known before rows are read; ``start`` is the byte at which the first row begins."""

    path: Path
    encoding: Encoding
    delimiter: str
    quoted: bool
    names: tuple[str, ...]
    start: int
    start_line: int
    facts: Mapping[str, Any] = field(default_factory=dict)


def layout(path: str | Path, encoding: str | None = None) -> Layout:
    """Return the layout of a delimited file, from its first mebibyte.

    Args:
        path: the file.
        encoding: overrides detection.

    Raises:
        InputError: HS-E203 when the file is empty, HS-E204 when it is not text, HS-E207 when its first
            line does not end.
    """
    file = Path(path)
    found = _encoding(file, encoding)
    text = _head(file, found)
    if not text.strip():
        raise empty_file(file)
    if file.suffix.lower() == ".txt" and _is_prose(text):
        facts = {"encoding": found.name, "encoding_found": found.found, "header": "none: lines of text"}
        return Layout(
            path=file,
            encoding=found,
            delimiter=_UNIT_SEPARATOR,
            quoted=False,
            names=("text",),
            start=found.mark,
            start_line=0,
            facts=facts,
        )
    return _table_layout(file, found, text)


def _table_layout(file: Path, found: Encoding, text: str) -> Layout:
    delimiter, _ = _delimiter(text, file.suffix.lower())
    records = [row for row in islice(_reader(text, delimiter), SNIFFED_ROWS + 1) if row]
    header = _widened([_cell(cell, found.name) for cell in records[0]], records[1:])
    facts: dict[str, Any] = {"encoding": found.name, "encoding_found": found.found, "delimiter": delimiter}
    if is_header(header, records[1:]):
        names, renamed = unique_names(header)
        start_line = _lines_of_first_record(text, delimiter)
        facts["header"] = "first row"
    else:
        names, renamed = [f"c{place}" for place in range(1, len(header) + 1)], []
        start_line = 0
        facts["header"] = "none: the first row looks like data"
    consumed = "".join(islice(io.StringIO(text, newline=""), start_line))
    return Layout(
        path=file,
        encoding=found,
        delimiter=delimiter,
        quoted=True,
        names=tuple(names),
        start=found.mark + len(consumed.encode(found.name, errors_for(found.name))),
        start_line=start_line,
        facts=facts | ({"renamed": renamed} if renamed else {}),
    )


def empty_file(path: Path) -> InputError:
    """Return the error for a file without content."""
    return InputError(
        "the file is empty",
        where=str(path),
        why="there is nothing in it to examine",
        fix="check the export that should have written it",
        code="HS-E203",
    )


def is_header(first: list[str], rows: list[list[str]]) -> bool:
    """Tell whether a first row names the columns rather than holding values.

    Example:
        >>> is_header(["姓名", "电话"], [["王五", "13800138000"]])
        True
        >>> is_header(["王五", "13800138000"], [["李四", "13900139000"]])
        False
    """
    cells = [cell.strip() for cell in first]
    filled = [cell for cell in cells if cell]
    if not filled or cells in ([c.strip() for c in row] for row in rows):
        return bool(filled)
    if sum(_is_value(cell) for cell in filled) >= 0.3 * len(filled):
        return False
    body = [row for row in rows if len(row) == len(first)]
    repeats = sum(bool(cell) and any(row[i].strip() == cell for row in body) for i, cell in enumerate(cells))
    alike = sum(
        _is_value(cell) and all(_is_value(r[i].strip()) for r in body) for i, cell in enumerate(cells)
    )
    return not body or (repeats + alike) < max(1, 0.2 * len(filled))


def _is_value(cell: str) -> bool:
    if _YEAR.fullmatch(cell):
        return False
    return any(shape.fullmatch(cell) for shape in (_NUMBER, _DATE, _MARKED))


def _encoding(file: Path, given: str | None) -> Encoding:
    if given is None:
        return detect(file)
    name = known_encoding(given)
    with file.open("rb") as stream:
        start = stream.read(4)
    mark = {"utf-8": b"\xef\xbb\xbf", "utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}
    if name == "utf-16":
        name = "utf-16-be" if start.startswith(b"\xfe\xff") else "utf-16-le"
    sign = mark.get(name, b"\xff")
    return Encoding(name=name, found="given", mark=len(sign) if start.startswith(sign) else 0)


def _head(file: Path, found: Encoding) -> str:
    """Return the beginning of the file, whole lines of it."""
    size = HEAD_BYTES
    while True:
        with file.open("rb") as stream:
            stream.seek(found.mark)
            data = stream.read(size)
        text = data.decode(found.name, errors_for(found.name))
        if len(data) < size:
            return text
        end = max(text.rfind("\n"), text.rfind("\r"))
        if end >= 0:
            return text[: end + 1]
        if size >= LONGEST_HEAD:
            raise InputError(
                "the first line does not end",
                where=str(file),
                why=f"no line end in its first {size >> 20} MiB, so there is no header and no row",
                fix="export it with one record a line",
                code="HS-E207",
            )
        size = min(size * 4, LONGEST_HEAD)


def _cell(cell: str, encoding: str) -> str:
    return CellDecoder(encoding).text(cell.encode(encoding, errors_for(encoding)))


def _is_prose(text: str) -> bool:
    """Tell whether a text file holds sentences rather than a table or a list."""
    _, agreement = _delimiter(text, ".txt")
    if agreement >= 0.9:
        return False
    lines = text.splitlines()[:SNIFFED_ROWS]
    return agreement > 0 or any(len(line) > 60 or _SENTENCE.search(line) for line in lines)


def _delimiter(text: str, suffix: str) -> tuple[str, float]:
    """Return the delimiter under which most rows have the same number of fields, and how many do."""
    best, chosen, agreement = 0.0, "\t" if suffix in {".tsv", ".tab"} else ",", 0.0
    for delimiter in (mark for mark in DELIMITERS if mark in text):
        widths = Counter(len(r) for r in islice(_reader(text, delimiter), SNIFFED_ROWS) if r)
        width, count = max(widths.items(), key=lambda item: (item[1], item[0]), default=(1, 0))
        if width < 2:
            continue
        score = count / widths.total() + min(width, 50) / 1000
        if score > best + 0.05:
            best, chosen, agreement = score, delimiter, count / widths.total()
    return chosen, agreement


def _lines_of_first_record(text: str, delimiter: str) -> int:
    """Return how many physical lines the first record takes, blank ones before it included."""
    reader = _reader(text, delimiter)
    next(row for row in reader if row)
    return int(reader.line_num)


def _reader(text: str, delimiter: str) -> Any:
    csv.field_size_limit(max(csv.field_size_limit(), MAX_LINE))
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)


def _widened(header: list[str], rows: list[list[str]]) -> list[str]:
    """Add nameless columns where every row has more fields than the header (a trailing delimiter)."""
    widths = {len(row) for row in rows}
    if len(widths) == 1 and (width := widths.pop()) > len(header):
        return header + [""] * (width - len(header))
    return header
