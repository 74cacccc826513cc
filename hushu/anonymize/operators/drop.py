"""Leave the column out of the release."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import pyarrow as pa

from hushu.anonymize.operators.base import Context, Operator


@dataclass(frozen=True, slots=True, kw_only=True)
class Drop(Operator):
    """The column does not leave. Called on a column it yields nulls: nothing of it survives a misuse."""

    name: ClassVar[str] = "drop"
    text: ClassVar = {"zh": "不提供该列", "en": "the column does not leave"}

    def __call__(self, column: Any, context: Context) -> pa.Array:
        """Return n nulls."""
        return pa.nulls(len(column))
