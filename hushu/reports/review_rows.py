"""The rows of the review workbook: what the inventory alone says in every cell.

Export and import build the same rows from the same inventory; what a cell holds beyond that was
decided by a person.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping

from hushu.model import Column, Grade, Inventory, Table
from hushu.reports.names import Names, names_for
from hushu.reports.review_fields import (
    COLUMN_FIELDS,
    DECISION,
    IDENTIFIES,
    KINDS,
    OPENING,
    OPINIONS,
    SHARING,
    TABLE_FIELDS,
    UNTYPED,
    Field,
)
from hushu.rules import vocabulary
from hushu.rules.citation import cite

Row = dict[str, str | int | float]

_LENGTH = re.compile(r"\((\d+)(?:\s*,\s*\d+)?\)")
_TYPES = (
    ("日期时间型", re.compile(r"timestamp|datetime", re.I)),
    ("日期型", re.compile(r"date|year", re.I)),
    ("布尔型", re.compile(r"bool|\bbit\b", re.I)),
    ("数字型", re.compile(r"int|dec|num|float|double|real|serial|money", re.I)),
    ("二进制", re.compile(r"blob|binary|bytea|image", re.I)),
    ("字符型", re.compile(r"char|text|clob|string|enum|json|uuid", re.I)),
)


def rows_of_columns(inventory: Inventory) -> Iterator[Row]:
    """Yield the row of every column as the inventory alone would fill it."""
    names, main = names_for(inventory, "zh"), main_pack(inventory)
    number = 0
    for table in inventory.tables:
        for column in table.columns:
            number += 1
            yield _column_row(inventory, names, main, table, column, number)


def rows_of_tables(inventory: Inventory) -> Iterator[Row]:
    """Yield the row of every table as the inventory alone would fill it."""
    names, main = names_for(inventory, "zh"), main_pack(inventory)
    for number, table in enumerate(inventory.tables, start=1):
        grade = table.grades.get(main)
        row: Row = {
            "no": number,
            "title_zh": table.comment,
            "table": table.name,
            "format": "",
            "columns": len(table.columns),
            "rows": table.rows if table.rows is not None else "未知",
            "category_1": _category(names, main, grade),
            "level": names.level(main, grade.level) if grade else "",
            "basis": _basis(grade),
            "sharing": _level_of(names, table.grades, SHARING),
            "opening": _level_of(names, table.grades, OPENING),
            "packs": pack_versions(inventory),
            "_key": key_of(table.name),
            "_rev": revision(table.grades, None),
        }
        yield row | _decided(TABLE_FIELDS, grade, "")


def _column_row(
    inventory: Inventory, names: Names, main: str, table: Table, column: Column, number: int
) -> Row:
    entry = vocabulary.load().get(column.type or "")
    grade = column.grades.get(main)
    lowest = by_rules(names, main, grade)
    row: Row = {
        "no": number,
        "database": inventory.source,
        "table": table.name,
        "table_zh": table.comment,
        "column": column.name,
        "title_zh": column.comment,
        "data_type": kind_of_data(column.data_type),
        "length": _length(column.data_type),
        "sample": "不导出样例",
        "rows": table.rows if table.rows is not None else "未知",
        "type": entry.zh if entry else (column.type or UNTYPED),
        "confidence": min(0.99, round(column.confidence, 2)) if column.type else "",
        "evidence": _evidence(names, column),
        "category_1": KINDS.get(entry.kind, "") if entry else "",
        "category_2": _category(names, main, grade),
        "category_3": entry.zh if entry else "",
        "is_personal": _personal(column),
        "is_sensitive": _sensitive(column, grade),
        "sensitive": (grade.attributes.get("sensitive", "") if grade else ""),
        "identifies": IDENTIFIES.get(entry.identifies, "") if entry else "",
        "lowest": names.level(main, lowest) if lowest else "",
        "level": names.level(main, grade.level) if grade else "",
        "raised": _raised(names, main, grade, lowest),
        "basis": _basis(grade),
        "reason": "；".join(r.text for r in grade.because) if grade else "",
        "important": "是" if grade and hinted(grade) else "",
        "sharing": _level_of(names, column.grades, SHARING),
        "opening": _level_of(names, column.grades, OPENING),
        "packs": pack_versions(inventory),
        "_key": key_of(table.name, column.name),
        "_rev": revision(column.grades, column.type),
    }
    return row | _decided(COLUMN_FIELDS, grade, column.status)


def _decided(fields: tuple[Field, ...], grade: Grade | None, status: str) -> Row:
    """Return what people wrote into the row before: it stands in the grade that they decided."""
    if grade is None or not grade.because or grade.because[0].rule != DECISION:
        return {}
    by, _, at = grade.because[0].source.rpartition(" ")
    opinion = next((word for word, meant in OPINIONS.items() if meant == status), "")
    own = {f.key for f in fields if f.editable} - {"sensitive"}
    said: Row = {key: value for key, value in grade.attributes.items() if key in own}
    return {"by": by, "at": at, "opinion": opinion} | said


def by_rules(names: Names, pack: str, grade: Grade | None) -> str:
    """Return the level that the rules alone give: a decision stands first and hides it."""
    if grade is None or not grade.because or grade.because[0].rule != DECISION:
        return grade.level if grade else ""
    found = [reason.effect.partition(";")[0] for reason in grade.because[1:]]
    return max((level for level in found if level), key=lambda level: names.rank(pack, level), default="")


def _raised(names: Names, pack: str, grade: Grade | None, lowest: str) -> str:
    if grade is None or not lowest or grade.level == lowest:
        return "否"
    return "是" if names.rank(pack, grade.level) > names.rank(pack, lowest) else "否（低于参考级别）"


def main_pack(inventory: Inventory) -> str:
    """Return the pack whose level stands under 数据级别: the first that graded."""
    packs = names_for(inventory, "zh").packs
    return packs[0] if packs else ""


def hinted(grade: Grade) -> bool:
    """Return whether a rule hints at important data; only people decide that it is."""
    return grade.level in {"important", "core"} or any("important" in flag for flag in grade.flags)


def key_of(table: str, column: str = "") -> str:
    """Return the hidden key of a row; JSON, because names may hold any character."""
    return json.dumps([table, column], ensure_ascii=False)


def before(fields: tuple[Field, ...], row: Row) -> str:
    """Return what the editable cells of a row said when it was exported, as JSON for the hidden ``_was``."""
    said = {f.key: row[f.key] for f in fields if f.editable and row.get(f.key, "") != ""}
    return json.dumps(said, ensure_ascii=False, sort_keys=True)


def revision(grades: Mapping[str, Grade], type_id: str | None) -> str:
    """Return what a row was graded on, short: another value after a re-scan means a stale sheet."""
    levels = {pack: grade.level for pack, grade in grades.items()}
    text = json.dumps([type_id, levels], sort_keys=True)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:12]


def pack_versions(inventory: Inventory) -> str:
    """Return the packs that graded, with version and the head of their hash."""
    return "；".join(f"{p.id}@{p.version} {p.sha256[:12]}" for p in inventory.packs)


def kind_of_data(data_type: str) -> str:
    """Return the catalogue's word for an SQL type, or the SQL type where no word fits.

    Example:
        >>> kind_of_data("VARCHAR(18)"), kind_of_data("geometry")
        ('字符型', 'geometry')
    """
    return next((word for word, shape in _TYPES if shape.search(data_type)), data_type)


def _length(data_type: str) -> int | str:
    found = _LENGTH.search(data_type)
    return int(found[1]) if found else ""


def _personal(column: Column) -> str:
    types = vocabulary.load()
    found = [types[t].kind for t in (column.type or "", *(c.type for c in column.contains)) if t in types]
    if "personal" in found:
        return "是"
    return "否" if column.type else UNTYPED


def _sensitive(column: Column, grade: Grade | None) -> str:
    if grade is None:
        return UNTYPED
    if grade.attributes.get("sensitive"):
        return "是"
    return "否" if column.type else UNTYPED


def _category(names: Names, pack: str, grade: Grade | None) -> str:
    return names.category(pack, grade.category) if grade and grade.category else ""


def _basis(grade: Grade | None) -> str:
    return "；".join(dict.fromkeys(cite(r, "zh") for r in grade.because)) if grade else ""


def _level_of(names: Names, grades: Mapping[str, Grade], pack: str) -> str:
    grade = grades.get(pack)
    return names.level(pack, grade.level) if grade else ""


def _evidence(names: Names, column: Column) -> str:
    parts = [
        f"{e.of} 个值中 {e.matched} 个符合" if e.of else names.say(f"evidence.{e.kind}")
        for e in column.evidence
        if e.weight >= 0
    ]
    contents = [f"含{names.type(c.type)} {c.count} 处" for c in column.contains]
    return "；".join(dict.fromkeys([*parts, *contents]))
