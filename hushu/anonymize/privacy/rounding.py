"""Counts rounded to a base: controlled (all totals still add up) or random (unbiased, cell by cell)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from hushu.anonymize.keys import Key, KeyMaterial, info
from hushu.anonymize.privacy.celllp import Relations, solver
from hushu.anonymize.privacy.classes import Floats, Ints
from hushu.anonymize.privacy.counttable import CountTable
from hushu.errors import ConfigError, PolicyError

Rounding = Literal["controlled", "random"]


@dataclass(frozen=True, slots=True)
class RoundedCounts:
    """A table of rounded counts.

    Attributes:
        table: the true counts; publish :meth:`rows` instead.
        counts: the rounded counts, totals included.
        base: every count is a multiple of it.
        rounding: ``controlled`` keeps totals additive, ``random`` does not.
    """

    table: CountTable = field(repr=False)
    counts: Ints = field(repr=False)
    base: int
    rounding: Rounding

    def rows(self) -> pa.Table:
        """Return the publishable table in long form, totals included."""
        return self.table.rows(counts=self.counts)


def round_cells(
    table: CountTable, key: KeyMaterial | bytes, base: int = 5, rounding: Rounding = "controlled"
) -> RoundedCounts:
    """Round every count to a neighbouring multiple of ``base``; multiples stay.

    Args:
        table: counts with all totals.
        key: makes the choice unpredictable, and the same for the same table: asking again and
            averaging gains nothing.
        base: ≥ 2.
        rounding: ``controlled`` solves for a rounding in which all totals add up; ``random`` rounds
            each cell up with probability remainder / base, unbiased, totals apart.

    Raises:
        ConfigError: HS-E160, an option is wrong.
        OutputError: HS-E501, controlled rounding needs the extra ``audit``.
        PolicyError: HS-E362, no controlled rounding exists (three or more dimensions only).

    Source: Cox 1987 (controlled), Nargundkar, Saveland 1972 (random).
    """
    if base < 2 or rounding not in ("controlled", "random"):
        raise ConfigError(
            "an option is wrong",
            where="round_cells",
            why="base must be ≥ 2, rounding 'controlled' or 'random'",
            fix="correct it",
            code="HS-E160",
        )
    draws = _draws(Key(key) if isinstance(key, bytes) else key, table)
    low, rest = np.divmod(table.counts.ravel(), base)
    up = _additive(table, low, rest, draws, base) if rounding == "controlled" else draws * base < rest
    made = base * (low + up.astype(np.int64)).reshape(table.counts.shape)
    return RoundedCounts(table, made, base, rounding)


def _draws(key: KeyMaterial, table: CountTable) -> Floats:
    """Return a uniform number 0..1 for each cell, fixed by the key and the table itself."""
    import hashlib

    digest = hashlib.sha256(repr((table.dimensions, table.categories)).encode() + table.counts.tobytes())
    seed = key.derive(info("rounding", digest.hexdigest()))
    return np.random.Generator(np.random.Philox(key=int.from_bytes(seed[:16], "big"))).random(
        table.counts.size
    )


def _additive(table: CountTable, low: Ints, rest: Ints, draws: Floats, base: int) -> npt.NDArray[np.bool_]:
    """Choose which cells go up so that all sums hold; cells whose draw says up are cheaper to raise."""
    scipy: Any = solver()
    matrix = Relations(low.size, table.sums()).matrix()
    rhs = -(matrix @ low.astype(float))
    made = scipy.milp(
        np.where(rest > 0, draws - rest / base, 0.0),
        integrality=np.ones(low.size),
        bounds=scipy.Bounds(0, (rest > 0).astype(float)),
        constraints=scipy.LinearConstraint(matrix, rhs, rhs),
    )
    if made.x is None:
        raise PolicyError(
            "no controlled rounding exists for this table",
            where=", ".join(table.dimensions),
            why="with three or more dimensions the sums can contradict each other",
            fix="use rounding='random', or publish fewer dimensions",
            code="HS-E362",
        )
    return np.asarray(made.x > 0.5)
