"""``hushu ledger``: verify the append-only ledger, or cut off a line that a crash tore."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import typer

from hushu.cli import output

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Verify the append-only ledger."""


@app.command()
def verify(
    file: Path = typer.Argument(..., help="The ledger, ledger.jsonl."),
    format: str = typer.Option("table", "--format", help="table or json."),
) -> None:
    """Check every entry and the chain between them; exit 1 at the first that does not hold."""
    from hushu.errors import LedgerError
    from hushu.io import ledger

    check = ledger.verify(file)
    if format == "json":
        output.emit_json(asdict(check) | {"ok": check.ok})
    elif check.ok:
        output.emit(
            output.say(
                f"台账完整：{check.entries} 条，末条摘要 {check.last_sha256}",
                f"the ledger holds: {check.entries} entries, last digest {check.last_sha256}",
            )
        )
    if not check.ok:
        raise LedgerError(
            "the ledger does not verify",
            where=f"{file}, line {check.broken_line}",
            why=f"{check.why}; {check.entries} entries before it hold",
            fix="hushu ledger repair FILE" if check.torn else "keep the file as evidence; start a new ledger",
            code="HS-E701" if check.torn else "HS-E702",
        )


@app.command()
def repair(file: Path = typer.Argument(..., help="The ledger, ledger.jsonl.")) -> None:
    """Cut off a last line that a crash left incomplete; nothing else is ever changed."""
    from hushu.io import ledger

    cut = ledger.repair(file)
    output.emit(output.say(f"已截去 {cut} 字节的残行。", f"cut off {cut} bytes of an incomplete line."))
