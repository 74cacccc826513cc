"""Dirty tables from the sources: header style × rows × nulls × contamination, with the truth of each column."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.columns.generators import Values, full_width, near_miss

SOURCES = Path(__file__).parent / "sources"
STYLES = ("zh", "en", "short", "pinyin", "none")
DIRT = ((200, 0.0, 0.0), (40, 0.3, 0.02), (3, 0.0, 0.0), (120, 0.95, 0.0), (100, 0.1, 0.1))
MESSES = ("scan_ok", "http://", "测试", "abc", "#VALUE!", "见备注")
MASKED = {"rid": (6, 14), "phone": (3, 7), "card": (6, 12)}


@dataclass(frozen=True)
class Source:
    """One table of a source: its names by style, and (names by style, type, generator) of each column."""

    names: tuple[str, ...]
    columns: tuple[tuple[tuple[str, ...], str | None, str], ...]


@dataclass(frozen=True)
class Labelled:
    """A table with the true type of every column."""

    source: str
    style: str
    name: str
    headers: list[str]
    rows: dict[int, list[str | None]]
    truth: list[str | None]


def sources(split: str) -> list[Source]:
    """Return the table sources of a split: ``tune`` and ``dev`` were looked at, ``test`` was not."""
    found: list[Source] = []
    names: tuple[str, ...] = ()
    columns: list[tuple[tuple[str, ...], str | None, str]] = []
    for line in [*(SOURCES / f"{split}.txt").read_text("utf-8").splitlines(), "@"]:
        if not line or line.startswith("#"):
            continue
        if line.startswith("@"):
            if columns:
                found.append(Source(names, tuple(columns)))
            names, columns = tuple(p.strip() for p in line[1:].split("|")), []
            continue
        zh, en, short, kind, generator = line.split("|")
        columns.append(((zh, en, short), None if kind == "-" else kind, generator))
    return found


def tables(
    split: str,
    seed: int = 7,
    styles: tuple[str, ...] = STYLES,
    dirt: tuple[tuple[int, float, float], ...] = DIRT,
) -> Iterator[Labelled]:
    """Yield every source in every header style, each with one degree of dirt after the other."""
    pool = 0 if split == "tune" else 1
    for number, source in enumerate(sources(split)):
        for at, style in enumerate(styles):
            for turn in range(2):
                rows, nulls, noise = dirt[(number + at + turn * 2) % len(dirt)]
                rng = random.Random(f"{seed}/{source.names[0]}/{style}/{turn}")
                yield _table(source, style, rows, nulls, noise, pool, rng)


def _table(
    source: Source, style: str, rows: int, nulls: float, noise: float, pool: int, rng: random.Random
) -> Labelled:
    values = Values(pool, rng)
    data = {
        at: _column(kind, generator, rows, nulls, noise, values)
        for at, (_, kind, generator) in enumerate(source.columns)
    }
    return Labelled(
        source=source.names[0],
        style=style,
        name=_name(source.names, style, rng),
        headers=[_header(names, style, at, rng) for at, (names, _, _) in enumerate(source.columns)],
        rows=data,
        truth=[kind for _, kind, _ in source.columns],
    )


def _column(
    kind: str | None, generator: str, rows: int, nulls: float, noise: float, values: Values
) -> list[str | None]:
    rng, column = values.rng, []
    mask = generator in MASKED and rng.random() < 0.12
    wide = kind is not None and rng.random() < 0.05
    for _ in range(rows):
        if rng.random() < nulls:
            column.append(rng.choice([None, None, "", "无", "NULL", "/"]))
            continue
        value = values.of(generator)
        if noise and kind and rng.random() < noise:
            value = rng.choice([near_miss(generator, value, rng), rng.choice(MESSES), f" {value} "])
        if mask:
            start, end = MASKED[generator]
            value = value[:start] + "*" * (min(end, len(value)) - start) + value[end:]
        column.append(full_width(value) if wide else value)
    return column


def _name(names: tuple[str, ...], style: str, rng: random.Random) -> str:
    if style == "none":
        return f"t{rng.randrange(1000)}"
    return {"zh": names[0], "en": names[1], "short": f"t_{names[2]}", "pinyin": f"t_{names[2]}"}[style]


def _header(names: tuple[str, ...], style: str, at: int, rng: random.Random) -> str:
    zh, en, short = names
    if style == "none":
        return [f"c{at}", f"F{at:04d}", f"col{at}"][rng.randrange(3)]
    if style == "en":
        parts = en.split("_")
        return rng.choice([en, en.upper(), parts[0] + "".join(p.capitalize() for p in parts[1:])])
    if style == "short":
        return rng.choice([short, short.upper(), short])
    if style == "pinyin":
        return pinyin(zh)
    return zh


def pinyin(text: str) -> str:
    """Return Chinese text in pinyin, its other characters as they are."""
    from hushu.rules import codelists

    table = codelists.column("pinyin", "pinyin")
    return "".join(table[c].split()[0] if c in table else c for c in text if c not in "()（）%")


def hard_negatives(seed: int = 11) -> Labelled:
    """Return a table without headers whose columns only look like identifiers."""
    rng = random.Random(seed)
    values = Values(1, rng)
    kinds = ["rid", "uscc", "bizreg", "card", "imei"]
    traps = ["orderno", "orderno17", "ts13", "amt11", "ean", "container", "version", "digit16", "digit6", "year", "uuid",
             "sn", "dish", "project", "device", "venue", "amount", "datetime", "small", "serial:沪A", "count", "hms", "model"]  # fmt: skip
    columns = [[near_miss(k, values.of(k), rng) for _ in range(150)] for k in kinds]
    columns += [[values.of(k) for _ in range(150)] for k in traps]
    return Labelled(
        "hard negatives",
        "none",
        "t9",
        [f"c{i}" for i in range(len(columns))],
        dict(enumerate(columns)),
        [None] * len(columns),
    )
