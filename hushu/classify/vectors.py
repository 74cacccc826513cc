"""Arithmetic on all values of a column at once: kinds of bytes, and shape."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from typing import Any

from hushu.classify.normalise import folding
from hushu.classify.profiles import ColumnProfile
from hushu.classify.shape import LONGEST_EXACT, Shape, length_bucket

_LANES = ("digits", "letters", "han", "continuation", "rare", "joints", "parts", "fold")
_CHUNK = 1 << 22


@dataclass(frozen=True, slots=True)
class Kinds:
    """Per value: how many bytes it has, how many of each kind, and whether it needs a closer look."""

    size: Any
    digits: Any
    letters: Any
    han: Any
    continuation: Any
    rare: Any
    joints: Any
    parts: Any
    foldable: Any
    odd: Any
    start: Any
    data: Any


@lru_cache(maxsize=1)
def _table() -> Any:
    import numpy as np

    lanes = dict.fromkeys(_LANES, b"")
    lanes["digits"] = b"0123456789"
    lanes["letters"] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    lanes["han"] = bytes(range(0xE4, 0xEA))
    lanes["continuation"] = bytes(range(0x80, 0xC0))
    lanes["rare"] = b"@*"
    lanes["joints"] = b":.-=$"
    lanes["parts"] = b" -_./,:;|"
    lanes["fold"] = bytes({chr(point).encode()[0] for point in folding()} | {0xC3})
    table = np.zeros(256, np.uint64)
    for lane, name in enumerate(_LANES):
        table[list(lanes[name])] += np.uint64(1) << np.uint64(8 * lane)
    return table


def kinds(values: Any) -> Kinds:
    """Return the kinds of the bytes of an Arrow string array without nulls; values over 255 bytes are odd."""
    import numpy as np

    start, size, data = _bytes(values)
    ends = np.zeros(len(data) + 1, np.uint64)
    np.cumsum(_table()[data], out=ends[1:])
    packed = ends[start + size] - ends[start]
    lane = {
        name: (packed >> np.uint64(8 * k) & np.uint64(255)).astype(np.int64) for k, name in enumerate(_LANES)
    }
    strange = np.zeros(len(data) + 1, np.int32)
    np.cumsum(_strange(data), out=strange[1:])
    odd = (size == 0) | (strange[start + size] > strange[start])
    last = np.where(size > 0, start + size - 1, 0)
    outer = np.isin(data[start], _OUTER) | np.isin(data[last], _OUTER) if len(data) else odd
    return Kinds(
        size=size, foldable=lane.pop("fold") > 0, odd=odd | outer, start=start, data=data, **lane
    )  # fmt: skip


_OUTER = tuple(b" \t\r\n\v\f")


def _strange(data: Any) -> Any:
    # A backslash may begin an escape; E4 before B8 is a Han character outside the basic block.
    import numpy as np

    follows = np.append(data[1:], 0)
    return (data == 0x5C) | ((data == 0xE4) & (follows < 0xB8)) | (data == 0xC2) | (data == 0xC3)


def _bytes(values: Any) -> tuple[Any, Any, Any]:
    import numpy as np
    import pyarrow as pa

    _, offsets, data = values.buffers()
    kind = np.int64 if pa.types.is_large_string(values.type) else np.int32
    bounds = np.frombuffer(offsets, kind)[values.offset : values.offset + len(values) + 1].astype(np.int64)
    raw = np.frombuffer(data, np.uint8)[bounds[0] : bounds[-1]] if data is not None else np.zeros(0, np.uint8)
    start = bounds[:-1] - bounds[0]
    return np.minimum(start, max(len(raw) - 1, 0)), np.diff(bounds), raw


def shape(values: Any, kinds: Kinds, rows: Any, dates: Any, weights: Any) -> Shape:
    """Return the shape of the chosen rows, which need no folding but of soft punctuation."""
    import numpy as np
    import pyarrow.compute as pc

    places = np.flatnonzero(rows)
    if not len(places):
        return Shape()
    size, weight, start = kinds.size[places], weights[places], kinds.start[places]
    digits, letters, han = kinds.digits[places], kinds.letters[places], kinds.han[places]
    length = size - kinds.continuation[places]
    first, last = kinds.data[start], kinds.data[start + size - 1]
    plain = kinds.continuation[places] == 0
    numberish = np.flatnonzero(plain & (digits > 0) & (digits < size) & (letters <= 1))
    forms = values.take(places[numberish])
    decimal, scientific = (np.zeros(len(places), bool) for _ in range(2))
    decimal[numberish] = _hits(pc, forms, r"^[+-]?(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.[0-9]+)?$")
    scientific[numberish] = _hits(pc, forms, r"^[+-]?[0-9](?:\.[0-9]+)?[eE][+-]?[0-9]{1,3}$")
    soft = np.flatnonzero(kinds.foldable[places])
    inner = kinds.parts[places] - np.isin(first, _PARTS) - (np.isin(last, _PARTS) & (size > 1)) > 0
    inner[soft] |= _hits(pc, values.take(places[soft]), r"(?s)^.+[ \-_./,:;|，；].")
    all_digits = digits == size
    traits = {
        "values": np.ones(len(places), bool),
        "digits": all_digits,
        "decimal": decimal,
        "scientific": scientific,
        "letters": letters == size,
        "alnum": (digits + letters == size) & (digits > 0) & (letters > 0),
        "han": (han == length),
        "mostly_han": han * 2 >= length,
        "date_like": dates[places],
        "separated": inner,
        "long": length >= 20,
        "mobile_like": all_digits & (size == 11) & (first == 0x31) & (kinds.data[start + (size > 1)] > 0x32),
        "json_like": ((first == 0x7B) & (last == 0x7D)) | ((first == 0x5B) & (last == 0x5D)),
    }
    counts = {name: int(weight[mask].sum()) for name, mask in traits.items()}
    histogram = np.bincount(length, weights=weight)
    lengths: dict[int, int] = {}
    for value in np.flatnonzero(histogram).tolist():
        key = value if value <= LONGEST_EXACT else length_bucket(value)
        lengths[key] = lengths.get(key, 0) + int(histogram[value])
    return Shape(
        lengths=lengths,
        min_length=int(length.min()),
        max_length=int(length.max()),
        total_length=int((length * weight).sum()),
        han_share_sum=float((han / length * weight).sum()),
        **counts,
    )


_PARTS = tuple(b" -_./,:;|")


def _hits(pc: Any, values: Any, pattern: str) -> Any:
    return pc.match_substring_regex(values, pattern).to_numpy(zero_copy_only=False)


def scaled_shape(shape: Shape, weight: int) -> Shape:
    """Return the shape of one value as if it had occurred ``weight`` times."""
    extremes = {"lengths", "min_length", "max_length"}
    return replace(
        shape,
        lengths={length: count * weight for length, count in shape.lengths.items()},
        **{f.name: getattr(shape, f.name) * weight for f in fields(Shape) if f.name not in extremes},
    )


def scaled(profile: ColumnProfile, weight: int) -> ColumnProfile:
    """Return the profile of one value as if it had occurred ``weight`` times."""

    def times(counts: Mapping[Any, int]) -> dict[Any, int]:
        return {key: count * weight for key, count in counts.items()}

    return ColumnProfile(
        rows=weight,
        nulls=profile.nulls * weight,
        blank=profile.blank * weight,
        whole=times(profile.whole),
        within=times(profile.within),
        masked=times(profile.masked),
        shape=scaled_shape(profile.shape, weight),
    )


def hits(values: Any, pattern: str) -> Any:
    """Return which values of an Arrow string array match a pattern of RE2."""
    import pyarrow.compute as pc

    return pc.match_substring_regex(values, pattern).to_numpy(zero_copy_only=False)
