"""Counts with differential privacy, through OpenDP's discrete noise, and the budget they are paid from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from math import exp, log
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hushu.anonymize.privacy.columns import read_batches
from hushu.anonymize.privacy.counting import ROWS, TupleCounter
from hushu.anonymize.privacy.counttable import TOTAL, count_name
from hushu.errors import ConfigError, PolicyError, missing_extra

LEDGER_KIND = "privacy-budget"


@dataclass(frozen=True, slots=True)
class Budget:
    """How much privacy loss a data set may still have; exact fractions, so that nothing is lost in sums.

    Attributes:
        total: the whole ε.
        spent: the ε already given out.
        ledger: where spending is recorded, or empty.
        scope: the data set, in the ledger.

    Example:
        >>> budget = Budget.of("1.0").spend("0.1").spend("0.2")
        >>> budget.left == Fraction(7, 10)
        True
    """

    total: Fraction
    spent: Fraction = Fraction(0)
    ledger: str = ""
    scope: str = ""

    @classmethod
    def of(cls, total: str | int | Fraction, spent: str | int | Fraction = 0) -> Budget:
        """Return a budget that only this process knows; decimals as text are exact."""
        return cls(_epsilon(total), Fraction(spent))

    @classmethod
    def from_ledger(cls, path: str | Path, scope: str, total: str | int | Fraction) -> Budget:
        """Return the budget of one data set, its spending read from and recorded in a ledger.

        Raises:
            LedgerError: HS-E702, the ledger does not verify.
        """
        from hushu.io.ledger import entries

        spent = Fraction(0)
        if Path(path).exists():
            for entry in entries(path):
                if entry["kind"] == LEDGER_KIND and entry["scope"] == scope:
                    spent += Fraction(entry["epsilon"])
        return cls(_epsilon(total), spent, str(path), scope)

    @property
    def left(self) -> Fraction:
        """What may still be spent."""
        return self.total - self.spent

    def spend(self, epsilon: str | int | Fraction) -> Budget:
        """Return the budget after spending ``epsilon``; in a ledger, what others spent counts too.

        Raises:
            PolicyError: HS-E363, more is asked than is left.
        """
        amount = _epsilon(epsilon)
        now = Budget.from_ledger(self.ledger, self.scope, self.total) if self.ledger else self
        if amount > now.left:
            raise PolicyError(
                "the privacy budget is exhausted",
                where=f"asked {float(amount):g}, left {float(now.left):g} of {float(now.total):g}",
                why="every answer adds to what is known; the sum has a limit",
                fix="ask for less, reuse an earlier answer, or have the budget's owner raise it",
                code="HS-E363",
            )
        if self.ledger:
            from hushu.io.ledger import append

            what = {"what": "private counts", "epsilon": str(amount), "total": str(now.total)}
            append(self.ledger, {"kind": LEDGER_KIND, "scope": self.scope, **what})
        return replace(now, spent=now.spent + amount)


@dataclass(frozen=True, slots=True)
class PrivateCounts:
    """Noisy counts; safe to publish as they are.

    Attributes:
        frame: one row a cell, totals included; totals are sums of the noisy cells.
        epsilon: what was spent.
        scale: the scale of the discrete Laplace noise.
        error95: 95 % of the cells (not totals) are off by less than this.
        budget: what is left.
    """

    frame: pa.Table = field(repr=False)
    epsilon: Fraction
    scale: float
    error95: float
    budget: Budget


def private_counts(
    data: Any,
    categories: Mapping[str, Sequence[str]],
    epsilon: str | int | Fraction,
    budget: Budget,
    *,
    rows_per_person: int = 1,
) -> PrivateCounts:
    """Count rows by dimensions, each cell with discrete Laplace noise.

    Args:
        data: anything that can be read as a table.
        categories: for each dimension its categories, known beforehand: categories read off the
            data would give away that somebody is there. Other values are left out.
        epsilon: the privacy loss of this answer, above 0; decimals as text.
        budget: what it is paid from.
        rows_per_person: at most so many rows belong to one person, ≥ 1.

    Raises:
        ConfigError: HS-E160, an option is wrong; HS-E162, a column is missing.
        OutputError: HS-E501, the extra ``dp`` is not installed.
        PolicyError: HS-E363, the budget does not reach.

    Note:
        ε-differential privacy for adding or removing one person. The noise is drawn by OpenDP, never
        by floating-point arithmetic of our own.
    """
    if rows_per_person < 1 or not categories:
        raise ConfigError(
            "an option is wrong",
            where="private_counts",
            why="categories must not be empty, rows_per_person ≥ 1",
            fix="correct it",
            code="HS-E160",
        )
    try:
        import opendp.prelude as dp
    except ImportError as error:
        raise missing_extra("dp", "opendp") from error
    dp.enable_features("contrib")
    counts = _counts(data, categories)
    # Paid before the noise is drawn: a crash may waste budget, never give an answer for nothing.
    left = budget.spend(epsilon)
    scale = float(rows_per_person / _epsilon(epsilon))
    space = dp.vector_domain(dp.atom_domain(T=int)), dp.l1_distance(T=int)
    noisy = (space >> dp.m.then_laplace(scale=scale))([int(n) for n in counts.ravel()])
    made = np.array(noisy, dtype=np.int64).reshape(counts.shape)
    return PrivateCounts(_frame(categories, made), _epsilon(epsilon), scale, _error95(scale), left)


def _epsilon(value: str | int | Fraction) -> Fraction:
    try:
        amount = Fraction(value)
    except (ValueError, TypeError, ZeroDivisionError):
        amount = Fraction(0)
    if amount <= 0:
        raise ConfigError(
            "epsilon is wrong",
            where="epsilon",
            why="it must be a number above 0",
            fix="0.1, say",
            code="HS-E160",
        )
    return amount


def _error95(scale: float) -> float:
    """Return the accuracy of discrete Laplace noise: P(|noise| ≥ a) ≤ 0.05."""
    return scale * log(2 / (0.05 * (exp(1 / scale) + 1))) + 1


def _counts(data: Any, categories: Mapping[str, Sequence[str]]) -> np.ndarray[Any, Any]:
    names = list(categories)
    counter = TupleCounter(names)
    for batch in read_batches(data, names):
        counter.add(batch)
    table = counter.table()
    known = np.ones(table.num_rows, dtype=bool)
    places = []
    for name in names:
        place = pc.index_in(pc.cast(table[name], pa.string()), pa.array(list(categories[name]), pa.string()))
        found = pc.fill_null(place, -1).to_numpy().astype(np.int64)
        known &= found >= 0
        places.append(found)
    counts = np.zeros([len(values) for values in categories.values()], dtype=np.int64)
    weight = table[ROWS].to_numpy().astype(np.int64)
    np.add.at(counts, tuple(place[known] for place in places), weight[known])
    return counts


def _frame(categories: Mapping[str, Sequence[str]], counts: np.ndarray[Any, Any]) -> pa.Table:
    for axis in range(counts.ndim):
        counts = np.concatenate([counts, counts.sum(axis=axis, keepdims=True)], axis=axis)
    labels = [[*values, TOTAL] for values in categories.values()]
    grid = np.indices(counts.shape).reshape(counts.ndim, -1)
    columns = {
        name: pa.array([values[i] for i in place])
        for name, values, place in zip(categories, labels, grid, strict=True)
    }
    return pa.table({**columns, count_name(list(categories)): counts.ravel()})
