"""Grades of columns, tables and sources, and that unknown is not clean."""

from datetime import date

import pytest

from hushu.model import Column, Content, Finding, Inventory, NotExamined, Table
from hushu.rules.grading import grade

DAY = date(2026, 11, 21)


def table(name, *types, rows=1000, **more):
    columns = tuple(
        t if isinstance(t, Column) else Column(name=f"c{i}", finding=Finding(type=t))
        for i, t in enumerate(types)
    )
    return Table(name=name, rows=rows, examined=more.pop("examined", rows), columns=columns, **more)


def levels(*types, pack="cn-national", **more):
    graded = grade(Inventory(tables=(table("t", *types, **more),)), [pack], as_of=DAY)
    return [column.grades[pack].level for column in graded["t"]]


def test_an_identity_number_is_g4_and_says_by_which_annex():
    graded = grade(Inventory(tables=(table("t", "CN_RESIDENT_ID"),)), as_of=DAY)
    because = graded["t"]["c0"].grades["cn-national"].because
    assert because[0].article == "附录B"
    assert because[0].source.endswith("（GB/T 35273-2020）")


def test_what_stands_beside_a_person_relates_to_that_person():
    assert levels("PERSON", None) == ["G2", "G2"]
    assert levels("CN_USCC", None) == ["G1", "G1"]


def test_a_few_hits_inside_text_count():
    note = Column(
        name="note",
        finding=Finding(type="FREE_TEXT", contains=(Content(type="DIAGNOSIS", count=1, share=0.001),)),
    )
    assert levels(note) == ["G4"]


@pytest.mark.parametrize("pack", ["cn-national", "cn-sharing-809", "cn-shanghai"])
def test_a_column_nobody_looked_at_is_not_clean(pack):
    inventory = Inventory(
        tables=(table("t", "CN_USCC", Column(name="blob")),),
        not_examined=(NotExamined(what="t.blob", why="binary"),),
    )
    blob = grade(inventory, [pack], as_of=DAY)["t"]["blob"].grades[pack]
    assert blob.review
    assert blob.level not in {"G1", "unconditional", "open"}


def test_the_table_takes_the_highest_and_the_source_too():
    graded = grade(Inventory(tables=(table("a", "CN_USCC"), table("b", "PERSON", "DIAGNOSIS"))), as_of=DAY)
    assert graded["a"].grades["cn-national"].level == "G1"
    assert graded["b"].grades["cn-national"].level == "G4"
    assert graded.grades["cn-national"].level == "G4"


def test_a_rule_before_its_day_does_not_fire():
    early = grade(Inventory(tables=(table("t", "PERSON"),)), ["cn-sharing-809"], as_of=date(2025, 7, 31))
    assert early["t"]["c0"].grades["cn-sharing-809"].level == "ungraded"


def test_a_table_nobody_could_read_is_not_clean():
    graded = grade(Inventory(tables=(Table(name="t"),)), ["cn-national"], as_of=DAY)
    assert graded["t"].grades["cn-national"].review
    assert graded.grades["cn-national"].level == "G3"


def test_columns_of_one_name_do_not_hide_each_other():
    twins = tuple(Column(name="x", finding=Finding(type=t)) for t in ("DIAGNOSIS", "CN_USCC"))
    graded = grade(
        Inventory(tables=(Table(name="t", rows=1, examined=1, columns=twins),)), ["cn-national"], as_of=DAY
    )
    assert graded["t"].grades["cn-national"].level == "G4"
