"""Data keys that can be destroyed: without its key, no token of a data set can be made or undone.

Each data set has a random key of its own, kept only wrapped under the master key (AES key wrap,
RFC 3394). Destroying the wrapped key ends every pseudonym and ciphertext of the data set, in all
copies of the release, whoever holds them. What this cannot reach: copies of the key store itself;
keep it out of long-lived backups.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hushu.anonymize.keys import Key, KeyMaterial, Keyring, info, require
from hushu.errors import KeyMaterialError
from hushu.io.atomic import atomic_write

SCHEMA = "hushu.datakeys/1"
_FIELDS = ("id", "master", "wrapped", "created")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shredded:
    """What the ledger records of a destroyed data key: ids only."""

    dataset: str
    key_id: str
    at: str
    reason: str

    def to_dict(self) -> dict[str, str]:
        """Return the ledger entry's fields."""
        return {
            "event": "key-destroyed",
            "dataset": self.dataset,
            "key": self.key_id,
            "at": self.at,
            "reason": self.reason,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class DataKey:
    """What the store tells of a data key without opening it; ``destroyed`` is empty while it lives."""

    dataset: str
    id: str
    master: str
    created: str
    destroyed: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class DataKeys:
    """The store of data keys: one JSON file beside the ledger, readable by its owner only.

    Args:
        path: the file; it is made when the first key is.
        master: the ring that wraps; retired keys still unwrap. Listing and destroying need none.
    """

    path: Path
    master: Keyring | None = None

    def __iter__(self) -> Iterator[DataKey]:
        """Yield what is known of each key, by data set."""
        for dataset, entry in sorted(self._read().items()):
            told = {name: entry.get(name, "") for name in ("id", "master", "created", "destroyed", "reason")}
            yield DataKey(dataset=dataset, **told)

    def __getitem__(self, dataset: str) -> DataKey:
        """Return the living key of a data set.

        Raises:
            KeyMaterialError: HS-E404, there is no such key; HS-E405, it was destroyed.
        """
        found = next((key for key in self if key.dataset == dataset), None)
        if found is None or found.destroyed:
            raise KeyMaterialError(
                "there is no such data key" if found is None else "the key is gone already",
                where=dataset,
                why="" if found is None else f"{found.destroyed}: {found.reason}",
                fix="hushu key list STORE names the data sets; a certificate names its own under purpose.id",
                code="HS-E404" if found is None else "HS-E405",
            )
        return found

    def open(self, dataset: str) -> Key:
        """Return the data set's key, drawn and stored when there is none yet.

        Raises:
            KeyMaterialError: HS-E405, it was destroyed; HS-E404, the master key that wrapped it is
                not in the ring; HS-E403, the store is damaged.
        """
        entries = self._read()
        entry = entries.get(dataset)
        if entry is None:
            fresh = Key.new()
            self._write({**entries, dataset: self._wrapped(fresh)})
            return fresh
        if not entry["wrapped"]:
            raise KeyMaterialError(
                "the key of this data set was destroyed",
                where=dataset,
                why=f"{entry['destroyed']}: {entry['reason']}",
                fix="nothing can bring it back; make a new release under another data set id",
                code="HS-E405",
            )
        return self._unwrapped(entry, dataset)

    def destroy(self, dataset: str, *, reason: str) -> Shredded:
        """Destroy the data set's key for good and return the event for the ledger.

        Raises:
            KeyMaterialError: HS-E404, there is no such key; HS-E405, it is gone already.
        """
        found = self[dataset]
        entries, at = self._read(), _now()
        gone = {**entries[dataset], "wrapped": "", "destroyed": at, "reason": reason}
        self._write({**entries, dataset: gone})
        return Shredded(dataset=dataset, key_id=found.id, at=at, reason=reason)

    def rewrap(self) -> int:
        """Wrap every data key under the active master key; return how many changed hands."""
        entries, active = self._read(), require(self.master, where=str(self.path)).active.id
        stale = {
            name: entry for name, entry in entries.items() if entry["wrapped"] and entry["master"] != active
        }
        renewed = {
            name: {**self._wrapped(self._unwrapped(entry, name)), "created": entry["created"]}
            for name, entry in stale.items()
        }
        if renewed:
            self._write({**entries, **renewed})
        return len(renewed)

    def _wrapped(self, key: Key) -> dict[str, str]:
        from cryptography.hazmat.primitives.keywrap import aes_key_wrap

        master = require(self.master, where=str(self.path)).active
        wrapped = aes_key_wrap(_wrapping(master), key.secret)
        return {
            "id": key.id,
            "master": master.id,
            "wrapped": base64.b64encode(wrapped).decode("ascii"),
            "created": _now(),
        }

    def _unwrapped(self, entry: Mapping[str, str], dataset: str) -> Key:
        from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap

        master = require(self.master, where=str(self.path))[entry["master"]]
        try:
            secret = aes_key_unwrap(_wrapping(master), base64.b64decode(entry["wrapped"]))
        except (InvalidUnwrap, ValueError) as error:
            raise _damaged(f"{self.path}, {dataset}") from error
        return Key(secret)

    def _read(self) -> dict[str, dict[str, str]]:
        if not self.path.exists():
            return {}
        try:
            stored: dict[str, Any] = json.loads(self.path.read_text("utf-8"))
            entries: dict[str, dict[str, str]] = stored["keys"]
            whole = all(isinstance(e[name], str) for e in entries.values() for name in _FIELDS)
        except (ValueError, KeyError, TypeError, AttributeError, OSError) as error:
            raise _damaged(str(self.path)) from error
        if not whole:
            raise _damaged(str(self.path))
        return entries

    def _write(self, entries: Mapping[str, Mapping[str, str]]) -> None:
        with atomic_write(self.path, "w", private=True) as file:
            json.dump({"schema": SCHEMA, "keys": entries}, file, ensure_ascii=False, indent=1, sort_keys=True)


def _wrapping(master: KeyMaterial) -> bytes:
    return master.derive(info("wrap data keys"), 32)


def _damaged(where: str) -> KeyMaterialError:
    return KeyMaterialError(
        "the store of data keys cannot be read",
        where=where,
        why="it was altered or cut short",
        fix="restore it from your copy",
        code="HS-E403",
    )


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
