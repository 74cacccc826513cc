"""``hushu export``: the inventory in the words of catalogues and databases."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hushu.cli import output

app = typer.Typer(rich_markup_mode=None)


@app.command()
def export(
    inventory: Annotated[Path, typer.Argument(help="inventory.json of hushu scan.")],
    to: Annotated[
        str,
        typer.Option(
            "--to",
            help="frictionless, dcat, dpv, openmetadata, datahub, dbt, openlineage, pg-anonymizer, sql-views",
        ),
    ],
    plan: Annotated[Path | None, typer.Option(help="The plan whose masking is exported.")] = None,
    out: Annotated[Path | None, typer.Option("-o", "--output", help="Write to this file.")] = None,
) -> None:
    """Export the inventory to catalogues and databases."""
    from hushu.anonymize.planfile import read_plan
    from hushu.io.inventories import read_inventory
    from hushu.reports.exports import export as made

    output.emit(made(read_inventory(inventory), to, read_plan(plan) if plan else None), out)
