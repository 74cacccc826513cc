"""From the grain that a purpose asks for to the operator that meets it and reveals no more."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from hushu.errors import ConfigError

Choice = tuple[str, dict[str, Any], str]

_DATES = {"BIRTH_DATE", None}
_AREAS = {"ADDRESS", "REGION", "NATIVE_PLACE", "TRAJECTORY", "FACILITY_LOCATION", None}
_NUMBERS = {
    "INCOME", "UTILITY_USAGE", "BUSINESS_FINANCE", "CREDIT_RECORD", "TEST_RESULT", "GEO_COORDINATE", "AGE", None,
}  # fmt: skip
_IDENTITY = {"CN_RESIDENT_ID", "CN_RESIDENCE_PERMIT"}
_PERIODS = ("month", "year", "decade")
_PLACES = ("street", "district", "city", "province")
# Share of a coordinate's degree that stays: about 1 km, 11 km, 111 km (identifiers.md, coordinates).
_DEGREES = {"district": 2, "city": 1, "province": 0}
_CODE_WIDTH = {"street": 9, "district": 6, "city": 4, "province": 2}


def operator_for(type_id: str | None, grain: str, facts: Mapping[str, Any]) -> Choice:
    """Return the operator, its parameters and a name for its output that meet a grain.

    Args:
        type_id: a type of the vocabulary, or None for a column outside it.
        grain: a grain of :mod:`hushu.rules.limits`.
        facts: what the scan noted of the column; ``as_of`` is the day at which ages are counted.

    Raises:
        ConfigError: HS-E154, the grain makes no sense for the type.

    Example:
        >>> operator_for("BIRTH_DATE", "year", {})[:2]
        ('date_part', {'part': 'year'})
    """
    plain = {
        "drop": ("drop", {}, "nothing"),
        "exact": ("keep", {}, "the value"),
        "count": ("yes_no", {}, "whether there is a value"),
        "yes_no": ("yes_no", {}, "yes or no"),
        "masked": ("mask", {}, "a masked value"),
        "pseudonym": ("pseudonym", {}, "a keyed token"),
        "surrogate": ("surrogate", {}, "a made-up value"),
        "redacted": ("redact_text", {}, "the text without personal data"),
        "encrypted": ("format_preserving", {}, "a value of the same form"),
        "shifted": ("date_shift", {}, "a date moved by whole weeks"),
    }
    if grain in plain:
        return plain[grain]
    if grain == "gender" and type_id in _IDENTITY:
        return "derive", {"part": "gender"}, "the gender"
    if grain in _PERIODS:
        return _period(type_id, grain)
    if grain in _PLACES:
        return _place(type_id, grain)
    if grain == "band":
        return _band(type_id, facts)
    if grain == "noise" and type_id in _NUMBERS:
        return "noise", {"scale": 10.0, "step": 1.0}, "a value near the true one"
    raise _senseless(type_id, grain)


def _period(type_id: str | None, grain: str) -> Choice:
    if type_id in _IDENTITY:
        return "derive", {"part": f"birth_{grain}"}, f"the {grain} of birth"
    if type_id in _DATES or type_id == "TRAJECTORY":
        return "date_part", {"part": grain}, f"the {grain}"
    raise _senseless(type_id, grain)


def _place(type_id: str | None, grain: str) -> Choice:
    if type_id in _IDENTITY and grain != "street":
        return "derive", {"part": grain}, f"the {grain} of registration"
    if type_id == "GEO_COORDINATE" and grain in _DEGREES:
        return "round", {"digits": _DEGREES[grain]}, "a rounded coordinate"
    if type_id == "POSTAL_CODE" and grain in {"city", "province"}:
        return "truncate", {"keep": 3 if grain == "city" else 2}, "the head of the code"
    if type_id in _AREAS:
        name = "address" if type_id == "ADDRESS" else "region"
        return "generalize", {"hierarchy": name, "level": grain}, f"the {grain}"
    raise _senseless(type_id, grain)


def _band(type_id: str | None, facts: Mapping[str, Any]) -> Choice:
    day = str(facts.get("as_of") or date.today().isoformat())
    if type_id in _IDENTITY or type_id == "BIRTH_DATE":
        return "derive", {"part": "age_band", "as_of": day}, "an age band"
    if type_id == "AGE":
        return "generalize", {"hierarchy": "age", "level": "ten_years"}, "an age band"
    if type_id == "INCOME":
        return "generalize", {"hierarchy": "income", "level": "medium"}, "an income band"
    if type_id == "EDUCATION":
        return "generalize", {"hierarchy": "education", "level": 1}, "a broad degree"
    if type_id in _NUMBERS:
        return "bucket", {"width": float(facts.get("width") or 10)}, "a band"
    raise _senseless(type_id, "band")


def _senseless(type_id: str | None, grain: str) -> ConfigError:
    return ConfigError(
        "this grain makes no sense for this type",
        where=f"{type_id or 'a column outside the vocabulary'}: {grain}",
        fix="drop, count, yes_no, masked, pseudonym and exact fit every type",
        code="HS-E154",
    )
