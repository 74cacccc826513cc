"""``hushu apply``: from a plan to a verified release."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hushu.cli import output
from hushu.errors import ConfigError

app = typer.Typer(rich_markup_mode=None)


@app.command()
def apply(
    plan: Annotated[Path, typer.Argument(metavar="PLAN", help="plan.yaml.")],
    source: Annotated[str, typer.Argument(metavar="SOURCE", help="What the plan was made for.")],
    out: Annotated[Path | None, typer.Option("-o", "--output", help="Folder of the release.")] = None,
    key_file: Annotated[
        Path | None, typer.Option("--key-file", help="Key of pseudonyms; or HUSHU_KEY.")
    ] = None,
    recipient: Annotated[str | None, typer.Option("--recipient", help="Whom this copy is for.")] = None,
    ledger: Annotated[Path | None, typer.Option("--ledger", help="Record the release here.")] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show masked before and after; write nothing.")
    ] = False,
) -> None:
    """Apply a plan and write a verified release."""
    import hushu

    key = key_of(key_file)
    if dry_run:
        from hushu.anonymize.rehearsal import rehearse

        output.emit(rehearse(plan, source, key=key, recipient=recipient).text(output.language()))
        return
    if out is None:
        raise ConfigError("a release needs a folder", where="-o", fix="-o RELEASE_DIR", code="HS-E138")
    with output.progress(output.say("处理", "applying")) as step:
        release = hushu.apply(
            plan, source, key=key, out=out, recipient=recipient, ledger=ledger, on_progress=step
        )
    rows = sum(table["rows"] for table in release.certificate["output"]["tables"])
    output.emit(str(out))
    output.notice(output.say(f"已发布 {rows} 行，校验通过", f"released {rows} rows; every check holds"))


def key_of(key_file: Path | None) -> object:
    """Return the key in a file, or in the environment, or None."""
    from hushu.anonymize import keys

    if key_file is not None:
        return keys.from_file(key_file)
    import os

    return keys.from_environment() if os.environ.get(keys.ENVIRONMENT) else None
