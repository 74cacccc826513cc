"""HMAC of whole columns: the C kernel when it was built, the same bytes without it."""

from __future__ import annotations

import base64
import hmac
from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa

from hushu.anonymize.values.hashes import DIGEST_BYTES, HashName

_TEXT_WIDTH = 16  # base32 letters of DIGEST_BYTES

try:
    import hushu.anonymize.values._kernel as _kernel
except ImportError:  # installed without a compiler
    _kernel = None


def base32_hmac(hash_name: HashName, key: bytes, array: pa.Array, prefix: str) -> pa.Array:
    """Return ``prefix`` + 16 base32 letters of HMAC(key, value) for each of n strings; nulls stay null."""
    if _kernel is None:
        return _base32_hmac_portable(hash_name, key, array, prefix)
    head = prefix.encode("ascii")
    width = len(head) + _TEXT_WIDTH
    offsets, data = buffers(array)
    out = _kernel.base32_hmac(hash_name == "sm3", key, offsets, data, array.offset, len(array), head)
    return _fixed_strings(out, len(array), width, array)


def uniform(hash_name: HashName, key: bytes, array: pa.Array) -> np.ndarray:
    """Return n uint64 drawn by HMAC(key, value): the same value always draws the same number.

    A null draws as the empty string does.
    """
    if _kernel is None:
        one = _mac(hash_name, key)
        drawn = b"".join(one((value or "").encode("utf-8"))[:8] for value in array.to_pylist())
        return np.frombuffer(drawn, "<u8")
    offsets, data = buffers(array)
    out = _kernel.uniform_hmac(hash_name == "sm3", key, offsets, data, array.offset, len(array))
    return np.frombuffer(out, "<u8")


def stream(key: bytes, start: int, n: int) -> np.ndarray:
    """Return the n uint64 of rows start … start+n of a keyed stream (AES-256-CTR, NIST SP 800-38A)."""
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    first = start // 2  # two numbers a block
    keyed = Cipher(algorithms.AES(key), modes.CTR(first.to_bytes(16, "big"))).encryptor()
    numbers = np.frombuffer(keyed.update(bytes(8 * (n + start % 2))), "<u8")
    return numbers[start % 2 :]


def _base32_hmac_portable(hash_name: HashName, key: bytes, array: pa.Array, prefix: str) -> pa.Array:
    one = _mac(hash_name, key)
    return pa.array(
        [
            None
            if value is None
            else prefix + base64.b32encode(one(value.encode("utf-8"))[:DIGEST_BYTES]).decode("ascii").lower()
            for value in array.to_pylist()
        ],
        pa.string(),
    )


def _mac(hash_name: HashName, key: bytes) -> Callable[[bytes], bytes]:
    if hash_name == "sha256":
        return lambda message: hmac.digest(key, message, "sha256")
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.hmac import HMAC

    keyed = HMAC(key, hashes.SM3())  # the two key blocks are hashed once, then copied

    def one(message: bytes) -> bytes:
        context = keyed.copy()
        context.update(message)
        return context.finalize()

    return one


def coincide(values: pa.Array, made: pa.Array, prefix_width: int) -> bool:
    """Say whether two different values got one token. O(n log n) on a 64-bit fold of each digest."""
    valid, kept = made.drop_null(), values.drop_null()
    if len(valid) < 2:
        return False
    width = prefix_width + _TEXT_WIDTH
    start = valid.offset * width
    data = np.frombuffer(valid.buffers()[2], np.uint8)[start : start + len(valid) * width]
    halves = np.ascontiguousarray(data.reshape(-1, width)[:, prefix_width:]).view(np.uint64)
    folded = halves[:, 0] * np.uint64(0x9E3779B97F4A7C15) ^ halves[:, 1]
    ordered = np.sort(folded)
    twice = ordered[1:][ordered[1:] == ordered[:-1]]
    if len(twice) == 0:
        return False
    places = np.searchsorted(twice, folded)
    rows = pa.array(np.flatnonzero(twice[np.minimum(places, len(twice) - 1)] == folded))
    repeated = pa.table({"value": kept.take(rows), "token": valid.take(rows)})
    pairs = repeated.group_by(["value", "token"]).aggregate([])
    return len(pairs) != len(pairs["token"].unique())


def buffers(array: pa.Array) -> tuple[Any, Any]:
    """Return the offsets and data buffers of a string array; an absent one as empty bytes."""
    _, offsets, data = array.buffers()
    return offsets if offsets is not None else bytes(4), data if data is not None else b""


def _fixed_strings(data: bytes, n: int, width: int, like: pa.Array) -> pa.Array:
    offsets = np.arange(n + 1, dtype=np.int64) * width
    if offsets[-1] > np.iinfo(np.int32).max:
        kind, offsets = pa.large_string(), offsets
    else:
        kind, offsets = pa.string(), offsets.astype(np.int32)
    made = pa.Array.from_buffers(kind, n, [None, pa.py_buffer(offsets), pa.py_buffer(data)])
    if like.null_count == 0:
        return made
    import pyarrow.compute as pc

    return pc.if_else(pc.is_valid(like), made, pa.scalar(None, kind))
