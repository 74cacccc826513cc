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
    say, names = material.say, material.names
    rows = tuple(
        (
            Cell(
                text=f"{j.left} ⋈ {j.right}",
                note=", ".join(f"{k.left} = {k.right}" for k in j.links),
                code=True,
            ),
            Cell(
                text=" → ".join(dict.fromkeys((names.level(j.pack, j.before), names.level(j.pack, j.after)))),
                note=names.pack_in_short(j.pack),
            ),
            Cell(
                text=say("list.and").join(
                    f"{rise.column} {rise.before} → {rise.after}" for rise in j.columns[:8]
                ),
                citations=tuple(
                    dict.fromkeys(names.citation(r) for rise in j.columns for r in rise.because[:1])
                )
                or (names.citation(j.basis),),
            ),
        )
        for j in joins
    )
    head = (say("combinations.join"), say("grade"), say("reason"))
    return Grid(caption=say("combinations.across"), head=head, rows=rows, widths=(5, 5, 9))


def _ways(join: Join) -> str:
    return "\n".join(f"{link.left} = {link.right}" for link in join.links)
