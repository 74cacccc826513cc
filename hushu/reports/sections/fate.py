"""What leaves and what does not, and why: the plan, column by column."""

from __future__ import annotations

import re

from hushu.model import Plan, PlanColumn, PlanTable
from hushu.reports import words
from hushu.reports.numbers import number
from hushu.reports.sections.material import Material
from hushu.reports.view import Block, Callout, Cell, Chip, Facts, Grid, Section, Text, Tone

_HAN = re.compile(r"[\u4e00-\u9fff]")
_TONES: dict[str, Tone] = {"keep": "warn", "transform": "good", "drop": "muted"}


def fate(material: Material) -> Section | None:
    """Return the purpose, then what leaves, then what does not; None without a plan."""
    plan, say = material.plan, material.say
    if plan is None:
        return None
    blocks: list[Block] = [_purpose(material, plan)]
    if plan.refused:
        blocks.append(Callout(title=say("fate.refused"), items=plan.refused, tone="bad"))
    if plan.warnings:
        blocks.append(Callout(title=say("fate.warnings"), items=plan.warnings, tone="warn"))
    leaves = [(t, c) for t in plan.tables for c in t.columns if c.action != "drop"]
    stays = [(t, c) for t in plan.tables for c in t.columns if c.action == "drop"]
    if leaves:
        blocks.append(_leaves(material, leaves))
    else:
        blocks.append(Text(text=say("fate.nothing_leaves")))
    if stays:
        blocks.append(_stays(material, stays))
    others = _untouched(material, plan)
    if others:
        blocks.append(Text(text=say("fate.untouched", tables=say("list.and").join(others))))
    return Section(id="fate", title=say("fate.title"), blocks=tuple(blocks))


def _purpose(material: Material, plan: Plan) -> Facts:
    say = material.say
    purpose = plan.purpose
    fields = ("title", "matter", "provider", "recipient", "basis", "scenario", "scope", "mode", "until")
    rows = [(say(f"purpose.{name}"), Cell(text=str(getattr(purpose, name)) or "—")) for name in fields]
    if purpose.retention:
        rows.append((say("purpose.retention"), Cell(text=purpose.retention)))
    return Facts(rows=tuple(rows), title=say("purpose.heading"))


def _leaves(material: Material, columns: list[tuple[PlanTable, PlanColumn]]) -> Grid:
    say = material.say
    return Grid(
        caption=say("fate.leaves", count=number(len(columns))),
        head=(say("column"), say("fate.as"), say("fate.how"), say("fate.grain"), say("fate.why")),
        rows=tuple(
            (
                Cell(text=f"{t.name}.{c.name}", note=material.names.type(c.type), code=True),
                Cell(text=c.output or c.name, code=True),
                Cell(chips=(Chip(text=say(f"fate.{c.action}"), tone=_TONES[c.action]),), note=_how(c)),
                Cell(text=_grain(material, c.grain)),
                _why(material, c),
            )
            for t, c in columns
        ),
        widths=(5, 4, 4, 3, 7),
    )


def _stays(material: Material, columns: list[tuple[PlanTable, PlanColumn]]) -> Grid:
    """Return the columns that do not leave under the reason they share: it is nearly always the same."""
    say = material.say
    grouped: dict[Cell, list[str]] = {}
    for table, column in columns:
        kind = f" ({material.names.type(column.type)})" if column.type else ""
        grouped.setdefault(_why(material, column), []).append(f"{table.name}.{column.name}{kind}")
    return Grid(
        caption=say("fate.stays", count=number(len(columns))),
        head=(say("fate.why"), say("column")),
        rows=tuple((why, Cell(text="\n".join(names))) for why, names in grouped.items()),
        widths=(9, 11),
    )


def _how(column: PlanColumn) -> str:
    # Only numbers: a parameter in words may have been copied from a cell.
    numbers = [f"{key}={value}" for key, value in column.params.items() if isinstance(value, int | float)]
    return " ".join([column.operator, *numbers]).strip()


def _grain(material: Material, grain: str) -> str:
    known = f"grain.{grain}"
    return material.say(known) if known in words.load() else grain or "—"


def _why(material: Material, column: PlanColumn) -> Cell:
    citations = tuple(material.names.citation(reason) for reason in column.because)
    edited = ""
    if column.grain != column.proposed:
        edited = material.say(
            "fate.edited", grain=_grain(material, column.proposed), why=column.reason or "—"
        )
    return Cell(text=_said(material, column) or ("" if citations else "—"), citations=citations, note=edited)


def _said(material: Material, column: PlanColumn) -> str:
    """Return why a column has its fate; the planner's own Chinese words are left to its reasons in English.

    What the purpose says of a column that leaves is the applicant's own word and stays as it is.
    """
    foreign = material.names.lang == "en" and column.action == "drop" and _HAN.search(column.why)
    return "" if foreign and any(reason.text_en for reason in column.because) else column.why


def _untouched(material: Material, plan: Plan) -> list[str]:
    planned = {t.name for t in plan.tables}
    return [t.name for t in material.inventory.tables if t.name not in planned]
