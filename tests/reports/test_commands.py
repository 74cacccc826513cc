"""The commands of the reports layer, from one synthetic database to decisions that survive a re-scan."""

from __future__ import annotations

import json
import re
import sqlite3
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from hushu.cli.main import invoke
from hushu.rules.decisions import read_decisions


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("commands") / "people.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE t_person (xm TEXT, lxdh TEXT, zt INTEGER)")
        people = [(f"张{a}{b}", f"1381234{n:04d}", n % 3) for n, (a, b) in enumerate(_names())]
        connection.executemany("INSERT INTO t_person VALUES (?,?,?)", people)
    connection.close()
    assert invoke(["scan", str(path), "--format", "json", "-o", str(path.parent / "inventory.json")]) in (
        0,
        3,
    )
    return path


def _names() -> list[tuple[str, str]]:
    return [(a, b) for a in "伟芳娜敏静丽强磊军洋" for b in "明华玲杰涛超勇艳霞平"]


@pytest.fixture
def inventory_file(base: Path) -> str:
    return str(base.parent / "inventory.json")


def levels_of(path: str) -> dict[str, tuple[str, str]]:
    table = json.loads(Path(path).read_text("utf-8"))["tables"][0]
    return {c["name"]: (c["grades"]["cn-national"]["level"], c["status"]) for c in table["columns"]}


def fill_in(path: Path, column: str, **cells: Any) -> None:
    book = openpyxl.load_workbook(path)
    sheet = book["数据分类分级清单"]
    headings = {str(c.value): c.column for c in sheet[3]}
    row = next(r for r in range(4, 99) if sheet.cell(r, headings["数据项英文名"]).value == column)
    for heading, value in cells.items():
        sheet.cell(row, headings[heading]).value = value
    book.save(path)


def test_a_correction_survives_the_next_scan_and_the_next_sheet(
    base: Path, inventory_file: str, tmp_path: Path
) -> None:
    sheet, decisions = tmp_path / "清单.xlsx", tmp_path / "decisions.yaml"
    before = levels_of(inventory_file)["lxdh"][0]
    assert before != "G4"
    assert invoke(["review", "export", inventory_file, "-o", str(sheet)]) == 0
    signed = {"定级人": "李某", "定级日期": "2026-11-20", "定级理由": "含家属电话"}
    fill_in(sheet, "lxdh", 数据级别="四级", 脱敏规则="不提供", **signed)
    assert invoke(["review", "import", str(sheet), inventory_file, "-o", str(decisions)]) == 0
    (decision,) = read_decisions(decisions)
    assert (decision.column, decision.status, decision.by) == ("lxdh", "overridden", "李某")

    again = tmp_path / "again.json"
    scan = ["scan", str(base), "--decisions", str(decisions), "--format", "json", "-o", str(again)]
    assert invoke(scan) in (0, 3)
    assert levels_of(str(again))["lxdh"] == ("G4", "overridden")

    second = tmp_path / "second.xlsx"
    assert invoke(["review", "export", str(again), "-o", str(second)]) == 0
    book = openpyxl.load_workbook(second)["数据分类分级清单"]
    headings = {str(c.value): c.column for c in book[3]}
    row = next(r for r in range(4, 99) if book.cell(r, headings["数据项英文名"]).value == "lxdh")
    shown = {h: book.cell(row, headings[h]).value for h in ("定级人", "定级意见", "脱敏规则", "级别是否升级")}
    assert shown == {"定级人": "李某", "定级意见": "更正", "脱敏规则": "不提供", "级别是否升级": "是"}
    assert str(book.cell(row, headings["参考最低级别"]).value).startswith(before)
    kept = tmp_path / "kept.yaml"
    assert invoke(["review", "import", str(second), str(again), "-o", str(kept)]) == 0
    assert read_decisions(kept) == ()


def test_a_second_import_extends_the_first_and_sets_nothing_silently_aside(
    inventory_file: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    decisions = tmp_path / "decisions.yaml"
    for name, by in (("a.xlsx", "李某"), ("b.xlsx", "王某")):
        sheet = tmp_path / name
        assert invoke(["review", "export", inventory_file, "-o", str(sheet)]) == 0
        fill_in(
            sheet,
            "xm",
            定级意见="锁定",
            定级人=by,
            定级日期="2026-11-20",
            数据级别="4" if by == "王某" else None,
        )
        assert invoke(["review", "import", str(sheet), inventory_file, "-o", str(decisions)]) == 0
    (decision,) = read_decisions(decisions)
    assert decision.by == "李某", "a locked decision yields to nobody"
    assert "王某" in decisions.read_text("utf-8")
    assert "xm" in capsys.readouterr().err


def test_a_row_that_is_no_decision_exits_3_and_decides_nothing(
    base: Path, inventory_file: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheet, decisions = tmp_path / "清单.xlsx", tmp_path / "decisions.yaml"
    assert invoke(["review", "export", inventory_file, "-o", str(sheet)]) == 0
    assert "sent back" not in capsys.readouterr().err
    fill_in(sheet, "lxdh", 数据级别="G99")
    importing = ["review", "import", str(sheet), inventory_file, "-o", str(decisions)]
    assert invoke([*importing, "--lang", "zh"]) == 3
    told = capsys.readouterr().err
    assert read_decisions(decisions) == ()
    assert "G99" in told
    assert "行未导入" in told
    assert len([line for line in told.splitlines() if "--hand-in" in line]) == 1
    assert invoke([*importing, "--hand-in"]) == 3
    assert len(capsys.readouterr().err.splitlines()) > len(told.splitlines())


@pytest.mark.parametrize("suffix", ["html", "md", "json", "xlsx", "docx"])
def test_report_writes_every_format(inventory_file: str, tmp_path: Path, suffix: str) -> None:
    assert invoke(["report", inventory_file, "-o", str(tmp_path / f"r.{suffix}")]) == 0
    assert (tmp_path / f"r.{suffix}").stat().st_size > 1000


def test_export_writes_to_standard_output_alone(
    inventory_file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert invoke(["export", inventory_file, "--to", "datahub"]) == 0
    said = capsys.readouterr()
    assert json.loads(said.out)
    assert said.err == ""


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["report", "{inventory}", "-o", "{tmp}/r.odt"], "HS-E520"),
        (["report", "{inventory}", "--form", "x", "-o", "{tmp}/r.md"], "HS-E183"),
        (["report", "{tmp}/none.json", "-o", "{tmp}/r.md"], "HS-E201"),
        (["report", "{inventory}", "--release", "{tmp}", "-o", "{tmp}/r.md"], "HS-E281"),
        (["export", "{inventory}", "--to", "atlas"], "HS-E181"),
        (["review", "import", "{inventory}", "{inventory}", "-o", "{tmp}/d.yaml"], "HS-E282"),
        (["review", "import", "{tmp}/none.xlsx", "{inventory}", "-o", "{tmp}/d.yaml"], "HS-E201"),
    ],
)
def test_bad_input_has_its_code_exits_2_and_leaves_nothing(
    inventory_file: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], code: str
) -> None:
    assert invoke([a.format(inventory=inventory_file, tmp=tmp_path) for a in arguments]) == 2
    said = capsys.readouterr()
    assert code in said.err
    assert said.out == ""
    assert list(tmp_path.iterdir()) == []


def test_every_code_of_this_layer_is_explained() -> None:
    package = Path(__file__).parents[2] / "hushu"
    sources = "\n".join(path.read_text("utf-8") for path in (package / "reports").rglob("*.py"))
    pages = "\n".join(path.read_text("utf-8") for path in (package / "cli" / "codes").glob("*.yaml"))
    codes = set(re.findall(r'code="(HS-E\d+)"', sources))
    assert len(codes) > 8
    assert codes <= set(re.findall(r"code: (HS-E\d+)", pages))
