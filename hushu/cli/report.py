"""``hushu report``: one document an officer can read and sign."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hushu.cli import output

app = typer.Typer(rich_markup_mode=None)


@app.command()
def report(
    inventory: Annotated[Path, typer.Argument(help="inventory.json of hushu scan.")],
    to: Annotated[Path, typer.Option("-o", "--output", help="report.html, .docx, .pdf, .xlsx, .md or .json")],
    plan: Annotated[Path | None, typer.Option(help="The plan: what leaves, what does not, and why.")] = None,
    release: Annotated[
        Path | None, typer.Option(help="The release folder: risk before and after, the proof.")
    ] = None,
    form: Annotated[
        str, typer.Option(help="A prefilled form instead: catalogue, opening, usage-log or pia.")
    ] = "",
) -> None:
    """Write the compliance report: html, docx, pdf, xlsx, md or json."""
    from hushu.reports.forms import form as fill
    from hushu.reports.report import report as make

    lang = output.language()
    if form:
        made = fill(inventory, form, plan, release, lang=lang).save(to)
    else:
        made = make(inventory, plan, release, lang=lang).save(to)
    output.notice(output.say(f"已写入 {made}", f"wrote {made}"))
