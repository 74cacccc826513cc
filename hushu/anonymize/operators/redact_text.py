"""Take personal data out of remarks, and with it the identifiers of the record they belong to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import pyarrow as pa

from hushu.anonymize.operators.base import Context, Operator
from hushu.anonymize.tokens import token
from hushu.anonymize.values.normalizing import as_text
from hushu.rules import vocabulary


@dataclass(frozen=True, slots=True, kw_only=True)
class RedactText(Operator):
    """Replace every span of personal data in a text.

    Args:
        style: ``label`` (「姓名」) or ``pseudonym`` (the token that the same person has in the tables).

    Raises:
        ConfigError: HS-E151, an unknown style.
    """

    name: ClassVar[str] = "redact_text"
    text: ClassVar = {
        "zh": "去除文本中的个人信息（{style}）",
        "en": "personal data in the text is taken out ({style})",
    }
    style: str = "label"

    def __post_init__(self) -> None:
        if self.style not in {"label", "pseudonym"}:
            raise self.wrong("style", f"{self.style} is not known", "label or pseudonym")

    def __call__(self, column: Any, context: Context) -> pa.Array:
        """Return n texts; nulls stay null."""
        from hushu.anonymize.redaction import redact_records

        texts = as_text(column, where=context.column).to_pylist()
        known = _known(context, len(texts))
        places = [place for place, text in enumerate(texts) if text]
        if self.style == "pseudonym":
            scope = context.scope()
            done = redact_records(
                [texts[p] for p in places],
                [known[p] for p in places],
                lambda kind, value: token(kind, value, scope),
            )
        else:
            done = redact_records([texts[p] for p in places], [known[p] for p in places], _label)
        for place, redacted in zip(places, done, strict=True):
            texts[place] = redacted.text
        return pa.array(texts, pa.string())


def _known(context: Context, rows: int) -> list[list[tuple[str, str]]]:
    columns = [(kind, as_text(values).to_pylist()) for kind, values in context.record]
    return [[(kind, str(values[row])) for kind, values in columns if values[row]] for row in range(rows)]


def _label(kind: str, _value: str) -> str:
    entry = vocabulary.load().get(kind)
    return f"「{entry.zh if entry else kind}」"
