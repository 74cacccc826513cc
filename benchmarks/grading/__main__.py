"""100,000 columns of 5,000 tables under every pack that comes with hushu, by CPU seconds of one core.

The worst case: types, contents, ages and sizes are drawn at random, so hardly two columns are alike.
The second figure is a source as they are: tables of ten shapes, over and over.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence

from hushu.model import Column, Content, Finding, Inventory, Table
from hushu.rules import vocabulary
from hushu.rules.grading import grade
from hushu.rules.packload import load_packs, pack_ids

TABLES, WIDTH = 5000, 20


def main() -> None:
    draw = random.Random(7)
    types = [*vocabulary.load(), *[None] * 8]
    shapes = [_columns(draw, types) for _ in range(10)]
    packs = load_packs(pack_ids())
    unit = _seconds(lambda: sum(i for i in range(5_000_000)))
    print(f"{len(packs)} packs, {sum(len(p.rules) for p in packs)} rules; unit of this machine {unit:.2f} s")
    for name, tables in (
        ("random", [_columns(draw, types) for _ in range(TABLES)]),
        ("ten shapes", [draw.choice(shapes) for _ in range(TABLES)]),
    ):
        inventory = Inventory(
            tables=tuple(
                Table(name=f"t{i}", rows=draw.randrange(1, 3_000_000), examined=100, columns=columns)
                for i, columns in enumerate(tables)
            )
        )
        taken = _seconds(lambda source=inventory: grade(source, packs))
        print(
            f"{name}: {TABLES * WIDTH} columns in {taken:.1f} s of one core ({taken / unit:.0f} units); the bar is 10 s"
        )


def _columns(draw: random.Random, types: Sequence[str | None]) -> tuple[Column, ...]:
    named = [t for t in types if t is not None]
    return tuple(
        Column(
            name=f"c{place}",
            comment="注释",
            finding=Finding(
                type=draw.choice(types),
                facts={"min_age": draw.randrange(40)} if draw.random() < 0.05 else {},
                contains=tuple(
                    Content(type=draw.choice(named), count=1, share=0.1)
                    for _ in range(draw.randrange(3) if draw.random() < 0.3 else 0)
                ),
            ),
        )
        for place in range(WIDTH)
    )


def _seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


if __name__ == "__main__":
    main()
