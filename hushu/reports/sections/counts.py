"""The tables of counts of a release: what was hidden or blurred, what the audit found, what it cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hushu.reports.numbers import number
from hushu.reports.sections.material import Material, outcome
from hushu.reports.sections.risk import bars_of, line_at
from hushu.reports.view import Block, Cell, Grid, Histogram, Section, Text


def counts(material: Material) -> Section | None:
    """Return what protects each table of counts; None without any."""
    certificate, say = material.certificate, material.say
    tables: Sequence[Mapping[str, Any]] = certificate["counts"] if certificate else ()
    if not tables:
        return None
    hidden = [table for table in tables if table.get("protection") == "suppression"]
    blocks: list[Block] = [Text(text=say("counts.lead")), _protections(material, tables)]
    if hidden:
        blocks.append(_audit(material, hidden))
    blocks += [_sizes(material, table) for table in tables if bars_of(_mapping(table.get("sizes")))]
    return Section(id="counts", title=say("counts.title"), blocks=tuple(blocks))


def _protections(material: Material, tables: Sequence[Mapping[str, Any]]) -> Grid:
    say = material.say
    rows = tuple(
        (
            Cell(text=str(table.get("name", "")), note=_by(material, table), code=True),
            Cell(text=number(table.get("cells")), number=True),
            Cell(text=_protection(material, table)),
        )
        for table in tables
    )
    head = (say("table"), say("counts.cells"), say("counts.protection"))
    return Grid(caption=say("counts.caption"), head=head, rows=rows, widths=(4, 2, 7))


def _by(material: Material, table: Mapping[str, Any]) -> str:
    dimensions = table.get("dimensions")
    names = " × ".join(map(str, dimensions)) if isinstance(dimensions, list | tuple) else ""
    return f"{names} → {table['measure']}" if table.get("measure") else names


def _protection(material: Material, table: Mapping[str, Any]) -> str:
    say, kind = material.say, table.get("protection")
    if kind == "rounding":
        return say(
            f"counts.rounded.{table.get('rounding_kind', 'controlled')}", base=number(table.get("base"))
        )
    if kind == "dp":
        left, total = table.get("budget_left", "—"), table.get("budget_total", "—")
        error = table.get("error95")
        off = f"{error:.1f}" if isinstance(error, int | float) else "—"
        return say("counts.noisy", epsilon=table.get("epsilon", "—"), off=off, left=left, total=total)
    return say("counts.hidden", minimum=number(table.get("minimum")), width=_plain(table.get("width")))


def _audit(material: Material, tables: Sequence[Mapping[str, Any]]) -> Grid:
    say = material.say
    rows = []
    for table in tables:
        audit, earlier = _mapping(table.get("audit")), _mapping(table.get("earlier_tables"))
        told = [table.get(key) for key in ("primary", "secondary", "differencing", "narrowest")]
        compared = sum(n for n in earlier.values() if isinstance(n, int))
        rows.append(
            (
                Cell(text=str(table.get("name", "")), code=True),
                *(Cell(text=_plain(value), number=True) for value in (*told, compared)),
                Cell(chips=(outcome(say, audit.get("holds")),)),
            )
        )
    keys = ("primary", "secondary", "differencing", "narrowest", "earlier")
    head = (say("table"), *(say(f"counts.{key}") for key in keys), say("counts.audit"))
    return Grid(caption=say("counts.audit_caption"), head=head, rows=tuple(rows))


def _sizes(material: Material, table: Mapping[str, Any]) -> Histogram:
    say, sizes = material.say, _mapping(table.get("sizes"))
    at = line_at(sizes, table.get("minimum"))
    return Histogram(
        title=say("counts.sizes", table=table.get("name", "")),
        bars=bars_of(sizes),
        axis=say("counts.axis"),
        line=say("counts.line", minimum=number(table.get("minimum"))) if at is not None else "",
        at=at or 0,
    )


def _plain(value: Any) -> str:
    return f"{value:,g}" if isinstance(value, int | float) else "—"


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
