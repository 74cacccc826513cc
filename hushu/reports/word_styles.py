"""The styles of the Word report: whoever wants another look changes them in Word, once.

Source of the look: the report format the Cyberspace Administration asks for (body 四号仿宋, headings
黑体 and 楷体, digits in Times New Roman, fixed line spacing of 26 pt, A4 with margins 2.54 and 3.18 cm)
and GB/T 9704-2012 for page numbers. Fonts are named, never embedded: their licences are the reader's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

LATIN = "Times New Roman"
ROOM = 14.64  # cm between the margins of A4
_RED = "A1251F"


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """One paragraph or character style: the Chinese font, its size in points, and its shape."""

    id: str
    font: str
    size: float
    line: float = 0  # fixed line height in points; 0: single
    bold: bool = False
    indent: bool = False
    centred: bool = False
    colour: str = "000000"
    character: bool = False


TITLE = Style(id="HushuTitle", font="宋体", size=22, line=34, bold=True, centred=True)
SUBTITLE = Style(id="HushuSubtitle", font="楷体", size=14, line=26, centred=True)
BODY = Style(id="HushuBody", font="仿宋", size=14, line=26, indent=True)
STRONG = Style(id="HushuStrong", font="仿宋", size=14, line=26, indent=True, bold=True)
PLAIN = Style(id="HushuPlain", font="仿宋", size=14, line=26)
CAPTION = Style(id="HushuCaption", font="黑体", size=10.5)
HEAD = Style(id="HushuHead", font="黑体", size=10.5)
CELL = Style(id="HushuCell", font="仿宋", size=10.5)
MARK = Style(id="HushuMark", font="仿宋", size=10.5, bold=True, colour=_RED, character=True)
HEADINGS = {1: ("Heading 1", "黑体", False), 2: ("Heading 2", "楷体", True)}
_ALL = (TITLE, SUBTITLE, BODY, STRONG, PLAIN, CAPTION, HEAD, CELL, MARK)


def prepare(document: Any) -> None:
    """Put the page and every style into a new document."""
    from docx.shared import Cm

    section = document.sections[0]
    section.page_width, section.page_height = Cm(21.0), Cm(29.7)
    section.top_margin = section.bottom_margin = Cm(2.54)
    section.left_margin = section.right_margin = Cm(3.18)
    for style in _ALL:
        _add(document, style)
    for name, font, bold in HEADINGS.values():
        _typeface(document.styles[name], font, 14, bold, "000000")
    _page_number(section.footer.paragraphs[0])


def _add(document: Any, style: Style) -> None:
    from docx.enum.style import WD_STYLE_TYPE
    from docx.shared import Pt

    kind = WD_STYLE_TYPE.CHARACTER if style.character else WD_STYLE_TYPE.PARAGRAPH
    made = document.styles.add_style(style.id, kind)
    _typeface(made, style.font, style.size, style.bold, style.colour)
    if style.character:
        return
    shape = made.paragraph_format
    shape.space_after = shape.space_before = Pt(0)
    if style.line:
        shape.line_spacing = Pt(style.line)
    if style.indent:
        shape.first_line_indent = Pt(2 * style.size)  # two characters
    if style.centred:
        shape.alignment = 1


def _typeface(style: Any, font: str, size: float, bold: bool, colour: str) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    style.font.name = LATIN
    style.font.size = Pt(size)
    style.font.bold = bold
    style.font.italic = False
    style.font.color.rgb = RGBColor.from_string(colour)
    # Word takes Chinese characters from this attribute alone; a theme font would outrank it.
    fonts = style.element.rPr.rFonts
    fonts.set(qn("w:eastAsia"), font)
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)


def _page_number(paragraph: Any) -> None:
    """Write the page number between dashes, as official letters do."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    paragraph.alignment = 1
    paragraph.add_run("— ")
    run = paragraph.add_run()
    for kind, text in (("begin", ""), ("", " PAGE "), ("end", "")):
        element = OxmlElement("w:instrText" if text else "w:fldChar")
        if text:
            element.text = text
        else:
            element.set(qn("w:fldCharType"), kind)
        run._element.append(element)
    paragraph.add_run(" —")
