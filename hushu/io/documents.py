"""Word and PDF documents as tables: paragraphs in one column of text, tables of a document as tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from hushu.errors import InputError, missing_extra
from hushu.io.contract import BATCH_ROWS, ColumnMeta, ReadableTable, unique_names
from hushu.io.csv_layout import empty_file, is_header
from hushu.io.frames import text

if TYPE_CHECKING:
    import pyarrow as pa


def docx_tables(path: Path, name: str) -> Iterator[ReadableTable]:
    """Yield a Word document's text (body, headers, footers, comments), then each table in it.

    Raises:
        InputError: HS-E203 without any text, HS-E217 damaged.
        OutputError: HS-E501 when the extra ``documents`` is missing.
    """
    try:
        import docx
    except ImportError as error:
        raise missing_extra("documents", "docx") from error
    try:
        document = docx.Document(str(path))
        lines = [p.text for p in document.paragraphs]
        for section in document.sections:
            lines += [p.text for part in (section.header, section.footer) for p in part.paragraphs]
        lines += [comment.text for comment in document.comments]
        grids = [[[cell.text for cell in row.cells] for row in table.rows] for table in document.tables]
    except Exception as error:  # a damaged package raises whatever its XML leads to
        raise _damaged(path, "Word document") from error
    kept = [line for line in lines if line.strip()]
    filled = [grid for grid in grids if grid]
    if not kept and not filled:
        raise empty_file(path)
    if kept:
        yield text_table(name, kept)
    for place, grid in enumerate(filled, 1):
        yield _grid(f"{name}.table{place}", grid)


def pdf_tables(path: Path, name: str) -> Iterator[ReadableTable]:
    """Yield a PDF's text, one line a row.

    Raises:
        InputError: HS-E217 damaged or with a password, HS-E218 without a text layer (a scan).
        OutputError: HS-E501 when the extra ``documents`` is missing.
    """
    try:
        import pypdfium2
    except ImportError as error:
        raise missing_extra("documents", "pypdfium2") from error
    try:
        document = pypdfium2.PdfDocument(str(path))
        try:
            pages = [page.get_textpage().get_text_bounded() for page in document]
        finally:
            document.close()
    except pypdfium2.PdfiumError as error:
        raise _damaged(path, "PDF, or it has a password") from error
    lines = [line for page in pages for line in page.splitlines() if line.strip()]
    if not lines:
        raise InputError(
            "the PDF has no text layer",
            where=str(path),
            why="its pages are pictures; hushu does not read pictures",
            fix="have it recognised (OCR) and scan the result",
            code="HS-E218",
        )
    table = text_table(name, lines)
    empty = sum(not page.strip() for page in pages)
    if empty:
        table.notes.append(f"HS-E218 {empty} of {len(pages)} pages have no text layer")
    yield table


def text_table(name: str, lines: Sequence[str]) -> ReadableTable:
    """Return lines of text as a table of one column, ``text``.

    Example:
        >>> next(text_table("note", ["one", "two"]).batches()).to_pylist()
        [{'text': 'one'}, {'text': 'two'}]
    """
    return _columns(name, ["text"], [[line] for line in lines])


def _grid(name: str, rows: list[list[str]]) -> ReadableTable:
    width = max(len(row) for row in rows)
    even = [row + [""] * (width - len(row)) for row in rows]
    if is_header(even[0], even[1:50]):
        return _columns(name, unique_names(even[0])[0], even[1:])
    return _columns(name, [f"c{place}" for place in range(1, width + 1)], even)


def _columns(name: str, names: list[str], rows: list[list[str]]) -> ReadableTable:
    def batches() -> Iterator[pa.RecordBatch]:
        import pyarrow as pa

        for start in range(0, len(rows), BATCH_ROWS):
            cells = zip(*rows[start : start + BATCH_ROWS], strict=True)
            arrays = [pa.array([text(cell) or None for cell in column], pa.string()) for column in cells]
            yield pa.RecordBatch.from_arrays(arrays, names=names)

    columns = tuple(ColumnMeta(name=label, data_type="text") for label in names)
    return ReadableTable(name=name, read=batches, columns=columns, rows=len(rows))


def _damaged(path: Path, kind: str) -> InputError:
    if not path.stat().st_size:
        return empty_file(path)
    return InputError(
        "the document cannot be read",
        where=str(path),
        why=f"it is no whole {kind}",
        fix="open it and save it again",
        code="HS-E217",
    )
