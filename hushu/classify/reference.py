"""The whole of the recognition in plain Python, one value at a time: the measure of both fast ways."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from hushu.classify.candidates import PROVEN, WEAK
from hushu.classify.context import DOCUMENT, NOT, nearest
from hushu.classify.masked import masked
from hushu.classify.normalise import normalise
from hushu.classify.profiles import TYPES, ColumnProfile
from hushu.classify.scanner import Candidate, candidates
from hushu.classify.shape import Shape, length_bucket
from hushu.model import Span

NULL_WORDS = frozenset(
    ["null", "none", "nan", "nil", "n/a", "na", "\\n", "#n/a", "无", "空", "未知", "不详", "暂无", "未填", "-", "--", "---",
     "/", "\\", "?", "0000-00-00", "9999-9-9", "9999-99-99", "9999-12-31", "1900-01-00"]
)  # fmt: skip
_PRIORITY = {name: rank for rank, name in enumerate(TYPES)}
_SCORES = {PROVEN: 0.99, 2: 0.9, WEAK: 0.85}
_DOCUMENTS = frozenset(
    {"CN_RESIDENT_ID", "CN_FOREIGNER_ID", "CN_PASSPORT", "CN_TRAVEL_PERMIT", "CN_MILITARY_ID"}
)
_NUMBER = re.compile(r"[+-]?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?")
_SCIENTIFIC = re.compile(r"[+-]?\d(?:\.\d+)?[eE][+-]?\d{1,3}")
_DATE = re.compile(
    r"(?:18|19|20|99)\d\d(?:([-/.])(?:0?[1-9]|1[0-2])\1(?:0?[1-9]|[12]\d|3[01])|年(?:0?[1-9]|1[0-2])月(?:0?[1-9]|[12]\d|3[01])日?"
    r"|(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))(?:[ T]?\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?Z?)?"
)
_SEPARATED = re.compile(r".[ \-_./,:;|]+.", re.DOTALL)


def whole(text: str) -> set[str]:
    """Return the types that the folded, stripped ``text`` is as a whole."""
    end = len(text) - 2 if text.endswith(".0") else len(text)
    return {c.type for c in candidates(text) if c.start == 0 and c.end >= end}


def spans(text: str) -> list[Span]:
    """Return the structured identifiers in ``text``, overlaps resolved, offsets of the original."""
    folded = normalise(text)
    found = []
    for hit in accepted(folded.text):
        start, end = folded.original(hit.start, hit.end)
        found.append(Span(start=start, end=end, type=hit.type, score=_SCORES[hit.strength]))
    return found


def accepted(text: str) -> list[Candidate]:
    """Return the candidates of a folded text that stand, sorted; proven before longer before priority."""
    lower = text.lower() if text.isascii() else "".join(c.lower() if c < "\x80" else c for c in text)
    standing = [
        c for c in candidates(text) if _stands(c, nearest(lower, c.start) if c.strength < PROVEN else "")
    ]
    standing.sort(key=lambda c: (-c.strength, c.start - c.end, _PRIORITY[c.type], c.start))
    taken: list[Candidate] = []
    for hit in standing:
        if all(hit.end <= other.start or hit.start >= other.end for other in taken):
            taken.append(hit)
    return sorted(taken)


def _stands(hit: Candidate, label: str) -> bool:
    if hit.strength == PROVEN:
        return True
    if hit.strength == WEAK:
        return label == hit.type or (label == DOCUMENT and hit.type in _DOCUMENTS)
    return label != NOT


def profile(array: Any) -> ColumnProfile:
    """Return the profile of an Arrow array, value by value."""
    values = array.to_pylist()
    nulls = blank = 0
    found: dict[str, Counter[str]] = {"whole": Counter(), "within": Counter(), "masked": Counter()}
    shapes = ShapeCounter()
    for value in values:
        if value is None:
            nulls += 1
            continue
        raw = value if isinstance(value, str) else str(value)
        text = normalise(raw).text.strip()
        if not text or text.lower() in NULL_WORDS:
            blank += 1
            continue
        shapes.add(text)
        types = whole(text)
        found["whole"].update(types)
        if types:
            continue
        if kind := masked(text):
            found["masked"][kind] += 1
        found["within"].update({hit.type for hit in accepted(text)})
    return ColumnProfile(
        rows=len(values),
        nulls=nulls,
        blank=blank,
        shape=shapes.shape(),
        **{k: dict(c) for k, c in found.items()},
    )


class ShapeCounter:
    """Adds up the shape of values one by one."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._lengths: Counter[int] = Counter()
        self._han = 0.0
        self._extremes = (1 << 62, 0)

    def add(self, text: str) -> None:
        """Count one folded, stripped, non-blank value."""
        length = len(text)
        han = sum("\u4e00" <= char <= "\u9fff" for char in text)
        self._lengths[length_bucket(length)] += 1
        self._extremes = min(self._extremes[0], length), max(self._extremes[1], length)
        self._han += han / length
        self._counts.update(name for name, holds in _traits(text, length, han) if holds)
        self._counts["values"] += 1
        self._counts["total_length"] += length

    def shape(self) -> Shape:
        """Return the shape of all values so far."""
        low, high = self._extremes if self._counts["values"] else (0, 0)
        return Shape(
            lengths=dict(self._lengths),
            min_length=low,
            max_length=high,
            han_share_sum=self._han,
            **self._counts,
        )


def _traits(text: str, length: int, han: int) -> list[tuple[str, bool]]:
    plain = text.isascii()
    digits = plain and text.isdigit()
    letters = plain and text.isalpha()
    return [
        ("digits", digits),
        ("letters", letters),
        ("alnum", plain and text.isalnum() and not digits and not letters),
        ("decimal", not digits and bool(_NUMBER.fullmatch(text))),
        ("scientific", bool(_SCIENTIFIC.fullmatch(text))),
        ("han", han + text.count("·") == length),
        ("mostly_han", han * 2 >= length),
        ("date_like", bool(_DATE.fullmatch(text))),
        ("separated", bool(_SEPARATED.search(text))),
        ("long", length >= 20),
        ("mobile_like", digits and length == 11 and text[0] == "1" and text[1] in "3456789"),
        ("json_like", (text[0], text[-1]) in (("{", "}"), ("[", "]"))),
    ]
