"""Tables as met in the field: one chosen header a column, a comment at times, values from clean to dirty.

A source line is ``header|TYPE|values ~faults|comment``. ``TYPE`` may name several types, the best
first, where a careful person would accept each (``-`` is: none of the vocabulary).
"""

from __future__ import annotations

import json
import random
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from benchmarks.columns.field_values import FieldValues
from benchmarks.columns.measures import Judged
from hushu.classify.accumulate import TableAccumulator
from hushu.classify.columns import examine
from hushu.io.contract import ColumnMeta

SOURCES = Path(__file__).parent / "sources"
_BARE = re.compile(r"(?:[a-z]|col_?|列|字段|column)(?:\d+|_?[a-z])?", re.IGNORECASE)
BLANK = (None, None, None, "", "无", "NULL", "-", "/")
STRAY = (
    "测试",
    "见附件",
    "#N/A",
    "同上",
    "待补",
    "aaa",
    "0",
    "13800138000",
    "张三",
    "2021-01-01",
    "?",
    "http://x.cn",
)


@dataclass(frozen=True)
class FieldColumn:
    """One column of a source: its header and comment, the types that are right, how its values are made."""

    header: str
    types: tuple[str | None, ...]
    spec: str
    faults: tuple[str, ...]
    comment: str


@dataclass(frozen=True)
class FieldTable:
    """One table of a source."""

    name: str
    rows: int
    comment: str
    columns: tuple[FieldColumn, ...]

    @property
    def bare(self) -> bool:
        """Whether the headers say nothing (``c1``, ``F0001``, ``字段3``, ``a``)."""
        return all(_BARE.fullmatch(c.header) and not c.comment for c in self.columns)


def field_tables(split: str) -> list[FieldTable]:
    """Return the tables of ``sources/{split}.txt``."""
    found: list[FieldTable] = []
    head: list[str] = []
    columns: list[FieldColumn] = []
    for line in [*(SOURCES / f"{split}.txt").read_text("utf-8").splitlines(), "@"]:
        if not line or line.startswith("#"):
            continue
        if line.startswith("@"):
            if columns:
                found.append(FieldTable(head[0], int(head[1]), head[2], tuple(columns)))
            head, columns = [*(p.strip() for p in line[1:].split("|")), ""], []
            continue
        columns.append(_column(line))
    return found


def _column(line: str) -> FieldColumn:
    header, kinds, spec, comment = [*line.split("|"), ""][:4]
    spec, *faults = spec.split(" ~")
    types = tuple(None if k == "-" else k for k in kinds.split("/"))
    return FieldColumn(header, types, spec, tuple(faults), comment)


def values(table: FieldTable, seed: int = 3) -> list[list[str | None]]:
    """Return the cells of each column of the table."""
    made = []
    for at, column in enumerate(table.columns):
        source = FieldValues(random.Random(f"{seed}/{table.name}/{at}"))
        cells: list[str | None] = []
        for source.row in range(table.rows):
            cells.append(_cell(source, column))
        made.append(cells)
    return made


def _cell(source: FieldValues, column: FieldColumn) -> str | None:
    value, rng = source.of(column.spec), source.rng
    for fault in column.faults:
        kind, rest = fault[0], fault[1:]
        if kind == "n" and rng.random() * 100 < int(rest):
            return rng.choice(BLANK)
        if kind == "d" and rng.random() * 100 < int(rest):
            value = rng.choice(STRAY)
        elif kind == "m" and rng.random() < 0.5:
            value = rest.join([value, *(source.of(column.spec) for _ in range(rng.choice((1, 1, 2))))])
        elif kind == "w" and rng.random() < 0.5:
            value = value.translate({c: c + 0xFEE0 for c in range(0x21, 0x7F)})
        elif kind == "g":
            step = int(rest)
            value = " ".join(value[i : i + step] for i in range(0, len(value), step))
        elif kind == "*":
            start, end = map(int, rest.split("-"))
            value = value[:start] + "*" * max(0, min(end, len(value)) - start) + value[end:]
        elif kind == "t" and rng.random() < 0.6:
            value = rng.choice((f" {value}", f"{value}\t", f"{value}  "))
        elif kind == "q":
            value = f"'{value}"
        elif kind == ".":
            value = f"{value}.{rest}"
    return value


def judge_field(
    tables: Sequence[FieldTable], *, rows: bool = True, headers: bool = True, seed: int = 3
) -> Iterator[tuple[FieldTable, list[Judged]]]:
    """Yield truth, verdict and confidence of each column; without ``headers`` the names are ``c0``, ``c1`` …"""
    for table in tables:
        names = [c.header if headers else f"c{at}" for at, c in enumerate(table.columns)]
        notes = [c.comment if headers else "" for c in table.columns]
        metas = [ColumnMeta(name=n, comment=c) for n, c in zip(names, notes, strict=True)]
        seen = TableAccumulator(table.name if headers else "t1", table.comment if headers else "", metas)
        if rows:
            arrays = [pa.array(cells, pa.string()) for cells in values(table, seed)]
            seen.add(pa.RecordBatch.from_arrays(arrays, names=[str(at) for at in range(len(arrays))]))
        found = examine(seen.view())
        yield (
            table,
            [
                (f.type if f.type in c.types else c.types[0], f.type, f.confidence)
                for c, f in zip(table.columns, found, strict=True)
            ],
        )


def measured(split: str) -> dict[str, object]:
    """Return the measures of a set: with rows and header, header only, values only."""
    from benchmarks.columns.__main__ import HIDDEN_BY_VALUES, measure

    tables = field_tables(split)
    named, filled = [t for t in tables if not t.bare], [t for t in tables if t.rows]
    bare = [
        [one for c, one in zip(t.columns, judged, strict=True) if not HIDDEN_BY_VALUES & set(c.types)]
        for t, judged in judge_field(filled, headers=False)
    ]
    return {
        "full": measure([(None, judged) for _, judged in judge_field(filled)]) if filled else None,
        "header_only": measure([(None, judged) for _, judged in judge_field(named, rows=False)]),
        "value_only": measure([(None, judged) for judged in bare], visible=True) if filled else None,
    }


if __name__ == "__main__":
    print(json.dumps(measured(sys.argv[1]), ensure_ascii=False, indent=1))
