"""Writing workbooks that Excel and WPS open without a question: text stays text, widths fit Chinese.

No string ever becomes a formula, a number or a link, whatever a column of the source is called.
"""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from hushu.errors import missing_extra

MAX_CELL = 32_000  # Excel holds 32,767 characters in a cell

# What XML 1.0 cannot hold; XlsxWriter would write it and Excel would refuse the file.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def workbook(build: Callable[[Any], None]) -> bytes:
    """Return the bytes of a workbook that ``build(book)`` filled.

    Raises:
        OutputError: HS-E501, XlsxWriter is not installed.
    """
    try:
        import xlsxwriter
    except ImportError:
        raise missing_extra("excel", "xlsxwriter") from None
    buffer = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "nan_inf_to_errors": True,
    }
    with xlsxwriter.Workbook(buffer, options) as book:
        build(book)
    return buffer.getvalue()


def clean(text: str) -> str:
    r"""Return text that a cell can hold.

    Example:
        >>> clean("a\x00b")
        'ab'
    """
    return _UNPRINTABLE.sub("", text)[:MAX_CELL]


def sheet_name(wanted: str, taken: Iterable[str]) -> str:
    r"""Return a name that Excel allows (31 characters, none of ``[]:*?/\\``) and that is not taken yet."""
    name = re.sub(r"[\[\]:*?/\\]", "_", clean(wanted)).strip("'")[:31] or "_"
    used = {t.lower() for t in taken}
    number = 1
    candidate = name
    while candidate.lower() in used:
        number += 1
        candidate = f"{name[:27]}_{number}"
    return candidate


def width(texts: Iterable[str], least: int = 6, most: int = 48) -> int:
    """Return the width of a column: a Han character takes two places.

    Example:
        >>> width(["身份证号码"])
        12
    """
    longest = max(
        (
            sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)
            for t in texts
            for line in t.split("\n")
        ),
        default=0,
    )
    return min(most, max(least, longest + 2))


def write(sheet: Any, row: int, column: int, value: Any, form: Any = None) -> None:
    """Write a value as what it is: numbers as numbers, all else as text."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        sheet.write_number(row, column, value, form)
    elif value is None or value == "":
        sheet.write_blank(row, column, None, form)
    else:
        sheet.write_string(row, column, clean(str(value)), form)


def grid(sheet: Any, top: int, head: Sequence[str], rows: Sequence[Sequence[Any]], forms: Any) -> int:
    """Write a heading row and the rows below it; return the first free row."""
    for column, text in enumerate(head):
        write(sheet, top, column, text, forms.head)
    for number, row in enumerate(rows, start=top + 1):
        for column, value in enumerate(row):
            write(sheet, number, column, value, forms.body)
    return top + 1 + len(rows)


def fit(sheet: Any, head: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Give every column the width of its longest line, within reason."""
    for column, text in enumerate(head):
        shown = [text, *(str(row[column]) for row in rows[:500] if column < len(row))]
        sheet.set_column(column, column, width(shown))
