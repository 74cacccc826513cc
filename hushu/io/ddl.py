"""``CREATE TABLE`` scripts as tables without rows: names, types, comments and keys, through sqlparse.

Comments come from MySQL's ``COMMENT '…'``, from ``COMMENT ON`` and, failing those, from the ``--``
remark beside a column. What a script holds besides is listed, data above all: the rows of a dump
are not read.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from hushu.errors import InputError
from hushu.io.contract import ReadableTable
from hushu.io.csv_layout import empty_file
from hushu.io.ddl_tables import Declared, Tokens, comment_on, create_table, tokens
from hushu.io.encodings import detect, known_encoding
from hushu.model import NotExamined

MAX_CHARACTERS = 1 << 25

_ROWS = re.compile(r"\s*(INSERT\s+(IGNORE\s+)?INTO|REPLACE\s+INTO)\b.*;\s*", re.IGNORECASE | re.DOTALL)
_COPY = re.compile(r"\s*COPY\b.*\bFROM\s+stdin\b.*;\s*", re.IGNORECASE)
_SILENT = re.compile(
    r"SET|USE|DROP|(UN)?LOCK|START|BEGIN|COMMIT|ROLLBACK|GRANT|REVOKE|ANALYZE|PRAGMA|DELIMITER|GO|EXIT|QUIT"
    r"|SPOOL|PROMPT|REM|TRUNCATE|END|PRINT"
)
_SILENT_CREATE = {
    "INDEX",
    "UNIQUE",
    "SCHEMA",
    "DATABASE",
    "SEQUENCE",
    "EXTENSION",
    "USER",
    "ROLE",
    "TABLESPACE",
}
_SILENT_ALTER = re.compile(
    r"ALTER\s+TABLE\b.*\b(ADD\s+(CONSTRAINT|PRIMARY|UNIQUE|INDEX|KEY|FOREIGN|CHECK)|OWNER|ENABLE|DISABLE|MODIFY|SET|ATTACH|ALTER)\b"
    r"|ALTER\s+(SEQUENCE|INDEX|DATABASE|SESSION|SCHEMA)\b",
    re.IGNORECASE | re.DOTALL,
)


def ddl_tables(path: Path, missing: list[NotExamined], encoding: str | None) -> Iterator[ReadableTable]:
    """Yield the tables that a script creates.

    Args:
        path: the script.
        missing: where statements that are not read are listed, by kind and line.
        encoding: overrides detection.

    Raises:
        InputError: HS-E203 empty, HS-E204 not text, HS-E219 when it creates no table.
    """
    import sqlparse

    text, rows = _schema_text(path, encoding)
    declared: dict[str, Declared] = {}
    others: Counter[str] = Counter()
    for statement in sqlparse.split(text):
        stream = tokens(statement)
        if stream.starts("CREATE") and (table := create_table(stream)) is not None:
            declared[table.name.lower()] = table
        elif not (stream.starts("COMMENT") and comment_on(stream, declared)):
            kind = _kind(stream, statement)
            if kind:
                others[kind] += 1
    if not declared:
        raise _no_table(path)
    if rows:
        why = f"HS-E219 {rows} statements of rows are not read; load the script and scan the database"
        missing.append(NotExamined(what=path.name, why=why))
    for kind, count in others.items():
        missing.append(
            NotExamined(what=f"{path.name}: {count} × {kind}", why="HS-E219 hushu does not read it")
        )
    for table in declared.values():
        yield table.readable()


def _schema_text(path: Path, encoding: str | None) -> tuple[str, int]:
    """Return a script without the statements that only carry rows, and how many those are."""
    if not path.stat().st_size:
        raise empty_file(path)
    name = known_encoding(encoding) if encoding else detect(path).name
    kept: list[str] = []
    size = rows = 0
    copying = False
    with path.open(encoding=name, errors="replace", newline=None) as stream:
        for line in stream:
            if copying:
                copying = line.rstrip() != "\\."
            elif _ROWS.fullmatch(line):
                rows += 1
            elif _COPY.fullmatch(line):
                rows, copying = rows + 1, True
            else:
                kept.append(";\n" if line.strip().upper() == "GO" else line)
                size += len(line)
                if size > MAX_CHARACTERS:
                    raise _too_long(path)
    return "".join(kept).lstrip("\ufeff"), rows


def _kind(stream: Tokens, statement: str) -> str:
    """Return what kind of statement this is, or nothing when it says nothing about data."""
    words = stream.words(3)
    if (
        not words
        or _SILENT.fullmatch(words[0])
        or (words[0] == "CREATE" and not _SILENT_CREATE.isdisjoint(words))
    ):
        return ""
    if words[0] == "ALTER" and _SILENT_ALTER.match(statement.strip()):
        return ""
    return " ".join(word for word in words[:2] if word.isalpha() and word.isascii())


def _no_table(path: Path) -> InputError:
    return InputError(
        "the script creates no table that can be read",
        where=str(path),
        why="no CREATE TABLE statement with columns stands in it",
        fix="export the schema (pg_dump -s, mysqldump --no-data) or scan the database itself",
        code="HS-E219",
    )


def _too_long(path: Path) -> InputError:
    return InputError(
        "the script is too long",
        where=str(path),
        why=f"more than {MAX_CHARACTERS >> 20} Mi characters besides INSERT lines",
        fix="export the schema alone (pg_dump -s, mysqldump --no-data) or scan the database itself",
        code="HS-E219",
    )
