"""Keep the first characters of a value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import pyarrow as pa
import pyarrow.compute as pc

from hushu.anonymize.operators.base import Context, Operator
from hushu.anonymize.values.normalizing import as_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Truncate(Operator):
    """The first ``keep`` characters stay, the rest goes (codes whose prefix is the coarser code).

    Raises:
        ConfigError: HS-E151, ``keep`` below 1.
    """

    name: ClassVar[str] = "truncate"
    text: ClassVar = {"zh": "只保留前 {keep} 个字符", "en": "the first {keep} characters are kept"}
    keep: int

    def __post_init__(self) -> None:
        if self.keep < 1:
            raise self.wrong("keep", f"it is {self.keep}", "at least 1; to remove the value use null")

    def __call__(self, column: Any, context: Context) -> pa.Array:
        """Return n strings of at most ``keep`` characters."""
        return pc.utf8_slice_codeunits(as_text(column, where=context.column), 0, self.keep)
