"""FF1 format-preserving encryption over whole columns, with AES or SM4.

Source: NIST SP 800-38G (2016), algorithms 7 and 8; domains below 10^6 are refused as SP 800-38G
rev. 1 requires; SM4 (GB/T 32907) stands in for AES where a state cipher is asked for. FF3 and
FF3-1 are withdrawn and not offered.

The first block of FF1's PRF depends on nothing but the parameters, so a round costs one block
per value: the block cipher runs once per round over the whole column.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from hushu.anonymize.values import blockcipher
from hushu.errors import ConfigError

Array = np.ndarray[Any, Any]
CipherName = Literal["aes", "sm4"]
SMALLEST_DOMAIN = 1_000_000
_ROUNDS = 10
_CHUNK = 8192  # rows whose blocks stay in the second-level cache


@dataclass(frozen=True, slots=True, kw_only=True)
class FF1:
    """FF1 for numeral strings of one radix and length.

    Args:
        key: 16, 24 or 32 bytes (AES), 16 bytes (SM4).
        radix: 2 to 65,536.
        length: number of numerals, 2 or more.
        cipher: ``aes`` or ``sm4``.

    Raises:
        ConfigError: HS-E156, radix or length outside the standard, or fewer than 10^6 values.
    """

    key: bytes = field(repr=False)
    radix: int
    length: int
    cipher: CipherName = "aes"

    def __post_init__(self) -> None:
        if not (2 <= self.radix <= 1 << 16 and 2 <= self.length < 1 << 32):
            raise ConfigError(
                "radix or length outside FF1",
                where=f"radix {self.radix}, length {self.length}",
                fix="radix 2 to 65536, two numerals or more",
                code="HS-E156",
            )
        _require_domain(self.radix**self.length)

    def encrypt(self, left: Array, right: Array, tweak: bytes | Array = b"") -> Halves:
        """Encrypt n strings given as the numbers of their halves (``length // 2`` numerals left).

        Args:
            left: n uint64 (halves beyond 32 bits: Python integers), each below radix ** (length // 2).
            right: the same, each below radix ** (length − length // 2).
            tweak: bytes for all, or n×t uint8, one tweak a row (t + 1 + b ≤ 16).

        Returns:
            the halves of the n results.
        """
        return self._run(left, right, tweak, range(_ROUNDS), _add)

    def decrypt(self, left: Array, right: Array, tweak: bytes | Array = b"") -> Halves:
        """Undo :meth:`encrypt`."""
        # Decryption is the same network with the halves exchanged and the rounds in reverse.
        out = self._run(right, left, tweak, range(_ROUNDS - 1, -1, -1), _subtract)
        return out[1], out[0]

    def encrypt_numbers(self, numbers: Array, tweak: bytes | Array = b"") -> Array:
        """Encrypt n numbers below radix ** length, each standing for its numeral string.

        n uint64, or Python integers in an object array for more than 32 bits a half.
        """
        modulus = self._split
        left, right = self.encrypt(numbers // modulus, numbers % modulus, tweak)
        joined: Array = left * modulus + right
        return joined

    def decrypt_numbers(self, numbers: Array, tweak: bytes | Array = b"") -> Array:
        """Undo :meth:`encrypt_numbers`."""
        modulus = self._split
        left, right = self.decrypt(numbers // modulus, numbers % modulus, tweak)
        joined: Array = left * modulus + right
        return joined

    @property
    def _moduli(self) -> tuple[int, int]:
        u = self.length // 2
        return self.radix**u, self.radix ** (self.length - u)

    @property
    def _split(self) -> Any:
        return self._moduli[1] if self._wide else np.uint64(self._moduli[1])

    @property
    def _half_bytes(self) -> int:
        bits = (self._moduli[1] - 1).bit_length()
        return (bits + 7) // 8

    @property
    def _wide(self) -> bool:
        return self._half_bytes > 4  # a half that a 32-bit word cannot hold: Python's integers

    def _run(self, a: Array, b: Array, tweak: bytes | Array, rounds: range, combine: Combine) -> Halves:
        parts = [
            self._chunk(a[i : i + _CHUNK], b[i : i + _CHUNK], _rows(tweak, i), rounds, combine)
            for i in range(0, len(a), _CHUNK)
        ]
        if not parts:
            return a.copy(), b.copy()
        return np.concatenate([p[0] for p in parts]), np.concatenate([p[1] for p in parts])

    def _chunk(self, a: Array, b: Array, tweak: bytes | Array, rounds: range, combine: Combine) -> Halves:
        draw = (self._draws_wide if self._wide else self._draws)(len(a), tweak)
        for i in rounds:
            modulus = self._moduli[i % 2] if self._wide else np.uint64(self._moduli[i % 2])
            drawn = draw(i, b)
            a, b = b, combine(a, drawn - drawn // modulus * modulus, modulus)
        return a, b

    def _draws(self, n: int, tweak: bytes | Array) -> Draw:
        """Return the round function for halves of up to four bytes: one block a value and round."""
        last = self._last_blocks(n, tweak)
        index_byte = 15 - self._half_bytes
        words, octets = last.view(">u4").reshape(-1, 4), last.reshape(-1, 16)
        index, word = octets[:, index_byte].copy(), words[:, 3].astype(np.uint32)

        def draw(i: int, half: Array) -> Array:
            if self._half_bytes == 4:
                octets[:, index_byte] = index ^ np.uint8(i)
                words[:, 3] = word ^ half.astype(np.uint32)
            else:  # the round number stands in the last word, before the half
                words[:, 3] = word ^ np.uint32(i << 8 * self._half_bytes) ^ half.astype(np.uint32)
            return blockcipher.ecb(self.cipher, self.key, last).view(">u8")[::2].astype(np.uint64)

        return draw

    def _draws_wide(self, n: int, tweak: bytes | Array) -> Draw:
        """Return the round function for longer halves, step by step as the standard writes it."""
        if isinstance(tweak, np.ndarray):
            raise ConfigError(
                "a tweak per row is not offered for strings this long",
                where=f"radix {self.radix}, length {self.length}",
                fix="use one tweak for the column",
                code="HS-E156",
            )
        width, half_bytes = len(tweak), self._half_bytes
        drawn_bytes = 4 * -(-half_bytes // 4) + 4
        head = self._first(width) + tweak + bytes((-width - half_bytes - 1) % 16)

        def draw(i: int, half: Array) -> Array:
            made = []
            for number in half:
                block = bytes(16)
                message = head + bytes([i]) + int(number).to_bytes(half_bytes, "big")
                for start in range(0, len(message), 16):
                    block = self._block(_xor(block, message[start : start + 16]))
                more = (drawn_bytes - 1) // 16
                tail = (self._block(_xor(block, j.to_bytes(16, "big"))) for j in range(1, more + 1))
                made.append(int.from_bytes((block + b"".join(tail))[:drawn_bytes], "big"))
            return np.array(made, object)

        return draw

    def _block(self, block: bytes) -> bytes:
        return blockcipher.ecb(self.cipher, self.key, np.frombuffer(block, np.uint8)).tobytes()

    def _last_blocks(self, n: int, tweak: bytes | Array) -> Array:
        """Return the n last blocks of P ‖ Q, chained, with round number and half still zero."""
        width = tweak.shape[1] if isinstance(tweak, np.ndarray) else len(tweak)
        if isinstance(tweak, np.ndarray) and width + 1 + self._half_bytes > 16:
            raise ConfigError("a tweak per row must fit one block", where=f"{width} bytes", code="HS-E156")
        chained = blockcipher.ecb(self.cipher, self.key, np.frombuffer(self._first(width), np.uint8))
        if isinstance(tweak, np.ndarray):
            tail = np.zeros((n, 16), np.uint8)
            tail[:, :width] = tweak
        else:
            padding = bytes((-width - self._half_bytes - 1) % 16)
            q = np.frombuffer(tweak + padding + bytes(1 + self._half_bytes), np.uint8).reshape(-1, 16)
            for block in q[:-1]:
                chained = blockcipher.ecb(self.cipher, self.key, chained ^ block)
            tail = np.repeat(q[-1:], n, axis=0)
        return np.ascontiguousarray(tail ^ chained).reshape(-1)

    def _first(self, tweak_width: int) -> bytes:
        u = self.length // 2
        return (
            b"\x01\x02\x01"
            + self.radix.to_bytes(3, "big")
            + bytes([_ROUNDS, u % 256])
            + self.length.to_bytes(4, "big")
            + tweak_width.to_bytes(4, "big")
        )


Halves = tuple[Array, Array]
Combine = Callable[[Array, Array, Any], Array]
Draw = Callable[[int, Array], Array]


def _require_domain(size: int) -> None:
    if size < SMALLEST_DOMAIN:
        raise ConfigError(
            "the domain is too small for format-preserving encryption",
            where=f"{size} values",
            why="all values of it can be tried (NIST SP 800-38G rev. 1 asks for 10^6)",
            fix="keep fewer characters, or use the operator pseudonym",
            code="HS-E156",
        )


def _xor(a: bytes, b: bytes) -> bytes:
    return bytes(x ^ y for x, y in zip(a, b, strict=True))


def _rows(tweak: bytes | Array, start: int) -> bytes | Array:
    return tweak[start : start + _CHUNK] if isinstance(tweak, np.ndarray) else tweak


def _add(a: Array, b: Array, modulus: Any) -> Array:
    total = a + b
    return np.where(total >= modulus, total - modulus, total)


def _subtract(a: Array, b: Array, modulus: Any) -> Array:
    return np.where(a >= b, a - b, a + modulus - b)


def for_domain(key: bytes, size: int, cipher: CipherName) -> FF1:
    """Return an FF1 whose domain hardly exceeds ``size`` values (for cycle-walking).

    Few numerals of a large radix r: n numerals of ⌈size^(1/n)⌉ exceed the domain by less than
    n / r, so almost no value has to walk.

    Raises:
        ConfigError: HS-E156, fewer than 10^6 values.
    """
    _require_domain(size)
    length = 3
    while size > (1 << 16) ** length:
        length += 1
    radix = round(size ** (1 / length))
    while radix**length < size:
        radix += 1
    while (radix - 1) ** length >= size:
        radix -= 1
    return FF1(key=key, radix=radix, length=length, cipher=cipher)


def walk(
    step: Callable[[Array, bytes | Array], Array],
    numbers: Array,
    size: int,
    tweak: bytes | Array = b"",
) -> Array:
    """Apply a permutation of a larger domain until each number is below ``size`` again.

    Source: NIST SP 800-38G, cycle-walking after Black and Rogaway 2002. The result is a
    permutation of 0 … size−1.
    """
    out = step(numbers, tweak)
    astray = np.flatnonzero(out >= np.uint64(size))
    while len(astray):
        rows = tweak[astray] if isinstance(tweak, np.ndarray) else tweak
        out[astray] = step(out[astray], rows)
        astray = astray[out[astray] >= np.uint64(size)]
    return out
