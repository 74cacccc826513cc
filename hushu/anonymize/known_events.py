"""What one known event gives away of a person's shifted dates, tried on the release itself.

The attacker knows the true date of one event of a person, takes the difference to the published date
for the person's shift, and moves the person's other dates back by it. How often that is right is
counted over pairs of events of one person that stand in one batch of the source.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hushu.anonymize.operators.date_shift import DateShift
from hushu.anonymize.transforming import Step, TableTransform
from hushu.anonymize.values.cellkeys import NULL_KEY, text_keys
from hushu.anonymize.values.dates import as_dates
from hushu.anonymize.values.normalizing import as_text, normalized


class KnownEvents:
    """The attack, run while the rows stream by.

    ``report`` gives for each shifted column the pairs tried, how often the guess was right, and the
    bound: 1 / (2J + 1) for a jitter of J weeks, 1 for exact intervals. The bound does not fall with
    more known events: each event has a jitter of its own.
    """

    def __init__(self, transform: TableTransform) -> None:
        self._steps = [step for step in transform.steps if isinstance(step.operator, DateShift)]
        self._entity = transform.entity
        kind = (c.type or "" for c in transform.table.columns if c.name == transform.entity)
        self._kind = next(kind, "")
        self._pairs = {step.column.output: [0, 0] for step in self._steps}

    def add(self, before: pa.Table, after: pa.RecordBatch) -> None:
        """Try the attack on one batch.

        Args:
            before: n rows of the source.
            after: the same rows as published.
        """
        if not self._steps or not self._entity:
            return
        persons = text_keys(normalized(self._kind, as_text(before[self._entity])))
        for step in self._steps:
            self._try(step, persons, before, after)

    def report(self) -> dict[str, dict[str, Any]]:
        """Return published column → ``pairs``, ``guessed`` (0..1, None without pairs), ``bound``."""
        return {
            step.column.output: {
                "pairs": self._pairs[step.column.output][0],
                "guessed": self._share(step.column.output),
                "bound": round(_bound(step), 4),
            }
            for step in self._steps
        }

    def _share(self, output: str) -> float | None:
        pairs, right = self._pairs[output]
        return round(right / pairs, 4) if pairs else None

    def _try(self, step: Step, persons: np.ndarray, before: pa.Table, after: pa.RecordBatch) -> None:
        true, known = _days(as_dates(before[step.column.name]))
        moved, there = _days(as_dates(after[step.column.output]))
        rows = np.flatnonzero(known & there & (persons != NULL_KEY))
        rows = rows[np.argsort(persons[rows], kind="stable")]
        one, other = rows[:-1], rows[1:]
        # Two events of one day move together by design, and are one event to the attacker.
        pair = (persons[one] == persons[other]) & (true[one] != true[other])
        one, other = one[pair], other[pair]
        right = (moved[one] - true[one]) == (moved[other] - true[other])
        count = self._pairs[step.column.output]
        count[0] += len(one)
        count[1] += int(right.sum())


def _bound(step: Step) -> float:
    operator = step.operator
    return 1 / (2 * operator.jitter_weeks + 1) if isinstance(operator, DateShift) else 1.0


def _days(dates: pa.Array) -> tuple[np.ndarray, np.ndarray]:
    known = dates.is_valid().to_numpy(zero_copy_only=False)
    days = pc.fill_null(dates.cast(pa.int32()), 0).to_numpy(zero_copy_only=False)
    return days.astype(np.int64), known
