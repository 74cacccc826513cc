"""The report as a workbook: one sheet a section, every block below the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from hushu.reports import sheets
from hushu.reports.flat import flat
from hushu.reports.view import (
    Block,
    Callout,
    Changes,
    Facts,
    Fold,
    Grid,
    Histogram,
    LevelBar,
    Section,
    Signatures,
    Text,
    View,
)

Lines = Iterator[tuple[str, Sequence[Any]]]  # (format, cells)


@dataclass(frozen=True, slots=True)
class _Forms:
    title: Any
    head: Any
    body: Any
    text: Any


def render(view: View) -> bytes:
    """Return the report as an ``.xlsx``; no cell is a formula.

    Raises:
        OutputError: HS-E501, XlsxWriter is not installed.
    """

    def build(book: Any) -> None:
        book.set_properties({"title": view.title, "comments": view.footer})
        forms = _forms(book)
        names: list[str] = []
        _sheet(book, names, view.title, _cover(view), forms)
        for number, section in enumerate(view.sections, start=1):
            _sheet(book, names, f"{number} {section.title}", _section(section), forms)

    return sheets.workbook(build)


def _forms(book: Any) -> _Forms:
    common = {"valign": "top", "text_wrap": True}
    edge = {"border": 1, "border_color": "#DBE1E8"}
    return _Forms(
        title=book.add_format({"bold": True, "font_size": 12}),
        head=book.add_format({**common, **edge, "bold": True, "bg_color": "#EDF1F5"}),
        body=book.add_format({**common, **edge}),
        text=book.add_format({"valign": "top"}),
    )


def _sheet(book: Any, names: list[str], wanted: str, lines: Lines, forms: _Forms) -> None:
    name = sheets.sheet_name(wanted, names)
    names.append(name)
    sheet = book.add_worksheet(name)
    sheet.hide_gridlines(2)
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    widths: dict[int, int] = {}
    for row, (form, cells) in enumerate(lines):
        for column, value in enumerate(cells):
            sheets.write(sheet, row, column, value, getattr(forms, form))
            if form in {"head", "body"}:
                widths[column] = max(widths.get(column, 0), sheets.width([str(value)], most=60))
    for column, wide in widths.items():
        sheet.set_column(column, column, wide)


def _cover(view: View) -> Lines:
    yield "title", [view.title]
    yield "text", [view.subtitle]
    yield "title", [view.status]
    yield "text", [view.verdict]
    for point in view.points:
        yield "text", [point]
    yield "text", [""]
    yield "text", [view.footer]


def _section(section: Section) -> Lines:
    yield "title", [section.title]
    for block in section.blocks:
        yield "text", [""]
        yield from _block(block)


def _block(block: Block) -> Lines:
    match block:
        case Text():
            yield "text", [block.text]
        case Callout():
            yield "title", [block.title]
            for item in block.items:
                yield "text", [item]
        case Facts():
            if block.title:
                yield "title", [block.title]
            for label, cell in block.rows:
                yield "body", [label, flat(cell)]
        case Grid():
            yield from _table(block.caption, block.head, [[flat(c) for c in row] for row in block.rows])
        case LevelBar():
            yield from _table(block.title, [p.label for p in block.parts], [[p.count for p in block.parts]])
        case Histogram():
            bars = [[bar.count for bar in block.bars]]
            yield from _table(f"{block.title} {block.line}", [bar.label for bar in block.bars], bars)
        case Changes():
            measures = [(r.label, r.before_text, r.after_text) for r in block.rows]
            yield from _table(block.title, block.head, measures)
        case Signatures():
            yield from _table("", ["", *block.labels], [[role, "", "", ""] for role, _ in block.roles])
        case Fold():
            yield "title", [block.title]
            yield "text", [block.summary]
            for part in block.blocks:
                yield from _block(part)


def _table(caption: str, head: Sequence[str], rows: Sequence[Sequence[Any]]) -> Lines:
    if caption:
        yield "title", [caption]
    yield "head", head
    for row in rows:
        yield "body", row
