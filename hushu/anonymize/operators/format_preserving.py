"""Another value of the same format, and back with the key: FF1 with valid check digits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import pyarrow as pa

from hushu.anonymize.operators.base import Context, Operator
from hushu.anonymize.values import formats
from hushu.anonymize.values.ff1 import CipherName
from hushu.anonymize.values.normalizing import as_text, family, normalized


@dataclass(frozen=True, slots=True, kw_only=True)
class FormatPreserving(Operator):
    """A telephone number becomes a telephone number, an identity number one with a valid check digit.

    A value that is not well formed (a check digit that does not hold) has no place in the format
    and becomes null. One value always becomes the same other value, so joins stay possible; the
    result looks real, so a plan should say that it is not.

    Args:
        keep: how many leading characters stay, where the policy allows it: telephone 0 or 3;
            identity number 0, 2 (province) or 6 (area); bank card 1 to 8 (6 is the issuer).
            None: the least that the type allows.
        cipher: ``aes`` or ``sm4``.

    Raises:
        ConfigError: HS-E151, a ``keep`` or cipher that is not offered; HS-E152, a type without a
            format; HS-E156, fewer than 10^6 values would be left to hide among.
        KeyMaterialError: HS-E401, no key.
    """

    name: ClassVar[str] = "format_preserving"
    reversible: ClassVar[bool] = True
    needs_key: ClassVar[bool] = True
    text: ClassVar = {
        "zh": "保留格式加密（FF1，{cipher}），校验位有效，持密钥可还原",
        "en": "format-preserving encryption (FF1, {cipher}), check digits valid, reversible with the key",
    }
    keep: int | None = None
    cipher: CipherName = "aes"

    def __post_init__(self) -> None:
        if self.cipher not in ("aes", "sm4"):
            raise self.wrong("cipher", f"it is {self.cipher}", "aes or sm4")
        if self.keep is not None and not 0 <= self.keep <= 8:
            raise self.wrong("keep", f"it is {self.keep}", "0 to 8 leading characters")

    def __call__(self, column: Any, context: Context) -> pa.Array:
        """Return n strings of the type's format."""
        text = normalized(context.type, as_text(column, where=context.column))
        return self._format(context).encrypt(text)

    def reverse(self, column: Any, context: Context) -> pa.Array:
        """Return the n original values; the key, data set and recipient must be those of the release."""
        return self._format(context).decrypt(as_text(column, where=context.column))

    def _format(self, context: Context) -> formats.Format:
        key = context.scope().derive(f"ff1/{self.cipher}", context.type)
        return formats.of_type(family(context.type), key[:16], self.keep, self.cipher)
