"""Zip and gzip: each member is unpacked into a private temporary folder and read like a file."""

from __future__ import annotations

import gzip
import shutil
import tempfile
import weakref
import zipfile
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING

from hushu.errors import HushuError, InputError
from hushu.io.contract import ReadableTable, TableSource
from hushu.io.kinds import sniff_suffix
from hushu.model import NotExamined

if TYPE_CHECKING:
    import pyarrow as pa

MAX_BYTES = 16 << 30
MAX_RATIO = 1000
"""A member that unpacks to more bytes, or to more bytes a packed byte, is taken for a bomb."""

ReadFile = Callable[[Path, str, list[NotExamined], str | None], Iterator[TableSource]]


class PrivateFolder:
    """A temporary folder that only we may enter; it goes when the last table in it is let go."""

    def __init__(self) -> None:
        self.path = Path(tempfile.mkdtemp(prefix="hushu-"))
        self._finalizer = weakref.finalize(self, shutil.rmtree, self.path, ignore_errors=True)

    def keep_for(self, table: TableSource) -> TableSource:
        """Return the table bound to this folder, which stays as long as the table does."""
        return ReadableTable(
            name=table.name,
            read=partial(_read_in, self, table),
            columns=table.columns,
            comment=table.comment,
            rows=table.rows,
            method=table.method,
            bound=table.bound,
            notes=table.notes,
            facts=table.facts,
        )


def _read_in(_folder: PrivateFolder, table: TableSource) -> Iterator[pa.RecordBatch]:
    yield from table.batches()


def zip_tables(
    path: Path, name: str, missing: list[NotExamined], encoding: str | None, *, read_file: ReadFile
) -> Iterator[TableSource]:
    """Yield the tables of every member that can be read; the others are listed.

    Args:
        path: the archive; names that are not UTF-8 are taken for GB18030, as Chinese Windows writes them.
        name: what to call the archive.
        missing: where members that are not read are listed.
        encoding: of text files in it.
        read_file: reads one unpacked file.

    Raises:
        InputError: HS-E215 when it is no whole zip archive.
    """
    try:
        archive = zipfile.ZipFile(path, metadata_encoding="gb18030")
    except (zipfile.BadZipFile, OSError, UnicodeDecodeError) as error:
        raise _damaged(path) from error
    with archive:
        for member in archive.infolist():
            inner = PurePosixPath(member.filename)
            if member.is_dir() or inner.name.startswith((".", "~$")) or "__MACOSX" in inner.parts:
                continue
            shown = f"{name}/{inner.with_suffix('').as_posix()}"
            try:
                if member.file_size > MAX_BYTES or member.file_size > MAX_RATIO * (
                    member.compress_size + 1024
                ):
                    raise _bomb(path)
                folder = PrivateFolder()
                file = folder.path / (inner.name[-100:] or "member")
                with archive.open(member) as packed:
                    _copy(packed, file, member.file_size)
                for table in read_file(file, shown, missing, encoding):
                    yield folder.keep_for(table)
            except HushuError as error:
                why = f"{error.code} {error.what}" + (f": {error.why}" if error.why else "")
                missing.append(NotExamined(what=f"{name}/{inner}", why=why))
            except (RuntimeError, NotImplementedError, zipfile.BadZipFile, zlib.error, OSError, EOFError):
                why = "HS-E215 the member has a password or is damaged"
                missing.append(NotExamined(what=f"{name}/{inner}", why=why))


def gzip_tables(
    path: Path, name: str, missing: list[NotExamined], encoding: str | None, *, read_file: ReadFile
) -> Iterator[TableSource]:
    """Yield the tables of a file packed with gzip (``people.csv.gz``).

    Raises:
        InputError: HS-E215 when it is damaged, and the codes of the file in it.
    """
    folder = PrivateFolder()
    file = folder.path / path.stem
    try:
        with gzip.open(path) as packed:
            _copy(packed, file, MAX_BYTES)
    except (OSError, EOFError, zlib.error) as error:
        raise _damaged(path) from error
    if not file.suffix:
        file = file.rename(file.with_suffix(sniff_suffix(file)))
    for table in read_file(file, PurePosixPath(name).with_suffix("").as_posix(), missing, encoding):
        yield folder.keep_for(table)


def _copy(packed: IO[bytes] | gzip.GzipFile, file: Path, limit: int) -> None:
    done = 0
    with file.open("wb") as out:
        while chunk := packed.read(1 << 20):
            done += len(chunk)
            if done > limit:
                raise _bomb(file)
            out.write(chunk)


def _damaged(path: Path) -> InputError:
    return InputError(
        "the archive cannot be read",
        where=str(path),
        why="it is cut off, damaged or of another format",
        fix="copy it again, or unpack it and scan the folder",
        code="HS-E215",
    )


def _bomb(path: Path) -> InputError:
    return InputError(
        "the archive unpacks to far more than it holds",
        where=path.name,
        why=f"more than {MAX_RATIO} bytes for each packed one, or more than {MAX_BYTES >> 30} GiB",
        fix="unpack it yourself and scan the folder, if you trust it",
        code="HS-E216",
    )
