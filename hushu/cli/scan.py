"""``hushu scan``: find and grade."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, cast

import typer

from hushu.cli import output
from hushu.errors import ConfigError, PolicyError
from hushu.model import Inventory

app = typer.Typer(rich_markup_mode=None)

EXIT_NOT_EXAMINED = 3


@app.command()
def scan(
    sources: Annotated[
        list[str], typer.Argument(metavar="SOURCE...", help="Database URL, file, folder, DDL script, or -.")
    ],
    pack: Annotated[list[str] | None, typer.Option("--pack", help="Pack id or file; repeatable.")] = None,
    sample: Annotated[str, typer.Option("--sample", help="Rows of each table, or 'all'.")] = "",
    decisions: Annotated[Path | None, typer.Option("--decisions", help="decisions.yaml of people.")] = None,
    baseline: Annotated[
        Path | None, typer.Option("--baseline", help="Report changes against this inventory.")
    ] = None,
    fail_on: Annotated[str, typer.Option("--fail-on", help="Exit 1 at this level or above, e.g. G4.")] = "",
    form: Annotated[str, typer.Option("--format", help="table | json | sarif | md | csv")] = "table",
    out: Annotated[Path | None, typer.Option("-o", "--output", help="Write to this file.")] = None,
    ledger: Annotated[Path | None, typer.Option("--ledger", help="Record the scan in this ledger.")] = None,
    encoding: Annotated[str | None, typer.Option("--encoding", help="Encoding of text files.")] = None,
) -> int:
    """Find and grade personal data."""
    import gc

    import hushu
    from hushu.reports.listing import FORMATS, listing

    # What a scan makes stays to the end: looking through all of it for cycles takes a twentieth of the time.
    gc.set_threshold(50_000, 20, 1_000)
    if form not in FORMATS:
        raise ConfigError(
            "unknown format", where=f"--format {form}", fix=f"one of: {', '.join(FORMATS)}", code="HS-E105"
        )
    if fail_on:
        from hushu.rules.levels import orders_with
        from hushu.rules.packload import DEFAULT

        orders_with(fail_on, pack or DEFAULT)  # an unknown level is told before the long scan
    with output.progress(output.say("扫描", "scanning")) as step:
        inventory = hushu.scan(
            sources,
            packs=pack,
            sample=_sample(sample),
            decisions=decisions,
            encoding=encoding,
            on_progress=step,
        )
    if ledger is not None:
        _record(ledger, inventory)
    output.emit(listing(inventory, form, lang=output.language()), out)
    if baseline is not None:
        _compare(baseline, inventory, tuple(pack or ()))
    if fail_on:
        _gate(inventory, fail_on, tuple(pack or ()))
    return EXIT_NOT_EXAMINED if inventory.not_examined else 0


def _sample(text: str) -> int | Literal["all"] | None:
    if text in {"", "all"}:
        return cast(Literal["all"] | None, text or None)
    if text.isdigit() and int(text) > 0:
        return int(text)
    raise ConfigError(
        "not a sample size", where=f"--sample {text}", fix="a number of rows, or all", code="HS-E106"
    )


def _record(ledger: Path, found: Inventory) -> None:
    from hushu.anonymize.planning import inventory_digest
    from hushu.io.ledger import append

    append(
        ledger,
        {
            "kind": "scan",
            "what": found.source,
            "tables": len(found.tables),
            "inventory_sha256": inventory_digest(found),
        },
    )


def _compare(baseline: Path, inventory: Inventory, packs: tuple[str, ...]) -> None:
    import hushu

    changes = hushu.diff(baseline, inventory, packs=packs)
    output.notice(changes.text(output.language()))


def _gate(inventory: Inventory, level: str, packs: tuple[str, ...]) -> None:
    from hushu.rules.levels import at_or_above

    over = at_or_above(inventory, level, packs)
    if over:
        raise PolicyError(
            "columns at or above the limit",
            where=", ".join(over[:5]) + (" …" if len(over) > 5 else ""),
            why=f"{len(over)} column(s) reach {level}",
            fix="mask or drop them, or raise --fail-on",
            code="HS-E301",
        )
