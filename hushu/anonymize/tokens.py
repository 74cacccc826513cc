"""One token function for tables and texts: the same person has the same token in both.

A token reads ``PERSON-lamuyw-k3fqzq7h5a2mdbno``: the type, the id of the key, 80 bits of
HMAC-SHA256 or HMAC-SM3 (GB/T 32905) under a key of this data set, recipient and type. Its
alphabet has no 0 and no 1, so a token can never be taken for a telephone or identity number.
Among n values two tokens coincide with probability n² / 2**81 (10⁶ values: 4e-13); each batch is
checked, and a coincidence stops the run instead of merging two persons.
"""

from __future__ import annotations

import base64
import hmac
import re
from dataclasses import dataclass
from typing import Any

from hushu.anonymize import keys as key_material
from hushu.anonymize.keys import KeyMaterial, Keyring
from hushu.anonymize.values.hashes import DIGEST_BYTES, HashName
from hushu.anonymize.values.normalizing import as_text, family, normalized, normalizer
from hushu.errors import ConfigError, PolicyError

PATTERN = re.compile(r"(?<![A-Za-z0-9_-])([A-Z][A-Z_]*)-([a-z2-7]{6})-([a-z2-7]{16})(?![A-Za-z0-9])")
_SAMPLE = 8192
_WIDEST = 64  # characters of the longest token


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Within which equal values get equal tokens: one data set, one recipient, one key.

    Args:
        keys: the ring; its active key makes tokens.
        dataset: the release or purpose the tokens belong to; all its tables and texts share it.
        recipient: who receives it; two recipients never share a token.
        hash: ``sha256`` or ``sm3``.

    Raises:
        ConfigError: HS-E151, an empty data set or recipient, or an unknown hash.
    """

    keys: Keyring
    dataset: str
    recipient: str
    hash: HashName = "sha256"

    def __post_init__(self) -> None:
        for name in ("dataset", "recipient"):
            if not getattr(self, name).strip():
                raise ConfigError(
                    f"the {name} of a token scope is empty",
                    why="tokens are separated by data set and recipient",
                    fix=f"name the {name} in the plan or with --{name}",
                    code="HS-E151",
                )
        if self.hash not in ("sha256", "sm3"):
            raise ConfigError("unknown hash", where="hash", fix="sha256 or sm3", code="HS-E151")

    def derive(self, purpose: str, type_id: str, key: KeyMaterial | None = None, length: int = 32) -> bytes:
        """Return key bytes of this purpose, data set, recipient, type and hash."""
        label = key_material.info(purpose, self.dataset, self.recipient, family(type_id), self.hash)
        return (key or self.keys.active).derive(label, length)


def token(type_id: str, value: str, scope: Scope) -> str:
    """Return the token of one value found in a text or a cell.

    Example:
        >>> scope = Scope(keys=Keyring(key_material.Key(bytes(range(32)))), dataset="d", recipient="r")
        >>> token("PHONE_NUMBER", "138 0013 8000", scope) == token("PHONE_NUMBER", "+8613800138000", scope)
        True
    """
    return _token(type_id, normalizer(type_id)(value), scope, scope.keys.active)


def candidates(type_id: str, value: str, scope: Scope) -> tuple[str, ...]:
    """Return the value's tokens under every key of the ring, the active one first (after rotation)."""
    folded = normalizer(type_id)(value)
    return tuple(_token(type_id, folded, scope, key) for key in scope.keys)


def tokens(type_id: str, array: Any, scope: Scope) -> Any:
    """Return the tokens of a column: n values in, n strings out, nulls stay null.

    Args:
        type_id: a type of the vocabulary.
        array: ``pa.Array`` or ``pa.ChunkedArray`` of any scalar type.
        scope: data set, recipient and key.

    Raises:
        PolicyError: HS-E350, two different values of the batch would get one token.
        InputError: HS-E251, identifiers stored as floating point.
    """
    import pyarrow as pa

    text = as_text(array)
    if _mostly_distinct(text):
        return _distinct_tokens(type_id, text, scope)
    encoded = text.dictionary_encode()
    made = _distinct_tokens(type_id, encoded.dictionary, scope)
    if len(text) * _WIDEST > 2**31:  # more text than 32-bit offsets reach
        made = made.cast(pa.large_string())
    return pa.DictionaryArray.from_arrays(encoded.indices, made).dictionary_decode()


def _mostly_distinct(text: Any) -> bool:
    # Birthday estimate: m rows drawn from D equally frequent values coincide about m²/2D times.
    import numpy as np
    import pyarrow.compute as pc

    if len(text) <= _SAMPLE:
        return False
    rows = np.random.default_rng(0).integers(0, len(text), _SAMPLE)  # where to look, not a secret
    coincidences = _SAMPLE - pc.count_distinct(text.take(rows), mode="all").as_py()
    return bool(coincidences < _SAMPLE * _SAMPLE / len(text))  # D > n/2


def _distinct_tokens(type_id: str, text: Any, scope: Scope) -> Any:
    from hushu.anonymize.values import digests

    folded = normalized(type_id, text)
    prefix = _prefix(type_id, scope.keys.active)
    made = digests.base32_hmac(scope.hash, scope.derive("pseudonym", type_id), folded, prefix)
    if digests.coincide(folded, made, len(prefix)):
        raise PolicyError(
            "two different values would get the same pseudonym",
            where=f"type {type_id}",
            why="an 80-bit coincidence (or a damaged key)",
            fix="run again with a new key: hushu key new -o FILE",
            code="HS-E350",
        )
    return made


def _prefix(type_id: str, key: KeyMaterial) -> str:
    return f"{family(type_id)}-{key.id}-"


def _token(type_id: str, folded: str, scope: Scope, key: KeyMaterial) -> str:
    digest = mac(scope.hash, scope.derive("pseudonym", type_id, key), folded.encode("utf-8"))
    return _prefix(type_id, key) + base64.b32encode(digest[:DIGEST_BYTES]).decode("ascii").lower()


def mac(hash_name: HashName, key: bytes, message: bytes) -> bytes:
    """Return the 32-byte HMAC. SM3 comes from ``cryptography``: the system's OpenSSL may lack it."""
    if hash_name == "sha256":
        return hmac.digest(key, message, "sha256")
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.hmac import HMAC

    context = HMAC(key, hashes.SM3())
    context.update(message)
    return context.finalize()
