"""Keep the column as it is (the plan says why it may)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import pyarrow as pa

from hushu.anonymize.operators.base import Context, Operator


@dataclass(frozen=True, slots=True, kw_only=True)
class Keep(Operator):
    """The values leave unchanged."""

    name: ClassVar[str] = "keep"
    text: ClassVar = {"zh": "原值保留", "en": "the values are kept"}

    def __call__(self, column: Any, context: Context) -> pa.Array:
        """Return the column as one array."""
        return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
