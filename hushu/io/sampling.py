"""Which rows of a large table are read, and what such a sample can and cannot say.

Files and frames are read whole: for them a random sample costs as much as reading everything.
Database tables are read whole up to :data:`EXACT_ROWS`; of larger ones every row has the same,
independent chance to be read, decided by a fixed seed, so that the bound below holds and a second
scan reads the same rows.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from hushu.io.contract import ReadableTable, Source, TableSource
from hushu.model import NotExamined

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

EXACT_ROWS = 100_000
"""Tables up to this many rows are read whole unless told otherwise; larger ones are sampled to it."""

SEED = 20_260_101
MISS = 0.001


def wanted_rows(sample: int | Literal["all"] | None, rows: int | None) -> int | None:
    """Return how many rows to sample, or None to read all of them.

    Example:
        >>> wanted_rows(None, 5_000), wanted_rows(None, 2_000_000), wanted_rows("all", 2_000_000)
        (None, 100000, None)
    """
    if sample == "all":
        return None
    limit = EXACT_ROWS if sample is None else int(sample)
    return None if rows is not None and rows <= limit else limit


def bound(rows: int) -> str:
    """Return, in words, what a simple random sample of so many rows may have missed.

    A value that stands in a share p of the rows is missed with probability (1 - p) ** rows.

    Example:
        >>> bound(100_000)
        'what stands in fewer than 0.0069 % of the rows may be missed (more frequent: at most 0.1 % chance)'
    """
    share = 1 - math.exp(math.log(MISS) / max(rows, 1))
    return (
        f"what stands in fewer than {share * 100:.2g} % of the rows may be missed "
        f"(more frequent: at most {MISS * 100:g} % chance)"
    )


@dataclass(slots=True)
class SampledSource:
    """A source whose tables hand out ``rows`` rows each, drawn at random while everything is read."""

    inner: Source
    rows: int

    label: str = field(init=False)
    not_examined: list[NotExamined] = field(init=False)

    def __post_init__(self) -> None:
        self.label = self.inner.label
        self.not_examined = self.inner.not_examined

    def tables(self) -> Iterator[TableSource]:
        """Yield the tables, sampled."""
        for table in self.inner.tables():
            yield sampled(table, self.rows)

    def close(self) -> None:
        """Close the source."""
        self.inner.close()


def sampled(table: TableSource, rows: int) -> TableSource:
    """Return a table that hands out a simple random sample of its rows.

    Every row draws a number and the ``rows`` smallest stay, so that each subset is equally likely
    whatever the length of the table; no more than the sample and one batch are held. ``rows``,
    ``method`` and ``bound`` of the table are set once it was read.

    Example:
        >>> from hushu.io.frames import frame_source
        >>> whole = next(frame_source([{"n": n} for n in range(1000)]).tables())
        >>> sum(batch.num_rows for batch in sampled(whole, 10).batches())
        10
    """

    def read() -> Iterator[pa.RecordBatch]:
        kept, seen = _draw(table.batches(), rows)
        out.rows = seen
        if seen > rows:
            out.method = f"sample of {rows} of {seen} rows, each with the same chance (seed {SEED})"
            out.bound = bound(rows)
        yield from kept

    out = ReadableTable(
        name=table.name,
        read=read,
        columns=table.columns,
        comment=table.comment,
        rows=table.rows,
        method=table.method,
        bound=table.bound,
        notes=table.notes,
        facts=table.facts,
    )
    return out


def _draw(batches: Iterator[pa.RecordBatch], rows: int) -> tuple[list[pa.RecordBatch], int]:
    """Return the rows with the smallest draws, in their order, and how many rows there were."""
    import numpy as np

    rng = np.random.default_rng(SEED)
    kept: list[tuple[pa.RecordBatch, np.ndarray]] = []
    limit, seen, held = 1.0, 0, 0
    for batch in batches:
        seen += batch.num_rows
        draws = rng.random(batch.num_rows)
        chosen = np.flatnonzero(draws < limit)
        kept.append((batch.take(chosen), draws[chosen]))
        held += len(chosen)
        if held > 2 * rows:
            kept, limit = _smallest(kept, rows)
            held = rows
    if held > rows:
        kept, _ = _smallest(kept, rows)
    return [batch for batch, _ in kept if batch.num_rows], seen


def _smallest(
    kept: list[tuple[pa.RecordBatch, np.ndarray]], rows: int
) -> tuple[list[tuple[pa.RecordBatch, np.ndarray]], float]:
    import numpy as np

    limit = float(np.partition(np.concatenate([draws for _, draws in kept]), rows)[rows])
    return [(b.take(np.flatnonzero(d < limit)), d[d < limit]) for b, d in kept], limit
