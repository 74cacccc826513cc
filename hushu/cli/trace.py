"""``hushu trace``: which recipient's copy is this?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hushu.cli import output
from hushu.errors import ConfigError

if TYPE_CHECKING:
    from hushu.anonymize.fingerprint import TraceResult

app = typer.Typer(rich_markup_mode=None)

EXIT_NOBODY_NAMED = 1
NO_CANDIDATE = "HS-E166"


@app.command()
def trace(
    leaked: Annotated[str, typer.Argument(metavar="LEAKED", help="The leaked table, or a part of it.")],
    ledger: Annotated[Path, typer.Option("--ledger", help="The ledger of the releases.")],
    key_file: Annotated[
        Path | None, typer.Option("--key-file", help="The key of the releases; default HUSHU_KEY.")
    ] = None,
    form: Annotated[str, typer.Option("--format", help="table | json")] = "table",
    out: Annotated[Path | None, typer.Option("-o", "--output", help="Write to this file.")] = None,
) -> int:
    """Name the recipient whose copy leaked; exit 1 when nobody can be named."""
    import hushu
    from hushu.anonymize.keys import from_environment, from_file

    if form not in {"table", "json"}:
        raise ConfigError("unknown format", where=f"--format {form}", fix="table or json", code="HS-E105")
    key = from_file(key_file) if key_file else from_environment()
    try:
        result = hushu.trace(leaked, ledger, key)
    except ConfigError as problem:
        if problem.code != NO_CANDIDATE:
            raise
        # Not a wrong option: the question was put well, and the answer is that nobody can be named.
        output.notice(_nobody())
        output.error(problem)
        return EXIT_NOBODY_NAMED
    if form == "json":
        output.emit_json(result.to_dict(), out)
    else:
        output.emit(_page(result), out)
    return 0 if result.named else EXIT_NOBODY_NAMED


def _nobody() -> str:
    return output.say("无法指认任何接收方。", "no recipient can be named.")


def _page(result: TraceResult) -> str:
    say = output.say
    lines = [
        say("接收方：", "recipient: ") + "、".join(result.named) if result.named else _nobody(),
        say(result.reason_zh, result.reason),
        say(
            f"判定门限 z ≥ {result.threshold:.2f}，泄露部分 {result.rows} 行",
            f"named from z ≥ {result.threshold:.2f}; {result.rows} leaked rows",
        ),
    ]
    for suspect in result.suspects[:5]:
        agreed = say(
            f"{suspect.votes} 个标记中 {suspect.agreeing} 个相符",
            f"{suspect.agreeing} of {suspect.votes} marks agree",
        )
        lines.append(f"  {suspect.recipient}  z={suspect.z:.1f}  {agreed}")
    return "\n".join(lines)
