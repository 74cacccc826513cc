"""The report as a Word document in the look of official reports.

Source of the look: the report format the Cyberspace Administration asks for (body 四号仿宋, headings
黑体 and 楷体, digits in Times New Roman, fixed line spacing of 26 pt, A4 with margins 2.54 and 3.18 cm)
and GB/T 9704-2012 for page numbers. Fonts are named, never embedded: their licences are the reader's.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from hushu.errors import missing_extra
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

BODY, SONG, HEI, KAI, LATIN = "仿宋", "宋体", "黑体", "楷体", "Times New Roman"
TITLE_SIZE, BODY_SIZE, TABLE_SIZE, LINE = 22, 14, 10.5, 26  # points: 二号, 四号, 五号
_MEMORY_RED = "A1251F"


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
        self._page(view)
        self._paragraph(view.title, font=SONG, size=TITLE_SIZE, bold=True, centred=True, indent=False)
        self._paragraph(view.subtitle, font=KAI, size=BODY_SIZE, centred=True, indent=False)
        self._paragraph(f"【{view.status}】{view.verdict}", bold=True)
        for point in view.points:
            self._paragraph(point)
        for number, section in enumerate(view.sections, start=1):
            if section.own_page:
                self._document.add_page_break()
            self._heading(f"{number} {section.title}", 1)
            for block in section.blocks:
                self._block(block)
        self._paragraph(view.footer, size=TABLE_SIZE, indent=False)

    def _page(self, view: View) -> None:
        from docx.shared import Cm

        section = self._document.sections[0]
        section.page_width, section.page_height = Cm(21.0), Cm(29.7)
        section.top_margin = section.bottom_margin = Cm(2.54)
        section.left_margin = section.right_margin = Cm(3.18)
        self._document.core_properties.title = clean(view.title)
        self._document.core_properties.language = "zh-CN" if view.lang == "zh" else "en"
        _page_number(section.footer.paragraphs[0])

    def _heading(self, text: str, level: int) -> None:
        paragraph = self._document.add_heading(level=level)
        paragraph.paragraph_format.keep_with_next = True
        _run(paragraph, text, font=HEI if level == 1 else KAI, size=BODY_SIZE, bold=level > 1)

    def _paragraph(
        self,
        text: str,
        *,
        font: str = BODY,
        size: float = BODY_SIZE,
        bold: bool = False,
        centred: bool = False,
        indent: bool = True,
    ) -> None:
        from docx.shared import Pt

        paragraph = self._document.add_paragraph()
        shape = paragraph.paragraph_format
        shape.space_after = Pt(0)
        shape.line_spacing = Pt(LINE if size <= BODY_SIZE else size * 1.4)
        if indent:
            shape.first_line_indent = Pt(2 * size)
        if centred:
            shape.alignment = 1
        _run(paragraph, text, font=font, size=size, bold=bold)

    def _block(self, block: Block) -> None:
        match block:
            case Text():
                self._paragraph(block.text)
            case Callout():
                self._paragraph(block.title, bold=True)
                for item in block.items:
                    self._paragraph(f"• {item}")
            case Facts():
                rows = [(Cell(text=label), cell) for label, cell in block.rows]
                self._table(block.title, (), rows, (3, 7))
            case Grid():
                self._table(block.caption, block.head, block.rows, block.widths)
            case LevelBar():
                counts = tuple(Cell(text=f"{p.count:,}") for p in block.parts)
                self._table(block.title, [p.label for p in block.parts], [counts], ())
            case Histogram():
                counts = tuple(Cell(text=f"{bar.count:,}") for bar in block.bars)
                self._table(f"{block.title} {block.line}", [bar.label for bar in block.bars], [counts], ())
            case Changes():
                measures = [(r.label, r.before_text, r.after_text) for r in block.rows]
                told = [[Cell(text=text) for text in measure] for measure in measures]
                self._table(block.title, block.head, told, (4, 2, 2))
            case Signatures():
                roles = [(Cell(text=role, note=means), Cell(), Cell()) for role, means in block.roles]
                self._table("", ["", *block.labels[:2]], roles, (3, 4, 3))
                self._paragraph(block.labels[2], indent=False)
            case Fold():
                self._heading(block.title, 2)
                self._paragraph(block.summary)
                for part in block.blocks:
                    self._block(part)

    def _table(
        self, caption: str, head: Sequence[str], rows: Sequence[Sequence[Cell]], widths: Sequence[int]
    ) -> None:
        if caption:
            self._tables += 1
            label = (
                f"表 {self._tables}　{caption}" if self._lang == "zh" else f"Table {self._tables}: {caption}"
            )
            self._paragraph(label, font=HEI, size=TABLE_SIZE, indent=False)
        columns = len(head) or len(rows[0])
        table = self._document.add_table(rows=0, cols=columns, style="Table Grid")
        table.autofit = False
        if head:
            cells = table.add_row().cells
            for cell, text in zip(cells, head, strict=True):
                _run(cell.paragraphs[0], text, font=HEI, size=TABLE_SIZE)
            _repeat(table.rows[0])
        for row in rows:
            cells = table.add_row().cells
            for cell, content in zip(cells, row, strict=True):
                _fill(cell, content)
        _set_widths(table, widths or [1] * columns)
        self._document.add_paragraph()


def _fill(cell: Any, content: Cell) -> None:
    lines: list[tuple[str, tuple[Citation, ...]]] = []
    if content.text:
        lines.append((content.text, ()))
    lines += [(labelled(chip), ()) for chip in content.chips]
    lines += [(labelled(grade.chip), grade.citations) for grade in content.grades]
    lines += [("", (citation,)) for citation in content.citations]
    if content.note:
        lines.append((content.note, ()))
    for number, (text, citations) in enumerate(lines):
        paragraph = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
        _run(paragraph, text, font=BODY, size=TABLE_SIZE)
        for citation in citations:
            _run(paragraph, f" {citation.text} {citation.basis}", font=BODY, size=TABLE_SIZE)
            if citation.mark:
                red = _MEMORY_RED if citation.verified == "memory" else ""
                _run(paragraph, citation.mark, font=BODY, size=TABLE_SIZE, bold=bool(red), colour=red)


def _run(paragraph: Any, text: str, *, font: str, size: float, bold: bool = False, colour: str = "") -> None:
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    run = paragraph.add_run(clean(text))
    run.font.name = LATIN
    run.font.size = Pt(size)
    run.font.bold = bold
    run.font.color.rgb = RGBColor.from_string(colour or "000000")
    # Word takes Chinese characters from this attribute alone.
    run._element.rPr.rFonts.set(qn("w:eastAsia"), font)


def _repeat(row: Any) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)


def _set_widths(table: Any, widths: Sequence[int]) -> None:
    from docx.shared import Cm

    room = 14.64  # cm between the margins
    for column, share in zip(table.columns, widths, strict=True):
        wide = Cm(room * share / sum(widths))
        column.width = wide
        for cell in column.cells:
            cell.width = wide


def _page_number(paragraph: Any) -> None:
    """Write the page number between dashes, as official letters do."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    paragraph.alignment = 1
    _run(paragraph, "— ", font=SONG, size=BODY_SIZE)
    run = paragraph.add_run()
    for kind, text in (("begin", ""), ("", " PAGE "), ("end", "")):
        element = OxmlElement("w:instrText" if text else "w:fldChar")
        if text:
            element.text = text
        else:
            element.set(qn("w:fldCharType"), kind)
        run._element.append(element)
    _run(paragraph, " —", font=SONG, size=BODY_SIZE)
