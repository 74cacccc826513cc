"""Keys: where they come from, what is derived from them, and how they end.

A key never leaves this module as text: ``repr``, certificates and tokens show its id alone.
Everything that uses a key asks :meth:`Key.derive` for a sub-key of its own purpose, data set,
recipient and type (HKDF, RFC 5869), so two recipients never share a token.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, runtime_checkable

from hushu.errors import KeyMaterialError

MINIMUM_BYTES = 16
_SALT = b"hushu/1"
_FILE_TAG = "hushu-key-1"
ENVIRONMENT = "HUSHU_KEY"


@runtime_checkable
class KeyMaterial(Protocol):
    """What an operator needs of a key; an HSM client only has to offer this."""

    @property
    def id(self) -> str:
        """Six letters that name the key in outputs; they say nothing about its bytes."""

    def derive(self, info: bytes, length: int = 32) -> bytes:
        """Return ``length`` bytes bound to ``info`` (HKDF-Expand)."""


@dataclass(frozen=True, slots=True)
class Key:
    """A master key held in memory.

    Args:
        secret: at least 16 bytes, drawn at random (``hushu key new``).

    Raises:
        KeyMaterialError: HS-E402, the key is too short or repeats itself.

    Example:
        >>> Key(bytes(range(32)))
        Key(id='lamuyw')
    """

    secret: bytes = field(repr=False)
    id: str = field(init=False)

    def __post_init__(self) -> None:
        _require_strength(self.secret)
        mark = _expand(self._mac, b"key id", 8)
        object.__setattr__(self, "id", base64.b32encode(mark).decode("ascii")[:6].lower())

    def derive(self, info: bytes, length: int = 32) -> bytes:
        """Return ``length`` bytes bound to ``info``. Source: RFC 5869, HMAC-SHA256."""
        return _expand(self._mac, info, length)

    def _mac(self, message: bytes) -> bytes:
        extracted = hmac.digest(_SALT, self.secret, "sha256")
        return hmac.digest(extracted, message, "sha256")

    @classmethod
    def new(cls) -> Key:
        """Return a fresh random key of 32 bytes."""
        return cls(secrets.token_bytes(32))


@dataclass(frozen=True, slots=True)
class HsmKey:
    r"""A master key that stays in a hardware module: only its HMAC-SHA256 is called.

    Args:
        id: the name of the key, letters ``a-z`` and digits ``2-7``, six of them.
        mac: computes HMAC-SHA256 of a message under the key inside the module.

    Example:
        >>> HsmKey("hsmkey", lambda message: bytes(32)).derive(b"x", 4)
        b'\x00\x00\x00\x00'
    """

    id: str
    mac: Callable[[bytes], bytes] = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.id) != 6 or not set(self.id) <= set("abcdefghijklmnopqrstuvwxyz234567"):
            raise KeyMaterialError(
                "the id of a hardware key must be six letters a-z or digits 2-7",
                fix="give the key a short id that may stand in tokens",
                code="HS-E404",
            )

    def derive(self, info: bytes, length: int = 32) -> bytes:
        """Return ``length`` bytes bound to ``info`` (HKDF-Expand run through the module)."""
        return _expand(self.mac, info, length)


@dataclass(frozen=True, slots=True)
class Keyring:
    """The key in use, and the retired keys whose tokens are still read (rotation).

    Raises:
        KeyMaterialError: HS-E404, two keys of the ring share an id.
    """

    active: KeyMaterial
    retired: tuple[KeyMaterial, ...] = ()

    def __post_init__(self) -> None:
        ids = [key.id for key in self]
        if len(set(ids)) != len(ids):
            raise KeyMaterialError(
                "two keys of one ring have the same id",
                why="a token could not say which key made it",
                fix="draw a new key: hushu key new -o FILE",
                code="HS-E404",
            )

    def __iter__(self) -> Iterator[KeyMaterial]:
        yield self.active
        yield from self.retired

    def __getitem__(self, key_id: str) -> KeyMaterial:
        """Return the key of that id.

        Raises:
            KeyMaterialError: HS-E404, no key of the ring has it.
        """
        for key in self:
            if key.id == key_id:
                return key
        raise KeyMaterialError(
            "no key with this id is at hand",
            where=f"key {key_id}",
            fix="give the key file that made these tokens, or add it to the ring as retired",
            code="HS-E404",
        )

    def rotate(self, fresh: KeyMaterial) -> Keyring:
        """Return a ring in which ``fresh`` is in use and the former keys stay readable."""
        return Keyring(fresh, tuple(self))


def info(purpose: str, *scope: str) -> bytes:
    """Return an unambiguous label: each part carries its length, so ``a|b`` never equals ``ab|``."""
    parts = [part.encode("utf-8") for part in (purpose, *scope)]
    return b"".join(len(part).to_bytes(4, "big") + part for part in parts)


def from_text(text: str, *, where: str) -> Key:
    """Read a key from text: a ``hushu-key-1`` line, 32 or more hexadecimal digits, or the bytes themselves.

    Raises:
        KeyMaterialError: HS-E402, too short; HS-E403, a ``hushu-key-1`` line that is damaged.
    """
    stripped = text.strip()
    if stripped.startswith(_FILE_TAG):
        try:
            return Key(base64.b64decode(stripped.split()[1], validate=True))
        except (IndexError, ValueError) as error:
            raise KeyMaterialError(
                "the key file is damaged",
                where=where,
                why=f"the line after {_FILE_TAG} is not base64",
                fix="restore it from your copy; a damaged key cannot be repaired",
                code="HS-E403",
            ) from error
    digits = stripped.replace(" ", "")
    if len(digits) >= 2 * MINIMUM_BYTES and len(digits) % 2 == 0 and _is_hex(digits):
        return Key(bytes.fromhex(digits))
    return Key(stripped.encode("utf-8"))


def from_file(path: str | Path) -> Key:
    """Read a key file written by :func:`write` (or any file whose bytes are the key).

    Of a file that was rotated this is the key in use; :mod:`hushu.anonymize.keyrings` reads them all.

    Raises:
        KeyMaterialError: HS-E401, no such file; HS-E403, others may read it or it is damaged.
    """
    content = file_bytes(path)
    if content.isascii() and content.decode("ascii").strip().isprintable():
        return from_text(content.decode("ascii"), where=str(path))
    if content.startswith(_FILE_TAG.encode()):
        return from_text(content.decode("ascii", "replace"), where=str(path))
    return Key(content)  # raw bytes, of which none may be stripped


def file_bytes(path: str | Path) -> bytes:
    """Return the bytes of a key file that nobody else may read.

    Raises:
        KeyMaterialError: HS-E401, no such file; HS-E403, others may read it.
    """
    path = Path(path)
    try:
        mode, content = path.stat().st_mode, path.read_bytes()
    except OSError as error:
        raise KeyMaterialError(
            "the key file cannot be read",
            where=str(path),
            why=error.strerror or "",
            fix="hushu key new -o FILE makes one",
            code="HS-E401",
        ) from error
    if os.name == "posix" and mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise KeyMaterialError(
            "other users may read the key file",
            where=str(path),
            why=f"its mode is {stat.S_IMODE(mode):o}",
            fix=f"chmod 600 {path.name}",
            code="HS-E403",
        )
    return content


def from_environment(name: str = ENVIRONMENT) -> Key:
    """Read a key from an environment variable.

    Raises:
        KeyMaterialError: HS-E401, the variable is not set.
    """
    text = os.environ.get(name, "")
    if not text.strip():
        raise KeyMaterialError(
            "no key was given",
            where=f"environment variable {name}",
            fix=f"hushu key new -o FILE, then --key-file FILE or set {name}",
            code="HS-E401",
        )
    return from_text(text, where=f"environment variable {name}")


def lines(*keys: Key) -> str:
    """Return keys as the text of a key file, the active one first."""
    return "".join(f"{_FILE_TAG} {base64.b64encode(key.secret).decode('ascii')}\n" for key in keys)


def write(key: Key, path: str | Path) -> None:
    """Write a key file that only its owner may read; an existing file is never overwritten.

    Raises:
        KeyMaterialError: HS-E407, the file is already there or cannot be made.
    """
    path = Path(path)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise KeyMaterialError(
            "the key file cannot be written",
            where=str(path),
            why=error.strerror or "",
            fix="choose another name; a key that is overwritten cannot be brought back",
            code="HS-E407",
        ) from error
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(lines(key))
        file.flush()
        os.fsync(file.fileno())


def require(keys: Keyring | None, *, where: str) -> Keyring:
    """Return the ring, or say that a key is missing.

    Raises:
        KeyMaterialError: HS-E401.
    """
    if keys is None:
        raise KeyMaterialError(
            "this operator needs a key and none was given",
            where=where,
            why="without a key anyone could rebuild the tokens by trying every value",
            fix="hushu key new -o FILE, then --key-file FILE",
            code="HS-E401",
        )
    return keys


def _require_strength(secret: bytes) -> None:
    if len(secret) < MINIMUM_BYTES:
        raise KeyMaterialError(
            "the key is too short",
            why=f"it has {len(secret)} bytes, {MINIMUM_BYTES} are needed",
            fix="hushu key new -o FILE draws one of 32 bytes",
            code="HS-E402",
        )
    if len(set(secret)) < MINIMUM_BYTES // 2:
        raise KeyMaterialError(
            "the key repeats itself",
            why=f"only {len(set(secret))} different bytes occur in it",
            fix="hushu key new -o FILE draws a random one",
            code="HS-E402",
        )


def _is_hex(text: str) -> bool:
    return set(text.lower()) <= set("0123456789abcdef")


def _expand(mac: Callable[[bytes], bytes], label: bytes, length: int) -> bytes:
    # HKDF-Expand of RFC 5869, section 2.3, with the extracted key behind `mac` (it may be an HSM).
    if length > 255 * hashlib.sha256().digest_size:
        raise ValueError("HKDF yields at most 8160 bytes")
    out, block, counter = b"", b"", 1
    while len(out) < length:
        block = mac(block + label + bytes([counter]))
        out += block
        counter += 1
    return out[:length]
