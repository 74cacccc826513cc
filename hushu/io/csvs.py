"""CSV, TSV and delimited text, streamed through Arrow.

Every column is read as text, so that leading zeros and eighteen-digit numbers survive. Arrow parses;
rows that do not fit the header are counted and listed, and the good rows go on. What Arrow refuses
(a line longer than its block, a quote left open) goes through Python's parser, from the first row that
was not handed out yet.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from hushu.io.bytewise import LEAVES_UTF8_TO_ARROW, is_utf8, nuls_and_quotes
from hushu.io.cells import CellDecoder
from hushu.io.contract import ColumnMeta, ReadableTable
from hushu.io.csv_fallback import Damage, python_rows
from hushu.io.csv_layout import Layout, layout
from hushu.model import NotExamined

if TYPE_CHECKING:
    import pyarrow as pa

BLOCK_BYTES = 1 << 20  # larger ones leave the cache, and their memory is asked for anew each time
COUNTED_BYTES = 1 << 18
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


@dataclass(frozen=True, slots=True)
class _Attempt:
    """One way to let Arrow parse a file.

    ``native`` reads the file as it is. Otherwise it is turned into UTF-8 without NULs on the way, which
    also lets rows of another width be skipped: Arrow shows those as text, and only text will do.
    ``binary`` leaves the encoding of every cell open.
    """

    native: bool
    binary: bool = False


@dataclass(slots=True)
class _Reading:
    """One pass over a file: what was handed out, and what was met on the way."""

    layout: Layout
    table: str
    facts: dict[str, Any]
    not_examined: list[NotExamined]
    damage: Damage = field(default_factory=Damage)
    rows: int = 0
    odd_quotes: bool = False
    joined_lines: bool = False

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Yield the rows: by Arrow in the first way that works, by Python from where none does."""
        import pyarrow as pa

        found = self.layout.encoding
        decoder = CellDecoder(found.name, found.certain)
        wrong = ""
        for attempt in self._attempts():
            if attempt.binary and found.name == "utf-8" and "UTF8" not in wrong:
                continue
            try:
                yield from self._arrow(attempt, decoder)
                break
            except (pa.ArrowInvalid, UnicodeError) as error:
                wrong = str(error)
        else:
            self.damage.ragged.clear()
            for batch in python_rows(self.layout, decoder, self.damage, skip=self.rows):
                self.rows += batch.num_rows
                yield batch
        self.facts["encoding"] = decoder.encoding
        if decoder.mixed():
            self.facts["mixed_encodings"] = decoder.mixed()
        self._list(self.damage.words(len(self.layout.names)) + decoder.lost())

    def _attempts(self) -> list[_Attempt]:
        name = self.layout.encoding.name
        patient = [_Attempt(native=False)]
        if name.startswith(_WIDE):
            self.odd_quotes = self._odd_in(patient[0])
            return patient
        self.damage.nul_bytes, quotes = _count_bytes(self.layout.path, self.layout.start)
        self.odd_quotes = self.layout.quoted and quotes % 2 == 1
        if self.damage.nul_bytes or (self.layout.delimiter == "|" and name != "utf-8"):
            return patient
        cell_by_cell = _Attempt(native=True, binary=True)
        if name == "utf-8":
            return [_Attempt(native=True), cell_by_cell, *patient]
        return [*patient, cell_by_cell]

    def _arrow(self, attempt: _Attempt, decoder: CellDecoder) -> Iterator[pa.RecordBatch]:
        """Yield what was not handed out yet, one batch late: an open quote shows at the end only."""
        import pyarrow as pa

        if self.layout.start >= self.layout.path.stat().st_size:
            return
        self.damage.ragged.clear()
        skip, held = self.rows, None
        with self._stream(attempt) as stream:
            for batch in self._parser(stream, attempt):
                if not (attempt.binary or LEAVES_UTF8_TO_ARROW or is_utf8(batch)):
                    raise pa.ArrowInvalid("invalid UTF8 data")
                fresh = batch.slice(min(skip, batch.num_rows))
                skip -= batch.num_rows - fresh.num_rows
                if held is not None and fresh.num_rows:
                    yield self._handed(held, decoder)
                held = fresh if fresh.num_rows else held
        if self.odd_quotes and (self.joined_lines or _joins_lines(held)):
            raise pa.ArrowInvalid("a quote is open at the end")
        if held is not None:
            yield self._handed(held, decoder)

    def _parser(self, stream: Any, attempt: _Attempt) -> Any:
        import pyarrow as pa
        import pyarrow.csv as arrow_csv

        names = self.layout.names
        kind = pa.binary() if attempt.binary else pa.string()
        return arrow_csv.open_csv(
            stream,
            read_options=arrow_csv.ReadOptions(
                column_names=names, block_size=max(BLOCK_BYTES, 64 * len(names))
            ),
            parse_options=arrow_csv.ParseOptions(
                delimiter=self.layout.delimiter,
                quote_char='"' if self.layout.quoted else False,
                newlines_in_values=self.layout.quoted,
                invalid_row_handler=None if attempt.native else self._skip,
            ),
            convert_options=arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(names, kind),
                null_values=[""],
                strings_can_be_null=True,
                check_utf8=LEAVES_UTF8_TO_ARROW,
            ),
        )

    def _skip(self, row: Any) -> str:
        ragged = self.damage.ragged
        ragged[row.actual_columns] = ragged.get(row.actual_columns, 0) + 1
        self.joined_lines = self.joined_lines or "\n" in row.text
        return "skip"

    @contextmanager
    def _stream(self, attempt: _Attempt) -> Iterator[Any]:
        import pyarrow as pa

        if attempt.native:
            with pa.OSFile(str(self.layout.path)) as stream:
                stream.seek(self.layout.start)
                yield stream
            return
        with self.layout.path.open("rb") as raw:
            raw.seek(self.layout.start)
            yield pa.PythonFile(_Transcoded(raw, self.layout.encoding.name), mode="r")

    def _handed(self, batch: pa.RecordBatch, decoder: CellDecoder) -> pa.RecordBatch:
        import pyarrow as pa

        self.rows += batch.num_rows
        if self.odd_quotes:
            self.damage.joined_rows += _rows_of_several_lines(batch)
        if batch.schema.field(0).type == pa.string():
            return batch
        return pa.RecordBatch.from_arrays(
            [decoder.decode(c) for c in batch.columns], names=batch.schema.names
        )

    def _odd_in(self, attempt: _Attempt) -> bool:
        quotes = 0
        with suppress(UnicodeError), self._stream(attempt) as stream:
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


def _rows_of_several_lines(batch: pa.RecordBatch) -> int:
    """Count the rows in which a cell holds a line end."""
    import pyarrow.compute as pc

    found = None
    for column in batch.columns:
        here = pc.fill_null(pc.match_substring(column, "\n"), False)
        found = here if found is None else pc.or_(found, here)
    return int(pc.sum(found).as_py() or 0)


def _count_bytes(path: Path, start: int) -> tuple[int, int]:
    """Count NULs and quotes, block by block: a mapped file would count as our memory."""
    nuls = quotes = 0
    block = memoryview(bytearray(COUNTED_BYTES))
    with path.open("rb", buffering=0) as raw:
        raw.seek(start)
        while size := raw.readinto(block):
            here = nuls_and_quotes(block[:size])
            nuls, quotes = nuls + here[0], quotes + here[1]
    return nuls, quotes


class _Transcoded:
    """A byte stream in UTF-8, without NULs, of a file in whatever encoding.

    Raises:
        UnicodeError: from :meth:`read`, where bytes are no text in that encoding.
    """

    def __init__(self, raw: IO[bytes], encoding: str) -> None:
        self._raw = raw
        self._decoder = codecs.getincrementaldecoder(encoding)()
        self._multibyte = encoding != "utf-8" and not encoding.startswith(_WIDE)
        self.closed = False

    def read(self, size: int = -1) -> bytes:
        """Return about ``size`` bytes, none at the end only."""
        while data := self._raw.read(size):
            if self._multibyte and _reads_as_utf8(data):
                raise UnicodeError("a stretch of the file is in UTF-8")
            if text := self._decoder.decode(data).replace("\0", ""):
                return text.encode()
        return self._decoder.decode(b"", True).encode()

    def readable(self) -> bool:
        """A stream to read from."""
        return True

    def close(self) -> None:
        """Leave closing to whoever opened the file."""
        self.closed = True


def _reads_as_utf8(data: bytes) -> bool:
    """Tell whether a block is in UTF-8, which GB18030 would read as other characters without error."""
    block = data.lstrip(bytes(range(0x80, 0xC0)))  # the block may begin in the midst of a character
    if block.isascii():
        return False
    try:
        block.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start > 4 and error.start >= len(block) - 3  # or end in one
    return True
