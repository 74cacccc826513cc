"""The C kernel against the standards' vectors, the library, and inputs that lie about themselves."""

import array
import hmac
import os

import numpy as np
import pyarrow as pa
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.hmac import HMAC

from hushu.anonymize.values import blockcipher, digests

kernel = pytest.importorskip("hushu.anonymize.values._kernel", reason="the C kernel is not built")
ALL = bytes([1]) * 256


def test_sm4_vector_of_the_standard():
    # GB/T 32907-2016, annex A.1 and A.2 (one block; a million times over)
    key = bytes.fromhex("0123456789abcdeffedcba9876543210")
    block = np.frombuffer(key, np.uint8)
    assert kernel.sm4_ecb(key, block).hex() == "681edf34d206965e86b3e94f536e4246"
    for _ in range(20_000):
        block = blockcipher.ecb("sm4", key, block)
    theirs = Cipher(algorithms.SM4(key), modes.ECB()).encryptor()
    expected = key
    for _ in range(20_000):
        expected = theirs.update(expected)
    assert block.tobytes() == expected


@pytest.mark.parametrize("blocks", [0, 1, 3, 7, 8, 9, 16, 41])
def test_sm4_agrees_with_the_library_for_any_number_of_blocks(blocks):
    key, data = os.urandom(16), os.urandom(16 * blocks)
    expected = Cipher(algorithms.SM4(key), modes.ECB()).encryptor().update(data)
    assert kernel.sm4_ecb(key, data) == expected


def _sm3(key: bytes, message: bytes) -> bytes:
    theirs = HMAC(key, hashes.SM3())
    theirs.update(message)
    return theirs.finalize()


@pytest.mark.parametrize("count", [1, 7, 8, 9, 40])
def test_digests_agree_with_the_library_around_every_block_border(count):
    key = os.urandom(32)
    for length in (0, 1, 54, 55, 56, 57, 63, 64, 65, 119, 120, 128, 200):
        column = pa.array(["x" * length] * count)
        for name, mac in (
            ("sha256", lambda m: hmac.digest(key, m, "sha256")),
            ("sm3", lambda m: _sm3(key, m)),
        ):
            expected = int.from_bytes(mac(b"x" * length)[:8], "little")
            assert set(digests.uniform(name, key, column).tolist()) == {expected}


@pytest.mark.parametrize(
    "call",
    [
        lambda: kernel.mask_name(array.array("i", [0, 99]), b"short", 0, 1, bytes(8192), b"*"),
        lambda: kernel.mask_name(array.array("i", [0]), b"", 0, 5, bytes(8192), b"*"),
        lambda: kernel.mask_name(array.array("i", [0, 1]), b"x", 0, 1, b"", b"*"),
        lambda: kernel.before_digit(array.array("i", [4, 2]), b"xxxx", 0, 1),
        lambda: kernel.before_digit(array.array("i", [-4, 2]), b"xxxx", 0, 1),
        lambda: kernel.mask_ends(array.array("i", [0, 1]), b"x", 0, 1, b"", ALL, ALL, 3, 9, 2, 2, b"*"),
        lambda: kernel.mask_ends(array.array("i", [0, 1]), b"x", 0, 1, b"", b"", ALL, 3, 9, 1, 1, b"*"),
        lambda: kernel.mask_domain(array.array("i", [0, 1]), b"x", 0, 1, b"", 1, b"*"),
        lambda: kernel.base32_hmac(True, b"key", array.array("i", [0, 1]), b"x", 0, 1, b"P-"),
        lambda: kernel.sm4_ecb(bytes(15), bytes(16)),
        lambda: kernel.sm4_ecb(bytes(16), bytes(15)),
    ],
)
def test_buffers_that_lie_are_refused(call):
    with pytest.raises(ValueError, match=r"\w"):
        call()
