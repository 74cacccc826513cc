"""Cheap statistics of the values of one column: what they look like, whatever they are.

All counts are exact, concern non-blank values only, and add up over batches.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields

LONGEST_EXACT = 63


def length_bucket(length: int) -> int:
    """Return the key under which a length is counted: itself to 63, then the power of two not above it.

    Example:
        >>> length_bucket(18), length_bucket(100), length_bucket(128)
        (18, 64, 128)
    """
    return length if length <= LONGEST_EXACT else 1 << (length.bit_length() - 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What the non-blank values of a column look like; every field but the extremes is a count of values.

    Lengths are in characters, outer blanks removed. ``han_share_sum`` is the sum over values of the share of
    Han characters, so ``han_share_sum / values`` is their mean.
    """

    values: int = 0
    lengths: Mapping[int, int] = field(default_factory=dict)
    min_length: int = 0
    max_length: int = 0
    total_length: int = 0
    digits: int = 0  # ASCII digits only
    decimal: int = 0  # a number with a sign, a point or thousands commas
    scientific: int = 0  # 3.10101E+17: digits already lost
    letters: int = 0  # ASCII letters only
    alnum: int = 0  # ASCII letters and digits, both present
    han: int = 0  # Han characters only (a middle dot inside allowed)
    mostly_han: int = 0  # at least half of the characters are Han
    date_like: int = 0  # 2024-01-31, 2024/1/31, 20240131, 2024年1月31日, with or without a time
    separated: int = 0  # a separator (blank - _ . / , : ; |) between other characters
    long: int = 0  # 20 characters or more
    mobile_like: int = 0  # 11 digits beginning 13 to 19, allotted or not
    json_like: int = 0  # begins { or [ and ends with its counterpart
    han_share_sum: float = 0.0

    def share(self, name: str) -> float:
        """Return the share of values that a counting field stands for, 0 when there are none."""
        return float(getattr(self, name)) / self.values if self.values else 0.0


def merge_shapes(a: Shape, b: Shape) -> Shape:
    """Return the shape of the values of both."""
    if not a.values or not b.values:
        return a if a.values else b
    lengths = dict(a.lengths)
    for key, count in b.lengths.items():
        lengths[key] = lengths.get(key, 0) + count
    special = {"lengths", "min_length", "max_length"}
    sums = {f.name: getattr(a, f.name) + getattr(b, f.name) for f in fields(Shape) if f.name not in special}
    return Shape(
        lengths=lengths,
        min_length=min(a.min_length, b.min_length),
        max_length=max(a.max_length, b.max_length),
        **sums,
    )
