"""A scan in the formats of ``hushu scan --format``: for a terminal, a review, a sheet, a machine."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Callable, Mapping

from hushu.errors import ConfigError
from hushu.io import indented
from hushu.model import Column, Inventory, Table
from hushu.reports.markdown import escape, table
from hushu.reports.names import Names, names_for
from hushu.reports.numbers import number, sure
from hushu.reports.sections.material import worth_telling

WIDTH, LEAST_WIDTH = 140, 80
PACKS_SHOWN = 4  # as many packs fit beside a column's name; csv and json hold all of them
_HEAD = ("table", "column", "comment", "type", "confidence", "contains", "status")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def listing(inventory: Inventory, form: str, *, lang: str = "zh") -> str:
    """Return the scan as text in one of :data:`FORMATS`.

    Args:
        inventory: what the scan found.
        form: ``table``, ``json``, ``sarif``, ``md`` or ``csv``.
        lang: ``zh`` or ``en``; JSON and SARIF keep their keys in English.

    Raises:
        ConfigError: HS-E105, another format; HS-E102, another language.

    Example:
        >>> listing(Inventory(), "csv", lang="en").splitlines()[0]
        'table,column,comment,type,confidence,contains,status,review'
    """
    if form not in FORMATS:
        raise ConfigError("unknown format", where=form, fix=f"one of: {', '.join(FORMATS)}", code="HS-E105")
    return FORMATS[form](inventory, names_for(inventory, lang))


def _json(inventory: Inventory, names: Names) -> str:
    return indented.dumps(inventory.to_dict())


def _sarif(inventory: Inventory, names: Names) -> str:
    from hushu.reports.sarif import sarif

    return json.dumps(sarif(inventory, names), ensure_ascii=False, indent=1)


def _csv(inventory: Inventory, names: Names) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*_HEAD, *names.packs, "review"])
    for owner, column in _columns(inventory):
        review = any(grade.review for grade in column.grades.values())
        cells = (
            owner.name,
            column.name,
            column.comment,
            column.type or "",
            f"{column.confidence:.2f}" if column.type else "",
            "; ".join(f"{c.type}={c.count}" for c in column.contains),
            column.status,
            *(column.grades[p].level if p in column.grades else "" for p in names.packs),
            "yes" if review else "no",
        )
        writer.writerow([_inert(cell) for cell in cells])
    return out.getvalue()


def _inert(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula, whatever a column of the source is called."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _md(inventory: Inventory, names: Names) -> str:
    say = names.say
    lines = [f"**{escape(_summary(inventory, names))}**", ""]
    lines += table(_titles(names), _rows(inventory, names))
    lines += ["", escape(_rest(inventory, names))]
    if inventory.not_examined:
        lines += ["", f"**{escape(say('hidden.warning', count=number(len(inventory.not_examined))))}**", ""]
        hidden = [(item.what, item.why) for item in inventory.not_examined]
        lines += table((say("hidden.what"), say("hidden.why")), hidden)
    lines += [f"- {escape(conflict)}" for conflict in inventory.conflicts]
    return "\n".join(lines) + "\n"


def _table(inventory: Inventory, names: Names) -> str:
    from rich.console import Console
    from rich.text import Text

    from hushu.reports.drawn import drawn

    say = names.say
    console = Console(file=io.StringIO(), width=_width(), color_system=None, highlight=False, emoji=False)
    console.print(Text(_summary(inventory, names)))
    console.print()
    for line in drawn([_titles(names), *_rows(inventory, names)], console):
        console.out(line, highlight=False)
    console.print(Text(_rest(inventory, names)))
    if inventory.not_examined:
        console.print()
        console.print(Text(say("hidden.warning", count=number(len(inventory.not_examined)))))
        for item in inventory.not_examined:
            console.print(Text(f"  {item.what}: {item.why}"))
    for conflict in inventory.conflicts:
        console.print(Text(f"  ! {conflict}"))
    out = console.file
    assert isinstance(out, io.StringIO)  # noqa: S101 - it was made three lines above
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"


def _titles(names: Names) -> tuple[str, ...]:
    say = names.say
    packs = (names.pack_in_short(p) for p in names.packs[:PACKS_SHOWN])
    return (
        say("column"),
        say("comment"),
        say("type"),
        say("contains.title"),
        *packs,
        say("decisions.status"),
    )


def _rows(inventory: Inventory, names: Names) -> list[tuple[str, ...]]:
    return [_row(owner, column, names) for owner, column in _columns(inventory) if worth_telling(column)]


def _row(owner: Table, column: Column, names: Names) -> tuple[str, ...]:
    say = names.say
    kind = f"{names.type(column.type)} {sure(column.confidence)}" if column.type else "—"
    contents = say("list.and").join(f"{names.type(c.type)} {c.count:,}" for c in column.contains)
    shown = names.packs[:PACKS_SHOWN]
    chips = (names.chip(p, column.grades.get(p)).text for p in shown)
    return (
        f"{owner.name}.{column.name}",
        column.comment,
        kind,
        contents,
        *chips,
        say(f"decided.{column.status}"),
    )


def _summary(inventory: Inventory, names: Names) -> str:
    columns = [column for _, column in _columns(inventory)]
    return names.say(
        "listing.summary",
        tables=number(len(inventory.tables)),
        columns=number(len(columns)),
        found=number(sum(bool(c.type or c.contains) for c in columns)),
        hidden=number(len(inventory.not_examined)),
    )


def _rest(inventory: Inventory, names: Names) -> str:
    rest = sum(not worth_telling(column) for _, column in _columns(inventory))
    told = [names.say("listing.rest", count=number(rest))]
    if len(names.packs) > PACKS_SHOWN:
        told.append(names.say("listing.packs", count=number(len(names.packs) - PACKS_SHOWN)))
    return " ".join(told)


def _width() -> int:
    return max(LEAST_WIDTH, shutil.get_terminal_size((WIDTH, 50)).columns)


def _columns(inventory: Inventory) -> list[tuple[Table, Column]]:
    return [(owner, column) for owner in inventory.tables for column in owner.columns]


FORMATS: Mapping[str, Callable[[Inventory, Names], str]] = {
    "table": _table,
    "json": _json,
    "sarif": _sarif,
    "md": _md,
    "csv": _csv,
}
