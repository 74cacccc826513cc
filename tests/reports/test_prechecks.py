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


def complaints_of(inventory: Inventory, path: Path, **cells: Any) -> set[tuple[str, str]]:
    """Export, fill in every table, let one row be as told, and return (heading, text) of what is found."""
    book = openpyxl.load_workbook(export(inventory, path))
    sheet = book["数据资源目录"]
    headings = {str(c.value): c.column for c in sheet[3]}
    for row in range(4, 4 + len(inventory.tables)):
        for heading, value in {**FILLED, **(cells if row == 4 else {})}.items():
            sheet.cell(row, headings[heading]).value = value
    listed = book["数据分类分级清单"]
    condition = next(c.column for c in listed[3] if c.value == "共享条件/不予共享依据")
    for row in range(4, listed.max_row + 1):
        listed.cell(row, condition).value = "居住登记核对"
    book.save(path)
    return {(c.field, c.text) for c in check_workbook(path, "en")}


def test_a_list_filled_in_well_is_not_sent_back(inventory: Inventory, tmp_path: Path) -> None:
    assert complaints_of(inventory, tmp_path / "a.xlsx") == set()


@pytest.mark.parametrize(
    ("heading", "value"),
    [
        ("目录名称", "实有人口信息系统"),
        ("目录名称", "走访 记录。"),
        ("目录名称", "GPS打卡2"),
        ("目录名称", None),
        ("提供单位", None),
        ("摘要", "　"),
        ("数据规模", "约2万条"),
        ("更新频率", "有空就更新"),
        ("目录代码", "3010"),
        ("使用条件", None),
    ],
)
def test_the_usual_reasons_are_found(
    inventory: Inventory, tmp_path: Path, heading: str, value: str | None
) -> None:
    found = complaints_of(inventory, tmp_path / "a.xlsx", **{heading: value})
    assert found
    # Of two names that are alike, the later row is named.
    assert {field for field, _ in found} == {heading}


def test_a_file_is_not_shared_as_a_database_table(inventory: Inventory, tmp_path: Path) -> None:
    found = complaints_of(inventory, tmp_path / "a.xlsx", 数据格式="电子表格", 共享方式="库表交换")
    assert {field for field, _ in found} == {"共享方式"}


@pytest.mark.parametrize(
    ("basis", "weak"),
    [("《中华人民共和国统计法》第二十五条", False), ("《上海市数据条例》第三十八条", True), (None, True)],
)
def test_only_a_law_withholds(inventory: Inventory, tmp_path: Path, basis: str | None, weak: bool) -> None:
    found = complaints_of(inventory, tmp_path / "a.xlsx", 共享属性="不予共享", 使用条件=basis)
    assert bool(found) is weak


def test_names_and_types_are_checked_before_anybody_fills_in_anything() -> None:
    columns = (Column(name="a", data_type="geometry"), Column(name="b", data_type="VARCHAR(18)"))
    table = Table(name="t1", comment="人口1", columns=columns)
    inventory = Inventory(tables=(table, replace(table, name="t2", comment="人口 2", columns=())))
    found = {(c.field, c.row) for c in check_inventory(inventory)}
    assert found == {("目录名称", 5), ("数据类型", 4)}
