"""What a string of ASCII digits and capital letters, separators removed, can be."""

from __future__ import annotations

import re

from hushu.classify.tokens import PLAUSIBLE, PROVEN, WEAK
from hushu.rules import validators as v
from hushu.rules.checksums import luhn, org_code_check, vin_check

Verdict = tuple[str, int]

_AREA = re.compile(r"0(?:10|2[0-57-9]|[3-9]\d\d)[2-8]\d{6,7}")
_PASSPORT = re.compile(
    r"E\d{8}|E[A-HJ-NP-Z]\d{7}|G\d{8}|(?:DE|SE|PE|D|S|P)\d{7,8}|[KH]\d{8}|(?:KJ|HJ|HA)\d{8}|(?:MA|MB|M)\d{7}"
)
_TRAVEL = re.compile(r"[HM]\d{8}(?:\d\d)?|C\d{8}|C[A-HJ-NP-Z]\d{7}|[WLT]\d{8}")
_DATED = re.compile(r"\d{10}[01]\d[0-3]\d\d{3}[\dX]", re.ASCII)
_USCC = re.compile(r"[1-9ANY][1-59]\d{6}[0-9A-HJ-NPQRTUWXY]{10}", re.ASCII)
_VIN = re.compile(r"[0-9A-HJ-NPR-Z]{8}[0-9X][0-9A-HJ-NPR-Z]{8}")
_OLD_FOREIGNER = re.compile(r"[A-Z]{3}[1-6]\d{5}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d\d", re.ASCII)
_UNIT = re.compile(r"\d{12}[GJZ][A-Z]\d{5}[FLQW]\d{8}")


def of_alnum(text: str) -> list[Verdict]:
    """Return what a string of ASCII digits and capital letters can be, with the strength of each claim.

    Example:
        >>> of_alnum("310101190001010011")
        [('CN_RESIDENT_ID', 3)]
    """
    if text.isdigit():
        return of_digits(text)
    return of_mixed(text) if any("0" <= char <= "9" for char in text) else []


def area_and_number(digits: str) -> bool:
    """Return whether digits are a fixed-line number with its area code, 0 first."""
    return bool(_AREA.fullmatch(digits))


def of_digits(text: str) -> list[Verdict]:
    """Return what a string of digits can be."""
    length = len(text)
    if length < 9 or (length != 17 and text == text[0] * length):
        return []
    if length == 11 and text[0] == "1":
        return [("PHONE_NUMBER", PLAUSIBLE)] if v.mobile(text) else []
    if text[0] == "0" and length in (10, 11, 12):
        return [("PHONE_NUMBER", WEAK)] if area_and_number(text) else []
    if length == 9:
        found = [("CN_ORG_CODE", WEAK)] if v.org_code(text) else []
        return found + ([("CN_PASSPORT", WEAK)] if text[:2] in ("14", "15") else [])
    if length == 13:
        if text[:2] == "86" and v.mobile(text[2:]):
            return [("PHONE_NUMBER", PLAUSIBLE)]
        return [("PHONE_NUMBER", WEAK)] if v.iot_number(text) else []
    if length == 15:
        return _fifteen(text)
    return _sixteen_and_more(text) if 16 <= length <= 19 else []


def _fifteen(text: str) -> list[Verdict]:
    found: list[Verdict] = []
    if v.resident_id_15(text):
        found.append(("CN_RESIDENT_ID", WEAK))
    if luhn(text):
        found.append(("IMEI", WEAK))
    if v.business_reg_no(text):
        found.append(("CN_BUSINESS_REG_NO", WEAK))
    if text[:4] == "0086" and v.mobile(text[4:]):
        found.append(("PHONE_NUMBER", PLAUSIBLE))
    return found


def _sixteen_and_more(text: str) -> list[Verdict]:
    found = _eighteen(text) if len(text) == 18 else []
    if v.bank_card(text):
        found.append(("BANK_CARD", PLAUSIBLE if text[:2] == "62" else WEAK))
    if len(text) == 17 and _is_vin(text):
        found.append(("VIN", WEAK))
    return found


def _eighteen(text: str) -> list[Verdict]:
    found: list[Verdict] = []
    dated = _DATED.fullmatch(text) is not None
    if dated and v.resident_id_18(text):
        found.append(("CN_RESIDENT_ID", PROVEN))
        if text[0] == "8" and text[1] in "123" and text[2:6] == "0000":
            found.append(("CN_RESIDENCE_PERMIT", PROVEN))
    elif dated and text[0] == "9" and v.foreigner_id(text):
        found.append(("CN_FOREIGNER_ID", PROVEN))
    if _USCC.fullmatch(text) and v.uscc(text):
        found.append(("CN_USCC", PLAUSIBLE if text.isdigit() else PROVEN))
    return found


def of_mixed(text: str) -> list[Verdict]:
    """Return what a string of capital letters and digits, at least one of each, can be."""
    length = len(text)
    if length in (8, 9, 10, 11):
        return _eight_to_eleven(text)
    if length == 15:
        dated = _OLD_FOREIGNER.fullmatch(text) is not None
        return [("CN_FOREIGNER_ID", PLAUSIBLE if dated else WEAK)] if v.foreigner_id(text) else []
    if length == 17:
        return [("VIN", PLAUSIBLE if text[0] == "L" else WEAK)] if _is_vin(text) else []
    if length == 18:
        return _eighteen(text)
    if length == 19:
        return [("STUDENT_NO", PROVEN if v.resident_id_18(text[1:]) else WEAK)] if v.student_no(text) else []
    return [("REAL_ESTATE_NO", PROVEN)] if length == 28 and _UNIT.fullmatch(text) else []


def _is_vin(text: str) -> bool:
    return bool(_VIN.fullmatch(text)) and vin_check(text) == text[8]


def _eight_to_eleven(text: str) -> list[Verdict]:
    found: list[Verdict] = []
    if len(text) == 9 and org_code_check(text[:8]) == text[8] and not text[:8].isalpha():
        found.append(("CN_ORG_CODE", WEAK))
    if _PASSPORT.fullmatch(text):
        found.append(("CN_PASSPORT", WEAK))
    if _TRAVEL.fullmatch(text):
        found.append(("CN_TRAVEL_PERMIT", WEAK))
    return found
