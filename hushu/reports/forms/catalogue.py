"""政务数据目录: the nine fields that order 809, art. 13 names, in its order, and the sign-off."""

from __future__ import annotations

from hushu.model import Table
from hushu.reports.forms.parts import basis, blank, items, sign_off
from hushu.reports.review_fields import OPENING, SHARING
from hushu.reports.sections.material import Material
from hushu.reports.view import Cell, Grid, Section

FIELDS = ("name", "items", "provider", "format", "update", "sharing", "mode", "condition", "grade")


def sections(material: Material) -> tuple[Section, ...]:
    """Return the catalogue, one row a table, and the places to sign."""
    say = material.say
    grid = Grid(
        caption=say("form.catalogue.title"),
        head=tuple(say(f"catalogue.{field}") for field in FIELDS),
        rows=tuple(_row(material, table) for table in material.inventory.tables),
        widths=(3, 4, 2, 2, 2, 3, 2, 2, 3),
    )
    law = basis(material, "cn-sharing-809", "o809-13")
    return (
        Section(id="catalogue", title=say("form.catalogue.title"), blocks=(*law, grid)),
        sign_off(material, ("preparer", "secrecy", "pia", "head", "submitted", "issued")),
    )


def _row(material: Material, table: Table) -> tuple[Cell, ...]:
    names, plan = material.names, material.plan
    sharing = table.grades.get(SHARING)
    planned = plan is not None and table.name in {t.name for t in plan.tables}
    chips = tuple(names.chip(p, table.grades.get(p)) for p in names.packs if p not in {SHARING, OPENING})
    return (
        Cell(text=table.comment or table.name, note=table.name if table.comment else ""),
        Cell(text=items(material, table.columns)),
        Cell(text=plan.purpose.provider if plan and planned else blank(material)),
        Cell(text=blank(material)),
        Cell(text=blank(material)),
        Cell(chips=(names.chip(SHARING, sharing),)),
        Cell(text=plan.purpose.mode if plan and planned else blank(material)),
        Cell(text=blank(material)),
        Cell(chips=chips),
    )
