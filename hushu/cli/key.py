"""``hushu key``: draw, rotate and store keys, and destroy those of a data set."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hushu.cli import output
from hushu.cli.key_options import KEY_HELP

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True)

Store = Annotated[Path, typer.Argument(metavar="STORE", help="The store of data keys.")]


@app.callback()
def _key() -> None:
    """Create, rotate, store and destroy keys; only their ids are ever printed."""


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


@app.command()
def show(key: Annotated[str, typer.Argument(metavar="KEY", help=KEY_HELP)]) -> None:
    """Print the ids of a key file's keys: the one in use first, then the retired."""
    from hushu.anonymize import keyrings

    ring = keyrings.load(key)
    output.emit("\n".join(found.id for found in ring))


@app.command()
def rotate(key: Annotated[str, typer.Argument(metavar="KEY", help=KEY_HELP)]) -> None:
    """Put a new key in use; the former ones stay in the file and still read what they made."""
    from hushu.anonymize import keyrings

    ring = keyrings.rotate(key)
    output.emit(ring.active.id)
    output.notice(
        output.say(
            f"新密钥已启用，旧密钥 {len(ring.retired)} 把仍可读；新批次与旧批次的假名不再相同。请另行备份。",
            f"the new key is in use, {len(ring.retired)} retired; new releases share no pseudonym with "
            "former ones. Back it up.",
        )
    )


@app.command()
def store(
    key: Annotated[Path, typer.Argument(metavar="FILE", help="The key file.")],
    place: Annotated[str, typer.Argument(metavar="keyring:SERVICE/USER", help="Where to put it.")],
) -> None:
    """Put a key into the system's secret store; the file stays until you remove it."""
    from hushu.anonymize import keyrings

    ring = keyrings.load(key)
    keyrings.store(ring, place)
    output.emit(ring.active.id)
    output.notice(output.say(f"已存入；今后用 --key-file {place}", f"stored; from now on --key-file {place}"))


@app.command("list")
def list_(path: Store, format: str = typer.Option("table", "--format", help="table or json.")) -> None:
    """List the data keys of a store: data sets, ids, and which were destroyed, when and why."""
    from dataclasses import asdict

    from hushu.anonymize.shredding import DataKeys

    found = list(DataKeys(_there(path)))
    if format == "json":
        output.emit_json([asdict(key) for key in found])
        return
    alive = output.say("有效", "in use")
    lines = (
        f"{key.dataset}\t{key.id}\t{key.created}\t"
        + (f"{output.say('已销毁', 'destroyed')} {key.destroyed}: {key.reason}" if key.destroyed else alive)
        for key in found
    )
    output.emit("\n".join(lines) or output.say("没有数据密钥", "no data key"))


@app.command()
def destroy(
    path: Store,
    dataset: Annotated[str, typer.Argument(metavar="DATASET", help="The purpose id of its releases.")],
    reason: Annotated[str, typer.Option("--reason", help="Why; it is kept in the store and the ledger.")],
    ledger: Annotated[Path | None, typer.Option("--ledger", help="Record the destruction here.")] = None,
) -> None:
    """Destroy a data set's key for good: nobody can make or undo its pseudonyms any more."""
    from hushu.anonymize.shredding import DataKeys
    from hushu.io.ledger import append

    keys = DataKeys(_there(path))
    found = keys[dataset]
    if ledger is not None:
        # Recorded first: what is gone without a record could not be recorded by trying again.
        append(ledger, {"kind": "key-destroyed", "what": dataset, "key_id": found.id, "reason": reason})
    keys.destroy(dataset, reason=reason)
    output.emit(found.id)
    output.notice(
        output.say(
            "密钥已销毁，不可恢复；备份中的密钥库副本也须一并清除。",
            "destroyed for good; remove copies of the store from backups as well",
        )
    )


@app.command()
def rewrap(path: Store, key: Annotated[str, typer.Option("--key-file", help=KEY_HELP)]) -> None:
    """Wrap every data key under the key in use, after a rotation; their releases stay as they are."""
    from hushu.anonymize import keyrings
    from hushu.anonymize.shredding import DataKeys

    changed = DataKeys(_there(path), keyrings.load(key)).rewrap()
    output.emit(output.say(f"重新封装 {changed} 把数据密钥。", f"{changed} data key(s) wrapped anew."))


def _there(path: Path) -> Path:
    from hushu.errors import InputError

    if not path.is_file():
        raise InputError(
            "there is no such store of data keys",
            where=str(path),
            fix="hushu apply --data-keys STORE makes it",
            code="HS-E201",
        )
    return path
