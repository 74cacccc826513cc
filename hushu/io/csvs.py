"""CSV, TSV and delimited text, streamed through Arrow.

Every column is read as text, so that leading zeros and eighteen-digit numbers survive. Arrow parses;
what it refuses (a line longer than its block, a quote that never closes) goes through Python's
parser from the first row that was not handed out yet. Rows that do not fit the header are counted
and listed, and the good rows go on.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from hushu.io.cells import CellDecoder
from hushu.io.contract import ColumnMeta, ReadableTable
from hushu.io.csv_fallback import Damage, python_rows
from hushu.io.csv_layout import Layout, layout
from hushu.model import NotExamined

if TYPE_CHECKING:
    import pyarrow as pa

BLOCK_BYTES = 1 << 20
# Their characters contain the bytes of commas and line ends; so does "|" in GB18030 and Big5.
_WIDE = ("utf-16", "utf-32")


def csv_table(
    path: str | Path, name: str, not_examined: list[NotExamined], *, encoding: str | None = None
) -> ReadableTable:
    r"""Return a delimited file as a table.

    Args:
        path: the file.
        name: what to call the table.
        not_examined: where rows that cannot be read are listed while the table is read.
        encoding: overrides detection.

    Raises:
        InputError: HS-E203 empty, HS-E204 not text, HS-E207 no line end, HS-E209 unknown encoding.

    Example:
        >>> import tempfile
        >>> file = Path(tempfile.mkdtemp()) / "people.csv"
        >>> _ = file.write_text("id,tel\n007,13800138000\n")
        >>> next(csv_table(file, "people", []).batches()).to_pylist()
        [{'id': '007', 'tel': '13800138000'}]
    """
    plan = layout(path, encoding)
    table = ReadableTable(
        name=name,
        read=lambda: _Reading(plan, name, table.facts, not_examined).batches(),
        columns=tuple(ColumnMeta(name=column, data_type="text") for column in plan.names),
        facts=dict(plan.facts),
    )
    return table


@dataclass(slots=True)
class _Reading:
    """One pass over a file: what was handed out, and what was met on the way."""

    layout: Layout
    table: str
    facts: dict[str, Any]
    not_examined: list[NotExamined]
    rows: int = 0
    ragged: dict[int, int] = field(default_factory=dict)

    def batches(self) -> Iterator[pa.RecordBatch]:
        import pyarrow as pa

        found = self.layout.encoding
        foreign = found.name.startswith(_WIDE) or (self.layout.delimiter == "|" and found.name != "utf-8")
        decoder = CellDecoder("utf-8") if foreign else CellDecoder(found.name, found.certain)
        damage = Damage()
        with self.layout.path.open("rb") as raw:
            raw.seek(self.layout.start)
            watched = _Watched(raw, found.name if foreign else None)
            try:
                for batch in self._arrow(watched):
                    self.rows += batch.num_rows
                    yield _decoded(batch, decoder)
                whole = watched.quotes % 2 == 0
            except (pa.ArrowInvalid, UnicodeError):
                whole = False
        damage.nul_bytes = watched.nuls
        if not whole:
            self.ragged = damage.ragged
            for batch in python_rows(self.layout, decoder, damage, skip=self.rows):
                self.rows += batch.num_rows
                yield batch
        self._list(damage.words(self.ragged, len(self.layout.names)) + decoder.lost())
        self.facts["encoding"] = found.name if foreign else decoder.encoding
        if decoder.mixed():
            self.facts["mixed_encodings"] = decoder.mixed()

    def _arrow(self, watched: _Watched) -> Iterator[pa.RecordBatch]:
        """Yield what Arrow parses, one batch late: an open quote is known at the end only."""
        import pyarrow as pa
        import pyarrow.csv as arrow_csv

        names = self.layout.names
        if not watched.peek():
            return
        reader = arrow_csv.open_csv(
            pa.PythonFile(watched, mode="r"),
            read_options=arrow_csv.ReadOptions(
                column_names=names, block_size=max(BLOCK_BYTES, 64 * len(names))
            ),
            parse_options=arrow_csv.ParseOptions(
                delimiter=self.layout.delimiter, newlines_in_values=True, invalid_row_handler=self._skip
            ),
            convert_options=arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.binary()), null_values=[""], strings_can_be_null=True
            ),
        )
        held = None
        for batch in reader:
            if held is not None and held.num_rows:
                yield held
            held = batch
        if held is not None and held.num_rows and watched.quotes % 2 == 0:
            yield held

    def _skip(self, row: Any) -> str:
        self.ragged[row.actual_columns] = self.ragged.get(row.actual_columns, 0) + 1
        return "skip"

    def _list(self, reasons: list[str]) -> None:
        for why in reasons:
            entry = NotExamined(what=self.table, why=why)
            if entry not in self.not_examined:
                self.not_examined.append(entry)


class _Watched:
    """A byte stream that counts quotes and takes out NULs while the bytes are in the cache anyway.

    An encoding whose characters may contain the bytes of a delimiter is turned into UTF-8 on the way.
    """

    def __init__(self, raw: IO[bytes], encoding: str | None) -> None:
        self._raw = raw
        self._decoder = codecs.getincrementaldecoder(encoding)() if encoding else None
        self.quotes = 0
        self.nuls = 0
        self.closed = False

    def peek(self) -> bool:
        """Tell whether any byte is left."""
        place = self._raw.tell()
        more = bool(self._raw.read(1))
        self._raw.seek(place)
        return more

    def read(self, size: int = -1) -> bytes:
        data = self._raw.read(size)
        if self._decoder:
            data = self._decoder.decode(data, not data).encode()
        self.quotes += data.count(b'"')
        if b"\0" in data:
            self.nuls += data.count(b"\0")
            data = data.replace(b"\0", b"") or self.read(size)
        return data

    def readable(self) -> bool:
        return True

    def close(self) -> None:
        self.closed = True


def _decoded(batch: pa.RecordBatch, decoder: CellDecoder) -> pa.RecordBatch:
    import pyarrow as pa

    return pa.RecordBatch.from_arrays([decoder.decode(c) for c in batch.columns], names=batch.schema.names)
