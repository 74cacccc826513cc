"""Standard input as a source: kept in a private temporary file, its kind told by its first bytes."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO

from hushu.io.archives import PrivateFolder
from hushu.io.contract import TableSource
from hushu.io.kinds import sniff_suffix
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
