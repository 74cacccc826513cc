"""The key that a command was given: a file, the secret store, the environment; or the key of a data set."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hushu.anonymize.keys import Keyring

KEY_HELP = "Key file, or keyring:SERVICE/USER; default HUSHU_KEY."
DATA_KEYS_HELP = "Store of data keys: each data set has its own, wrapped by the key, and can be destroyed."


def opened(key_file: str | None, data_keys: Path | None = None, dataset: str = "") -> Keyring | None:
    """Return the key ring that the options name, or None without a key."""
    import os

    from hushu.anonymize import keyrings, keys

    ring = None
    if key_file is not None:
        ring = keyrings.load(key_file)
    elif os.environ.get(keys.ENVIRONMENT):
        ring = keys.Keyring(keys.from_environment())
    if data_keys is None:
        return ring
    from hushu.anonymize.shredding import DataKeys

    master = keys.require(ring, where="--data-keys")
    return keys.Keyring(DataKeys(data_keys, master).open(dataset))
