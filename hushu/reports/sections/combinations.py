"""What is more sensitive together than apart: within a table, and over tables that can be joined."""

from __future__ import annotations

from dataclasses import replace

from hushu.model import Reason, Table
from hushu.reports.numbers import number
from hushu.reports.sections.material import Material
from hushu.reports.view import Block, Cell, Grid, Section, Text
from hushu.rules.mosaic import Join, mosaic

PAIRS = 300  # pairs of tables that a report looks at; the rest is said, not silently left out


def combinations(material: Material) -> Section | None:
    """Return the rules about whole tables that fired, and the joins that would raise a grade."""
    packs = material.names.loaded_packs()
    if not packs:
        return None
    say = material.say
    blocks: list[Block] = [Text(text=say("combinations.lead"))]
    fired: dict[Reason, list[str]] = {}
    for table in material.inventory.tables:
        for reason in _about_the_whole(material, table):
            fired.setdefault(reason, []).append(table.name)
    if fired:
        blocks.append(
            Grid(
                caption=say("combinations.within"),
                head=(say("reason"), say("table")),
                rows=tuple(
                    (
                        Cell(citations=(material.names.citation(reason),)),
                        Cell(text="\n".join(tables), code=True),
                    )
                    for reason, tables in fired.items()
                ),
                widths=(13, 7),
            )
        )
    found = mosaic(material.inventory, packs, max_pairs=PAIRS)
    if found.joins:
        blocks.append(_joins(material, found.joins))
    else:
        blocks.append(Text(text=say("combinations.none", pairs=number(found.pairs))))
    if found.not_examined:
        blocks.append(Text(text=say("combinations.limit", pairs=number(PAIRS)), tone="warn"))
    return Section(id="combinations", title=say("combinations.title"), blocks=tuple(blocks))


def _about_the_whole(material: Material, table: Table) -> list[Reason]:
    reasons = {r.rule: r for grade in table.grades.values() for r in grade.because}
    # The effect names levels of one table; without it, one rule is one line for all its tables.
    return [replace(r, effect="") for r in reasons.values() if material.names.scope(r.rule) == "table"]


def _joins(material: Material, joins: tuple[Join, ...]) -> Grid:
    say = material.say
    head = (say("combinations.join"), say("grade"), say("reason"))
    rows = tuple(_join(material, join) for join in joins)
    return Grid(caption=say("combinations.across"), head=head, rows=rows, widths=(5, 4, 10))


def _join(material: Material, join: Join) -> tuple[Cell, ...]:
    names, pack = material.names, join.pack
    whole = dict.fromkeys((names.level_in_short(pack, join.before), names.level_in_short(pack, join.after)))
    risen: dict[str, list[str]] = {}
    for rise in join.columns:
        step = f"{names.level_in_short(pack, rise.before)} → {names.level_in_short(pack, rise.after)}"
        risen.setdefault(step, []).append(rise.column)
    listed = material.say("list.and").join
    reasons = [names.citation(rise.because[0]) for rise in join.columns if rise.because]
    return (
        Cell(text=f"{join.left} ⋈ {join.right}", note=_ways(join), code=True),
        Cell(text=" → ".join(whole), note=names.pack_in_short(pack)),
        Cell(
            text="\n".join(f"{step}: {listed(columns)}" for step, columns in risen.items()),
            citations=tuple(dict.fromkeys(reasons)) or (names.citation(join.basis),),
        ),
    )


def _ways(join: Join) -> str:
    return "\n".join(f"{link.left} = {link.right}" for link in join.links)
