"""Answer a question about the value in place of the value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import pyarrow as pa
import pyarrow.compute as pc

from hushu.anonymize.operators.base import Context, Operator
from hushu.anonymize.operators.numbers import as_numbers
from hushu.anonymize.values.normalizing import as_text, normalized


@dataclass(frozen=True, slots=True, kw_only=True)
class YesNo(Operator):
    """Is there a value; is it one of these; does it lie between these limits?

    Args:
        equals: the values that answer yes; or
        at_least: numbers from here on answer yes, and
        below: only while they are below this. With none of the three, presence is the question.
        yes: the word for yes.
        no: the word for no.

    A null answers ``no`` to presence and stays null under the other questions.

    Raises:
        ConfigError: HS-E151, two questions at once, or one word for both answers.
    """

    name: ClassVar[str] = "yes_no"
    text: ClassVar = {"zh": "只答是否", "en": "only yes or no"}
    equals: tuple[str, ...] = ()
    at_least: float | None = None
    below: float | None = None
    yes: str = "是"
    no: str = "否"

    def __post_init__(self) -> None:
        if self.equals and (self.at_least is not None or self.below is not None):
            raise self.wrong("equals", "it stands beside a limit", "ask one question")
        if self.yes == self.no:
            raise self.wrong("yes", "yes and no are the same word", "two different words")

    def explain(self, lang: str = "zh") -> str:
        """Say which question is answered."""
        zh = lang.startswith("zh")
        if self.equals:
            return (
                "是否为指定值" if zh else "whether it is one of the listed values"
            ) + f" ({len(self.equals)})"
        if self.at_least is None and self.below is None:
            return "是否有值" if zh else "whether there is a value"
        low = "" if self.at_least is None else f"≥ {self.at_least:g}"
        high = "" if self.below is None else f"< {self.below:g}"
        return ("是否 " if zh else "whether it is ") + " ".join(part for part in (low, high) if part)

    def __call__(self, column: Any, context: Context) -> pa.Array:
        """Return n answers."""
        answers = pc.if_else(self._asked(column, context), self.yes, self.no)
        return answers.combine_chunks() if isinstance(answers, pa.ChunkedArray) else answers

    def _asked(self, column: Any, context: Context) -> pa.Array:
        if self.equals:
            text = normalized(context.type, as_text(column, where=context.column))
            wanted = normalized(context.type, pa.array(self.equals, pa.string()))
            return pc.if_else(pc.is_valid(text), pc.is_in(text, wanted), pa.scalar(None, pa.bool_()))
        if self.at_least is not None or self.below is not None:
            numbers = as_numbers(column, context.column)
            low = float("-inf") if self.at_least is None else self.at_least
            high = float("inf") if self.below is None else self.below
            return pc.and_(pc.greater_equal(numbers, low), pc.less(numbers, high))
        if pa.types.is_null(column.type):
            return pa.array([False] * len(column))
        text = as_text(column, where=context.column)
        return pc.and_(
            pc.is_valid(text), pc.greater(pc.fill_null(pc.utf8_length(pc.utf8_trim_whitespace(text)), 0), 0)
        )
