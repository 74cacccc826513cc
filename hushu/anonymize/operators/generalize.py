"""Lift values in a hierarchy: a street becomes its district, a day its month."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import pyarrow as pa
import pyarrow.compute as pc

from hushu.anonymize.operators.base import Context, Operator
from hushu.anonymize.values import hierarchies
from hushu.anonymize.values.normalizing import as_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Generalize(Operator):
    """Every value becomes its ancestor at ``level``.

    Args:
        hierarchy: the name of a shipped hierarchy, or the path of a ``;`` file.
        level: number (1 is the finest) or name of the level.
        default: what a value becomes that the hierarchy does not know; :meth:`unseen` counts them.

    Raises:
        ConfigError: HS-E153, no such hierarchy or level.
    """

    name: ClassVar[str] = "generalize"
    text: ClassVar = {
        "zh": "按层级 {hierarchy} 泛化到 {level}，层级外的值记为 {default}",
        "en": "generalised in the hierarchy {hierarchy} to {level}; unknown values become {default}",
    }
    hierarchy: str
    level: str | int
    default: str = hierarchies.TOP

    def __post_init__(self) -> None:
        hierarchies.load(self.hierarchy).index(self.level)

    def __call__(self, column: Any, context: Context) -> pa.Array:
        """Return n strings."""
        text = as_text(column, where=context.column)
        lifted = self._lifted(text)
        if lifted.null_count == text.null_count:
            return lifted
        return pc.if_else(pc.and_(pc.is_valid(text), pc.is_null(lifted)), self.default, lifted)

    def unseen(self, column: Any) -> int:
        """Return how many cells of a column the hierarchy does not know."""
        text = as_text(column)
        return int(self._lifted(text).null_count - text.null_count)

    def _lifted(self, text: pa.Array) -> pa.Array:
        hierarchy = hierarchies.load(self.hierarchy)
        return hierarchy.lift_all(text, hierarchy.index(self.level))
