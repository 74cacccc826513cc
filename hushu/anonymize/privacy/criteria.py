"""What a class must satisfy before it may be published: k, and l and t for each sensitive column."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from hushu.anonymize.privacy.classes import (
    Closeness,
    Diversity,
    Floats,
    Ints,
    closeness,
    contingency,
    diversity,
)
from hushu.errors import ConfigError

# Shares are sums of floats: a class that meets l or t exactly must not fail by the last bit.
TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True)
class Sensitive:
    """One sensitive column and what each class must show in it.

    Attributes:
        column: the column's name.
        codes: the value of each row (or tuple), 0 … width - 1; for ``ordered`` in their order.
        width: the number of values.
        reference: the share of each value in the whole table.
        l: least diversity, or None.
        diversity: what ``l`` counts.
        c: the constant of recursive diversity.
        t: greatest distance to the whole table, or None.
        closeness: how ``t`` measures.
        levels: the value's group at each level, for hierarchical closeness.
    """

    column: str
    codes: Ints
    width: int
    reference: Floats
    l: float | None = None  # noqa: E741 - the field's own name for it
    diversity: Diversity = "distinct"
    c: float = 1.0
    t: float | None = None
    closeness: Closeness = "equal"
    levels: npt.NDArray[np.int32] | None = None

    @property
    def survives_merging(self) -> bool:
        """Whether a class that holds still holds after taking in one that does not."""
        return self.t is None and self.diversity == "distinct"


@dataclass(frozen=True, slots=True)
class Criteria:
    """Least class size ``k`` and the conditions on the sensitive columns."""

    k: int
    sensitive: tuple[Sensitive, ...] = ()

    @property
    def active(self) -> tuple[Sensitive, ...]:
        """The rules that ask for l or t."""
        return tuple(rule for rule in self.sensitive if rule.l is not None or rule.t is not None)

    def failing(self, klass: Ints, count: Ints, classes: int) -> npt.NDArray[np.bool_]:
        """Return for each class whether it breaks k, l or t.

        Args:
            klass: class of each row or tuple.
            count: weight of each row or tuple.
            classes: number of classes.
        """
        bad = np.bincount(klass, weights=count, minlength=classes) < self.k
        for rule in self.active:
            table = contingency(klass, rule.codes, count, classes, rule.width)
            if rule.l is not None:
                bad |= diversity(table, rule.diversity, rule.c) < rule.l - TOLERANCE
            if rule.t is not None:
                distance = closeness(table, rule.closeness, rule.reference, rule.levels)
                bad |= distance > rule.t + TOLERANCE
        return bad

    def of_rows(self, rows: npt.NDArray[np.integer]) -> Criteria:
        """Return the same criteria for a selection of the rows (the reference stays the whole table's)."""
        return Criteria(self.k, tuple(replace(rule, codes=rule.codes[rows]) for rule in self.sensitive))

    def require_rows(self, rows: int) -> None:
        """Raise unless the table has k rows.

        Raises:
            ConfigError: HS-E164, it has fewer.
        """
        if rows < self.k:
            raise ConfigError(
                "k is larger than the table",
                where=f"k={self.k}, {rows} rows",
                why="no class can have k rows",
                fix="take a smaller k, or add rows",
                code="HS-E164",
            )

    def require_feasible(self, rows: int) -> None:
        """Raise unless the whole table, taken as one class, holds.

        Raises:
            ConfigError: HS-E164, not even one class of all rows satisfies the criteria.
        """
        self.require_rows(rows)
        one = np.zeros(rows, dtype=np.int64)
        ones = np.ones(rows, dtype=np.int64)
        for rule in self.sensitive:
            if Criteria(1, (rule,)).failing(one, ones, 1)[0]:
                raise ConfigError(
                    "no generalisation can satisfy l or t",
                    where=rule.column,
                    why="the whole table as one class does not satisfy it",
                    fix="lower l, or choose another sensitive column",
                    code="HS-E164",
                )
