"""Every test vector of the standards, valid and invalid."""

from __future__ import annotations

import pytest

from hushu.rules.validators import VALIDATORS

VECTORS = {
    "resident_id_18": (
        "310101190001010011 31010119000101002X 810000190001010026 830000190001010038 31010119000101002x",
        "310101190001010012 310101190002300011 31010119000101001 010101190001010011",
    ),
    "resident_id_15": ("310101000101001", "310101001301001 31010100010100"),
    "foreigner_id": (
        "931840190001010010 USA310000000000",
        "931840190001010011 310101190001010011 US310000000000",
    ),
    "uscc": (
        "91310000MA1FAKE002 113100000000000004",
        "91310000MA1FAKE001 91310000MA1OAKE002 91310000MA1FAKE00 000000000000000000",
    ),
    "org_code": ("MA1FAKE00 000000000 MA1FAKE0-0", "MA1FAKE01"),
    "business_reg_no": ("310000000000018", "310000000000011"),
    "bank_card": ("6222020000000000000 6217000000000014", "6222020000000000001 622202000000"),
    "imei": ("350000000000014", "350000000000011"),
    "vin": ("LFAKEAAA4AA000001 11111111111111111", "LFAKEAAA4AA000002 LFAIEAAA4AA000001"),
    "mobile": (
        "13000000000|+86 19200000000|16500000000|19300000000|0086-138-0013-8000",
        "12000000000|15400000000|16100000000|19400000000|1300000000",
    ),
    "iot_number": ("1440000000000", "1450000000000"),
    "landline": (
        "021-20000000|010 60000000-8001|0571-80000000|(021)20000000",
        "021-10000000|026-20000000|0000-20000000",
    ),
    "license_plate": (
        "沪A00000 京AF0000 沪AD00000 沪AFA0000 沪A00000D "
        "沪A0000警 沪A0000学 沪A0000挂 粤Z0000港 粤ZA000澳 使000000 沪A0000领",
        "沪I00000 沪A0000 沪AO0000 沪AL00000 沪A00000L 沪A00000警 沪Z0000港 使00000",
    ),
    "passport": ("E00000000 EA0000000 G00000000", "EI0000000 E0000000"),
    "travel_permit": (
        "H00000000 M0000000001 C00000000 CA0000000 L00000000 T00000000",
        "K00000000 D00000000 A00000000",
    ),
    "student_no": ("G310101190001010011 L310101190001010011", "A310101190001010011"),
    "court_case_no": ("（2024）沪0101民初1号 (2023)最高法民终1号", "2024沪0101民初1号"),
    "real_estate_unit_no": ("310101001002GB00003F00010002", "310101001002GB00003F0001000"),
    "real_estate_cert_no": (
        "沪（2024）浦字不动产权第000001号 京(2015)东城区不动产权第0000001号",
        "沪2024浦字不动产权第000001号",
    ),
    "mac_address": ("00:00:5E:00:53:01 00-00-5e-00-53-01", "00:00:5E:00:53 00:00-5E:00:53:01"),
    "ip_address": ("192.0.2.1 2001:db8::1", "256.0.0.1 2001:db8::g"),
    "postal_code": ("200000 100000", "990000 999999"),
    "email": ("test@example.com", "test@example @example.com"),
    "geo_coordinate": ("121.473700,31.230400", "31.230400,121.473700 2.3522,48.8566"),
}


def _cases(valid: bool) -> list[tuple[str, str]]:
    column = 0 if valid else 1
    return [
        (name, value)
        for name, pair in VECTORS.items()
        for value in (pair[column].split("|") if "|" in pair[column] else pair[column].split())
    ]


@pytest.mark.parametrize(("name", "value"), _cases(valid=True))
def test_valid(name: str, value: str) -> None:
    assert VALIDATORS[name](value)


@pytest.mark.parametrize(("name", "value"), _cases(valid=False))
def test_invalid(name: str, value: str) -> None:
    assert not VALIDATORS[name](value)


@pytest.mark.parametrize("name", sorted(VALIDATORS))
@pytest.mark.parametrize(
    "value", ["", " ", "\x00", "\ud800", "０", "²" * 18, "𝟎" * 15, "无", "-" * 50, "1" * 5000]
)
def test_never_raises(name: str, value: str) -> None:
    assert VALIDATORS[name](value) in (True, False)
