"""Put one fixed word in the place of every value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import pyarrow as pa
import pyarrow.compute as pc

from hushu.anonymize.operators.base import Context, Operator


@dataclass(frozen=True, slots=True, kw_only=True)
class Constant(Operator):
    """Every value becomes ``value``; which cells were null stays visible.

    Args:
        value: the word; ``{type}`` and ``{zh}`` stand for the type's id and Chinese name, so
            ``<{type}>`` gives ``<PERSON>`` and ``「{zh}」`` gives ``「姓名」``.

    Raises:
        ConfigError: HS-E151, an unknown placeholder.
    """

    name: ClassVar[str] = "constant"
    text: ClassVar = {"zh": "每个值替换为 {value}", "en": "every value becomes {value}"}
    value: str = "<{type}>"

    def __post_init__(self) -> None:
        try:
            self.value.format(type="", zh="")
        except (KeyError, IndexError, ValueError) as error:
            raise self.wrong("value", "an unknown placeholder", "use {type} or {zh} only") from error

    def explain(self, lang: str = "zh") -> str:
        """Say what every value becomes."""
        return self.text["zh" if lang.startswith("zh") else "en"].replace("{value}", self.value)

    def __call__(self, column: Any, context: Context) -> pa.Array:
        """Return n strings, null where the input is null."""
        word = pa.scalar(self.word(context.type), pa.string())
        valid = pc.is_valid(column)
        made = pc.if_else(valid, word, pa.scalar(None, pa.string()))
        return made.combine_chunks() if isinstance(made, pa.ChunkedArray) else made

    def word(self, type_id: str) -> str:
        """Return the replacement for a value of this type."""
        from hushu.rules.vocabulary import load

        entry = load().get(type_id)
        return self.value.format(type=type_id or "VALUE", zh=entry.zh if entry else "已隐去")
