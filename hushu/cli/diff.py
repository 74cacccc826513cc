"""``hushu diff``: what changed between two inventories."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hushu.cli import output

app = typer.Typer(rich_markup_mode=None)


@app.command()
def diff(
    old: Annotated[Path, typer.Argument(help="The earlier inventory.json.")],
    new: Annotated[Path, typer.Argument(help="The later inventory.json.")],
    form: Annotated[str, typer.Option("--format", help="table | json")] = "table",
    pack: Annotated[
        list[str] | None, typer.Option("--pack", help="File of a pack of your own; repeatable.")
    ] = None,
    out: Annotated[Path | None, typer.Option("-o", "--output", help="Write to this file.")] = None,
) -> None:
    """Show what is new, gone, raised, lowered or called otherwise."""
    from hushu.rules.changes import diff as compared

    changes = compared(old, new, packs=pack or ())
    if form == "json":
        output.emit_json(changes.to_dict(), out)
    else:
        output.emit(changes.text(output.language()), out)
