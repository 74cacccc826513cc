"""What a matter needs of an identity number or birth date, without the number or the date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Literal, get_args

import pyarrow as pa
import pyarrow.compute as pc

from hushu.anonymize.operators.base import Context, Operator
from hushu.anonymize.operators.date_part import date_part
from hushu.anonymize.values import hierarchies
from hushu.anonymize.values.addresses import gazetteer
from hushu.anonymize.values.dates import as_dates
from hushu.anonymize.values.normalizing import as_text, normalized

Part = Literal[
    "birth_month", "birth_year", "birth_decade", "age", "age_band", "gender", "district", "city", "province"
]
_RESIDENT = "CN_RESIDENT_ID"
_WIDTH = {"district": 6, "city": 4, "province": 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Derive(Operator):
    """Birth month, year, decade, age, age band, gender or area of registration.

    Works on resident identity numbers (15 or 18 digits); all but gender and area also on birth
    dates. A number or date that is not well formed yields null. The area is where the number was
    issued, not where the person lives.

    Args:
        part: what is needed.
        as_of: the day at which ages are counted, ISO 8601; needed for ``age`` and ``age_band``.
        level: which bands (``five_years``, ``ten_years``, ``thirty_years``) ``age_band`` uses.

    Raises:
        ConfigError: HS-E151, an unknown part, or an age without ``as_of``; HS-E153, unknown bands.
    """

    name: ClassVar[str] = "derive"
    text: ClassVar = {
        "zh": "由证件号或出生日期导出 {part}",
        "en": "only {part} is derived from the number or date",
    }
    part: Part
    as_of: str = ""
    level: str = "ten_years"

    def __post_init__(self) -> None:
        if self.part not in get_args(Part):
            raise self.wrong("part", f"it is {self.part}", "one of: " + ", ".join(get_args(Part)))
        if self.part.startswith("age"):
            try:
                date.fromisoformat(self.as_of)
            except ValueError as error:
                raise self.wrong("as_of", "ages need a day to count at", "as_of: 2026-11-21") from error
            hierarchies.load("age").index(self.level)

    def __call__(self, column: Any, context: Context) -> pa.Array:
        """Return n strings (``age``: n whole numbers)."""
        if self.part == "gender" or self.part in _WIDTH:
            number = normalized(_RESIDENT, as_text(column, where=context.column))
            formed = _born(number)
            derived = self._gender(number) if self.part == "gender" else self._area(number)
            return pc.if_else(pc.is_valid(formed), derived, pa.scalar(None, pa.string()))
        born = self._births(column, context)
        if self.part == "age":
            return self._ages(born)
        if self.part == "age_band":
            return self._bands(self._ages(born))
        return date_part(born, self.part.removeprefix("birth_"))  # type: ignore[arg-type]

    def _births(self, column: Any, context: Context) -> pa.Array:
        if pa.types.is_temporal(column.type) or context.type == "BIRTH_DATE":
            return as_dates(column, context.column)
        return _born(normalized(_RESIDENT, as_text(column, where=context.column)))

    def _ages(self, born: pa.Array) -> pa.Array:
        at = date.fromisoformat(self.as_of)
        years = pc.subtract(at.year, pc.year(born))
        day_of_year = pc.add(pc.multiply(pc.month(born), 100), pc.day(born))
        not_yet = pc.greater(day_of_year, at.month * 100 + at.day).cast(pa.int64())
        age = pc.subtract(years, not_yet)
        return pc.if_else(pc.greater_equal(age, 0), age, pa.scalar(None, pa.int64()))

    def _bands(self, ages: pa.Array) -> pa.Array:
        bands = hierarchies.load("age")
        level = bands.index(self.level)
        encoded = ages.dictionary_encode()
        labels = [bands.lift(str(age), level) for age in encoded.dictionary.to_pylist()]
        return pa.array(labels, pa.string()).take(encoded.indices)

    def _gender(self, number: pa.Array) -> pa.Array:
        odd = pc.is_in(pc.utf8_slice_codeunits(number, 16, 17), pa.array(list("13579")))
        return pc.if_else(odd, "男", "女")

    def _area(self, number: pa.Array) -> pa.Array:
        codes = pc.utf8_slice_codeunits(number, 0, _WIDTH[self.part]).dictionary_encode()
        names = [_area_name(code) for code in codes.dictionary.to_pylist()]
        return pa.array(names, pa.string()).take(codes.indices)


def _area_name(code: str) -> str | None:
    if code.startswith("9"):  # foreign permanent residents: the area stands elsewhere
        return None
    known = next((code[:n] for n in (6, 4, 2) if n <= len(code) and code[:n] in gazetteer().names), "")
    # An abolished division keeps its code; its province is always known.
    return gazetteer().full_name(known) if known == code else code


def _born(number: pa.Array) -> pa.Array:
    """Return the birth dates inside well-formed 18-digit numbers, null elsewhere."""
    formed = pc.match_substring_regex(number, r"^[1-9]\d{16}[0-9X]$")
    inside = pc.if_else(formed, pc.utf8_slice_codeunits(number, 6, 14), pa.scalar(None, pa.string()))
    return as_dates(inside)
