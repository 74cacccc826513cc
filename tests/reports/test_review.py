"""The round trip of the review workbook: what people type comes back as decisions, and nothing is lost."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from hushu.errors import InputError
from hushu.model import Decision, Inventory
from hushu.reports.review import export
from hushu.reports.review_import import ReviewResult, import_review

LIST = "数据分类分级清单"


class Sheet:
    """A person at a spreadsheet: finds cells by heading and by the names in the row."""

    def __init__(self, path: Path, name: str = LIST) -> None:
        self.path = path
        self.book = openpyxl.load_workbook(path)
        self.sheet = self.book[name]
        self.headings = {str(c.value): c.column for c in self.sheet[3]}

    def row(self, table: str, column: str) -> int:
        for row in range(4, self.sheet.max_row + 1):
            names = [self.sheet.cell(row, self.headings[h]).value for h in ("表名", "数据项英文名")]
            if names == [table, column]:
                return row
        raise LookupError(column)

    def put(self, table: str, column: str, **cells: Any) -> int:
        row = self.row(table, column)
        for heading, value in cells.items():
            self.sheet.cell(row, self.headings[heading]).value = value
        return row

    def save(self) -> Path:
        self.book.save(self.path)
        return self.path


@pytest.fixture
def sheet(inventory: Inventory, tmp_path: Path) -> Sheet:
    return Sheet(export(inventory, tmp_path / "清单.xlsx"))


def only(result: ReviewResult) -> Decision:
    assert len(result.decisions) == 1, result
    return result.decisions[0]


def test_a_workbook_nobody_touched_decides_nothing(inventory: Inventory, tmp_path: Path) -> None:
    result = import_review(export(inventory, tmp_path / "清单.xlsx"), inventory)
    assert result == ReviewResult(decisions=(), conflicts=())


FOUR = ("4", 4, 4.0, "四级", "L4", "Ｇ４", "　4级　", "一般数据4级", "第四级")


def test_a_level_is_understood_however_it_is_typed(inventory: Inventory, tmp_path: Path) -> None:
    table = inventory["t_resident"]
    columns = tuple(replace(table["lxdh"], name=f"c{n}") for n in range(len(FOUR)))
    wide = inventory.with_tables((replace(table, columns=columns),))
    sheet = Sheet(export(wide, tmp_path / "清单.xlsx"))
    for n, typed in enumerate(FOUR):
        signed = {"定级人": "李某", "定级日期": "2026/11/20", "定级理由": "涉及家属"}
        sheet.put("t_resident", f"c{n}", 数据级别=typed, **signed)
    result = import_review(sheet.save(), wide)
    assert result.conflicts == ()
    assert [d.levels["cn-national"] for d in result.decisions] == ["G4"] * len(FOUR)
    for decision in result.decisions:
        assert (decision.status, decision.by, decision.at) == ("overridden", "李某", "2026-11-20")
        assert decision.reason == "涉及家属"


def test_signing_a_row_confirms_it_with_the_levels_it_shows(inventory: Inventory, sheet: Sheet) -> None:
    sheet.put("t_resident", "xm", 定级人="李某", 定级日期="2026-11-20")
    decision = only(import_review(sheet.save(), inventory))
    assert decision.status == "confirmed"
    assert decision.levels == {"cn-national": "G3", "cn-sharing-809": "conditional", "cn-shanghai": "closed"}
    assert not decision.type_decided


def test_the_opinion_locks_a_row(inventory: Inventory, sheet: Sheet) -> None:
    sheet.put("t_resident", "xm", 定级意见="锁定", 定级人="李某", 定级日期="2026-11-20")
    assert only(import_review(sheet.save(), inventory)).status == "locked"


@pytest.mark.parametrize(
    ("typed", "type_id"), [("工作单位", "EMPLOYER"), ("未识别", None), ("PERSON", "PERSON")]
)
def test_a_type_is_corrected_by_its_name_or_to_nothing(
    inventory: Inventory, sheet: Sheet, typed: str, type_id: str | None
) -> None:
    sheet.put("t_resident", "zz", 识别类型=typed, 定级人="李某", 定级日期="2026-11-20", 定级理由="实为单位")
    decision = only(import_review(sheet.save(), inventory))
    assert decision.type_decided
    assert decision.type == type_id


@pytest.mark.parametrize("said", [{"识别类型": "某某"}, {"数据级别": "G99"}, {"定级意见": "不同意"}])
def test_a_row_that_cannot_be_understood_is_listed_and_left_out(
    inventory: Inventory, sheet: Sheet, said: dict[str, str]
) -> None:
    row = sheet.put("t_resident", "zz", **said, 定级人="李某", 定级理由="x")
    result = import_review(sheet.save(), inventory)
    assert (result.decisions, result.left_out) == ((), 1)
    assert any(f"第 {row} 行" in c and str(next(iter(said.values()))) in c for c in result.conflicts)


def test_a_row_that_nobody_signed_is_listed_and_left_out(inventory: Inventory, sheet: Sheet) -> None:
    row = sheet.put("t_resident", "lxdh", 数据级别="4", 定级理由="涉及家属")
    result = import_review(sheet.save(), inventory)
    assert (result.decisions, result.left_out) == ((), 1)
    assert any(f"第 {row} 行" in c and "署名" in c for c in result.conflicts)


LOOSER = (
    {"数据级别": "G2"},
    {"共享类型": "无条件共享"},
    {"识别类型": "未识别"},
    {"是否向社会开放": "无条件开放"},
)


@pytest.mark.parametrize("said", LOOSER)
@pytest.mark.parametrize("opinion", ["", "锁定"])
def test_loosening_needs_its_reason(
    inventory: Inventory, sheet: Sheet, said: dict[str, str], opinion: str
) -> None:
    row = sheet.put("t_resident", "lxdh", **said, 定级意见=opinion, 定级人="李某")
    result = import_review(sheet.save(), inventory)
    assert (result.decisions, result.left_out) == ((), 1)
    assert [f"第 {row} 行" in c and "理由" in c for c in result.conflicts] == [True]
    sheet.put("t_resident", "lxdh", 定级理由="号码为单位总机")
    assert only(import_review(sheet.save(), inventory)).reason == "号码为单位总机"


def test_a_higher_level_without_reason_is_kept_and_listed(inventory: Inventory, sheet: Sheet) -> None:
    row = sheet.put("t_resident", "lxdh", 数据级别="4", 定级人="李某")
    result = import_review(sheet.save(), inventory)
    assert only(result).levels["cn-national"] == "G4"
    assert result.left_out == 0
    assert any(f"第 {row} 行" in c and "定级理由" in c for c in result.conflicts)


def sign_the_cover(sheet: Sheet) -> Path:
    for row in sheet.book["封面与签批"].iter_rows(max_col=2):
        if row[0].value in ("编制人（定级人）", "编制日期"):
            row[1].value = {"编制人（定级人）": "李某", "编制日期": "2026年11月20日"}[row[0].value]
    return sheet.save()


def test_a_signature_on_the_cover_speaks_for_the_rows(inventory: Inventory, sheet: Sheet) -> None:
    sheet.put("t_resident", "lxdh", 数据级别="4", 定级理由="涉及家属")
    result = import_review(sign_the_cover(sheet), inventory)
    assert (only(result).by, only(result).at) == ("李某", "2026-11-20")
    assert result.conflicts == ()


def test_withholding_carries_its_law_as_basis(inventory: Inventory, sheet: Sheet) -> None:
    law = "《中华人民共和国统计法》第二十五条"
    sheet.put(
        "t_resident",
        "mz",
        共享类型="不予",
        **{"共享条件/不予共享依据": law},
        定级人="李某",
        定级理由="统计资料",
    )
    decision = only(import_review(sheet.save(), inventory))
    assert decision.levels["cn-sharing-809"] == "withheld"
    assert law in decision.basis


def test_columns_may_be_moved_added_renamed_and_rows_deleted(inventory: Inventory, sheet: Sheet) -> None:
    sheet.put("t_resident", "lxdh", 数据级别="三 级", 定级人="李某", 定级日期="2026-11-20")
    ws = sheet.sheet
    for name in list(ws.merged_cells.ranges):
        ws.unmerge_cells(str(name))
    ws.delete_rows(sheet.row("t_visit", "visit_id"))
    rows = [[c.value for c in row] for row in ws.iter_rows(min_row=3)]
    sheet.book.remove(ws)
    moved = sheet.book.create_sheet("Sheet1")
    moved.append(["某区数据清单（报送稿）"])
    for row in rows:
        moved.append(["备注", *reversed(row)] if row is rows[0] else ["", *reversed(row)])
    result = import_review(sheet.save(), inventory)
    assert only(result).column == "lxdh"


@pytest.mark.parametrize("kept", [(), ("_key",), ("_was",)])
def test_missing_hidden_columns_fall_back_to_the_names(
    inventory: Inventory, sheet: Sheet, kept: tuple[str, ...]
) -> None:
    sheet.put("t_resident", "lxdh", 数据级别="4", 定级人="李某", 定级日期="2026-11-20", 定级理由="x")
    for heading in {"_key", "_rev", "_was"} - set(kept):
        for row in range(3, sheet.sheet.max_row + 1):
            sheet.sheet.cell(row, sheet.headings[heading]).value = None
    decision = only(import_review(sheet.save(), inventory))
    assert (decision.table, decision.column, decision.levels["cn-national"]) == ("t_resident", "lxdh", "G4")


def test_a_cell_merged_downwards_speaks_for_every_row(inventory: Inventory, sheet: Sheet) -> None:
    top = sheet.put("t_checkin", "officer", 定级人="李某", 定级日期="2026-11-20")
    letter = openpyxl.utils.get_column_letter(sheet.headings["定级人"])
    sheet.sheet.merge_cells(f"{letter}{top}:{letter}{top + 2}")
    signed = {d.column: d.by for d in import_review(sheet.save(), inventory).decisions}
    assert signed == {"officer": "李某", "lng": "李某", "lat": "李某"}


def test_a_level_that_is_a_formula_is_no_agreement_with_the_old_level(
    inventory: Inventory, sheet: Sheet
) -> None:
    row = sheet.put("t_resident", "lxdh", 数据级别='="G"&4', 定级人="李某", 定级日期="2026-11-20")
    result = import_review(sheet.save(), inventory)
    assert (result.decisions, result.left_out) == ((), 1)
    assert any(f"第 {row} 行" in c and "公式" in c for c in result.conflicts)


def test_a_date_that_is_a_formula_is_listed_and_the_decision_stands(
    inventory: Inventory, sheet: Sheet
) -> None:
    row = sheet.put("t_resident", "lxdh", 定级意见="确认", 定级人="李某", 定级日期="=TODAY()")
    result = import_review(sheet.save(), inventory)
    assert only(result).levels["cn-national"] == "G3"
    assert any(f"第 {row} 行" in c and "公式" in c for c in result.conflicts)


def test_a_newer_scan_makes_the_sheet_stale_but_loses_nothing(inventory: Inventory, sheet: Sheet) -> None:
    row = sheet.put("t_resident", "lxdh", 定级人="李某", 定级日期="2026-11-20")
    sheet.save()
    table = inventory["t_resident"]
    raised = tuple(
        replace(c, grades={**c.grades, "cn-national": replace(c.grades["cn-national"], level="G4")})
        for c in table.columns
    )
    newer = inventory.with_tables((replace(table, columns=raised), *inventory.tables[1:]))
    result = import_review(sheet.path, newer)
    assert only(result).levels["cn-national"] == "G3"
    assert any(f"第 {row} 行" in c and "已变" in c for c in result.conflicts)


def test_a_column_that_is_gone_keeps_its_decision(inventory: Inventory, sheet: Sheet) -> None:
    sheet.put("t_resident", "lxdh", 定级意见="锁定", 定级人="李某", 定级日期="2026-11-20")
    sheet.save()
    table = inventory["t_resident"]
    rest = replace(table, columns=tuple(c for c in table.columns if c.name != "lxdh"))
    result = import_review(sheet.path, inventory.with_tables((rest, *inventory.tables[1:])))
    assert only(result).column == "lxdh"
    assert any("不在本次清单中" in c for c in result.conflicts)


def test_two_rows_that_disagree_are_both_kept_and_listed(inventory: Inventory, sheet: Sheet) -> None:
    row = sheet.put("t_resident", "lxdh", 定级人="李某", 定级日期="2026-11-20")
    copy = [c.value for c in sheet.sheet[row]]
    sheet.sheet.append(copy)
    sheet.sheet.cell(sheet.sheet.max_row, sheet.headings["定级人"]).value = "王某"
    result = import_review(sheet.save(), inventory)
    assert {d.by for d in result.decisions} == {"李某", "王某"}
    assert any("两条不同的意见" in c for c in result.conflicts)


def test_a_table_and_a_candidate_are_decided_on_their_sheets(inventory: Inventory, tmp_path: Path) -> None:
    path = export(inventory, tmp_path / "清单.xlsx")
    tables = Sheet(path, "数据资源目录")
    names = [str(tables.sheet.cell(r, tables.headings["表名"]).value) for r in range(4, 8)]
    tables.sheet.cell(4 + names.index("t_visit"), tables.headings["共享方式"]).value = "核验式返回"
    tables.save()
    found = Sheet(path, "重要数据候选清单")
    found.sheet.cell(4, found.headings["单位意见（是/否/待定）"]).value = "否"
    found.save()
    assert import_review(path, inventory).left_out == 2, "nobody signed"
    sign_the_cover(Sheet(path))
    decisions = {(d.table, d.column): d for d in import_review(path, inventory).decisions}
    assert decisions[("t_visit", "")].attributes["mode"] == "核验式返回"
    assert decisions[("t_camera", "total")].attributes["important_opinion"] == "否"


def test_names_that_look_like_formulas_stay_text(inventory: Inventory, tmp_path: Path) -> None:
    table = inventory.tables[0]
    names = ("=cmd|'/c calc'!A1", "+1+1", "@SUM(A1)", "http://example.org", "00123", "a\x00b")
    odd = replace(table, columns=tuple(replace(table.columns[0], name=n) for n in names))
    path = export(inventory.with_tables((odd,)), tmp_path / "清单.xlsx")
    with zipfile.ZipFile(path) as archive:
        parts = {n: archive.read(n) for n in archive.namelist()}
    assert not any(b"<f>" in content for content in parts.values())
    assert not any("externalLink" in name or b"hyperlink" in content for name, content in parts.items())
    book = openpyxl.load_workbook(path)
    shown = {book[LIST].cell(r, 6).value for r in range(4, 10)}
    assert shown == {"=cmd|'/c calc'!A1", "+1+1", "@SUM(A1)", "http://example.org", "00123", "ab"}


def test_names_that_no_cell_can_hold_find_their_columns_again(inventory: Inventory, tmp_path: Path) -> None:
    table = inventory["t_resident"]
    names = (" a", "a\x00b", "=1+1", "ＡＢ", "x" * 300, "1", "2026-11-21")
    odd = inventory.with_tables((replace(table, columns=tuple(replace(table["xm"], name=n) for n in names)),))
    book = openpyxl.load_workbook(export(odd, tmp_path / "清单.xlsx"))
    sheet = book[LIST]
    by = next(c.column for c in sheet[3] if c.value == "定级人")
    for row in range(4, 4 + len(names)):
        sheet.cell(row, by).value = "李某"
    book.save(tmp_path / "清单.xlsx")
    result = import_review(tmp_path / "清单.xlsx", odd)
    assert tuple(d.column for d in result.decisions) == names
    assert result.conflicts == ()


def test_only_yellow_cells_are_open_and_lists_drop_down(sheet: Sheet) -> None:
    ws = sheet.sheet
    assert ws.protection.sheet
    assert not ws.cell(4, sheet.headings["数据级别"]).protection.locked
    assert ws.cell(4, sheet.headings["数据项英文名"]).protection.locked
    assert ws.freeze_panes is not None
    assert ws.auto_filter.ref is not None
    sources = {rule.formula1 for rule in ws.data_validations.dataValidation}
    assert "hushu_levels" in {s.lstrip("=") for s in sources if s}
    assert sheet.book["字典"].sheet_state == "veryHidden"
    assert all(len(s or "") < 255 for s in sources)


@pytest.mark.parametrize(
    "content", [b"", b"not a workbook", b"PK\x03\x04 broken"], ids=["empty", "text", "broken-zip"]
)
def test_a_file_that_is_no_workbook_is_an_error_with_a_code(
    inventory: Inventory, tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        import_review(path, inventory)
    assert caught.value.code == "HS-E282"


def test_a_workbook_without_the_list_is_an_error_with_a_code(inventory: Inventory, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.save(tmp_path / "x.xlsx")
    with pytest.raises(InputError) as caught:
        import_review(tmp_path / "x.xlsx", inventory)
    assert caught.value.code == "HS-E283"
