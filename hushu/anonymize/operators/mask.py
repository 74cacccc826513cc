"""Show part of a value: strictly enough to leave, or as is the custom on screens.

Two operators, not a switch: :class:`Mask` may be in a release, :class:`ScreenMask` may not stand
for a direct identifier there, because what it shows leaves some 10^4 candidates or fewer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import pyarrow as pa

from hushu.anonymize.operators.base import Context, Operator
from hushu.anonymize.operators.recipes import Level, recipe
from hushu.anonymize.values import masking
from hushu.anonymize.values.normalizing import as_text


@dataclass(frozen=True, slots=True, kw_only=True)
class _Masking(Operator):
    level: ClassVar[Level]

    def __call__(self, column: Any, context: Context) -> pa.Array:
        """Return n masked strings; a value that does not have its type's shape shows nothing."""
        text = as_text(column, where=context.column)
        return masking.masked(recipe(context.type, self.level), text)

    def residual(self, type_id: str, lang: str = "zh") -> str:
        """Say what the mask of this type still gives away."""
        return recipe(type_id, self.level).residual["zh" if lang.startswith("zh") else "en"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mask(_Masking):
    """Mask for release: more than 10^4 candidates stay, and the stars do not tell the length."""

    name: ClassVar[str] = "mask"
    level: ClassVar[Level] = "strict"
    text: ClassVar = {
        "zh": "按类型掩码（对外口径）",
        "en": "masked by type, strictly enough to leave",
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreenMask(_Masking):
    """Mask as is the custom on screens (138****8000): still a direct identifier in a release."""

    name: ClassVar[str] = "mask_screen"
    level: ClassVar[Level] = "screen"
    text: ClassVar = {
        "zh": "按惯例掩码（仅限屏幕展示）",
        "en": "masked as is the custom on screens, not for release",
    }
