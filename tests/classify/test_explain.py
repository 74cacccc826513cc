"""Why a column is what it is."""

from __future__ import annotations

import pytest

from hushu.classify.columns import examine
from hushu.classify.explain import why
from hushu.classify.tableview import ColumnView, TableView
from hushu.errors import ConfigError
from hushu.model import Column, Inventory, Table


def inventory(*columns):
    view = TableView("t.person", "", 3, columns)
    found = zip(columns, examine(view), strict=True)
    return Inventory(
        tables=(Table(name="t.person", columns=tuple(Column(name=c.name, finding=f) for c, f in found)),)
    )


def test_every_piece_of_evidence_adds_up_to_the_score():
    told = why(inventory(ColumnView("sfzh", sample={"310101190001010011": 3})), "t.person.sfzh")
    assert told.type == "CN_RESIDENT_ID"
    assert told.score == pytest.approx(told.prior + sum(e.weight for e in told.evidence))
    assert told.to_dict()["changes"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_text_names_the_type_and_no_value(language):
    text = why(inventory(ColumnView("sfzh", sample={"310101190001010011": 3})), "t.person.sfzh").text(
        language
    )
    assert "CN_RESIDENT_ID" in text
    assert "310101190001010011" not in text


def test_a_column_that_is_nothing_says_what_would_change_it():
    told = why(inventory(ColumnView("c1", sample={"12": 3})), "t.person.c1")
    assert told.type is None
    assert any("decisions" in en for _, en in told.changes)


def test_evidence_without_which_the_verdict_falls_is_named():
    told = why(inventory(ColumnView("c1", sample={"13800138000": 2, "13912345678": 1})), "t.person.c1")
    assert any("values" in en for _, en in told.changes)


def test_an_unknown_column_is_an_error():
    with pytest.raises(ConfigError) as problem:
        why(inventory(), "t.person.nope")
    assert problem.value.code == "HS-E173"
