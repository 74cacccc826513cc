"""``hushu ledger``: verify the append-only ledger, or cut off a line that a crash tore."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from hushu.cli import output

if TYPE_CHECKING:
    from hushu.errors import LedgerError
    from hushu.io.ledger import LedgerCheck

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Verify the append-only ledger."""


@app.command()
def verify(
    file: Path = typer.Argument(..., help="The ledger, ledger.jsonl."),
    certificate: list[Path] = typer.Option(
        [], "--certificate", help="A certificate or release folder that it must record; may be repeated."
    ),
    head: list[str] = typer.Option([], "--head", help="A line that `hushu ledger head` printed before."),
    format: str = typer.Option("table", "--format", help="table or json."),
) -> None:
    """Check every entry, the chain, and what is known of it outside; exit 1 where it does not hold."""
    from hushu.anonymize.certificates import anchor
    from hushu.io import ledger
    from hushu.io.ledger_head import parse_head

    known = [*map(anchor, certificate), *map(parse_head, head)]
    check = ledger.verify(file, known)
    if format == "json":
        output.emit_json(asdict(check) | {"ok": check.ok})
    elif check.ok:
        output.emit(
            output.say(
                f"台账完整：{check.entries} 条，末条摘要 {check.last_sha256}",
                f"the ledger holds: {check.entries} entries, last digest {check.last_sha256}",
            )
        )
        output.notice(_unanchored(check))
    if not check.ok:
        raise _broken(file, check)


def _broken(file: Path, check: LedgerCheck) -> LedgerError:
    from hushu.errors import LedgerError

    return LedgerError(
        "the ledger does not verify",
        where=f"{file}, line {check.broken_line}",
        why=f"{check.why}; {check.entries} entries before it hold",
        fix="hushu ledger repair FILE" if check.torn else "keep the file as evidence; start a new ledger",
        code="HS-E701" if check.torn else "HS-E703" if check.cut else "HS-E702",
    )


def _unanchored(check: LedgerCheck) -> str:
    """Say what this check could not notice."""
    return output.say(
        f"第 {check.anchored} 条及以前有 .head、合格证或另存摘要为证；"
        "若台账与全部佐证一并被改写则无法发现，"
        "请把合格证或 hushu ledger head 的输出存放在台账保管人改不到的地方。",
        f"entries up to {check.anchored} are vouched for by the head, a certificate or a head kept "
        "elsewhere; who rewrites the ledger together with all of these stays unnoticed: keep "
        "certificates, or the line of hushu ledger head, where the ledger's keeper cannot write.",
    )


@app.command()
def head(file: Path = typer.Argument(..., help="The ledger, ledger.jsonl.")) -> None:
    """Print the number and digest of the last entry, to keep elsewhere: verify --head takes it."""
    from hushu.io import ledger

    check = ledger.verify(file)
    if not check.ok:
        raise _broken(file, check)
    output.emit(f"{check.entries}:{check.last_sha256}")


@app.command()
def repair(file: Path = typer.Argument(..., help="The ledger, ledger.jsonl.")) -> None:
    """Cut off a last line that a crash left incomplete; nothing else is ever changed."""
    from hushu.io import ledger

    cut = ledger.repair(file)
    output.emit(output.say(f"已截去 {cut} 字节的残行。", f"cut off {cut} bytes of an incomplete line."))
