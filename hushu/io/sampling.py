"""Which rows of a large table are read, and what such a sample can and cannot say.

Files and frames are read whole: for them a random sample costs as much as reading everything.
Database tables are read whole up to :data:`EXACT_ROWS`; of larger ones every row has the same,
independent chance to be read, decided by a fixed seed, so that the bound below holds and a second
scan reads the same rows.
"""

from __future__ import annotations

import math
from typing import Literal

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
