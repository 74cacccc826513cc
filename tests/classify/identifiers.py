"""Synthetic identifiers, valid and nearly so, for the tests of structured values."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta

from hushu.rules import checksums

Maker = Callable[[random.Random], str]
AREAS = ("310101", "320102", "440305", "110103", "659001", "510104")


def digits(source: random.Random, size: int) -> str:
    return "".join(source.choice("0123456789") for _ in range(size))


def resident_id(source: random.Random) -> str:
    born = date(1920, 1, 1) + timedelta(days=source.randrange(37_000))
    body = f"{source.choice(AREAS)}{born:%Y%m%d}{digits(source, 3)}"
    return body + checksums.mod_11_2(body)


def foreigner_id(source: random.Random) -> str:
    born = date(1940, 1, 1) + timedelta(days=source.randrange(25_000))
    body = f"931{source.randrange(4, 900):03d}{born:%Y%m%d}{digits(source, 3)}"
    return body + checksums.mod_11_2(body)


def uscc(source: random.Random) -> str:
    tail = "".join(source.choice(checksums.USCC_ALPHABET) for _ in range(8))
    body = source.choice(["91", "92", "11", "12", "51", "52", "93"]) + source.choice(AREAS) + "M" + tail
    return body + checksums.uscc_check(body)


def org_code(source: random.Random) -> str:
    body = digits(source, 8)
    return body + checksums.org_code_check(body)


def business_reg_no(source: random.Random) -> str:
    body = source.choice(AREAS) + digits(source, 8)
    return body + checksums.mod_11_10(body)


def luhn(body: str) -> str:
    return next(body + check for check in "0123456789" if checksums.luhn(body + check))


def bank_card(source: random.Random) -> str:
    return luhn("62" + digits(source, source.choice([13, 16])))


def imei(source: random.Random) -> str:
    return luhn("35" + digits(source, 12))


def vin(source: random.Random) -> str:
    letters = "ABCDEFGHJKLMNPRSTUVWXYZ0123456789"
    head, tail = "LSV" + "".join(source.choice(letters) for _ in range(5)), digits(source, 8)
    check = checksums.vin_check(head + "0" + tail)
    return head + check + tail


def mobile(source: random.Random) -> str:
    return source.choice(["130", "138", "159", "166", "177", "186", "199", "192", "198"]) + digits(source, 8)


CHECKED: dict[str, tuple[Maker, str]] = {
    "CN_RESIDENT_ID": (resident_id, "0123456789"),
    "CN_FOREIGNER_ID": (foreigner_id, "0123456789"),
    "CN_USCC": (uscc, checksums.USCC_ALPHABET),
    "CN_ORG_CODE": (org_code, "0123456789"),
    "CN_BUSINESS_REG_NO": (business_reg_no, "0123456789"),
    "BANK_CARD": (bank_card, "0123456789"),
    "IMEI": (imei, "0123456789"),
    "VIN": (vin, "0123456789"),
}
"""Type → a maker of valid values and the alphabet of its check character."""
CHECK_PLACE = {"VIN": 8}


def near_miss(source: random.Random, kind: str) -> str:
    """Return a valid number with another check character, or one character more or less."""
    maker, alphabet = CHECKED[kind]
    value, place = maker(source), CHECK_PLACE.get(kind, -1)
    change = source.randrange(3)
    if change == 0:
        at = place % len(value)
        other = source.choice([char for char in alphabet if char != value[at]])
        return value[:at] + other + value[at + 1 :]
    return (
        value + source.choice("0123456789") * 4 if change == 1 else value[: 13 if kind == "BANK_CARD" else -2]
    )
