"""Standard input as a source: kept in a private temporary file, its kind told by its first bytes."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from hushu.io.archives import PrivateFolder
from hushu.io.contract import TableSource
from hushu.model import NotExamined

NAME = "stdin"


@dataclass(slots=True, kw_only=True)
class StandardInput:
    """A :class:`~hushu.io.contract.Source` over what is piped in; the table is called ``stdin``."""

    stream: IO[bytes] | None = None
    encoding: str | None = None
    label: str = "-"
    not_examined: list[NotExamined] = field(default_factory=list)
    _folder: PrivateFolder | None = None

    def tables(self) -> Iterator[TableSource]:
        """Yield the tables of what was piped in.

        Raises:
            InputError: HS-E203 nothing was piped in, and the codes of its reader.
        """
        from hushu.io.files import read_file

        self._folder = PrivateFolder()
        whole = self._folder.path / NAME
        with whole.open("wb") as out:
            shutil.copyfileobj(self.stream or sys.stdin.buffer, out)
        file = whole.rename(whole.with_suffix(sniff_suffix(whole)))
        for table in read_file(file, NAME, self.not_examined, self.encoding):
            yield self._folder.keep_for(table)

    def close(self) -> None:
        """Let the temporary file go."""
        self._folder = None


def sniff_suffix(path: Path) -> str:
    """Return the suffix that the first bytes of a file ask for; delimited text when nothing else fits.

    Example:
        >>> import tempfile
        >>> file = Path(tempfile.mkdtemp()) / "x"
        >>> _ = file.write_text('{"a": 1}')
        >>> sniff_suffix(file)
        '.jsonl'
    """
    with path.open("rb") as stream:
        head = stream.read(65536)
    for mark, suffix in (
        (b"PAR1", ".parquet"),
        (b"ARROW1", ".arrow"),
        (b"%PDF-", ".pdf"),
        (b"\x1f\x8b", ".gz"),
    ):
        if head.startswith(mark):
            return suffix
    if head.startswith(b"SQLite format 3"):
        return ".sqlite"
    if head.startswith(b"PK\x03\x04"):
        return ".xlsx" if b"xl/" in head else ".docx" if b"word/" in head else ".zip"
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"["):
        return ".json"
    if start.startswith(b"{"):
        first = start.partition(b"\n")[0].rstrip()
        return ".jsonl" if first.endswith(b"}") else ".json"
    return ".sql" if b"create table" in head.lower() else ".csv"
