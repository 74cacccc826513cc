"""CSV, TSV and delimited text, streamed through Arrow.

Every column is read as text, so that leading zeros and eighteen-digit numbers survive. Arrow parses;
what it refuses (a line longer than its block, a quote left open) goes through Python's
parser from the first row that was not handed out yet, and so do rows that do not fit the header:
they are counted and listed, and the good rows go on.
"""

from __future__ import annotations

import codecs
import mmap
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
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

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Yield the rows: by Arrow as text, as bytes where they are no UTF-8, by Python where it gives up."""
        import pyarrow as pa

        found = self.layout.encoding
        wide = found.name.startswith(_WIDE)
        nuls = 0 if wide else _nul_bytes(self.layout.path)
        foreign = wide or (found.name != "utf-8" and (self.layout.delimiter == "|" or nuls > 0))
        decoder = CellDecoder("utf-8") if foreign else CellDecoder(found.name, found.certain)
        damage = Damage(nul_bytes=nuls)
        cleaned = foreign or nuls > 0
        kinds = [pa.string(), pa.binary()] if decoder.encoding == "utf-8" else [pa.binary()]
        for kind in kinds:
            try:
                yield from self._arrow(kind, decoder, cleaned)
                break
            except (pa.ArrowInvalid, UnicodeError) as error:
                if "UTF8" in str(error):
                    continue
                yield from self._python(decoder, damage)
                break
        self.facts["encoding"] = found.name if foreign else decoder.encoding
        if decoder.mixed():
            self.facts["mixed_encodings"] = decoder.mixed()
        self._list(damage.words(len(self.layout.names)) + decoder.lost())

    def _arrow(self, kind: pa.DataType, decoder: CellDecoder, cleaned: bool) -> Iterator[pa.RecordBatch]:
        """Yield what was not handed out yet, one batch late: an open quote shows at the end only."""
        import pyarrow as pa

        if self.layout.start >= self.layout.path.stat().st_size:
            return
        skip, held = self.rows, None
        with self._stream(cleaned) as stream:
            for batch in self._parser(stream, kind):
                fresh = batch.slice(min(skip, batch.num_rows))
                skip -= batch.num_rows - fresh.num_rows
                if held is not None and fresh.num_rows:
                    yield self._handed(held, decoder)
                held = fresh if fresh.num_rows else held
        if _joins_lines(held) and self._odd_quotes(cleaned):
            raise pa.ArrowInvalid("a quote is open at the end")
        if held is not None:
            yield self._handed(held, decoder)

    def _python(self, decoder: CellDecoder, damage: Damage) -> Iterator[pa.RecordBatch]:
        for batch in python_rows(self.layout, decoder, damage, skip=self.rows):
            self.rows += batch.num_rows
            yield batch

    def _parser(self, stream: Any, kind: pa.DataType) -> Any:
        import pyarrow.csv as arrow_csv

        names = self.layout.names
        return arrow_csv.open_csv(
            stream,
            read_options=arrow_csv.ReadOptions(
                column_names=names, block_size=max(BLOCK_BYTES, 64 * len(names))
            ),
            parse_options=arrow_csv.ParseOptions(
                delimiter=self.layout.delimiter,
                quote_char='"' if self.layout.quoted else False,
                newlines_in_values=self.layout.quoted,
            ),
            convert_options=arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(names, kind), null_values=[""], strings_can_be_null=True
            ),
        )

    @contextmanager
    def _stream(self, cleaned: bool) -> Iterator[Any]:
        import pyarrow as pa

        if not cleaned:
            with pa.OSFile(str(self.layout.path)) as stream:
                stream.seek(self.layout.start)
                yield stream
            return
        with self.layout.path.open("rb") as raw:
            raw.seek(self.layout.start)
            yield pa.PythonFile(_Cleaned(raw, self.layout.encoding.name), mode="r")

    def _handed(self, batch: pa.RecordBatch, decoder: CellDecoder) -> pa.RecordBatch:
        import pyarrow as pa

        self.rows += batch.num_rows
        if batch.schema.field(0).type == pa.string():
            return batch
        return pa.RecordBatch.from_arrays(
            [decoder.decode(c) for c in batch.columns], names=batch.schema.names
        )

    def _odd_quotes(self, cleaned: bool) -> bool:
        quotes = 0
        with self._stream(cleaned) as stream:
            while chunk := stream.read(BLOCK_BYTES):
                quotes += chunk.count(b'"')
        return quotes % 2 == 1

    def _list(self, reasons: list[str]) -> None:
        for why in reasons:
            entry = NotExamined(what=self.table, why=why)
            if entry not in self.not_examined:
                self.not_examined.append(entry)


def _joins_lines(batch: pa.RecordBatch | None) -> bool:
    """Tell whether the last row holds a line end, as the row does in which a quote is left open."""
    if batch is None:
        return False
    last = batch.slice(batch.num_rows - 1).to_pylist()[0].values()
    return any(cell and (b"\n" if isinstance(cell, bytes) else "\n") in cell for cell in last)


def _nul_bytes(path: Path) -> int:
    with path.open("rb") as raw, mmap.mmap(raw.fileno(), 0, access=mmap.ACCESS_READ) as data:
        if data.find(b"\0") < 0:
            return 0
        raw.seek(0)
        return sum(chunk.count(b"\0") for chunk in iter(lambda: raw.read(BLOCK_BYTES), b""))


class _Cleaned:
    """A byte stream without NULs, and in UTF-8 where characters may contain the bytes of a delimiter."""

    def __init__(self, raw: IO[bytes], encoding: str) -> None:
        self._raw = raw
        self._decoder = codecs.getincrementaldecoder(encoding)() if encoding != "utf-8" else None
        self.closed = False

    def read(self, size: int = -1) -> bytes:
        """Return up to about ``size`` bytes, none at the end only."""
        while data := self._raw.read(size):
            text = self._decoder.decode(data).encode() if self._decoder else data
            if clean := text.replace(b"\0", b""):
                return clean
        return self._decoder.decode(b"", True).encode() if self._decoder else b""

    def readable(self) -> bool:
        """A stream to read from."""
        return True

    def close(self) -> None:
        """Leave closing to whoever opened the file."""
        self.closed = True
