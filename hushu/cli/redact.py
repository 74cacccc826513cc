"""``hushu redact``: text in, text without personal data out."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from hushu.cli import output
from hushu.errors import ConfigError, InputError

app = typer.Typer(rich_markup_mode=None)

EXIT_NOT_EXAMINED = 3
_BATCH = 500


@app.command()
def redact(
    file: Annotated[
        str, typer.Argument(metavar="[FILE|-]", help="A text, JSON or JSONL file, or - for stdin.")
    ] = "-",
    form: Annotated[str, typer.Option("--format", help="text | json | jsonl")] = "text",
    operator: Annotated[str, typer.Option("--operator", help="mask | replace | pseudonym | remove")] = "mask",
    key_file: Annotated[Path | None, typer.Option("--key-file", help="Key of the pseudonyms.")] = None,
    dataset: Annotated[str, typer.Option("--dataset", help="What the pseudonyms belong to.")] = "text",
    recipient: Annotated[str, typer.Option("--recipient", help="Whom the pseudonyms are for.")] = "unnamed",
    out: Annotated[Path | None, typer.Option("-o", "--output", help="Write to this file.")] = None,
) -> int:
    """Redact personal data in text."""
    if form not in {"text", "json", "jsonl"}:
        raise ConfigError(
            "unknown format", where=f"--format {form}", fix="text, json or jsonl", code="HS-E105"
        )
    from hushu.anonymize.redaction import OPERATORS

    if operator not in OPERATORS:
        raise ConfigError(
            "unknown operator",
            where=f"--operator {operator}",
            fix=f"one of {', '.join(OPERATORS)}",
            code="HS-E137",
        )
    options = {
        "operator": operator,
        "key": key_file,
        "dataset": dataset,
        "recipient": recipient,
        "lang": output.language(),
    }
    raw = _bytes(file)
    if form == "jsonl":
        return _jsonl(raw, file, options, out)
    if form == "json":
        return _json(raw, file, options, out)
    return _text(raw, file, options, out)


def _bytes(file: str) -> bytes:
    if file == "-":
        return sys.stdin.buffer.read()
    path = Path(file)
    if not path.is_file():
        raise InputError(
            "no such file", where=file, fix="name a text file, or - for standard input", code="HS-E201"
        )
    return path.read_bytes()


def _write(data: bytes, out: Path | None) -> None:
    if out is None:
        sys.stdout.buffer.write(data)
        sys.stdout.flush()
        return
    from hushu.io.atomic import atomic_write

    with atomic_write(out) as handle:
        handle.write(data)


def _text(raw: bytes, file: str, options: dict[str, Any], out: Path | None) -> int:
    """Redact line by line what is UTF-8; name the lines that are not and keep them out."""
    import hushu

    try:
        _write(hushu.redact(raw.decode("utf-8"), **options).text.encode("utf-8"), out)
    except UnicodeDecodeError:
        return _broken_text(raw, file, options, out)
    return 0


def _broken_text(raw: bytes, file: str, options: dict[str, Any], out: Path | None) -> int:
    import hushu

    lines = raw.split(b"\n")
    readable: dict[int, str] = {}
    for number, line in enumerate(lines):
        try:
            readable[number] = line.decode("utf-8")
        except UnicodeDecodeError:
            output.notice(
                f"HS-E242 {file}:{number + 1}: {output.say('不是 UTF-8，整行略去', 'not UTF-8, left out')}"
            )
    redacted = hushu.redact(list(readable.values()), **options)
    _write(b"\n".join(done.text.encode("utf-8") for done in redacted), out)
    return EXIT_NOT_EXAMINED


def _json(raw: bytes, file: str, options: dict[str, Any], out: Path | None) -> int:
    """Redact every string of a JSON document, or emit text and spans for a bare string."""
    import hushu

    try:
        document = json.loads(raw)
    except ValueError:
        raise InputError("not JSON", where=file, fix="use --format text or jsonl", code="HS-E243") from None
    strings: list[str] = []
    _collect(document, strings)
    done = iter(hushu.redact(strings, **options))
    text = json.dumps(_replaced(document, done), ensure_ascii=False, indent=1)
    _write((text + "\n").encode("utf-8"), out)
    return 0


def _collect(node: Any, into: list[str]) -> None:
    if isinstance(node, str):
        into.append(node)
    elif isinstance(node, list):
        for item in node:
            _collect(item, into)
    elif isinstance(node, dict):
        for item in node.values():
            _collect(item, into)


def _replaced(node: Any, done: Iterator[Any]) -> Any:
    if isinstance(node, str):
        return next(done).text
    if isinstance(node, list):
        return [_replaced(item, done) for item in node]
    if isinstance(node, dict):
        return {key: _replaced(item, done) for key, item in node.items()}
    return node


def _jsonl(raw: bytes, file: str, options: dict[str, Any], out: Path | None) -> int:
    import hushu

    records: list[tuple[Any, str]] = []
    broken = 0
    for number, line in enumerate(raw.split(b"\n"), 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
            records.append((record.get("id"), str(record["text"])))
        except (ValueError, KeyError, AttributeError):
            broken += 1
            where = f"{file}:{number}"
            output.notice(
                f"HS-E243 {where}: {output.say('不是含 text 的 JSON，略去', 'no JSON with a text, left out')}"
            )
    lines: list[str] = []
    for start in range(0, len(records), _BATCH):
        part = records[start : start + _BATCH]
        for (identity, _), done in zip(
            part, hushu.redact([text for _, text in part], **options), strict=True
        ):
            spans = [span.to_dict() for span in done.spans]
            lines.append(json.dumps({"id": identity, "text": done.text, "spans": spans}, ensure_ascii=False))
    _write(("\n".join(lines) + "\n").encode("utf-8") if lines else b"", out)
    return EXIT_NOT_EXAMINED if broken else 0
