"""Replace what a pattern finds; what it does not find does not slip through."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import pyarrow as pa
import pyarrow.compute as pc

from hushu.anonymize.operators.base import Context, Operator
from hushu.anonymize.values.normalizing import as_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Regex(Operator):
    r"""Replace every match of ``pattern`` by ``replacement`` (``\1`` is the first group).

    Args:
        pattern: RE2 syntax: no look-around, and no pattern that could run away.
        replacement: what stands in the place of each match.
        otherwise: what a value becomes in which nothing matched. A mask that fails open shows an
            identity number ending in X because the pattern only knew digits.

    Raises:
        ConfigError: HS-E151, a pattern RE2 cannot read, or one that matches nothing at all.
    """

    name: ClassVar[str] = "regex"
    text: ClassVar = {
        "zh": "按正则 {pattern} 替换为 {replacement}，未命中的值整体替换为 {otherwise}",
        "en": "{pattern} is replaced by {replacement}; a value without a match becomes {otherwise}",
    }
    pattern: str
    replacement: str
    otherwise: str = "***"

    def __post_init__(self) -> None:
        if not self.pattern:
            raise self.wrong("pattern", "it is empty", "write the pattern that finds what must go")
        try:
            pc.replace_substring_regex(pa.array([""]), self.pattern, self.replacement)
        except pa.ArrowInvalid as error:
            raise self.wrong("pattern", "RE2 cannot read it", "see the RE2 syntax page") from error

    def __call__(self, column: Any, context: Context) -> pa.Array:
        """Return n strings."""
        text = as_text(column, where=context.column)
        found = pc.match_substring_regex(text, self.pattern)
        replaced = pc.replace_substring_regex(text, self.pattern, self.replacement)
        return pc.if_else(found, replaced, self.otherwise)
