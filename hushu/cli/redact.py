"""``hushu redact``: text in, text without personal data out."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from hushu.cli import output
from hushu.cli.key_options import DATA_KEYS_HELP, KEY_HELP, opened
from hushu.errors import ConfigError, InputError

app = typer.Typer(rich_markup_mode=None)

EXIT_NOT_EXAMINED = 3
_BATCH = 500
_HEAD = 65_536


@app.command()
def redact(
    file: Annotated[
        str, typer.Argument(metavar="[FILE|-]", help="A text, JSON or JSONL file, or - for stdin.")
    ] = "-",
    form: Annotated[str, typer.Option("--format", help="text | json | jsonl")] = "text",
    operator: Annotated[str, typer.Option("--operator", help="mask | replace | pseudonym | remove")] = "mask",
    key_file: Annotated[str | None, typer.Option("--key-file", help=KEY_HELP)] = None,
    data_keys: Annotated[Path | None, typer.Option("--data-keys", help=DATA_KEYS_HELP)] = None,
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
        "key": opened(key_file, data_keys, dataset) if operator == "pseudonym" else None,
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
    raw = path.read_bytes()
    if b"\x00" in raw[:_HEAD]:
        raise InputError(
            "the file is not text",
            where=file,
            why="it holds NUL bytes, as binary formats do",
            fix="export it as text",
            code="HS-E204",
        )
    return raw


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
    cells: list[tuple[str, Any]] = []
    _collect(document, "", cells)
    # The key is context: a number says nothing by itself, {"卡号": 62284…} does.
    heads = [f"{key}：" if key else "" for key, _ in cells]
    texts = [head + _text_of(value) for head, (_, value) in zip(heads, cells, strict=True)]
    done = hushu.redact(texts, **options)
    alone = hushu.redact([_text_of(value) for _, value in cells], **options)
    kept = iter(
        _cell(value, whole.text, head, bare.text)
        for (_, value), whole, head, bare in zip(cells, done, heads, alone, strict=True)
    )
    text = json.dumps(_replaced(document, kept), ensure_ascii=False, indent=1)
    _write((text + "\n").encode("utf-8"), out)
    return 0


def _cell(value: Any, whole: str, head: str, bare: str) -> Any:
    """Return the cell as it may stay: itself when nothing was found, else its redacted text."""
    text = whole.removeprefix(head) if whole.startswith(head) else bare
    return value if text == _text_of(value) else text


def _text_of(value: Any) -> str:
    return value if isinstance(value, str) else str(value)


def _is_cell(node: Any) -> bool:
    return isinstance(node, str | int | float) and not isinstance(node, bool)


def _collect(node: Any, key: str, into: list[tuple[str, Any]]) -> None:
    if _is_cell(node):
        into.append((key, node))
    elif isinstance(node, list):
        for item in node:
            _collect(item, key, into)
    elif isinstance(node, dict):
        for name, item in node.items():
            _collect(item, str(name), into)


def _replaced(node: Any, kept: Iterator[Any]) -> Any:
    if _is_cell(node):
        return next(kept)
    if isinstance(node, list):
        return [_replaced(item, kept) for item in node]
    if isinstance(node, dict):
        return {key: _replaced(item, kept) for key, item in node.items()}
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
