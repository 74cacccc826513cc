"""What the column scanner looks at: one table, its columns, exact counts and a sample of distinct values."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from hushu.classify.normalise import ZERO_WIDTH
from hushu.classify.profiles import ColumnProfile

_INVISIBLE = dict.fromkeys(map(ord, ZERO_WIDTH + "\u2028\u2029"))
_WHOLE_FLOAT = re.compile(r"-?\d+\.0")
NULL_WORDS = frozenset(
    [
     "null", "none", "nan", "nil", "n/a", "na", "\\n", "#n/a", "<na>",
     "nat", "-", "--", "---", "/", "\\", "?", "无", "没有",
     "空", "未知", "不详", "暂无", "未填", "未填写", "0000-00-00", "9999-9-9", "9999-99-99",
     "9999-12-31",
    ]
)  # fmt: skip


@dataclass(frozen=True)
class ColumnView:
    """One column: its name, comment and type, exact counts over all rows, and distinct values with counts.

    ``sample`` maps distinct values to how often they occur in the whole column; ``complete`` tells that it
    holds every distinct value, ``distinct`` how many there are (an estimate when it is not complete).
    """

    name: str
    comment: str = ""
    data_type: str = ""
    profile: ColumnProfile = field(default_factory=ColumnProfile)
    sample: Mapping[str, int] = field(default_factory=dict)
    complete: bool = True
    distinct: int = 0

    @cached_property
    def cells(self) -> dict[str, int]:
        """Return the non-blank values, folded (NFKC, no invisible characters), with their counts."""
        folded: dict[str, int] = {}
        for value, count in self.sample.items():
            plain = ungrouped(fold(value))
            if plain and plain.lower() not in NULL_WORDS:
                folded[plain] = folded.get(plain, 0) + count
        if folded and all(_WHOLE_FLOAT.fullmatch(v) for v in folded):
            return {v[:-2]: n for v, n in folded.items()}
        return folded


def fold(value: str) -> str:
    """Return a value as it is compared: NFKC, without invisible characters, trimmed.

    Example:
        >>> fold("１３８\u200b ")
        '138'
    """
    if value.isascii():
        return value.strip()
    return unicodedata.normalize("NFKC", value.translate(_INVISIBLE)).strip()


_GROUPED = re.compile(r"\d{2,6}(?:[ -]\d{2,6}){2,5}[ -]?[\dXx]{1,6}")
_SPREADSHEET = re.compile(r"""'(?=[\dA-Za-z])|=(?="[^"]*"$)""")


def ungrouped(value: str) -> str:
    """Return a value without the marks by which spreadsheets keep digits, long numbers without their gaps.

    Example:
        >>> ungrouped("3101 0119 9001 0100 11"), ungrouped("'0571"), ungrouped("2024-01-01 08-30")
        ('310101199001010011', '0571', '2024-01-01 08-30')
    """
    if value[:1] in ("'", "=") and (mark := _SPREADSHEET.match(value)):
        value = value[mark.end() :].strip('"')
    if 17 <= len(value) <= 26 and _GROUPED.fullmatch(value):
        joined = value.replace(" ", "").replace("-", "")
        return joined if 15 <= len(joined) <= 19 else value
    return value


@dataclass(frozen=True, slots=True)
class TableView:
    """One table as the column scanner sees it. ``rows`` is how many were read."""

    name: str
    comment: str = ""
    rows: int = 0
    columns: tuple[ColumnView, ...] = ()
