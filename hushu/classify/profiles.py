"""What one pass over the values of a column found, and how the finds of two batches add up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from hushu.classify.shape import Shape, merge_shapes

TYPES: tuple[str, ...] = (
    "CN_RESIDENCE_PERMIT",
    "CN_RESIDENT_ID",
    "CN_FOREIGNER_ID",
    "CN_USCC",
    "STUDENT_NO",
    "REAL_ESTATE_NO",
    "COURT_CASE_NO",
    "EMAIL_ADDRESS",
    "CREDENTIAL",
    "MAC_ADDRESS",
    "IP_ADDRESS",
    "VIN",
    "LICENSE_PLATE",
    "CN_MILITARY_ID",
    "BANK_CARD",
    "PHONE_NUMBER",
    "IMEI",
    "CN_BUSINESS_REG_NO",
    "CN_ORG_CODE",
    "CN_PASSPORT",
    "CN_TRAVEL_PERMIT",
    "GEO_COORDINATE",
)
"""Types the kernel decides from a value alone, in the order of their priority where two claim one place."""

MASKABLE: tuple[str, ...] = (
    "CN_RESIDENT_ID",
    "PHONE_NUMBER",
    "BANK_CARD",
    "LICENSE_PLATE",
    "EMAIL_ADDRESS",
    "PERSON",
)
"""Types whose part-masked form is still recognised."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnProfile:
    """Exact counts over all values of one column (or batch of it).

    Attributes:
        rows: values in all, nulls included.
        nulls: nulls of the source.
        blank: empty, only white space, or a conventional null such as ``NULL``, ``N/A``, ``无``, ``-``.
        whole: type → values that, as a whole, are valid; an ambiguous value counts under each type.
        within: type → values that are no type as a whole but contain at least one valid one.
        masked: type → values in an already part-masked form (``138****0000``).
        shape: what the other (non-null, non-blank) values look like.
    """

    rows: int = 0
    nulls: int = 0
    blank: int = 0
    whole: Mapping[str, int] = field(default_factory=dict)
    within: Mapping[str, int] = field(default_factory=dict)
    masked: Mapping[str, int] = field(default_factory=dict)
    shape: Shape = field(default_factory=Shape)

    @property
    def values(self) -> int:
        """Values that are neither null nor blank."""
        return self.rows - self.nulls - self.blank


class Gathered(NamedTuple):
    """What was gathered of one column: its profile, and distinct values with their counts.

    ``complete`` tells that the sample holds every distinct value; ``distinct`` is how many there are, an
    estimate when it does not.
    """

    profile: ColumnProfile
    sample: dict[str, int]
    complete: bool
    distinct: int


def merge(a: ColumnProfile, b: ColumnProfile) -> ColumnProfile:
    """Return the profile of the values of both, as if they had been one batch.

    Example:
        >>> merge(ColumnProfile(rows=2, whole={"VIN": 1}), ColumnProfile(rows=1, whole={"VIN": 1})).whole
        {'VIN': 2}
    """
    return ColumnProfile(
        rows=a.rows + b.rows,
        nulls=a.nulls + b.nulls,
        blank=a.blank + b.blank,
        whole=_add(a.whole, b.whole),
        within=_add(a.within, b.within),
        masked=_add(a.masked, b.masked),
        shape=merge_shapes(a.shape, b.shape),
    )


def _add(a: Mapping[str, int], b: Mapping[str, int]) -> dict[str, int]:
    total = dict(a)
    for name, count in b.items():
        total[name] = total.get(name, 0) + count
    return total
