"""Whether a string *is* a given identifier: format, check character, possible date, plausible issuer.

These are the reference the fast kernels are tested against, and what the patterns of
``rules/types/*.yaml`` name under ``validator``. Each takes the value as people write it (full-width
characters, spaces, dashes) and never raises. A validator judges the form only: a valid number may belong
to nobody, and an unknown division code never rejects (old codes stay valid).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from ipaddress import IPv4Address, IPv6Address
from types import MappingProxyType

from hushu.rules import formats as f
from hushu.rules.checksums import luhn, mod_11_2, mod_11_10, org_code_check, uscc_check, vin_check


def fold(value: str) -> str:
    """Return ``value`` with compatibility characters folded (NFKC) and outer blanks removed."""
    return (value if value.isascii() else unicodedata.normalize("NFKC", value)).strip()


def compact(value: str) -> str:
    """Return ``value`` folded, in upper case and without separators.

    Example:
        >>> compact("３１０１０１-19000101-002x")
        '31010119000101002X'
    """
    return f.SEPARATORS.sub("", fold(value)).upper()


def _digits(text: str, *lengths: int) -> bool:
    return len(text) in lengths and text.isascii() and text.isdigit() and len(set(text)) > 1


def real_date(text: str, *, latest: date | None = None) -> bool:
    """Return whether ``YYYYMMDD`` is a day that exists, from 1850 to ``latest`` (default: today).

    Example:
        >>> real_date("20240229"), real_date("20230229"), real_date("18491231")
        (True, False, False)
    """
    try:
        day = date(int(text[:4]), int(text[4:6]), int(text[6:8]))
    except ValueError:
        return False
    return day.year >= f.OLDEST_YEAR and day <= (latest or date.today())


def _dated_18(text: str, first: str) -> bool:
    return (
        len(text) == 18
        and text.isascii()
        and text[:17].isdigit()
        and text[0] in first
        and real_date(text[6:14])
        and mod_11_2(text[:17]) == text[17]
    )


def resident_id_18(value: str) -> bool:
    """Return whether ``value`` is a resident identity number of 18 characters (GB 11643-1999)."""
    return _dated_18(compact(value), "12345678")


def resident_id_15(value: str) -> bool:
    """Return whether ``value`` has the form of the 15-digit number used before 1999 (no check digit)."""
    text = compact(value)
    return (
        _digits(text, 15)
        and text[0] in "12345678"
        and text[:2] in f.PROVINCE_CODES
        and real_date("19" + text[6:12])
    )


def resident_id(value: str) -> bool:
    """Return whether ``value`` is a resident identity number, new or old.

    Example:
        >>> resident_id("310101190001010011"), resident_id("310101190002300011")
        (True, False)
    """
    return resident_id_18(value) or resident_id_15(value)


def hkmt_residence_permit(value: str) -> bool:
    """Return whether ``value`` is the residence permit number of a person from Hong Kong, Macao or Taiwan."""
    text = compact(value)
    return text[:6] in {"810000", "820000", "830000"} and resident_id_18(text)


def foreigner_id(value: str) -> bool:
    """Return whether ``value`` is a foreign permanent resident number: 2017 form (15) or 2023 form (18)."""
    text = compact(value)
    old = len(text) == 15 and text[:3] in f.COUNTRIES and text[3:].isascii() and text[3:].isdigit()
    return old or _dated_18(text, "9")


def uscc(value: str) -> bool:
    """Return whether ``value`` is a unified social credit code (GB 32100-2015)."""
    text = compact(value)
    if (
        len(text) != 18
        or not text.isascii()
        or len(set(text)) == 1
        or text[1] not in f.USCC_KINDS.get(text[0], "")
    ):
        return False
    try:
        return text[2:8].isdigit() and text[2:4] in f.PROVINCE_CODES and uscc_check(text[:17]) == text[17]
    except KeyError:
        return False


def org_code(value: str) -> bool:
    """Return whether ``value`` is an organisation code of nine characters, dash or not (GB 11714-1997)."""
    text = compact(value)
    return (
        bool(re.fullmatch(r"[0-9A-Z]{8}[0-9X]", text))
        and any(char.isdigit() for char in text[:8])
        and org_code_check(text[:8]) == text[8]
    )


def business_reg_no(value: str) -> bool:
    """Return whether ``value`` is a business registration number of 15 digits (GS15-2006)."""
    text = compact(value)
    return _digits(text, 15) and text[:2] in f.PROVINCE_CODES and mod_11_10(text[:14]) == text[14]


def bank_card(value: str) -> bool:
    """Return whether ``value`` is a bank card number: 16 to 19 digits, issuer range, Luhn (ISO/IEC 7812)."""
    text = compact(value)
    return _digits(text, 16, 17, 18, 19) and card_issuer(text) and luhn(text)


def card_issuer(digits: str) -> bool:
    """Return whether the first digits belong to a card scheme used in China (or an old domestic range)."""
    head = int(digits[:4])
    return (
        digits[0] in "4569"
        or 2221 <= head <= 2720
        or 3528 <= head <= 3589
        or digits[:2] in {"34", "36", "37", "38"}
    )


def mobile(value: str) -> bool:
    """Return whether ``value`` is a mobile number of a series allotted by March 2023, with or without 86."""
    return bool(f.MOBILE.fullmatch(_national(value)))


def mobile_any(value: str) -> bool:
    """Return whether ``value`` could be a mobile number of a series allotted later (weak)."""
    return bool(f.MOBILE_FALLBACK.fullmatch(_national(value)))


def _national(value: str) -> str:
    text = compact(value)
    for prefix in ("+86", "0086", "86"):
        if text.startswith(prefix) and len(text) == len(prefix) + 11:
            return text[len(prefix) :]
    return text


def iot_number(value: str) -> bool:
    """Return whether ``value`` is a 13-digit number of the machine-to-machine series 140 to 144."""
    text = compact(value)
    return _digits(text, 13) and text[:3] in {"140", "141", "142", "143", "144"}


def landline(value: str) -> bool:
    """Return whether ``value`` is a fixed-line number with its area code, optionally with an extension."""
    text = fold(value)
    bare = re.sub(r"^\+?(?:86)?[\s-]*", "", text)
    return bool(f.LANDLINE.fullmatch(text)) and (
        bare.startswith(("0", "(0")) or text.startswith(("+86", "86", "0086"))
    )


def phone_number(value: str) -> bool:
    """Return whether ``value`` is a mobile, machine or fixed-line number."""
    return mobile(value) or landline(value) or iot_number(value)


def email(value: str) -> bool:
    """Return whether ``value`` is an e-mail address (RFC 5321, its common part)."""
    text = fold(value)
    return len(text) <= 254 and bool(f.EMAIL.fullmatch(text)) and len(text.rsplit("@", 1)[0]) <= 64


def ipv4(value: str) -> bool:
    """Return whether ``value`` is an IPv4 address in dotted form."""
    try:
        return bool(IPv4Address(fold(value)))
    except ValueError:
        return False


def ipv6(value: str) -> bool:
    """Return whether ``value`` is an IPv6 address (RFC 4291)."""
    try:
        return bool(IPv6Address(fold(value)))
    except ValueError:
        return False


def ip_address(value: str) -> bool:
    """Return whether ``value`` is an IPv4 or IPv6 address."""
    return ipv4(value) or ipv6(value)


def mac_address(value: str) -> bool:
    """Return whether ``value`` is an EUI-48 address with colons, dashes or Cisco's dots."""
    return bool(
        re.fullmatch(
            r"[0-9A-Fa-f]{2}([:-])[0-9A-Fa-f]{2}(?:\1[0-9A-Fa-f]{2}){4}|[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}",
            fold(value),
        )
    )


def imei(value: str) -> bool:
    """Return whether ``value`` is an IMEI: 15 digits, Luhn (3GPP TS 23.003)."""
    text = compact(value)
    return _digits(text, 15) and luhn(text)


def vin(value: str) -> bool:
    """Return whether ``value`` is a VIN with the right check character (GB 16735-2019)."""
    text = compact(value)
    try:
        return len(text) == 17 and text.isascii() and vin_check(text) == text[8]
    except KeyError:
        return False


def license_plate(value: str) -> bool:
    """Return whether ``value`` is a motor-vehicle plate (GA 36-2018), civil, embassy or armed police."""
    return bool(f.PLATE.fullmatch(fold(value).upper()))


def passport(value: str) -> bool:
    """Return whether ``value`` is a Chinese, Hong Kong or Macao passport number."""
    return bool(f.PASSPORT.fullmatch(compact(value)))


def travel_permit(value: str) -> bool:
    """Return whether ``value`` is a permit number for travel to or from Hong Kong, Macao or Taiwan."""
    return bool(f.TRAVEL.fullmatch(compact(value)))


def military_id(value: str) -> bool:
    """Return whether ``value`` is an officer's, soldier's or armed-police certificate number."""
    return bool(f.MILITARY.fullmatch(fold(value)))


def student_no(value: str) -> bool:
    """Return whether ``value`` is a national student number: G, L or J before 18 characters."""
    text = compact(value)
    if len(text) != 19 or text[0] not in "GJL":
        return False
    return resident_id_18(text[1:]) or (text[0] in "LJ" and text[1:18].isdigit())


def court_case_no(value: str) -> bool:
    """Return whether ``value`` is a court case number in the form in force since 2016 (or the one before)."""
    return bool(f.CASE_NO.fullmatch(re.sub(r"\s", "", fold(value)).replace("[", "(").replace("]", ")")))


def real_estate_unit_no(value: str) -> bool:
    """Return whether ``value`` is a real-estate unit code of 28 characters (GB/T 37346-2019)."""
    return bool(f.UNIT_NO.fullmatch(compact(value)))


def real_estate_cert_no(value: str) -> bool:
    """Return whether ``value`` is the number of a real-estate certificate."""
    return bool(f.CERT_NO.fullmatch(re.sub(r"\s", "", fold(value))))


def real_estate_no(value: str) -> bool:
    """Return whether ``value`` is a real-estate unit code or certificate number."""
    return real_estate_unit_no(value) or real_estate_cert_no(value)


def postal_code(value: str) -> bool:
    """Return whether ``value`` is six digits with the first two of an existing postal zone (weak)."""
    text = fold(value)
    return _digits(text, 6) and text[:2] in f.POSTAL_ZONES


def longitude(value: str) -> bool:
    """Return whether ``value`` is a longitude of China (73 to 136 degrees) with at least two decimals."""
    return _between(value, 73.0, 136.0)


def latitude(value: str) -> bool:
    """Return whether ``value`` is a latitude of China (3 to 54 degrees) with at least two decimals."""
    return _between(value, 3.0, 54.0)


def _between(value: str, low: float, high: float) -> bool:
    text = fold(value)
    return (
        bool(f.COORDINATE.fullmatch(text)) and len(text.partition(".")[2]) >= 2 and low <= float(text) <= high
    )


def geo_coordinate(value: str) -> bool:
    """Return whether ``value`` is a pair ``longitude,latitude`` within China."""
    parts = re.split(r"\s*[,;]\s*|\s+", fold(value).strip("()[]"))
    return len(parts) == 2 and longitude(parts[0]) and latitude(parts[1])


def qq_number(value: str) -> bool:
    """Return whether ``value`` could be a QQ number (weak: any 5 to 11 digits)."""
    return bool(f.QQ.fullmatch(fold(value)))


def wechat_id(value: str) -> bool:
    """Return whether ``value`` could be a WeChat ID (weak: 6 to 20 characters, a letter first)."""
    return bool(f.WECHAT.fullmatch(fold(value)))


def credential(value: str) -> bool:
    """Return whether ``value`` is or holds a token, key block, password hash or assigned password."""
    return bool(f.CREDENTIALS.search(fold(value)))


VALIDATORS: Mapping[str, Callable[[str], bool]] = MappingProxyType(
    {
        "bank_card": bank_card,
        "business_reg_no": business_reg_no,
        "court_case_no": court_case_no,
        "credential": credential,
        "email": email,
        "foreigner_id": foreigner_id,
        "geo_coordinate": geo_coordinate,
        "hkmt_residence_permit": hkmt_residence_permit,
        "imei": imei,
        "iot_number": iot_number,
        "ip_address": ip_address,
        "ipv4": ipv4,
        "ipv6": ipv6,
        "landline": landline,
        "latitude": latitude,
        "license_plate": license_plate,
        "longitude": longitude,
        "mac_address": mac_address,
        "military_id": military_id,
        "mobile": mobile,
        "mobile_any": mobile_any,
        "org_code": org_code,
        "passport": passport,
        "phone_number": phone_number,
        "postal_code": postal_code,
        "qq_number": qq_number,
        "real_estate_cert_no": real_estate_cert_no,
        "real_estate_no": real_estate_no,
        "real_estate_unit_no": real_estate_unit_no,
        "resident_id": resident_id,
        "resident_id_15": resident_id_15,
        "resident_id_18": resident_id_18,
        "student_no": student_no,
        "travel_permit": travel_permit,
        "uscc": uscc,
        "vin": vin,
        "wechat_id": wechat_id,
    }
)
