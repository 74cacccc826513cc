"""``hushu why``: the evidence behind one column."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hushu.cli import output

app = typer.Typer(rich_markup_mode=None)


@app.command()
def why(
    inventory: Annotated[Path, typer.Argument(metavar="INVENTORY", help="inventory.json of a scan.")],
    column: Annotated[str, typer.Argument(metavar="TABLE.COLUMN", help="Which column.")],
    form: Annotated[str, typer.Option("--format", help="table | json")] = "table",
) -> None:
    """Show the evidence, the rules, and what would change them."""
    from hushu.classify.explain import why as explain
    from hushu.io.inventories import read_inventory

    explanation = explain(read_inventory(inventory), column)
    if form == "json":
        output.emit_json(explanation.to_dict())
    else:
        output.emit(explanation.text(output.language()))
