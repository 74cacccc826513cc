"""Forms are prefilled with what is known, leave the rest to people, and take every format."""

from __future__ import annotations

import pytest

from hushu.errors import ConfigError
from hushu.model import Inventory, Plan, Release
from hushu.reports.forms import FORMS, form
from hushu.reports.view import Grid

NINE = (
    *("数据目录名称", "数据项", "提供单位", "数据格式", "数据更新频率"),
    *("共享属性", "共享方式", "使用条件", "数据分类分级"),
)
FIVE = ("使用场景", "使用过程", "应用成效", "存储情况", "销毁情况")


def grids(
    inventory: Inventory, name: str, plan: Plan | None = None, release: Release | None = None
) -> list[Grid]:
    view = form(inventory, name, plan, release).view
    return [block for section in view.sections for block in section.blocks if isinstance(block, Grid)]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", list(FORMS))
def test_every_form_is_made_with_and_without_a_plan_and_says_what_was_not_examined(
    inventory: Inventory, plan: Plan, release: Release, name: str, lang: str
) -> None:
    for made in (form(inventory, name, lang=lang), form(inventory, name, plan, release, lang=lang)):
        shown = made.render("md").decode("utf-8").replace("\\", "")
        assert all(item.what in shown for item in inventory.not_examined)
    assert form(Inventory(), name, lang=lang).render("md")


@pytest.mark.parametrize("name", list(FORMS))
def test_forms_render_as_workbook_and_letter(inventory: Inventory, plan: Plan, name: str) -> None:
    made = form(inventory, name, plan)
    assert made.render("xlsx").startswith(b"PK")
    assert made.render("docx").startswith(b"PK")


def test_the_catalogue_has_the_nine_fields_in_the_order_of_the_article(inventory: Inventory) -> None:
    catalogue = next(g for g in grids(inventory, "catalogue") if len(g.head) == 9)
    assert catalogue.head == NINE
    assert len(catalogue.rows) == len(inventory.tables)


def test_the_record_of_use_has_its_five_items_in_order(inventory: Inventory, plan: Plan) -> None:
    record = next(g for g in grids(inventory, "usage-log", plan) if len(g.head) == 8)
    assert record.head[2:7] == FIVE
    assert all(not cell.text for row in record.rows for cell in row[1:])


def test_nothing_about_people_is_proposed_for_opening(inventory: Inventory) -> None:
    opening, closed = grids(inventory, "opening")[:2]
    offered = "\n".join(cell.text for row in opening.rows for cell in row)
    for table in inventory.tables:
        for column in table.columns:
            if column.type:
                assert column.name not in offered.replace("(", " ").replace(")", " ").split()
    assert len(closed.rows) == sum(
        c.grades["cn-shanghai"].level == "closed" for t in inventory.tables for c in t.columns
    )


def test_the_assessment_leaves_the_judgement_to_people(
    inventory: Inventory, plan: Plan, release: Release
) -> None:
    three = next(g for g in grids(inventory, "pia", plan, release) if len(g.rows) == 3 and len(g.head) == 3)
    assert all(row[2].text == "待填" for row in three.rows)
    assert all(row[1].text != "—" for row in three.rows)


def test_an_unknown_form_has_its_code(inventory: Inventory) -> None:
    with pytest.raises(ConfigError) as caught:
        form(inventory, "三清单")
    assert caught.value.code == "HS-E183"
