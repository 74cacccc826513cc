"""One token per value under a key: joins stay possible, the value cannot be tried out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import pyarrow as pa

from hushu.anonymize.operators.base import Context, Operator
from hushu.anonymize.tokens import tokens
from hushu.anonymize.values.hashes import HashName


@dataclass(frozen=True, slots=True, kw_only=True)
class Pseudonym(Operator):
    """HMAC under a key of this data set, recipient and type; see :mod:`hushu.anonymize.tokens`.

    Args:
        hash: ``sha256`` or ``sm3``.

    Residual: equal values have equal tokens, so frequencies stay visible (a rare surname, a
    frequent patient); the risk gate measures that.

    Raises:
        ConfigError: HS-E151, an unknown hash.
    """

    name: ClassVar[str] = "pseudonym"
    needs_key: ClassVar[bool] = True
    text: ClassVar = {
        "zh": "替换为带密钥的假名（HMAC-{hash}，按批次、接收方、类型分域）",
        "en": "values become keyed pseudonyms (HMAC-{hash}, separate per data set, recipient and type)",
    }
    hash: HashName = "sha256"

    def __post_init__(self) -> None:
        if self.hash not in ("sha256", "sm3"):
            raise self.wrong("hash", f"it is {self.hash}", "sha256 or sm3")

    def __call__(self, column: Any, context: Context) -> pa.Array:
        """Return n tokens, null where the input is null."""
        return tokens(context.type or "VALUE", column, context.scope(self.hash))
