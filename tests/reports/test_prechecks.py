"""What a catalogue office would send back is found before the list is handed in."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from hushu.model import Column, Inventory, Table
from hushu.reports.prechecks import check_inventory, check_workbook
from hushu.reports.review import export

FILLED = {
    "提供单位": "某镇社会治理办",
    "摘要": "本镇实有人口登记的基本情况，按月更新",
    "共享属性": "有条件共享",
    "使用条件": "本镇范围内居住登记核对",
}


def complaints_of(inventory: Inventory, path: Path, *rows: dict[str, Any]) -> list[set[str]]:
    """Export, fill in every table well but for ``rows``; return the headings complained of by row."""
    book = openpyxl.load_workbook(export(inventory, path))
    sheet = book["数据资源目录"]
    headings = {str(c.value): c.column for c in sheet[3]}
    for number in range(len(inventory.tables)):
        wrong = rows[number] if number < len(rows) else {}
        for heading, value in {**FILLED, **wrong}.items():
            sheet.cell(4 + number, headings[heading]).value = value
    listed = book["数据分类分级清单"]
    condition = next(c.column for c in listed[3] if c.value == "共享条件/不予共享依据")
    for row in range(4, listed.max_row + 1):
        listed.cell(row, condition).value = "居住登记核对"
    book.save(path)
    found = [c for c in check_workbook(path, "en") if c.sheet == "数据资源目录"]
    return [{c.field for c in found if c.row == 4 + n} for n in range(len(inventory.tables))]


def test_a_list_filled_in_well_is_not_sent_back(inventory: Inventory, tmp_path: Path) -> None:
    assert complaints_of(inventory, tmp_path / "a.xlsx") == [set()] * 4


# The last cell of each row is the one complained of.
USUAL = (
    (
        {"目录名称": "实有人口信息系统"},
        {"目录名称": None},
        {"提供单位": None},
        {"摘要": "　"},
    ),
    (
        {"数据规模": "约2万条"},
        {"更新频率": "有空就更新"},
        {"目录代码": "3010"},
        {"使用条件": None},
    ),
    (
        {"数据格式": "电子表格", "共享方式": "库表交换"},
        {"目录名称": "实有人口 登记。"},
        {"目录名称": "实有人口登记2"},
        {"提供单位": "　"},
    ),
)


@pytest.mark.parametrize("rows", USUAL)
def test_the_usual_reasons_are_found_in_their_rows(
    inventory: Inventory, tmp_path: Path, rows: tuple[dict[str, Any], ...]
) -> None:
    assert complaints_of(inventory, tmp_path / "a.xlsx", *rows) == [{list(row)[-1]} for row in rows]


def test_only_a_law_withholds(inventory: Inventory, tmp_path: Path) -> None:
    bases = ("《中华人民共和国统计法》第二十五条", "《上海市数据条例》第三十八条", None)
    rows = [{"共享属性": "不予共享", "使用条件": basis} for basis in bases]
    assert complaints_of(inventory, tmp_path / "a.xlsx", *rows) == [set(), {"使用条件"}, {"使用条件"}, set()]


def test_names_and_types_are_checked_before_anybody_fills_in_anything() -> None:
    columns = (Column(name="a", data_type="geometry"), Column(name="b", data_type="VARCHAR(18)"))
    table = Table(name="t1", comment="人口1", columns=columns)
    inventory = Inventory(tables=(table, replace(table, name="t2", comment="人口 2", columns=())))
    found = {(c.field, c.row) for c in check_inventory(inventory)}
    assert found == {("目录名称", 5), ("数据类型", 4)}
