"""The table against the population it was drawn from: k-map, δ-presence, and how many stand alone there.

With a population table the figures are exact; without one, and only a population size, the
number of population uniques is estimated from the sample's class sizes.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from hushu.anonymize.privacy.classes import Ints
from hushu.anonymize.privacy.columns import as_codes, read_batches
from hushu.anonymize.privacy.counting import ROWS, TupleCounter
from hushu.errors import InputError


@dataclass(frozen=True, slots=True)
class PopulationMatch:
    """A table's classes in a population table.

    Attributes:
        k_map: the smallest population class that a row of the table falls into.
        delta: least and greatest share of a population class that is in the table, 0..1.
        greatest: the greatest chance of a right guess, 1 / ``k_map``.
        mean: the chance on average over the table's rows.
        outside: rows of the table in classes that the population does not hold, or holds fewer of.
    """

    k_map: int
    delta: tuple[float, float]
    greatest: float
    mean: float
    outside: int


def match_population(table: pa.Table, population: Any, names: Sequence[str]) -> PopulationMatch:
    """Compare a table's distinct tuples with a population.

    Args:
        table: distinct tuples of ``names`` with their rows, as :class:`TupleCounter` counts them.
        population: the register, of any kind that can be read, with the same columns generalised
            the same way.
        names: the columns compared.

    Source: k-map: Sweeney 2002; δ-presence: Nergiz, Atzori, Clifton 2007.

    Raises:
        InputError: HS-E260, the population is empty.
    """
    counter = TupleCounter(names)
    for batch in read_batches(population, names):
        counter.add(batch)
    register = counter.table()
    if register.num_rows == 0:
        raise InputError(
            "the population table is empty", where="population", fix="give its rows", code="HS-E260"
        )
    here, there = _joined(table, register, names)
    present = here > 0
    # A population that misses people of the table is no population: those classes count as they are.
    size = np.maximum(here, there)[present]
    seen = there > 0
    share = np.minimum(here[seen] / there[seen], 1.0)
    rows = here[present].sum()
    return PopulationMatch(
        k_map=int(size.min()) if len(size) else 0,
        delta=(float(share.min()), float(share.max())),
        greatest=float(1 / size.min()) if len(size) else 0.0,
        mean=float((here[present] / size).sum() / rows) if rows else 0.0,
        outside=int(here[here > there].sum()),
    )


def _joined(table: pa.Table, register: pa.Table, names: Sequence[str]) -> tuple[Ints, Ints]:
    """Return for every tuple of either table how many rows it has in each."""
    both = pa.concat_tables(
        [_as_text(table, names, "here"), _as_text(register, names, "there")], promote_options="default"
    )
    joined = both.group_by(list(names), use_threads=False).aggregate([("here", "sum"), ("there", "sum")])
    here, there = (
        joined[f"{side}_sum"].fill_null(0).to_numpy().astype(np.int64) for side in ("here", "there")
    )
    return here, there


def _as_text(table: pa.Table, names: Sequence[str], side: str) -> pa.Table:
    columns = {}
    for name in names:
        codes, values = as_codes(table[name])
        columns[name] = pa.array(values, pa.string()).take(pa.array(codes))
    return pa.table({**columns, side: table[ROWS]})


def unique_share_zayatz(sizes: Ints, population: int) -> float:
    """Estimate the share of the population that stands alone.

    Args:
        sizes: rows of each class of the sample.
        population: persons in the population, at least the sample's rows.

    Source: Zayatz 1991. The class sizes of the population are taken to be spread as the sample's.
    """
    n = int(sizes.sum())
    if n == 0 or n >= population:
        return float((sizes == 1).sum() / max(n, 1))
    size, classes = np.unique(sizes, return_counts=True)
    share = classes / classes.sum()
    chance = np.array([_one_drawn(int(f), n, population) for f in size])
    alone = chance[0] * share[0] if size[0] == 1 else 0.0
    total = float(chance @ share)
    uniques = (sizes == 1).sum() * (alone / total if total else 0.0) * population / n
    return float(min(1.0, uniques / population))


def _one_drawn(size: int, n: int, population: int) -> float:
    """Hypergeometric chance that exactly one of ``size`` persons is in a sample of ``n``."""
    log = math.lgamma
    if n - 1 > population - size:
        return 0.0
    ways = log(population - size + 1) - log(n) - log(population - size - n + 2)
    return size * math.exp(ways - (log(population + 1) - log(n + 1) - log(population - n + 1)))


def unique_share_pitman(sizes: Ints, population: int) -> float:
    """Estimate the share of the population that stands alone, from Pitman's sampling formula.

    Args:
        sizes: rows of each class of the sample.
        population: persons in the population, at least the sample's rows.

    Source: Hoshino 2001; parameters by maximum likelihood on a grid that is refined.
    """
    n = int(sizes.sum())
    if n == 0 or n >= population:
        return float((sizes == 1).sum() / max(n, 1))
    alpha, theta = _pitman(sizes)
    log_uniques = math.lgamma(theta + 1) - math.lgamma(theta + alpha) + alpha * math.log(population)
    return float(min(1.0, math.exp(min(log_uniques - math.log(population), 0.0))))


def _pitman(sizes: Ints) -> tuple[float, float]:
    size, classes = np.unique(sizes, return_counts=True)
    best = (0.5, math.log(max(len(sizes), 2)))
    spread = np.array([0.48, 0.99 * best[1]])
    for _ in range(12):
        alphas = np.clip(best[0] + spread[0] * np.linspace(-1, 1, 9), 1e-4, 1 - 1e-4)
        thetas = best[1] + spread[1] * np.linspace(-1, 1, 9)
        scored = [(_likelihood(a, math.exp(t), size, classes), a, t) for a in alphas for t in thetas]
        _, *found = max(scored)
        best = (float(found[0]), float(found[1]))
        spread *= 0.5
    return best[0], math.exp(best[1])


def _likelihood(alpha: float, theta: float, size: Ints, classes: Ints) -> float:
    """Log-likelihood of Pitman's formula without the terms that do not depend on its parameters."""
    u, n = int(classes.sum()), int(size @ classes)
    rising = _log_rising(theta / alpha + 1, u - 1) + (u - 1) * math.log(alpha)
    below = _log_rising(theta + 1, n - 1)
    inner = np.array([_log_rising(1 - alpha, int(f) - 1) for f in size])
    return float(rising - below + classes @ inner)


def _log_rising(start: float, steps: int) -> float:
    return math.lgamma(start + steps) - math.lgamma(start)
