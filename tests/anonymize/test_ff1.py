"""FF1 against the samples of NIST SP 800-38G and a slow reference written from the standard."""

import numpy as np
import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from hypothesis import given, settings
from hypothesis import strategies as st

from hushu.anonymize.values.ff1 import FF1, for_domain, walk
from hushu.errors import ConfigError

LETTERS = "0123456789abcdefghijklmnopqrstuvwxyz"
KEY_128 = "2B7E151628AED2A6ABF7158809CF4F3C"
KEY_192 = KEY_128 + "EF4359D8D580AA4F"
KEY_256 = KEY_192 + "7F036D6F04FC6A94"
TWEAK_10 = "39383736353433323130"
TWEAK_11 = "3737373770717273373737"
# csrc.nist.gov, Cryptographic Standards and Guidelines, example values for FF1: samples 1 to 9.
SAMPLES = [
    (KEY_128, 10, "", "0123456789", "2433477484"),
    (KEY_128, 10, TWEAK_10, "0123456789", "6124200773"),
    (KEY_128, 36, TWEAK_11, "0123456789abcdefghi", "a9tv40mll9kdu509eum"),
    (KEY_192, 10, "", "0123456789", "2830668132"),
    (KEY_192, 10, TWEAK_10, "0123456789", "2496655549"),
    (KEY_192, 36, TWEAK_11, "0123456789abcdefghi", "xbj3kv35jrawxv32ysr"),
    (KEY_256, 10, "", "0123456789", "6657667009"),
    (KEY_256, 10, TWEAK_10, "0123456789", "1001623463"),
    (KEY_256, 36, TWEAK_11, "0123456789abcdefghi", "xs8a0azh2avyalyzuwd"),
]


def reference(key: bytes, radix: int, numerals: list[int], tweak: bytes, cipher=algorithms.AES) -> list[int]:
    """Algorithm 7 of SP 800-38G, line by line, one value."""

    def ciph(block: bytes) -> bytes:
        return Cipher(cipher(key), modes.ECB()).encryptor().update(block)

    def prf(message: bytes) -> bytes:
        y = bytes(16)
        for j in range(0, len(message), 16):
            y = ciph(bytes(p ^ q for p, q in zip(y, message[j : j + 16], strict=True)))
        return y

    def num(digits: list[int]) -> int:
        x = 0
        for digit in digits:
            x = x * radix + digit
        return x

    n, t = len(numerals), len(tweak)
    u = n // 2
    v = n - u
    a, b = numerals[:u], numerals[u:]
    size = (((radix**v - 1).bit_length()) + 7) // 8
    d = 4 * ((size + 3) // 4) + 4
    p = bytes([1, 2, 1]) + radix.to_bytes(3, "big") + bytes([10, u % 256]) + n.to_bytes(4, "big")
    p += t.to_bytes(4, "big")
    for i in range(10):
        q = tweak + bytes((-t - size - 1) % 16) + bytes([i]) + num(b).to_bytes(size, "big")
        r = s = prf(p + q)
        for j in range(1, (d + 15) // 16):
            s += ciph(bytes(x ^ y for x, y in zip(r, j.to_bytes(16, "big"), strict=True)))
        m = u if i % 2 == 0 else v
        c = (num(a) + int.from_bytes(s[:d], "big")) % radix**m
        digits = []
        for _ in range(m):
            digits.append(c % radix)
            c //= radix
        a, b = b, digits[::-1]
    return a + b


def crypt(ff1: FF1, numerals: list[int], tweak: bytes, *, back: bool = False) -> list[int]:
    number = 0
    for numeral in numerals:
        number = number * ff1.radix + numeral
    kind = object if number >= 1 << 63 or ff1._wide else np.uint64
    step = ff1.decrypt_numbers if back else ff1.encrypt_numbers
    out = int(step(np.array([number], kind), tweak)[0])
    digits = []
    for _ in numerals:
        digits.append(out % ff1.radix)
        out //= ff1.radix
    return digits[::-1]


@pytest.mark.parametrize(("key", "radix", "tweak", "plain", "cipher"), SAMPLES)
def test_nist_samples(key, radix, tweak, plain, cipher):
    ff1 = FF1(key=bytes.fromhex(key), radix=radix, length=len(plain))
    numerals = [LETTERS.index(c) for c in plain]
    made = crypt(ff1, numerals, bytes.fromhex(tweak))
    assert "".join(LETTERS[d] for d in made) == cipher
    assert crypt(ff1, made, bytes.fromhex(tweak), back=True) == numerals


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_agrees_with_the_reference_for_any_radix_length_and_tweak(data):
    radix = data.draw(st.sampled_from([2, 10, 26, 1787, 26603, 65536]))
    shortest = next(n for n in range(2, 21) if radix**n >= 1_000_000)
    length = data.draw(st.integers(shortest, shortest + 9))
    numerals = data.draw(st.lists(st.integers(0, radix - 1), min_size=length, max_size=length))
    tweak = data.draw(st.binary(max_size=40))
    key = data.draw(st.binary(min_size=16, max_size=16))
    cipher, algorithm = data.draw(st.sampled_from([("aes", algorithms.AES), ("sm4", algorithms.SM4)]))
    ff1 = FF1(key=key, radix=radix, length=length, cipher=cipher)
    made = crypt(ff1, numerals, tweak)
    assert made == reference(key, radix, numerals, tweak, algorithm)
    assert crypt(ff1, made, tweak, back=True) == numerals


def test_a_tweak_per_row_equals_one_tweak_at_a_time():
    ff1 = FF1(key=bytes(16), radix=10, length=9)
    numbers = np.arange(0, 10**9, 10**9 // 50, dtype=np.uint64)
    tweaks = np.frombuffer(b"".join(b"%06d" % (i % 7) for i in range(len(numbers))), np.uint8).reshape(-1, 6)
    together = ff1.encrypt_numbers(numbers, tweaks)
    alone = [ff1.encrypt_numbers(numbers[i : i + 1], tweaks[i].tobytes())[0] for i in range(len(numbers))]
    assert together.tolist() == [int(x) for x in alone]
    assert (ff1.decrypt_numbers(together, tweaks) == numbers).all()


@pytest.mark.parametrize("size", [1_000_000, 5_700_000_000, 24_837_000_000_000])
def test_walking_is_a_permutation_of_the_smaller_domain(size):
    ff1 = for_domain(bytes(16), size, "aes")
    numbers = np.unique(np.random.default_rng(1).integers(0, size, 20_000)).astype(np.uint64)
    made = walk(ff1.encrypt_numbers, numbers, size)
    assert made.max() < size
    assert len(np.unique(made)) == len(numbers)
    assert (walk(ff1.decrypt_numbers, made, size) == numbers).all()


@pytest.mark.parametrize(("radix", "length"), [(10, 5), (2, 19), (1, 30), (70000, 3), (10, 1)])
def test_small_or_odd_domains_are_refused(radix, length):
    with pytest.raises(ConfigError) as refused:
        FF1(key=bytes(16), radix=radix, length=length)
    assert refused.value.code == "HS-E156"
