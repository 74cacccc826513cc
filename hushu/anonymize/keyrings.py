"""Key rings from files and the system's secret store, and their rotation.

A key file holds one line a key: the first is in use, those below are retired and still read the
tokens and ciphertexts that they made.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hushu.anonymize import keys
from hushu.anonymize.keys import Key, Keyring
from hushu.errors import KeyMaterialError, missing_extra
from hushu.io.atomic import atomic_write

_STORE = "keyring:"


def load(source: str | Path) -> Keyring:
    """Return the ring in a key file, or in the secret store for ``keyring:SERVICE/USER``.

    Raises:
        KeyMaterialError: HS-E401, there is none; HS-E402, a key is too weak; HS-E403, the file is
            damaged or others may read it; HS-E404, two keys share an id.
        OutputError: HS-E501, the extra ``keys`` is not installed.
    """
    if names_store(source):
        service, user = _place(str(source))
        return _ring(_stored(service, user), f"secret store {service}/{user}")
    content = keys.file_bytes(source)
    if content.isascii() and content.count(b"\n") > 1:
        return _ring(content.decode("ascii"), str(source))
    return Keyring(keys.from_file(source))


def names_store(source: str | Path) -> bool:
    """Tell whether a key is named by its place in the secret store."""
    return str(source).startswith(_STORE)


def rotate(source: str | Path) -> Keyring:
    """Put a new key in use, in the same file or place of the secret store; the former keys stay readable.

    Raises:
        KeyMaterialError: as :func:`load`; HS-E403, a hardware key or raw bytes cannot be rotated here.
    """
    fresh = load(source).rotate(Key.new())
    _write(fresh, source)
    return fresh


def store(ring: Keyring, place: str) -> None:
    """Put a ring into the secret store, at ``keyring:SERVICE/USER``; what stands there is not overwritten.

    Raises:
        KeyMaterialError: HS-E407, there is a key already.
        OutputError: HS-E501, the extra ``keys`` is not installed.
    """
    service, user = _place(place)
    if _backend().get_password(service, user):
        raise KeyMaterialError(
            "the secret store holds a key there already",
            where=place,
            why="a key that is overwritten cannot be brought back",
            fix="choose another SERVICE/USER",
            code="HS-E407",
        )
    _write(ring, place)


def _write(ring: Keyring, target: str | Path) -> None:
    text = keys.lines(*(_in_memory(key) for key in ring))
    if names_store(target):
        _backend().set_password(*_place(str(target)), text)
        return
    with atomic_write(target, "w", encoding="ascii", private=True) as file:
        file.write(text)


def _in_memory(key: keys.KeyMaterial) -> Key:
    if not isinstance(key, Key):
        raise KeyMaterialError(
            "a key of a hardware module cannot be written down", where=key.id, code="HS-E403"
        )
    return key


def _ring(text: str, where: str) -> Keyring:
    found = [keys.from_text(line, where=where) for line in text.splitlines() if line.strip()]
    return Keyring(found[0], tuple(found[1:]))


def _stored(service: str, user: str) -> str:
    text: str | None = _backend().get_password(service, user)
    if not text or not text.strip():
        raise KeyMaterialError(
            "the secret store has no such key",
            where=f"{service}/{user}",
            fix="hushu key store FILE keyring:SERVICE/USER puts one there",
            code="HS-E401",
        )
    return text


def _place(source: str) -> tuple[str, str]:
    service, slash, user = source.removeprefix(_STORE).partition("/")
    if not (source.startswith(_STORE) and service and slash and user):
        raise KeyMaterialError(
            "this names no place of the secret store",
            where=source,
            fix="write keyring:SERVICE/USER, keyring:hushu/master for instance",
            code="HS-E401",
        )
    return service, user


def _backend() -> Any:
    try:
        import keyring
    except ImportError as error:
        raise missing_extra("keys", "keyring") from error
    return keyring
