"""The way without a compiler: whole columns in numpy and RE2, the rest value by value.

Three sieves, each exact: values whose skeleton says what to compute (digits, dates, prose …) are decided
by arithmetic on all of them at once (:mod:`hushu.classify.skeletons`); values in which no identifier can
begin, by a regular expression over Arrow; only what remains goes to the reference.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from hushu.classify import reference, vectors
from hushu.classify.normalise import folding
from hushu.classify.profiles import TYPES, ColumnProfile, merge
from hushu.classify.skeletonforms import SECRETS
from hushu.classify.skeletons import settle
from hushu.rules.formats import PROVINCES

FEW = 200
LONG = 255
_SAMPLE = 2000
_LONGEST_NULL = max(len(word.encode()) for word in reference.NULL_WORDS)
_AMOUNT = r"^[+-]?[0-9]{1,12}\.(?:[0-9]{2,3}|[1-9])$"
_DATE = reference.DATE_FORM.replace(r"\d", "[0-9]")
_GAP = r"(?:[ .·-]|  )"
_SOFT = "，；！？（）、。"
_NEED = "|".join(
    (
        r"[0-9][0-9A-Za-z]{4}|[A-Za-z][0-9][0-9A-Za-z]{3}|[A-Za-z]{2}[0-9][0-9A-Za-z]{2}",
        r"[A-Za-z]{3}[0-9][0-9A-Za-z]|[A-Za-z]{4}[0-9]",
        rf"[0-9A-Za-z]{_GAP}[A-Za-z]*[0-9]|[0-9][A-Za-z]*{_GAP}[0-9A-Za-z]",
        r"[(\[（〔](?:19|20)|第[0-9]{4}|[)）][ -]{0,2}[0-9]|@|[0-9A-Fa-f:]*:[0-9A-Fa-f]*:",
        r"[0-9A-Fa-f]{2}[:-][0-9A-Fa-f]{2}[:-]|[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\.",
        rf"[{PROVINCES}] ?[A-Za-z][0-9A-Za-z ·.-]",
    )
)
"""Without one of these nothing structured can begin: five letters and digits with a digit among them, …"""
_MASK = r"[*某×]|[xX]{3}"


def profile(array: Any) -> ColumnProfile:
    """Return the profile of an Arrow string array: that of :func:`hushu.classify.reference.profile`."""
    import pyarrow.compute as pc

    if len(array) <= FEW:
        return reference.profile(array.to_pylist())
    nulls = ColumnProfile(rows=array.null_count, nulls=array.null_count)
    values = array.drop_null() if array.null_count else array
    if pc.count_distinct(values.slice(0, _SAMPLE)).as_py() * 3 < min(len(values), _SAMPLE):
        counted = values.value_counts()
        found = _profile(counted.field(0), counted.field(1).to_numpy())
    else:
        found = _profile(values, None)
    return merge(nulls, found)


def weighted(values: Any, weights: Any) -> ColumnProfile:
    """Return the profile of values of which the i-th counts ``weights[i]`` times."""
    import numpy as np

    valid = values.is_valid().to_numpy(zero_copy_only=False)
    nulls = int(weights[~valid].sum())
    places = np.flatnonzero(valid & (weights > 0))
    if len(places) <= FEW:
        few = [_weighted(text, weight) for text, weight in _pairs(values, valid & (weights > 0), weights)]
        return merge(ColumnProfile(rows=nulls, nulls=nulls), _sum(few))
    return merge(ColumnProfile(rows=nulls, nulls=nulls), _profile(values.take(places), weights[places]))


def _profile(values: Any, weights: Any) -> ColumnProfile:
    import numpy as np

    weights = np.ones(len(values), np.int64) if weights is None else weights
    blank = _null_like(values)
    places = np.flatnonzero(~blank)
    slow = [_weighted(text, weight) for text, weight in _pairs(values, blank, weights)]
    if len(places) < len(values):
        values, weights = values.take(places), weights[places]
    settled, left = (
        settle(values, weights) if len(values) > FEW else (ColumnProfile(), ~np.zeros(len(values), bool))
    )
    parts = [settled, *slow]
    if left.any():
        rest = np.flatnonzero(left)
        parts.append(_sieved(values.take(rest) if len(rest) < len(values) else values, weights[rest]))
    return _sum(parts)


def _sieved(values: Any, weights: Any) -> ColumnProfile:
    """Return the profile of values that are not blank, whatever their skeletons."""
    kinds = vectors.kinds(values)
    hard = (kinds.size > LONG) | kinds.odd | _matches(values, kinds.foldable & ~kinds.odd, _hard_class())
    easy = ~hard
    dates = _matches(values, easy & (kinds.digits >= 6) & (kinds.size <= 40), _DATE)
    total = vectors.shape(values, kinds, easy, dates, weights)
    decimals = easy & ~dates & (kinds.letters == 0) & (kinds.digits > 0)
    left = easy & ~dates & ~_matches(values, decimals & (kinds.digits + kinds.joints == kinds.size), _AMOUNT)
    left &= _matches(values, left & (kinds.digits + kinds.rare + kinds.joints > 0), _NEED) | _unusual(
        values, left, kinds
    )
    one_by_one = _one_by_one(values, kinds, left, weights)
    slow = [_weighted(text, weight) for text, weight in _pairs(values, hard, weights)]
    counted = ColumnProfile(rows=int(weights[easy].sum()), shape=total)
    return _sum([counted, one_by_one, *slow])


def _null_like(values: Any) -> Any:
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    shortest = pc.min(pc.binary_length(values)).as_py() or 0
    if shortest > _LONGEST_NULL:
        return np.zeros(len(values), bool)
    words = pa.array(sorted({*reference.NULL_WORDS, ""}), values.type)
    return pc.is_in(pc.ascii_lower(values), value_set=words).to_numpy(zero_copy_only=False)


def _matches(values: Any, rows: Any, pattern: str) -> Any:
    """Return which of the chosen rows match, as a mask over all rows."""
    import numpy as np
    import pyarrow.compute as pc

    hit = np.zeros(len(values), bool)
    places = np.flatnonzero(rows)
    if len(places) == len(values):
        return pc.match_substring_regex(values, pattern).to_numpy(zero_copy_only=False)
    if len(places):
        hit[places] = pc.match_substring_regex(values.take(places), pattern).to_numpy(zero_copy_only=False)
    return hit


def _hard_class() -> str:
    # Every foldable character but punctuation that cannot be part of a number.
    return "[" + "".join(re.escape(chr(point)) for point in folding() if chr(point) not in _SOFT) + "]"


def _unusual(values: Any, rows: Any, kinds: Any) -> Any:
    worded = rows & (kinds.letters + kinds.han > 0) & ((kinds.joints > 0) | (kinds.letters >= 15))
    short = (
        rows
        & (kinds.size <= 256)
        & ((kinds.rare > 0) | ((kinds.han > 0) & (kinds.han <= 5)) | (kinds.letters >= 3))
    )
    return _matches(values, worded, SECRETS) | _matches(values, short, _MASK)


def _pairs(values: Any, rows: Any, weights: Any) -> list[tuple[str, int]]:
    import numpy as np

    places = np.flatnonzero(rows)
    return list(zip(values.take(places).to_pylist(), weights[places].tolist(), strict=True))


def _one_by_one(values: Any, kinds: Any, rows: Any, weights: Any) -> ColumnProfile:
    """Count what the remaining easy values are, contain and mask (their shape is counted already)."""
    found: dict[str, Counter[str]] = {"whole": Counter(), "within": Counter(), "masked": Counter()}
    for text, weight in _pairs(values, rows, weights):
        for counts, types in zip(found.values(), reference.verdict(text), strict=True):
            for name in types:
                counts[name] += weight
    return ColumnProfile(
        whole=dict(found["whole"]), within=dict(found["within"]), masked=dict(found["masked"])
    )


def _weighted(text: str, weight: int) -> ColumnProfile:
    one = reference.profile([text])
    return one if weight == 1 else vectors.scaled(one, weight)


def _sum(parts: list[ColumnProfile]) -> ColumnProfile:
    # Pairwise, so that no histogram is copied more than log2(n) times.
    while len(parts) > 1:
        parts = [
            merge(*parts[i : i + 2]) if i + 1 < len(parts) else parts[i] for i in range(0, len(parts), 2)
        ]
    return parts[0] if parts else ColumnProfile()


__all__ = ["TYPES", "profile"]
