"""Columns of text side by side, as rich draws a table without a box, for tens of thousands of rows.

rich measures and renders every cell several times. Here a cell is measured once, and only one that does not
fit its column is left to rich, to be folded.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from itertools import zip_longest
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console


def drawn(rows: Sequence[Sequence[str]], console: Console) -> list[str]:
    """Return the lines of a table, without the blanks at their ends.

    Args:
        rows: cells of each row, the titles first.
        console: how wide the table may be.

    Example:
        >>> from rich.console import Console
        >>> drawn([("name", "kind"), ("张三", "PERSON")], Console(width=80))
        ['name  kind', '张三  PERSON']
    """
    from rich.cells import cell_len

    measured = {cell: _measured(cell) for row in rows for cell in row}
    last = len(rows[0]) - 1
    pads = [(int(at > 0), int(at < last)) for at in range(last + 1)]  # blanks before and behind
    natural = [
        min(max(measured[cell] for cell in column) + sum(pad), console.width)
        for column, pad in zip(zip(*rows, strict=True), pads, strict=True)
    ]
    rooms = [w - sum(pad) for w, pad in zip(_fitting(natural, console.width), pads, strict=True)]
    fold = _folding(console)
    lines: list[str] = []
    for number, row in enumerate(rows):
        cells = [
            [cell] if measured[cell] <= room and cell.isprintable() else fold(cell, room)
            for cell, room in zip(row, rooms, strict=True)
        ]
        if not number:  # titles stand low
            tallest = max(map(len, cells))
            cells = [[""] * (tallest - len(parts)) + parts for parts in cells]
        for parts in zip_longest(*cells, fillvalue=""):
            padded = (
                " " * before + part + " " * (room - cell_len(part) + behind)
                for part, room, (before, behind) in zip(parts, rooms, pads, strict=True)
            )
            lines.append("".join(padded).rstrip())
    return lines


def _measured(cell: str) -> int:
    from rich.cells import cell_len
    from rich.text import Text

    if cell.isprintable():
        return cell_len(cell)
    return max(map(cell_len, Text(cell).plain.splitlines()), default=0)


def _fitting(widths: list[int], room: int) -> list[int]:
    """Return widths that fit the room: the widest columns shrink first, all of them alike."""
    while (excess := sum(widths) - room) > 0:
        widest = max(widths)
        below = max((width for width in widths if width < widest), default=0)
        left, sharing = excess, widths.count(widest)
        for at, width in enumerate(widths):
            if width == widest:
                less = min(excess, widest - below, round(left / sharing))
                widths[at] -= less
                left -= less
                sharing -= 1
        if not below and widest == max(widths):
            break
    return widths


def _folding(console: Console) -> Callable[[str, int], list[str]]:
    from rich.text import Text

    @cache
    def fold(cell: str, width: int) -> list[str]:
        return [line.plain for line in Text(cell).wrap(console, max(width, 1), overflow="fold")] or [""]

    return fold
