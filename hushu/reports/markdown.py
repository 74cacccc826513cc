"""The report as Markdown, for comments on a merge request and for reading in a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from hushu.reports.flat import flat
from hushu.reports.view import (
    Block,
    Callout,
    Cell,
    Changes,
    Facts,
    Fold,
    Grid,
    Histogram,
    LevelBar,
    Signatures,
    Text,
    View,
)

_MEANT = str.maketrans({c: f"\\{c}" for c in "\\`*_[]<>|#~"})


def render(view: View) -> bytes:
    """Return the report as UTF-8 Markdown (GitHub's tables)."""
    lines = [f"# {escape(view.title)}", "", f"**{escape(view.status)}** {escape(view.verdict)}", ""]
    lines += [f"- {escape(point)}" for point in view.points]
    for number, section in enumerate(view.sections, start=1):
        lines += ["", f"## {number} {escape(section.title)}", ""]
        for block in section.blocks:
            lines += [*_block(block, 3), ""]
    lines += ["---", escape(view.footer), ""]
    return "\n".join(lines).encode("utf-8")


def escape(text: str) -> str:
    r"""Return text that Markdown shows as it is: a column named ``<script>`` stays a name.

    Example:
        >>> escape("a|b")
        'a\\|b'
    """
    return text.translate(_MEANT).replace("\r", " ").replace("\n", "<br>")


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Return the lines of a table from plain text."""
    lines = ["| " + " | ".join(escape(h) for h in head) + " |", "|" + " --- |" * len(head)]
    return lines + ["| " + " | ".join(escape(c) for c in row) + " |" for row in rows]


def _block(block: Block, depth: int) -> list[str]:
    match block:
        case Text():
            return [escape(block.text)]
        case Callout():
            return [f"> **{escape(block.title)}**", *(f"> - {escape(item)}" for item in block.items)]
        case Facts():
            title = [f"{'#' * depth} {escape(block.title)}", ""] if block.title else []
            return [*title, *(f"- {escape(label)}: {_cell(cell)}" for label, cell in block.rows)]
        case Grid():
            rows = ([flat(cell) for cell in row] for row in block.rows)
            return [f"**{escape(block.caption)}**", "", *table(block.head, rows)]
        case LevelBar():
            parts = " · ".join(f"{escape(p.label)} {p.count:,}" for p in block.parts)
            return [f"**{escape(block.title)}** {parts}"]
        case Histogram():
            heading = f"**{escape(block.title)}** {escape(block.line)}"
            return [
                heading,
                "",
                *table([b.label for b in block.bars], [[f"{b.count:,}" for b in block.bars]]),
            ]
        case Changes():
            measures = [(r.label, r.before_text, r.after_text) for r in block.rows]
            return [f"**{escape(block.title)}**", "", *table(block.head, measures)]
        case Signatures():
            return table(["", *block.labels], [[role, "", "", ""] for role, _ in block.roles])
        case Fold():
            inner = [line for part in block.blocks for line in [*_block(part, depth + 1), ""]]
            return [f"{'#' * depth} {escape(block.title)}", "", escape(block.summary), "", *inner]


def _cell(cell: Cell) -> str:
    return escape(flat(cell))
