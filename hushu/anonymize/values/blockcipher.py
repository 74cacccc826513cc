"""AES and SM4 on many blocks at once (ECB of independent blocks: a PRF, never a mode for data)."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np

Array = np.ndarray[Any, Any]

try:
    import hushu.anonymize.values._kernel as _kernel
except ImportError:  # installed without a compiler
    _kernel = None


def ecb(cipher: Literal["aes", "sm4"], key: bytes, blocks: Array) -> Array:
    """Encrypt the 16-byte blocks of a flat uint8 array one by one; returns as many bytes."""
    if cipher == "sm4" and _kernel is not None:
        return np.frombuffer(_kernel.sm4_ecb(key, blocks), np.uint8)
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    keyed = algorithms.AES(key) if cipher == "aes" else algorithms.SM4(key)
    return np.frombuffer(Cipher(keyed, modes.ECB()).encryptor().update(blocks.data), np.uint8)  # noqa: S305
