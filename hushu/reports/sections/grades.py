"""Grades by table and column, with the reason, the article and how far its text was verified."""

from __future__ import annotations

from dataclasses import replace

from hushu.model import Column, Evidence, Grade, Table
from hushu.reports.numbers import number, share, sure
from hushu.reports.sections.material import Material, worth_telling
from hushu.reports.view import Block, Cell, Citation, Fold, Graded, Grid, Section, Text

PACKS_APART = 4  # up to so many packs have a column each
EVERY_COLUMN = 3000  # above so many columns, those without any finding are only counted


def overview(material: Material) -> Section:
    """Return one line a table: its level under every pack; many packs share one column."""
    say, names = material.say, material.names
    apart = len(names.packs) <= PACKS_APART
    levels = tuple(names.pack_in_short(p) for p in names.packs) if apart else (say("grade"),)
    rows = tuple(
        (
            Cell(text=t.name, code=True),
            Cell(text=t.comment or "—"),
            Cell(text=number(len(t.columns)), number=True),
            Cell(text=number(t.rows), number=True),
            *_levels(material, t, apart=apart),
        )
        for t in material.inventory.tables
    )
    grid = Grid(
        caption=say("overview.caption"),
        head=(say("table"), say("comment"), say("columns"), say("rows"), *levels),
        rows=rows,
        widths=(4, 4, 2, 2, *(3 for _ in levels)) if apart else (4, 4, 2, 2, 9),
    )
    return Section(id="tables", title=say("overview.title"), blocks=(Text(text=say("overview.lead")), grid))


def _levels(material: Material, table: Table, *, apart: bool) -> tuple[Cell, ...]:
    names = material.names
    chips = [names.chip(pack, table.grades.get(pack)) for pack in names.packs]
    if apart:
        return tuple(Cell(chips=(replace(chip, title=""),)) for chip in chips)
    return (Cell(chips=tuple(chips)),)


def columns(material: Material) -> Section:
    """Return every column of every table, one fold a table."""
    say, tables = material.say, material.inventory.tables
    total = sum(len(table.columns) for table in tables)
    lead: tuple[Block, ...] = (Text(text=say("columns.lead")),)
    if total > EVERY_COLUMN:
        tables = tuple(_shortened(table) for table in tables)
        told = sum(len(table.columns) for table in tables)
        lead += (Text(text=say("columns.shortened", count=number(total - told)), tone="warn"),)
    rules = Rules(material)
    folds = tuple(_table(material, rules, table, n) for n, table in enumerate(tables))
    blocks = (*lead, *folds, rules.listed()) if folds else lead
    return Section(id="columns", title=say("columns.title"), blocks=blocks)


class Rules:
    """The rules that fired, numbered in the order in which the section names them."""

    def __init__(self, material: Material) -> None:
        self._material = material
        self._numbers: dict[Citation, int] = {}

    def graded(self, pack: str, grade: Grade | None) -> Graded:
        """Return a level with its deciding rule in full and the others by number."""
        names = self._material.names
        found = list(dict.fromkeys(names.citation(reason) for reason in grade.because)) if grade else []
        numbers = [self._numbers.setdefault(c, len(self._numbers) + 1) for c in found]
        return Graded(chip=names.chip(pack, grade), citations=tuple(found[:1]), also=tuple(numbers[1:]))

    def listed(self) -> Grid:
        """Return every rule named so far, each once, with its mark."""
        say = self._material.say
        rows = tuple(
            (Cell(text=str(number), number=True, anchor=f"rule-{number}"), Cell(citations=(citation,)))
            for citation, number in self._numbers.items()
        )
        head = (say("rules.no"), say("reason"))
        return Grid(caption=say("rules.caption"), head=head, rows=rows, widths=(1, 19))


def _shortened(table: Table) -> Table:
    return replace(table, columns=tuple(column for column in table.columns if worth_telling(column)))


def _table(material: Material, rules: Rules, table: Table, n: int) -> Fold:
    say, names = material.say, material.names
    head = (say("column"), say("type"), say("grade_reason"))
    grid = Grid(
        caption=say("columns.caption", table=table.name),
        head=head,
        rows=tuple(_row(material, rules, column) for column in table.columns),
        widths=(4, 5, 11),
        filterable=True,
    )
    own = Grid(
        caption=say("columns.table_caption", table=table.name),
        head=(say("table"), say("grade_reason")),
        rows=(
            (
                Cell(text=table.name, note=table.comment, code=True),
                Cell(grades=tuple(rules.graded(p, table.grades.get(p)) for p in names.packs)),
            ),
        ),
        widths=(4, 16),
    )
    blocks: tuple[Block, ...] = (grid, own) if table.grades else (grid,)
    return Fold(
        id=f"table-{n}",
        title=f"{table.name}　{table.comment}".strip("　"),
        summary=say("columns.summary", columns=number(len(table.columns)), rows=number(table.rows)),
        chips=tuple(names.chip(p, table.grades.get(p)) for p in names.packs),
        blocks=blocks,
        open=n == 0,
    )


def _row(material: Material, rules: Rules, column: Column) -> tuple[Cell, ...]:
    say, names = material.say, material.names
    kind, certainty = names.type(column.type), sure(column.confidence)
    notes = [say(f"decided.{column.status}")] if column.status != "suggested" else []
    notes += [_contains(material, column)] if column.contains else []
    notes += column.finding.warnings
    return (
        Cell(text=column.name, note=column.comment, code=True),
        Cell(
            text=say("type.sure", type=kind, share=certainty) if column.type else kind,
            note="\n".join(filter(None, [_evidence(material, column.evidence), *notes])),
        ),
        Cell(grades=tuple(rules.graded(p, column.grades.get(p)) for p in names.packs)),
    )


def _evidence(material: Material, evidence: tuple[Evidence, ...]) -> str:
    say = material.say
    cells = [say("evidence.cells", matched=number(e.matched), of=number(e.of)) for e in evidence if e.of]
    kinds = dict.fromkeys(e.kind for e in evidence if not e.of and e.weight >= 0)
    words = [say(f"evidence.{kind}") for kind in kinds]
    return say("list.and").join([*cells[:1], *words])


def _contains(material: Material, column: Column) -> str:
    say = material.say
    parts = [
        say("contains.part", type=material.names.type(c.type), count=number(c.count), share=share(c.share))
        for c in column.contains
    ]
    return say("contains", parts=say("list.and").join(parts))
