"""Whatever people do to the sheet, nothing they said is lost and nothing is invented."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import openpyxl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hushu.model import Inventory
from hushu.reports.review import export
from hushu.reports.review_import import import_review
from hushu.reports.review_values import day_of, level_of, type_of
from hushu.rules import vocabulary
from hushu.rules.packload import load_pack

SHAPES = ("{n}", "G{n}", "g{n}", "L{n}", "{n}级", "第{n}级", " {n} 级 ", "一般{n}级", "一般数据{n}级")
LEVELS = ("G1", "G2", "G3", "G4")
words = st.sampled_from([*LEVELS, "三级", "4", "很高", "", "签名"])
edits = st.dictionaries(st.integers(0, 15), words, max_size=6)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(edits=edits, order=st.randoms(use_true_random=False), dropped=st.sets(st.integers(0, 15), max_size=4))
def test_every_word_comes_back_once_or_is_listed(inventory: Inventory, edits, order, dropped) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = export(inventory, Path(folder) / "清单.xlsx")
        said = _edit(path, edits, order, dropped)
        result = import_review(path, inventory)
    decided = {(d.table, d.column): d for d in result.decisions}
    unclear = {key for key, word in said.items() if word == "很高"}
    assert set(decided) == set(said) - unclear
    assert sum("很高" in conflict for conflict in result.conflicts) == result.left_out == len(unclear)
    for key, word in said.items():
        if key in unclear:
            continue
        if word == "签名":
            assert decided[key].status == "confirmed"
        else:
            level = "G3" if word == "三级" else f"G{word[-1]}"
            now = inventory[key[0]][key[1]].grades["cn-national"].level
            assert decided[key].levels["cn-national"] == level
            assert decided[key].status == ("confirmed" if level == now else "overridden")


def _edit(path: Path, edits, order, dropped) -> dict[tuple[str, str], str]:
    """Edit cells, delete and shuffle rows; return the words that differ from what was exported."""
    book = openpyxl.load_workbook(path)
    sheet = book["数据分类分级清单"]
    headings = {str(c.value): c.column - 1 for c in sheet[3]}
    rows = [[c.value for c in row] for row in sheet.iter_rows(min_row=4)]
    said: dict[tuple[str, str], str] = {}
    for number, row in enumerate(rows):
        word, key = edits.get(number, ""), (str(row[headings["表名"]]), str(row[headings["数据项英文名"]]))
        if not word or number in dropped:
            continue
        row[headings["定级人"]] = "李某"
        if word != "签名":
            row[headings["数据级别"]], row[headings["定级理由"]] = word, "经核对"
        said[key] = word
    kept = [row for number, row in enumerate(rows) if number not in dropped]
    order.shuffle(kept)
    sheet.delete_rows(4, len(rows))
    for row in kept:
        sheet.append(row)
    book.save(path)
    return said


def _spellings() -> Iterator[tuple[str, str]]:
    for number, numeral in zip("1234", "一二三四", strict=True):
        for shape in SHAPES:
            yield shape.format(n=number), f"G{number}"
        yield f"{numeral}级", f"G{number}"
        yield f"第{numeral}级", f"G{number}"


def test_levels_are_understood_in_every_spelling_and_never_guessed() -> None:
    levels = load_pack("cn-national").levels
    for said, level in _spellings():
        assert level_of(said, levels) == level, said
    for level in levels:
        assert level_of(level.title.zh, levels) == level.id
        assert level_of(level.title.en, levels) == level.id
    for said in ("", "高", "0", "5", "9级", "G", "级", "3或4", "3-4", "不确定"):
        assert level_of(said, levels) is None, said


def test_sharing_and_opening_words_of_the_cities() -> None:
    sharing, opening = load_pack("cn-sharing-809").levels, load_pack("cn-shanghai").levels
    said = {"无条件": "unconditional", "有条件": "conditional", "不予": "withheld", "不予共享": "withheld"}
    assert {word: level_of(word, sharing) for word in said} == said
    said = {"无条件": "open", "受限": "conditional", "禁止": "closed"}
    said |= dict.fromkeys(("不予开放", "非开放", "否"), "closed")
    assert {word: level_of(word, opening) for word in said} == said
    assert level_of("是", opening) is None, "open, but under which conditions?"
    assert level_of("3", sharing) is None


def test_every_type_is_understood_by_each_of_its_names() -> None:
    for entry in vocabulary.load().values():
        for name in (entry.id, entry.zh, entry.en, f"　{entry.zh} "):
            assert type_of(name) == (True, entry.id)


@given(st.text(max_size=20))
def test_typed_text_never_breaks_the_reading(said: str) -> None:
    level_of(said, load_pack("cn-national").levels)
    type_of(said)
    day = day_of(said)
    assert day is None or len(day) == 10
