"""JSON and JSON lines: records become rows, nested objects dotted paths, lists JSON text.

The paths of all records are collected first, so that every batch has the same columns.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hushu.errors import InputError
from hushu.io.contract import BATCH_ROWS, ColumnMeta, ReadableTable
from hushu.io.csv_layout import empty_file
from hushu.io.encodings import detect, known_encoding
from hushu.io.frames import text
from hushu.model import NotExamined

if TYPE_CHECKING:
    import pyarrow as pa

MAX_PATHS = 20_000
Records = Callable[[], Iterator[Mapping[str, Any]]]


def jsonl_table(path: Path, name: str, missing: list[NotExamined], encoding: str | None) -> ReadableTable:
    """Return a file of one JSON object a line as a table; lines that are none are listed.

    Raises:
        InputError: HS-E203 empty, HS-E204 not text, HS-E213 when no line is a JSON object.
    """
    chosen, mark = _encoding(path, encoding)
    bad: dict[int, None] = {}

    def records() -> Iterator[Mapping[str, Any]]:
        with path.open(encoding=chosen, errors="surrogateescape", newline="\n") as stream:
            stream.read(1 if mark else 0)
            for number, line in enumerate(stream, 1):
                if not line.strip():
                    continue
                try:
                    record = json.loads(line)
                except (ValueError, RecursionError):
                    bad[number] = None
                    continue
                yield record if isinstance(record, Mapping) else {"value": record}

    table = _table(name, records)
    if bad:
        if not table.rows:
            raise _not_json(path, next(iter(bad)))
        why = f"HS-E213 {len(bad)} lines are no JSON (first: line {next(iter(bad))})"
        missing.append(NotExamined(what=name, why=why))
    if not table.rows:
        raise empty_file(path)
    return table


def json_tables(path: Path, name: str, encoding: str | None) -> Iterator[ReadableTable]:
    """Yield the tables of a JSON document: a list of objects, or each such list under a key.

    Raises:
        InputError: HS-E203 empty, HS-E204 not text, HS-E213 not JSON.
    """
    chosen, mark = _encoding(path, encoding)
    with path.open(encoding=chosen, errors="surrogateescape", newline="") as stream:
        stream.read(1 if mark else 0)
        try:
            data = json.load(stream)
        except json.JSONDecodeError as error:
            raise _not_json(path, error.lineno) from None
        except (ValueError, RecursionError):
            raise _not_json(path, 1) from None
    if isinstance(data, list):
        yield _table(name, lambda: _objects(data))
        return
    lists = {k: v for k, v in data.items() if _is_records(v)} if isinstance(data, Mapping) else {}
    rest = {k: v for k, v in data.items() if k not in lists} if isinstance(data, Mapping) else {"value": data}
    for key, records in lists.items():
        yield _table(name if len(lists) == 1 else f"{name}.{key}", lambda records=records: _objects(records))  # type: ignore[misc]
    if rest and not lists:
        yield _table(name, lambda: iter([rest]))
    elif rest:
        yield _table(f"{name}.document", lambda: iter([rest]))


def _objects(items: list[Any]) -> Iterator[Mapping[str, Any]]:
    return (item if isinstance(item, Mapping) else {"value": item} for item in items)


def _is_records(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, Mapping) for item in value)


def _table(name: str, records: Records) -> ReadableTable:
    kinds: dict[str, set[type]] = {}
    rows = 0
    for record in records():
        rows += 1
        for path, value in flat(record):
            kinds.setdefault(path, set()).add(type(value))
    columns = {path: _kind(seen) for path, seen in kinds.items()}
    return ReadableTable(
        name=name,
        read=lambda: _batches(records, columns),
        columns=tuple(ColumnMeta(name=path, data_type=str(kind)) for path, kind in columns.items()),
        rows=rows,
    )


def _kind(seen: set[type]) -> pa.DataType:
    import pyarrow as pa

    one = seen - {type(None)}
    if one == {bool}:
        return pa.bool_()
    if one and one <= {int, float}:
        return pa.float64() if float in one else pa.int64()
    return pa.string()


def _batches(records: Records, columns: Mapping[str, pa.DataType]) -> Iterator[pa.RecordBatch]:
    import pyarrow as pa

    def batch(rows: list[dict[str, Any]]) -> pa.RecordBatch:
        arrays = [_array([row.get(path) for row in rows], kind) for path, kind in columns.items()]
        return pa.RecordBatch.from_arrays(arrays, names=list(columns))

    rows: list[dict[str, Any]] = []
    for record in records():
        rows.append(dict(flat(record)))
        if len(rows) == BATCH_ROWS:
            yield batch(rows)
            rows = []
    if rows and columns:
        yield batch(rows)


def _array(values: list[Any], kind: pa.DataType) -> pa.Array:
    import pyarrow as pa

    if pa.types.is_string(kind):
        return pa.array([None if v is None else text(v) for v in values], kind)
    try:
        return pa.array(values, kind)
    except (pa.ArrowException, OverflowError):
        return pa.array([None if v is None else text(v) for v in values], pa.string())


def flat(record: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield (dotted path, scalar) of a record; lists of objects are taken apart key by key.

    Example:
        >>> list(flat({"a": {"b": 1}, "tels": [{"no": "1"}, {"no": "2"}], "tags": ["x"]}))
        [('a.b', 1), ('tels[].no', '["1", "2"]'), ('tags', '["x"]')]
    """
    for key, value in record.items():
        path = f"{prefix}{text(key)}"
        if isinstance(value, Mapping) and value:
            yield from flat(value, f"{path}.")
        elif _is_records(value):
            parts: dict[str, list[Any]] = {}
            for item in value:
                for below, scalar in flat(item):
                    parts.setdefault(below, []).append(scalar)
            for below, scalars in parts.items():
                yield f"{path}[].{below}", json.dumps(scalars, ensure_ascii=False)
        elif isinstance(value, (list, dict)):
            yield path, json.dumps(value, ensure_ascii=False)
        else:
            yield path, value


def _encoding(path: Path, given: str | None) -> tuple[str, int]:
    if not path.stat().st_size:
        raise empty_file(path)
    if given:
        return known_encoding(given), 0
    found = detect(path)
    return found.name, found.mark


def _not_json(path: Path, line: int) -> InputError:
    return InputError(
        "the file is not JSON",
        where=f"{path}, line {line}",
        why="a parser stops there",
        fix="check the export; one object a line is .jsonl, one document .json",
        code="HS-E213",
    )
