"""A file, or a folder of files, as tables.

Tables are named after the file: its stem, the path below the folder without suffix, ``book.sheet``
where a file holds several. Hidden ones (``.name``) and lock files (``~$name``) are passed over. A file
that cannot be read is listed and the rest goes on; when it is the only thing asked for, its error is
raised.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from hushu.errors import HushuError, InputError, SourceUnreachable
from hushu.io.contract import ReadableTable, TableSource
from hushu.io.encodings import known_encoding
from hushu.model import NotExamined

if TYPE_CHECKING:
    import pyarrow as pa

Reader = Callable[[Path, str, list[NotExamined], str | None], Iterator[TableSource]]


@dataclass(slots=True, kw_only=True)
class FileSource:
    """A :class:`~hushu.io.contract.Source` over one file or the files below a folder."""

    path: Path
    encoding: str | None = None
    label: str = ""
    not_examined: list[NotExamined] = field(default_factory=list)

    def tables(self) -> Iterator[TableSource]:
        """Yield the tables, file by file, in the order of their paths.

        Raises:
            InputError: when the source is a single file that cannot be read.
        """
        if not self.path.is_dir():
            for table in read_file(self.path, self.path.stem, self.not_examined, self.encoding):
                yield _guarded_table(table, self.not_examined)
            return
        taken: set[str] = set()
        for file in self._walk():
            name = file.relative_to(self.path).with_suffix("").as_posix()
            if name in taken:
                name = file.relative_to(self.path).as_posix()
            taken.add(name)
            yield from self._guarded(file, name)
        if not taken and not self.not_examined:
            self.not_examined.append(NotExamined(what=self.label, why="HS-E235 the folder holds no file"))

    def close(self) -> None:
        """Do nothing: files are closed as soon as they were read."""

    def _walk(self) -> Iterator[Path]:
        def listed(error: OSError) -> None:
            self.not_examined.append(
                NotExamined(what=str(error.filename), why=error.strerror or "not readable")
            )

        for folder, below, names in os.walk(self.path, onerror=listed):
            below[:] = sorted(name for name in below if not name.startswith("."))
            for name in sorted(names):
                if not name.startswith((".", "~$")):
                    yield Path(folder) / name

    def _guarded(self, file: Path, name: str) -> Iterator[TableSource]:
        shown = file.relative_to(self.path).as_posix()
        try:
            for table in read_file(file, name, self.not_examined, self.encoding):
                yield _guarded_table(table, self.not_examined)
        except HushuError as error:
            self.not_examined.append(NotExamined(what=shown, why=reason(error)))


def file_source(path: Path, *, encoding: str | None = None) -> FileSource:
    """Return a source over a file or folder.

    Raises:
        SourceUnreachable: HS-E291 when there is nothing at ``path``.
        InputError: HS-E209 an unknown encoding.
    """
    try:
        there = path.exists()
    except OSError:
        there = False
    if not there:
        raise SourceUnreachable(
            "the path does not exist",
            where=str(path),
            fix="check the spelling; a database is given as URL, e.g. postgresql://user@host/name",
            code="HS-E291",
        )
    chosen = known_encoding(encoding) if encoding else None
    return FileSource(path=path, encoding=chosen, label=str(path))


def read_file(
    file: Path, name: str, not_examined: list[NotExamined], encoding: str | None = None
) -> Iterator[TableSource]:
    """Yield the tables of one file, by its suffix.

    Raises:
        InputError: HS-E211 a kind of file that hushu cannot read, HS-E201 one it may not read, and the
            codes of its reader.
    """
    reader = SUFFIXES.get(file.suffix.lower())
    if reader is None:
        raise InputError(
            "hushu does not read such files",
            where=str(file),
            why=f"the suffix {file.suffix or '(none)'} is none of {', '.join(sorted(SUFFIXES))}",
            fix="convert it, or name a file of one of those kinds",
            code="HS-E211",
        )
    try:
        yield from reader(file, name, not_examined, encoding)
    except HushuError:
        raise
    except (OSError, ValueError, MemoryError, RecursionError) as error:
        raise InputError(
            "the file cannot be read",
            where=str(file),
            why=reason(error),
            fix="ask for read access, or check that the file is whole",
            code="HS-E201",
        ) from error


def reason(error: Exception) -> str:
    """Return an error as the ``why`` of something not examined: its code and clause, no value."""
    if isinstance(error, HushuError):
        return f"{error.code} {error.what}" + (f": {error.why}" if error.why else "")
    if isinstance(error, OSError):
        return error.strerror or type(error).__name__
    return type(error).__name__


def _guarded_table(table: TableSource, not_examined: list[NotExamined]) -> TableSource:
    """Wrap a table so that an error in the midst of reading is listed and ends this table alone."""

    def guarded(rows: Callable[[], Iterator[pa.RecordBatch]]) -> Iterator[pa.RecordBatch]:
        done = 0
        try:
            for batch in rows():
                yield batch
                done += batch.num_rows
        except (HushuError, OSError, ValueError, MemoryError) as error:
            not_examined.append(NotExamined(what=f"{table.name} after row {done}", why=reason(error)))

    return ReadableTable(
        name=table.name,
        read=partial(guarded, table.batches),
        skim=partial(guarded, table.skimmed),
        columns=table.columns,
        comment=table.comment,
        rows=table.rows,
        method=table.method,
        bound=table.bound,
        notes=table.notes,
        facts=table.facts,
    )


def _delimited(
    file: Path, name: str, missing: list[NotExamined], encoding: str | None
) -> Iterator[TableSource]:
    from hushu.io.csvs import csv_table

    yield csv_table(file, name, missing, encoding=encoding)


def _workbook(
    file: Path, name: str, missing: list[NotExamined], encoding: str | None
) -> Iterator[TableSource]:
    from hushu.io.sheets import sheet_tables

    yield from sheet_tables(file, name)


def _parquet(
    file: Path, name: str, missing: list[NotExamined], encoding: str | None
) -> Iterator[TableSource]:
    from hushu.io.parquet import parquet_table

    yield parquet_table(file, name)


def _arrow(file: Path, name: str, missing: list[NotExamined], encoding: str | None) -> Iterator[TableSource]:
    from hushu.io.parquet import arrow_table

    yield arrow_table(file, name)


def _json(file: Path, name: str, missing: list[NotExamined], encoding: str | None) -> Iterator[TableSource]:
    from hushu.io.jsons import json_tables

    yield from json_tables(file, name, encoding)


def _json_lines(
    file: Path, name: str, missing: list[NotExamined], encoding: str | None
) -> Iterator[TableSource]:
    from hushu.io.jsons import jsonl_table

    yield jsonl_table(file, name, missing, encoding)


def _script(file: Path, name: str, missing: list[NotExamined], encoding: str | None) -> Iterator[TableSource]:
    from hushu.io.ddl import ddl_tables

    yield from ddl_tables(file, missing, encoding)


def _docx(file: Path, name: str, missing: list[NotExamined], encoding: str | None) -> Iterator[TableSource]:
    from hushu.io.documents import docx_tables

    yield from docx_tables(file, name)


def _pdf(file: Path, name: str, missing: list[NotExamined], encoding: str | None) -> Iterator[TableSource]:
    from hushu.io.documents import pdf_tables

    yield from pdf_tables(file, name)


def _zip(file: Path, name: str, missing: list[NotExamined], encoding: str | None) -> Iterator[TableSource]:
    from hushu.io.archives import zip_tables

    yield from zip_tables(file, name, missing, encoding, read_file=read_file)


def _gzip(file: Path, name: str, missing: list[NotExamined], encoding: str | None) -> Iterator[TableSource]:
    from hushu.io.archives import gzip_tables

    yield from gzip_tables(file, name, missing, encoding, read_file=read_file)


def _sqlite(file: Path, name: str, missing: list[NotExamined], encoding: str | None) -> Iterator[TableSource]:
    from hushu.io.databases import sqlite_source

    source = sqlite_source(file)
    source.not_examined = missing
    for table in source.tables():
        table.name = f"{name}.{table.name}"
        yield table


SUFFIXES: Mapping[str, Reader] = MappingProxyType(
    dict.fromkeys((".csv", ".tsv", ".tab", ".txt"), _delimited)
    | dict.fromkeys((".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".et"), _workbook)
    | dict.fromkeys((".parquet", ".pq"), _parquet)
    | dict.fromkeys((".arrow", ".feather", ".ipc"), _arrow)
    | dict.fromkeys((".jsonl", ".ndjson"), _json_lines)
    | dict.fromkeys((".sql", ".ddl"), _script)
    | dict.fromkeys((".sqlite", ".sqlite3", ".db", ".db3"), _sqlite)
    | {".json": _json, ".geojson": _json, ".docx": _docx, ".pdf": _pdf, ".zip": _zip, ".gz": _gzip}
)
