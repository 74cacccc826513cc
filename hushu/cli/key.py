"""``hushu key new``: draw a key."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hushu.cli import output

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True)


@app.callback()
def _key() -> None:
    """Create a key; only its id is printed."""


@app.command()
def new(
    out: Annotated[Path, typer.Option("-o", "--output", help="The key file; it must not exist yet.")],
) -> None:
    """Draw a random key into a file that only you may read."""
    from hushu.anonymize import keys

    key = keys.Key.new()
    keys.write(key, out)
    output.emit(f"{key.id}")
    output.notice(
        output.say(
            f"密钥已写入 {out}；请另行备份，丢失不可恢复。",
            f"key written to {out}; back it up, it cannot be recovered",
        )
    )
