"""Keep the column's place and type, empty its cells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import pyarrow as pa

from hushu.anonymize.operators.base import Context, Operator


@dataclass(frozen=True, slots=True, kw_only=True)
class Null(Operator):
    """Every cell becomes null; the schema of the receiving system still fits."""

    name: ClassVar[str] = "null"
    text: ClassVar = {"zh": "保留列，值全部置空", "en": "every cell becomes null"}

    def __call__(self, column: Any, context: Context) -> pa.Array:
        """Return n nulls of the column's type."""
        return pa.nulls(len(column), column.type)
