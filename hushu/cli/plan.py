"""``hushu plan``: from a purpose to the least that must leave."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hushu.cli import output

app = typer.Typer(rich_markup_mode=None)


@app.command()
def plan(
    inventory: Annotated[Path, typer.Argument(metavar="INVENTORY", help="inventory.json of a scan.")],
    purpose: Annotated[Path, typer.Option("--purpose", help="purpose.yaml.")],
    pack: Annotated[
        list[str] | None, typer.Option("--pack", help="Grade anew under these packs first.")
    ] = None,
    out: Annotated[Path | None, typer.Option("-o", "--output", help="Write plan.yaml here.")] = None,
) -> None:
    """Make a plan: the fate of every column, and the article that says so."""
    import hushu
    from hushu.anonymize.planfile import plan_text

    made = hushu.plan(inventory, purpose, packs=pack)
    output.emit(plan_text(made), out)
    counts = {"keep": 0, "transform": 0, "drop": 0}
    for table in made.tables:
        for column in table.columns:
            counts[column.action] += 1
    output.notice(
        output.say(
            f"保留 {counts['keep']} 列，转换 {counts['transform']} 列，不提供 {counts['drop']} 列",
            f"{counts['keep']} kept, {counts['transform']} transformed, {counts['drop']} dropped",
        )
    )
    for warning in made.warnings:
        output.notice(f"! {warning}")
