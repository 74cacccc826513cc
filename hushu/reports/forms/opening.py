"""公共数据开放清单: what may be opened, and what may not with the reason. No official form was found."""

from __future__ import annotations

from hushu.model import Column, Table
from hushu.reports.forms.parts import blank, items, sign_off
from hushu.reports.numbers import number
from hushu.reports.review_fields import OPENING
from hushu.reports.sections.material import Material
from hushu.reports.view import Block, Cell, Grid, Section, Text

FIELDS = (
    "name",
    "provider",
    "domain",
    "items",
    "open_type",
    "open_condition",
    "open_scope",
    "format",
    "update",
    "rows",
    "grade",
    "masking",
    "contact",
)
OPEN = ("open", "conditional")


def sections(material: Material) -> tuple[Section, ...]:
    """Return the columns that may be opened by table, then those that may not."""
    say = material.say
    listed, left = [], []
    for table in material.inventory.tables:
        fit = [column for column in table.columns if _may(column)]
        if fit:
            listed.append(_row(material, table, fit))
        left += [(table, column) for column in table.columns if not _may(column)]
    blocks: list[Block] = [Text(text=say("form.proposal")), Text(text=say("opening.lead"))]
    if listed:
        head = tuple(say(f"catalogue.{field}") for field in FIELDS)
        blocks.append(Grid(caption=say("form.opening.title"), head=head, rows=tuple(listed)))
    if left:
        blocks.append(_closed(material, left))
    return (
        Section(id="opening", title=say("form.opening.title"), blocks=tuple(blocks)),
        sign_off(material, ("preparer", "secrecy", "pia", "head", "issued")),
    )


def _may(column: Column) -> bool:
    grade = column.grades.get(OPENING)
    # A column that a rule leaves to people, or that nobody graded, is not proposed for opening.
    return grade is not None and grade.level in OPEN and not grade.review


def _row(material: Material, table: Table, columns: list[Column]) -> tuple[Cell, ...]:
    names = material.names
    grades = [column.grades[OPENING] for column in columns]
    strictest = max(grades, key=lambda grade: names.rank(OPENING, grade.level))
    chips = tuple(names.chip(p, table.grades.get(p)) for p in names.packs if p != OPENING)
    empty = Cell(text=blank(material))
    return (
        Cell(text=table.comment or table.name, note=table.name if table.comment else ""),
        empty,
        empty,
        Cell(text=items(material, columns)),
        Cell(chips=(names.chip(OPENING, strictest),)),
        empty,
        empty,
        empty,
        empty,
        Cell(text=number(table.rows), number=True),
        Cell(chips=chips),
        empty,
        empty,
    )


def _closed(material: Material, columns: list[tuple[Table, Column]]) -> Grid:
    say, names = material.say, material.names
    rows = []
    for table, column in columns:
        grade = column.grades.get(OPENING)
        citations = tuple(names.citation(reason) for reason in grade.because) if grade else ()
        rows.append(
            (
                Cell(text=f"{table.name}.{column.name}", note=column.comment, code=True),
                Cell(chips=(names.chip(OPENING, grade),)),
                Cell(citations=tuple(dict.fromkeys(citations))),
            )
        )
    head = (say("column"), say("catalogue.open_type"), say("reason"))
    return Grid(
        caption=say("opening.closed", count=number(len(rows))), head=head, rows=tuple(rows), widths=(5, 4, 9)
    )
