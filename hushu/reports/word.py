"""The report as a Word document in the look of official reports."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import Any

from hushu.errors import missing_extra
from hushu.reports import word_styles as styles
from hushu.reports.flat import labelled
from hushu.reports.sheets import clean
from hushu.reports.view import (
    Block,
    Callout,
    Cell,
    Changes,
    Citation,
    Facts,
    Fold,
    Grid,
    Histogram,
    LevelBar,
    Signatures,
    Text,
    View,
)


def render(view: View) -> bytes:
    """Return the report as ``.docx``.

    Raises:
        OutputError: HS-E501, python-docx is not installed.
    """
    try:
        import docx
    except ImportError:
        raise missing_extra("documents", "python-docx") from None
    document = docx.Document()
    styles.prepare(document)
    _Writer(document, view.lang).write(view)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


class _Writer:
    """Writes one view into one document; tables are numbered through it."""

    def __init__(self, document: Any, lang: str) -> None:
        self._document = document
        self._lang = lang
        self._tables = 0

    def write(self, view: View) -> None:
        """Write the cover lines, then every section."""
        self._document.core_properties.title = clean(view.title)
        self._document.core_properties.language = "zh-CN" if view.lang == "zh" else "en"
        self._paragraph(view.title, styles.TITLE)
        self._paragraph(view.subtitle, styles.SUBTITLE)
        self._paragraph(f"【{view.status}】{view.verdict}", styles.STRONG)
        for point in view.points:
            self._paragraph(point)
        for number, section in enumerate(view.sections, start=1):
            if section.own_page:
                self._document.add_page_break()
            self._document.add_heading(clean(f"{number} {section.title}"), 1)
            for block in section.blocks:
                self._block(block)
        self._paragraph(view.footer, styles.CELL)

    def _paragraph(self, text: str, style: styles.Style = styles.BODY) -> None:
        _styled(self._document.add_paragraph(), style).add_run(clean(text))

    def _block(self, block: Block) -> None:
        match block:
            case Text():
                self._paragraph(block.text)
            case Callout():
                self._paragraph(block.title, styles.STRONG)
                for item in block.items:
                    self._paragraph(f"• {item}")
            case Facts():
                rows = [(Cell(text=label), cell) for label, cell in block.rows]
                self._table(block.title, (), rows, (3, 7))
            case Grid():
                self._table(block.caption, block.head, block.rows, block.widths)
            case LevelBar():
                counts = [Cell(text=f"{p.count:,}") for p in block.parts]
                self._table(block.title, [p.label for p in block.parts], [counts], ())
            case Histogram():
                counts = [Cell(text=f"{bar.count:,}") for bar in block.bars]
                self._table(f"{block.title} {block.line}", [bar.label for bar in block.bars], [counts], ())
            case Changes():
                measures = [(r.label, r.before_text, r.after_text) for r in block.rows]
                told = [[Cell(text=text) for text in measure] for measure in measures]
                self._table(block.title, block.head, told, (4, 2, 2))
            case Signatures():
                roles = [(Cell(text=role, note=means), Cell(), Cell()) for role, means in block.roles]
                self._table("", ["", *block.labels[:2]], roles, (3, 4, 3))
                self._paragraph(block.labels[2], styles.PLAIN)
            case Fold():
                self._document.add_heading(clean(block.title), 2)
                self._paragraph(block.summary)
                for part in block.blocks:
                    self._block(part)

    def _table(
        self, caption: str, head: Sequence[str], rows: Sequence[Sequence[Cell]], widths: Sequence[int]
    ) -> None:
        if caption:
            self._tables += 1
            word = "表" if self._lang == "zh" else "Table"
            self._paragraph(f"{word} {self._tables}　{caption}", styles.CAPTION)
        shares = widths or [1] * (len(head) or len(rows[0]))
        table = self._document.add_table(rows=0, cols=len(shares), style="Table Grid")
        table.autofit = False
        if head:
            cells = _new_row(table, shares)
            for cell, text in zip(cells, head, strict=True):
                _styled(cell.paragraphs[0], styles.HEAD).add_run(clean(text))
            _repeat(table.rows[0])
        for row in rows:
            for cell, content in zip(_new_row(table, shares), row, strict=True):
                _fill(cell, content)
        self._paragraph("", styles.CELL)


def _new_row(table: Any, shares: Sequence[int]) -> tuple[Any, ...]:
    from docx.shared import Cm

    cells: tuple[Any, ...] = table.add_row().cells
    for cell, share in zip(cells, shares, strict=True):
        cell.width = Cm(styles.ROOM * share / sum(shares))
    return cells


def _fill(cell: Any, content: Cell) -> None:
    for number, (text, citations) in enumerate(_lines(content)):
        paragraph = _styled(cell.paragraphs[0] if number == 0 else cell.add_paragraph(), styles.CELL)
        paragraph.add_run(clean(text))
        for citation in citations:
            paragraph.add_run(clean(f" {citation.text} {citation.basis}".rstrip()))
            if citation.mark:
                run = paragraph.add_run(clean(citation.mark))
                if citation.verified == "memory":
                    run._r.style = styles.MARK.id


def _lines(content: Cell) -> Iterator[tuple[str, tuple[Citation, ...]]]:
    if content.text:
        yield content.text, ()
    for chip in content.chips:
        yield labelled(chip), ()
    for grade in content.grades:
        also = "".join(f" [{number}]" for number in grade.also)
        yield labelled(grade.chip) + also, grade.citations
    for citation in content.citations:
        yield "", (citation,)
    if content.note:
        yield content.note, ()


def _styled(paragraph: Any, style: styles.Style) -> Any:
    # By id: python-docx looks a style up by name through the whole list, for every paragraph.
    paragraph._p.style = style.id
    return paragraph


def _repeat(row: Any) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)
