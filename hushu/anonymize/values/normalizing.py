"""One spelling per value, so that one person gets one token.

Full-width digits, letter case, spaces, country prefixes, 15-digit identity numbers and numbers
that were stored as numbers all fold to the same text before anything is keyed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from hushu.errors import InputError
from hushu.rules.checksums import mod_11_2

# Types that name the same number: one domain, so that a table and a text agree on the token.
FAMILIES = {
    "CN_RESIDENCE_PERMIT": "CN_RESIDENT_ID",
    "CN_FOREIGNER_ID": "CN_RESIDENT_ID",
}

_COMPACT = frozenset(
    {
        "CN_RESIDENT_ID",
        "CN_PASSPORT",
        "CN_TRAVEL_PERMIT",
        "CN_MILITARY_ID",
        "CN_SOCIAL_SECURITY_NO",
        "CN_MEDICAL_INSURANCE_NO",
        "BANK_CARD",
        "BANK_ACCOUNT",
        "LICENSE_PLATE",
        "VIN",
        "IMEI",
        "MAC_ADDRESS",
        "STUDENT_NO",
        "EMPLOYEE_NO",
        "REAL_ESTATE_NO",
        "UTILITY_ACCOUNT_NO",
        "CN_USCC",
        "CN_ORG_CODE",
        "CN_BUSINESS_REG_NO",
        "MEDICAL_RECORD_NO",
        "QQ_NUMBER",
    }
)
_LOWER = frozenset({"EMAIL_ADDRESS", "WECHAT_ID", "USERNAME", "IP_ADDRESS"})
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]")
_SEPARATORS = re.compile(r"[\s\-‐‑‒–—_.·•・:]+")
_SPACES = re.compile(r"\s+")
_DOTS = re.compile("[•・‧∙⋅●．]")
_HAN_GAP = re.compile(r"(?<=[\u3400-\u9fff·])\s+(?=[\u3400-\u9fff·])")
_MOBILE = re.compile(r"(?:\+|00)?86(1[3-9]\d{9})$")
_EXACT_INTEGER = 1 << 53
_SCIENTIFIC = r"^\s*[0-9]([.,][0-9]+)?[Ee]\+[0-9]+\s*$"


def family(type_id: str) -> str:
    """Return the type under whose name the tokens of ``type_id`` are made."""
    return FAMILIES.get(type_id, type_id)


def normalizer(type_id: str) -> Callable[[str], str]:
    """Return the function that folds one value of the type to its one spelling.

    Example:
        >>> normalizer("PHONE_NUMBER")("＋86 138-0013-8000")
        '13800138000'
        >>> normalizer("CN_RESIDENT_ID")("310101000101001")
        '310101190001010011'
    """
    name = family(type_id)
    if name == "CN_RESIDENT_ID":
        return _resident
    if name == "PHONE_NUMBER":
        return _phone
    if name == "PERSON":
        return _person
    if name in _COMPACT:
        return _compact
    if name in _LOWER:
        return lambda value: _SPACES.sub("", fold(value)).lower()
    return lambda value: _SPACES.sub(" ", fold(value)).strip()


def fold(value: str) -> str:
    """Return the value in NFKC without invisible characters and outer spaces."""
    if value.isascii():
        return value.strip()
    return _INVISIBLE.sub("", unicodedata.normalize("NFKC", value)).strip()


def _compact(value: str) -> str:
    return _SEPARATORS.sub("", fold(value)).upper()


def _resident(value: str) -> str:
    text = _compact(value)
    if len(text) == 15 and text.isdigit():
        body = text[:6] + "19" + text[6:]
        return body + mod_11_2(body)
    return text


def _phone(value: str) -> str:
    text = re.sub(r"[\s\-‐‑‒–—().·]+", "", fold(value))
    mobile = _MOBILE.match(text)
    return mobile.group(1) if mobile else text.lower()


def _person(value: str) -> str:
    text = _DOTS.sub("·", fold(value))
    return _SPACES.sub(" ", _HAN_GAP.sub("", text)).casefold()


def as_text(column: Any, *, where: str = "") -> pa.Array:
    """Return the column as one string array; numbers become their plain digits, dates ISO 8601.

    Args:
        column: ``pa.Array`` or ``pa.ChunkedArray`` of n values, any scalar type.
        where: the column's name, for messages.

    Raises:
        InputError: HS-E251, whole numbers stored as floating point beyond 2**53: their last digits
            are already lost, and a token of them would join the wrong persons; HS-E252, bytes that
            are not text, lists and records.
    """
    array = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if isinstance(array, pa.ChunkedArray):  # an empty chunked array stays chunked
        array = pa.concat_arrays(array.chunks) if array.num_chunks else pa.array([], array.type)
    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    kind = array.type
    if pa.types.is_string(kind):
        return array
    if pa.types.is_floating(kind):
        return _floats_as_text(array, where)
    if pa.types.is_boolean(kind):
        return pc.if_else(array, "true", "false")
    try:
        return array.cast(pa.string())
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise InputError(
            "the column holds cells that are not text, numbers or dates",
            where=where,
            why=f"its type is {kind}",
            fix="drop the column, or load it as text with its encoding",
            code="HS-E252",
        ) from error


def _floats_as_text(array: pa.Array, where: str) -> pa.Array:
    whole = pc.fill_null(pc.equal(pc.floor(array), array), True)
    large = pc.fill_null(pc.greater(pc.abs(array), float(_EXACT_INTEGER)), False)
    if pc.any(pc.and_(whole, large)).as_py():
        raise InputError(
            "numbers of more than 15 digits are stored as floating point",
            where=where,
            why="their last digits were lost before hushu read them",
            fix="store the column as text and load it again",
            code="HS-E251",
        )
    array = array.cast(pa.float64())
    finite = pc.is_finite(array)
    integers = pc.if_else(pc.and_(whole, finite), array, 0.0).cast(pa.int64()).cast(pa.string())
    return pc.if_else(pc.and_(whole, finite), integers, array.cast(pa.string()))


def normalized(type_id: str, array: pa.Array) -> pa.Array:
    """Return a string array with every value folded to its one spelling; nulls stay null.

    Values that are already plain (the usual case) are recognised column-wise and not touched.
    """
    fold_one = normalizer(type_id)
    odd = pc.fill_null(pc.invert(_plain(family(type_id), array)), False)
    rows = pc.indices_nonzero(odd)
    if len(rows) == 0:
        return array
    return pc.replace_with_mask(array, odd, _per_value(array.take(rows), fold_one))


def require_whole(type_id: str, column: Any, where: str) -> None:
    """Refuse identifiers that a spreadsheet cut to 1.38E+10 where two rows would become one person.

    Raises:
        InputError: HS-E251.
    """
    text = pa.types.is_string(column.type) or pa.types.is_large_string(column.type)
    if not text or not (family(type_id) in _COMPACT or family(type_id) == "PHONE_NUMBER"):
        return
    lost = column.filter(pc.match_substring(column, "E+", ignore_case=True))
    if len(lost):
        lost = lost.filter(pc.match_substring_regex(lost, _SCIENTIFIC))
    if len(lost) > pc.count_distinct(lost).as_py():
        raise InputError(
            "identifiers are written in scientific notation",
            where=where,
            why=f"{len(lost)} cells like 1.38E+10: their last digits were lost before hushu read them",
            fix="store the column as text and load it again",
            code="HS-E251",
        )


def _plain(name: str, array: pa.Array) -> pa.Array:
    """Say of each value whether folding surely leaves it alone."""
    if name == "PHONE_NUMBER":  # 13 and 15 digits may carry the country prefix
        prefixed = pc.is_in(pc.binary_length(array), pa.array([13, 15], pa.int32()))
        return pc.and_(pc.ascii_is_decimal(array), pc.invert(prefixed))
    if name == "CN_RESIDENT_ID":
        full = pc.not_equal(pc.binary_length(array), 15)
        return pc.and_(full, _upper_alphanumeric(array))
    if name == "PERSON":
        stable = pc.equal(pc.utf8_normalize(array, form="NFKC"), array)
        return pc.and_(pc.and_(stable, pc.utf8_is_alpha(array)), pc.equal(pc.utf8_lower(array), array))
    if name == "LICENSE_PLATE":
        stable = pc.equal(pc.utf8_normalize(array, form="NFKC"), array)
        return pc.and_(pc.and_(stable, pc.utf8_is_alnum(array)), pc.equal(pc.utf8_upper(array), array))
    if name in _COMPACT:
        return _upper_alphanumeric(array)
    if name in _LOWER:
        dense = pc.and_(pc.string_is_ascii(array), pc.invert(pc.match_substring(array, " ")))
        return pc.and_(pc.and_(dense, pc.ascii_is_printable(array)), pc.equal(pc.ascii_lower(array), array))
    stable = pc.equal(pc.utf8_normalize(array, form="NFKC"), array)
    spaced = pc.or_(pc.match_substring(array, "  "), pc.not_equal(pc.utf8_trim_whitespace(array), array))
    return pc.and_(pc.and_(stable, pc.utf8_is_printable(array)), pc.invert(spaced))


def _upper_alphanumeric(array: pa.Array) -> pa.Array:
    return pc.and_(pc.ascii_is_alnum(array), pc.equal(pc.ascii_upper(array), array))


def _per_value(array: pa.Array, fold_one: Callable[[str], str]) -> pa.Array:
    return pa.array([None if v is None else fold_one(v) for v in array.to_pylist()], pa.string())
