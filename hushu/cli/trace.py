"""``hushu trace``: which recipient's copy is this?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hushu.cli import output
from hushu.cli.key_options import DATA_KEYS_HELP, KEY_HELP, opened
from hushu.errors import ConfigError

if TYPE_CHECKING:
    from hushu.anonymize.fingerprint import TraceResult
    from hushu.anonymize.keys import Keyring

app = typer.Typer(rich_markup_mode=None)

EXIT_NOBODY_NAMED = 1
NO_CANDIDATE = "HS-E166"


@app.command()
def trace(
    leaked: Annotated[str, typer.Argument(metavar="LEAKED", help="The leaked table, or a part of it.")],
    ledger: Annotated[Path, typer.Option("--ledger", help="The ledger of the releases.")],
    key_file: Annotated[str | None, typer.Option("--key-file", help=KEY_HELP)] = None,
    data_keys: Annotated[Path | None, typer.Option("--data-keys", help=DATA_KEYS_HELP)] = None,
    dataset: Annotated[
        str, typer.Option("--dataset", help="With --data-keys: the releases' purpose id.")
    ] = "",
    form: Annotated[str, typer.Option("--format", help="table | json")] = "table",
    out: Annotated[Path | None, typer.Option("-o", "--output", help="Write to this file.")] = None,
) -> int:
    """Name the recipient whose copy leaked; exit 1 when nobody can be named."""
    from hushu.anonymize.keys import require

    if form not in {"table", "json"}:
        raise ConfigError("unknown format", where=f"--format {form}", fix="table or json", code="HS-E105")
    ring = require(opened(key_file, data_keys, dataset), where="--key-file")
    results, problem = _traced(leaked, ledger, ring)
    if problem is not None and not results:
        # Not a wrong option: the question was put well, and the answer is that nobody can be named.
        output.notice(_nobody())
        output.error(problem)
        return EXIT_NOBODY_NAMED
    result = next((found for found in results if found.named), results[0])
    if form == "json":
        output.emit_json(result.to_dict(), out)
    else:
        output.emit(_page(result), out)
    return 0 if result.named else EXIT_NOBODY_NAMED


def _traced(leaked: str, ledger: Path, ring: Keyring) -> tuple[list[TraceResult], ConfigError | None]:
    """Trace under every key: copies that were marked before a rotation answer to a retired one."""
    import hushu

    results, problem = [], None
    for key in ring:
        try:
            results.append(hushu.trace(leaked, ledger, key))
        except ConfigError as told:
            if told.code != NO_CANDIDATE:
                raise
            problem = problem or told
    return results, problem


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
