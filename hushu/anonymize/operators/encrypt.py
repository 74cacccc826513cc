"""Reversible encryption of single values, the same ciphertext for the same value."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import pyarrow as pa

from hushu.anonymize.operators.base import Context, Operator
from hushu.anonymize.tokens import Scope, mac
from hushu.anonymize.values.masking import mapped
from hushu.anonymize.values.normalizing import as_text
from hushu.errors import KeyMaterialError

CipherName = Literal["aes-siv", "sm4-gcm"]
PATTERN = re.compile(r"ENC-([a-z2-7]{6})-([a-z2-7]+)$")
_VERSION = b"\x01"
_NONCE = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Encrypt(Operator):
    """Values become ``ENC-<key id>-<ciphertext>``; :meth:`reverse` brings them back under the same key.

    AES-SIV (RFC 5297), or SM4-GCM (GB/T 32907, RFC 8998) whose nonce is the first 96 bits of an
    HMAC-SM3 of the value, so that equal values have equal ciphertexts and no nonce serves two
    values (up to n² / 2**97). Values are padded to whole 16 bytes, so a short name is as long as a
    longer one; frequencies stay visible.

    Raises:
        ConfigError: HS-E151, an unknown cipher.
        KeyMaterialError: HS-E401, no key; HS-E404, the key of a ciphertext is not in the ring;
            HS-E406, a ciphertext was altered or belongs to another data set, recipient or type.
    """

    name: ClassVar[str] = "encrypt"
    reversible: ClassVar[bool] = True
    needs_key: ClassVar[bool] = True
    text: ClassVar = {
        "zh": "加密（{cipher}），持密钥可还原",
        "en": "encrypted ({cipher}), reversible with the key",
    }
    cipher: CipherName = "aes-siv"

    def __post_init__(self) -> None:
        if self.cipher not in ("aes-siv", "sm4-gcm"):
            raise self.wrong("cipher", f"it is {self.cipher}", "aes-siv or sm4-gcm")

    def __call__(self, column: Any, context: Context) -> pa.Array:
        """Return n strings, null where the input is null."""
        scope = context.scope("sm3" if self.cipher == "sm4-gcm" else "sha256")
        seal = self._sealer(scope, context.type)[0]
        head = f"ENC-{scope.keys.active.id}-"

        def one(value: str) -> str:
            sealed = base64.b32encode(seal(_padded(value))).decode("ascii")
            return head + sealed.rstrip("=").lower()

        return mapped(as_text(column, where=context.column), one)

    def reverse(self, column: Any, context: Context) -> pa.Array:
        """Return the n original values; what is not a ciphertext is refused, not passed on."""
        scope = context.scope("sm3" if self.cipher == "sm4-gcm" else "sha256")
        openers: dict[str, Callable[[bytes], bytes]] = {}

        def one(value: str) -> str:
            found = PATTERN.match(value)
            if not found:
                raise _altered(context.column)
            key_id, sealed = found.groups()
            if key_id not in openers:
                openers[key_id] = self._sealer(scope, context.type, key_id)[1]
            return _opened(openers[key_id], sealed, context.column)

        return mapped(as_text(column, where=context.column), one)

    def _sealer(
        self, scope: Scope, type_id: str, key_id: str = ""
    ) -> tuple[Callable[[bytes], bytes], Callable[[bytes], bytes]]:
        material = scope.keys[key_id] if key_id else scope.keys.active
        key = scope.derive(f"encrypt/{self.cipher}", type_id, material, length=64)
        return _aes_siv(key) if self.cipher == "aes-siv" else _sm4_gcm(key)


def _aes_siv(key: bytes) -> tuple[Callable[[bytes], bytes], Callable[[bytes], bytes]]:
    from cryptography.hazmat.primitives.ciphers.aead import AESSIV

    box = AESSIV(key)
    return lambda plain: box.encrypt(plain, None), lambda sealed: box.decrypt(sealed, None)


def _sm4_gcm(key: bytes) -> tuple[Callable[[bytes], bytes], Callable[[bytes], bytes]]:
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    block, nonce_key = algorithms.SM4(key[:16]), key[16:48]

    def seal(plain: bytes) -> bytes:
        nonce = mac("sm3", nonce_key, plain)[:_NONCE]
        box = Cipher(block, modes.GCM(nonce)).encryptor()
        sealed = box.update(plain) + box.finalize()
        return nonce + box.tag + sealed

    def unseal(sealed: bytes) -> bytes:
        nonce, tag, rest = sealed[:_NONCE], sealed[_NONCE : _NONCE + 16], sealed[_NONCE + 16 :]
        box = Cipher(block, modes.GCM(nonce, tag)).decryptor()
        return box.update(rest) + box.finalize()

    return seal, unseal


def _padded(value: str) -> bytes:
    plain = _VERSION + value.encode("utf-8") + b"\x80"  # ISO/IEC 7816-4
    return plain + bytes(-len(plain) % 16)


def _opened(unseal: Callable[[bytes], bytes], sealed: str, where: str) -> str:
    from cryptography.exceptions import InvalidTag

    try:
        raw = base64.b32decode(sealed.upper() + "=" * (-len(sealed) % 8))
        return unseal(raw).rstrip(b"\x00")[len(_VERSION) : -1].decode("utf-8")
    except (InvalidTag, ValueError) as error:
        raise _altered(where) from error


def _altered(where: str) -> KeyMaterialError:
    return KeyMaterialError(
        "a value cannot be decrypted",
        where=where,
        why="it was altered, or it belongs to another key, data set, recipient or type",
        fix="give the key, data set and recipient of the release it came from",
        code="HS-E406",
    )
