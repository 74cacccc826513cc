"""Write many small tables, as a government data base holds them: 500 tables × 40 columns × 100 rows.

    python -m benchmarks.speed.tables OUT_DIR [TABLES] [COLUMNS] [ROWS]

writes ``t000.csv`` … Each table draws its columns, their names and its values from the dirty tables on which
the quality of verdicts is measured (:mod:`benchmarks.columns`); all values are synthetic. From the 50th on
tables are copies of earlier ones: to make the values takes longer than to scan them.
"""

from __future__ import annotations

import csv
import random
import shutil
import sys
from pathlib import Path

from benchmarks.columns.tables import DIRT, Labelled, tables

DIFFERENT = 50
STYLES = ("zh", "en", "short", "pinyin", "none")
CONTENT = tuple((100, nulls, noise) for _, nulls, noise in DIRT)


def main() -> None:
    folder = Path(sys.argv[1])
    count, width, rows = (int(text) for text in [*sys.argv[2:5], *("500", "40", "100")[len(sys.argv) - 2 :]])
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        path = folder / f"t{number:03}.csv"
        if number >= DIFFERENT:
            shutil.copyfile(folder / f"t{number % DIFFERENT:03}.csv", path)
            continue
        headers, columns = drawn(random.Random(number), pool(number, rows), width)
        with path.open("w", newline="", encoding="utf-8") as file:
            write = csv.writer(file)
            write.writerow(headers)
            write.writerows(zip(*columns, strict=True))


def pool(number: int, rows: int) -> list[Labelled]:
    """Return the tables that one table draws from; each number has other values."""
    dirt = tuple((rows, nulls, noise) for _, nulls, noise in CONTENT)
    split = ("tune", "dev", "test")[number % 3]
    return list(tables(split, seed=number, styles=(STYLES[number % len(STYLES)],), dirt=dirt))


def drawn(rng: random.Random, among: list[Labelled], width: int) -> tuple[list[str], list[list[str | None]]]:
    """Return the names and the values of so many columns, no name twice."""
    every = [(t.headers[at], values) for t in among for at, values in t.rows.items()]
    rng.shuffle(every)
    chosen: dict[str, list[str | None]] = {}
    for name, values in every:
        if len(chosen) == width:
            break
        chosen.setdefault(name if name not in chosen else f"{name}_{len(chosen)}", values)
    return list(chosen), list(chosen.values())


if __name__ == "__main__":
    main()
