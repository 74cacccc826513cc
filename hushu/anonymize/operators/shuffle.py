"""Exchange the values of a column among its rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hushu.anonymize.operators.base import Context, Operator, Reads
from hushu.anonymize.values import digests


@dataclass(frozen=True, slots=True, kw_only=True)
class Shuffle(Operator):
    """A keyed permutation of the non-null values: their distribution stays, their rows do not.

    Every value that leaves is a true value of somebody: not for direct identifiers (a plan that
    asks for it is refused by the grain table).
    """

    name: ClassVar[str] = "shuffle"
    needs_key: ClassVar[bool] = True
    reads: ClassVar[Reads] = "column"
    text: ClassVar = {
        "zh": "列内置换：值的分布不变，与行脱钩",
        "en": "the values change rows; their distribution stays",
    }

    def __call__(self, column: Any, context: Context) -> pa.Array:
        """Return the n values in another order; nulls stay where they are."""
        array = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
        key = context.scope().derive(context.place("shuffle"), context.type or "VALUE")
        filled = pc.indices_nonzero(pc.is_valid(array)).to_numpy()
        order = np.argsort(digests.stream(key, 0, len(filled)), kind="stable")
        places = np.arange(len(array))
        places[filled] = filled[order]
        return array.take(pa.array(places))
