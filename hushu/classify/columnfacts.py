"""Facts of a column that packs grade by: precision, depth of addresses, ages, persons, aggregates."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from hushu.classify import timevalues
from hushu.classify.headers import Heading
from hushu.classify.tableview import ColumnView

_DEPTHS = (
    ("室", re.compile(r"\d+(?:室|户)|[\d-]+号\d{3,4}$|\d+-\d{3,4}")),
    ("号", re.compile(r"\d+号")),
    ("弄", re.compile(r"\d+(?:弄|支弄|巷|栋|幢|组)")),
    ("街道", re.compile(r"街道|镇|乡|路|村|社区")),
    ("区", re.compile(r"区|县|市|省")),
)
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?[eE]\+?(?:1[0-9]|2\d)")
DAMAGED = (
    "长数字被表格软件存成科学计数法或尾部补零，位数已丢失，无法恢复"
    "（long numbers lost digits in a spreadsheet (scientific notation or trailing zeros); "
    "they cannot be repaired）"
)


def facts(column: ColumnView, type_id: str | None, heading: Heading) -> dict[str, Any]:
    """Return what is known of a column beyond its type.

    Returns:
        Some of ``decimals`` (of coordinates), ``address_depth`` (室, 号, 弄, 街道 or 区: of the larger part),
        ``min_age``, ``under_14`` and ``under_18`` (shares), ``distinct_persons``, ``derived``.
    """
    found: dict[str, Any] = {}
    values = list(column.cells)
    if heading.derived:
        found["derived"] = True
    if type_id in ("GEO_COORDINATE", "FACILITY_LOCATION", "TRAJECTORY"):
        places = [len(part.split(".")[1]) for v in values for part in re.findall(r"\d+\.\d+", v)]
        if places:
            found["decimals"] = sorted(places)[len(places) // 2]
    if type_id in ("ADDRESS", "FACILITY_LOCATION") and values:
        found["address_depth"] = _depth(values)
    if type_id in ("CN_RESIDENT_ID", "BIRTH_DATE", "AGE"):
        found |= _ages(values, type_id)
    if type_id in ("CN_RESIDENT_ID", "PERSON", "STUDENT_NO", "MEDICAL_RECORD_NO", "CN_SOCIAL_SECURITY_NO"):
        found["distinct_persons"] = column.distinct or len(values)
    return found


def _depth(values: Sequence[str]) -> str:
    def deepest(value: str) -> int:
        return next((i for i, (_, form) in enumerate(_DEPTHS) if form.search(value)), len(_DEPTHS) - 1)

    depths = sorted(deepest(v) for v in values)
    return _DEPTHS[depths[len(depths) // 4]][0]  # as deep as a quarter of the values at least


def _ages(values: Sequence[str], type_id: str) -> dict[str, Any]:
    ages = sorted(a for v in values if (a := _age(v, type_id)) is not None)
    if not ages:
        return {}
    return {
        "min_age": ages[0],
        "under_14": round(sum(a < 14 for a in ages) / len(ages), 4),
        "under_18": round(sum(a < 18 for a in ages) / len(ages), 4),
    }


def _age(value: str, type_id: str) -> int | None:
    if type_id == "AGE":
        digits = re.match(r"\d{1,3}(?!\d)", value)
        return int(digits[0]) if digits and int(digits[0]) < 130 else None
    text = value
    if type_id == "CN_RESIDENT_ID":
        compact = re.sub(r"[ -]", "", value)
        text = compact[6:14] if len(compact) == 18 else "19" + compact[6:12] if len(compact) == 15 else ""
    parsed = timevalues.parse(text)
    if parsed is None or not 1900 <= parsed[0].year < 2100:
        return None
    today, born = date.today(), parsed[0]
    return max(0, today.year - born.year - ((today.month, today.day) < (born.month, born.day)))


def warnings(column: ColumnView, type_id: str | None) -> tuple[str, ...]:
    """Return what is wrong with the values themselves."""
    values = list(column.cells)
    scientific = column.profile.shape.scientific or any(
        "+1" in v and _SCIENTIFIC.fullmatch(v) for v in values
    )
    zeroed = [v for v in values if v.endswith("000") and len(v) == 18 and v.isdigit()]
    if scientific or (len(zeroed) > 2 and len(zeroed) > 0.8 * len(values) and type_id != "CN_USCC"):
        return (DAMAGED,)
    return ()
