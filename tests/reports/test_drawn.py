"""The lines are those of rich, whatever stands in the cells."""

import io
import random

import pytest
from rich.console import Console
from rich.table import Table
from rich.text import Text

from hushu.reports.drawn import drawn

ODD = [
    "",
    "a\nb",
    "\n",
    "ab  cd",
    " lead",
    "tail ",
    "a\tb",
    "e\u0301x",
    "😀 ok",
    "\x07bell",
    "[bold]x[/bold]",
]
TITLES = ["列", "name", "含有 什么", "x" * 30]


def console(width: int) -> Console:
    return Console(file=io.StringIO(), width=width, color_system=None, highlight=False, emoji=False)


def by_rich(rows: list[list[str]], width: int) -> list[str]:
    table = Table(box=None, pad_edge=False, header_style="")
    for title in rows[0]:
        table.add_column(title, overflow="fold")
    for row in rows[1:]:
        table.add_row(*map(Text, row))
    out = console(width)
    out.print(table)
    assert isinstance(out.file, io.StringIO)
    return [line.rstrip() for line in out.file.getvalue().splitlines()]


def cell(rng: random.Random) -> str:
    if rng.random() < 0.2:
        return rng.choice(ODD)
    return "".join(
        rng.choice("abc 中文字（）、 -_.12é") for _ in range(rng.randint(1, rng.choice([3, 8, 20, 60])))
    )


@pytest.mark.parametrize("seed", range(150))
def test_lines_are_those_of_rich(seed: int) -> None:
    rng = random.Random(seed)
    columns = rng.randint(1, 9)
    rows = [[rng.choice(TITLES) for _ in range(columns)]]
    rows += [[cell(rng) for _ in range(columns)] for _ in range(rng.randint(0, 6))]
    width = rng.choice([80, 100, 140, 200])
    assert drawn(rows, console(width)) == by_rich(rows, width)
