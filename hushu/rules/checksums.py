"""The arithmetic of check characters, one function a standard.

Each function takes a string of the right alphabet and returns the check character (or whether the
whole number is consistent). None of them looks at lengths, dates or issuers: that is the business of
:mod:`hushu.rules.validators`.
"""

from __future__ import annotations

USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_USCC_VALUES = {char: value for value, char in enumerate(USCC_ALPHABET)}
_RESIDENT_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ORG_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
VIN_VALUES = dict(
    zip(
        "0123456789ABCDEFGHJKLMNPRSTUVWXYZ",
        [*range(10), *range(1, 9), *range(1, 6), 7, 9, *range(2, 10)],
        strict=True,
    )
)


def mod_11_2(body: str) -> str:
    """Return the check character of a 17-digit body under ISO 7064 MOD 11-2 (GB 11643).

    Example:
        >>> mod_11_2("31010119000101001")
        '1'
    """
    return "10X98765432"[
        sum(int(digit) * weight for digit, weight in zip(body, _RESIDENT_WEIGHTS, strict=True)) % 11
    ]


def mod_11_10(body: str) -> str:
    """Return the check digit of a body of digits under ISO 7064 MOD 11,10 (GS15-2006).

    Example:
        >>> mod_11_10("31000000000001")
        '8'
    """
    product = 10
    for digit in body:
        total = (product + int(digit)) % 10 or 10
        product = total * 2 % 11
    return str((11 - product) % 10)


def uscc_check(body: str) -> str:
    """Return the check character of the first 17 characters of a unified social credit code (GB 32100-2015).

    Raises:
        KeyError: a character is outside the alphabet (I, O, S, V, Z or not ASCII).

    Example:
        >>> uscc_check("91310000MA1FAKE00")
        '2'
    """
    total = sum(_USCC_VALUES[char] * weight for char, weight in zip(body, _USCC_WEIGHTS, strict=True))
    return USCC_ALPHABET[(31 - total % 31) % 31]


def org_code_check(body: str) -> str:
    """Return the check character of the eight characters of an organisation code (GB 11714-1997).

    Example:
        >>> org_code_check("MA1FAKE0")
        '0'
    """
    total = sum(int(char, 36) * weight for char, weight in zip(body, _ORG_WEIGHTS, strict=True))
    return "0123456789X0"[11 - total % 11]


def luhn(number: str) -> bool:
    """Return whether a string of digits is consistent under Luhn's algorithm (ISO/IEC 7812-1, annex B).

    Example:
        >>> luhn("6217000000000014"), luhn("6217000000000015")
        (True, False)
    """
    total = 0
    for place, digit in enumerate(reversed(number)):
        value = int(digit) << (place & 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def vin_check(vin: str) -> str:
    """Return the check character that belongs at the ninth place of a VIN (GB 16735-2019, ISO 3779).

    Raises:
        KeyError: a character is outside the alphabet (I, O, Q or not ASCII).

    Example:
        >>> vin_check("LFAKEAAA4AA000001")
        '4'
    """
    return "0123456789X"[sum(VIN_VALUES[c] * w for c, w in zip(vin, _VIN_WEIGHTS, strict=True)) % 11]
