"""``hushu verify``: does a release hold?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hushu.cli import output

app = typer.Typer(rich_markup_mode=None)


@app.command()
def verify(
    release: Annotated[Path, typer.Argument(metavar="RELEASE_DIR", help="Folder of hushu apply.")],
    plan: Annotated[Path | None, typer.Option("--plan", help="plan.yaml it was made from.")] = None,
    ledger: Annotated[Path | None, typer.Option("--ledger", help="The ledger it was recorded in.")] = None,
    form: Annotated[str, typer.Option("--format", help="table | json")] = "table",
) -> int:
    """Re-scan and re-measure a release; exit 1 when it does not hold."""
    import hushu

    result = hushu.verify(release, plan, ledger=ledger)
    if form == "json":
        output.emit_json(result.to_dict())
    else:
        lines = [f"{'✓' if check.holds else '✗'} {check.name}  {check.detail}" for check in result.checks]
        verdict = output.say("成立", "holds") if result.holds else output.say("不成立", "does not hold")
        output.emit("\n".join([*lines, verdict]))
    return 0 if result.holds else 1
