"""Opening whatever someone names: a database URL, a file, a folder, a frame, standard input."""

from __future__ import annotations

import re
from os import PathLike
from pathlib import Path
from typing import Any, Literal

from hushu.errors import ConfigError, InputError
from hushu.io.contract import ColumnMeta, Source, TableSource

__all__ = ["ColumnMeta", "Source", "TableSource", "open_source"]

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+._-]*://")
_SQLITE_SUFFIXES = {".sqlite", ".sqlite3", ".db", ".db3"}


def open_source(
    source: Any, *, sample: int | Literal["all"] | None = None, encoding: str | None = None
) -> Source:
    """Open a source of tables.

    Args:
        source: a database URL, the path of a file, a folder or a SQLite database, ``-`` for standard
            input, or a frame (see :mod:`hushu.io.frames`).
        sample: rows to read of each table, or ``all``. Without it files and frames are read whole, and
            database tables up to :data:`hushu.io.sampling.EXACT_ROWS` rows, larger ones sampled.
        encoding: of text files, instead of detecting it.

    Raises:
        SourceUnreachable: HS-E290 the server does not answer, HS-E291 no such path.
        InputError: HS-E200 what was given is none of these; the codes of its reader.
        ConfigError: HS-E110 a sample that is no positive number.

    Example:
        >>> [t.name for t in open_source([{"tel": "13800138000"}]).tables()]
        ['frame']
    """
    if not (sample is None or sample == "all" or (isinstance(sample, int) and sample > 0)):
        raise ConfigError(
            "the sample is no number of rows",
            where=f"--sample {sample}",
            fix="give a positive number, or all",
            code="HS-E110",
        )
    database = _database(source, sample)
    if database is not None:
        return database
    opened = _read_whole(source, encoding)
    if sample is None or sample == "all":
        return opened
    from hushu.io.sampling import SampledSource

    return SampledSource(opened, sample)


def _database(source: Any, sample: int | Literal["all"] | None) -> Source | None:
    """Databases sample by themselves; everything else is read whole and drawn from."""
    if isinstance(source, str) and _URL.match(source):
        from hushu.io.databases import database_source

        return database_source(source, sample=sample)
    if _is_path(source) and Path(source).suffix.lower() in _SQLITE_SUFFIXES:
        from hushu.io.databases import sqlite_source

        return sqlite_source(Path(source), sample=sample)
    return None


def _read_whole(source: Any, encoding: str | None) -> Source:
    if _is_path(source):
        if str(source) == "-":
            from hushu.io.standard_input import StandardInput

            return StandardInput(encoding=encoding)
        from hushu.io.files import file_source

        return file_source(Path(source), encoding=encoding)
    from hushu.io.frames import frame_source, is_frame

    if not is_frame(source):
        raise InputError(
            "this is no source of tables",
            where=f"{type(source).__module__}.{type(source).__name__}",
            fix="give a path, a database URL, a data frame, or a list of dictionaries",
            code="HS-E200",
        )
    return frame_source(source)


def _is_path(source: Any) -> bool:
    return isinstance(source, (str, PathLike))
