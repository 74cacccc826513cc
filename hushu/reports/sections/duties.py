"""What the law asks before the data may be used so: trigger, article, and what hushu can show of it."""

from __future__ import annotations

from hushu.reports.sections.material import Material
from hushu.reports.view import Block, Cell, Grid, Section, Text
from hushu.rules.duties import Obligation
from hushu.rules.duties import duties as asked

DEFAULT_USE = "share"


def duties(material: Material) -> Section | None:
    """Return the duties for the purpose's use, or for sharing while there is no purpose."""
    packs = material.names.loaded_packs()
    if not packs:
        return None
    plan, say = material.plan, material.say
    use = plan.purpose.use if plan else DEFAULT_USE
    tables = [table.name for table in plan.tables] if plan else None
    grouped: dict[tuple[str, str], list[Obligation]] = {}
    for obligation in asked(material.inventory, use, packs, tables=tables):
        grouped.setdefault((obligation.pack, obligation.id), []).append(obligation)
    lead = Text(text=say("duties.lead", use=say(f"use.{use}")))
    if not grouped:
        return Section(id="duties", title=say("duties.title"), blocks=(lead, Text(text=say("duties.none"))))
    grid = Grid(
        caption=say("duties.caption"),
        head=(say("duties.what"), say("duties.trigger"), say("duties.evidence"), say("duties.done")),
        rows=tuple(_row(material, found) for found in grouped.values()),
        widths=(9, 4, 5, 2),
    )
    blocks: tuple[Block, ...] = (lead, grid)
    return Section(id="duties", title=say("duties.title"), blocks=blocks)


def _row(material: Material, found: list[Obligation]) -> tuple[Cell, ...]:
    chinese = material.names.lang == "zh"
    first = found[0]
    tables = material.say("list.and").join(dict.fromkeys(o.table for o in found))
    return (
        Cell(citations=(material.names.citation(first.reason()),)),
        Cell(text=first.trigger if chinese else first.trigger_en, note=tables),
        Cell(text=first.evidence if chinese else first.evidence_en),
        Cell(text="□"),
    )
