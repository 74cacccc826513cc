"""The whole of the recognition in plain Python, one value at a time: the measure of both fast ways."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date
from functools import cache

from hushu.classify.context import nearest
from hushu.classify.masked import masked
from hushu.classify.normalise import fold, normalise
from hushu.classify.profiles import TYPES, ColumnProfile
from hushu.classify.scanner import candidates, stands
from hushu.classify.shape import Shape, length_bucket
from hushu.classify.tokens import NAMED, PLAUSIBLE, PROVEN, WEAK, Candidate
from hushu.model import Span

NULL_WORDS = frozenset(
    [
        "null",
        "none",
        "nan",
        "nil",
        "n/a",
        "na",
        "\\n",
        "#n/a",
        "-",
        "--",
        "---",
        "/",
        "\\",
        "?",
        "无",
        "空",
        "未知",
    ]
).union(["不详", "暂无", "未填", "0000-00-00", "9999-9-9", "9999-99-99", "9999-12-31", "1900-01-00"])
LONGEST_NULL = max(map(len, NULL_WORDS))
OUTER = " \t\r\n\v\f"
_PRIORITY = {name: rank for rank, name in enumerate(TYPES)}
SCORES = {PROVEN: 0.99, PLAUSIBLE: 0.9, WEAK: 0.85, NAMED: 0.8}
_NUMBER = re.compile(r"[+-]?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?", re.ASCII)
_SCIENTIFIC = re.compile(r"[+-]?\d(?:\.\d+)?[eE][+-]?\d{1,3}", re.ASCII)
DATE_FORM = (
    r"^(?:18|19|20|99)\d\d(?:"
    r"-(?:0?[1-9]|1[0-2])-(?:0?[1-9]|[12]\d|3[01])|/(?:0?[1-9]|1[0-2])/(?:0?[1-9]|[12]\d|3[01])"
    r"|\.(?:0?[1-9]|1[0-2])\.(?:0?[1-9]|[12]\d|3[01])|年(?:0?[1-9]|1[0-2])月(?:0?[1-9]|[12]\d|3[01])日?"
    r"|(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))(?:[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?Z?)?$"
)
_DATE = re.compile(DATE_FORM, re.ASCII)
_SEPARATED = re.compile(r".[ \-_./,:;|]+.", re.DOTALL)


def _whole(text: str, found: list[Candidate]) -> set[str]:
    end = len(text) - 2 if text.endswith(".0") else len(text)
    return {hit.type for hit in found if hit.start == 0 and hit.end >= end and hit.strength > NAMED}


def spans(text: str) -> list[Span]:
    """Return the structured identifiers in ``text``, overlaps resolved, offsets of the original."""
    folded = normalise(text)
    found = []
    for hit in accepted(folded.text):
        start, end = folded.original(hit.start, hit.end)
        found.append(Span(start=start, end=end, type=hit.type, score=SCORES[hit.strength]))
    return found


def accepted(text: str) -> list[Candidate]:
    """Return the candidates of a folded text that stand, sorted; proven before longer before priority."""
    label = _labels(text)
    return _resolved(candidates(text, label), label)


def _resolved(found: list[Candidate], label: Callable[[int], str]) -> list[Candidate]:
    standing = [hit for hit in found if hit.strength == PROVEN or stands(hit, label(hit.start))]
    standing = [_permit(hit, label) if hit.type == "CN_RESIDENT_ID" else hit for hit in standing]
    standing.sort(key=lambda c: (-c.strength, c.start - c.end, _PRIORITY[c.type], c.start))
    taken: list[Candidate] = []
    for hit in standing:
        if all(hit.end <= other.start or hit.start >= other.end for other in taken):
            taken.append(hit)
    return sorted(taken)


def _permit(hit: Candidate, label: Callable[[int], str]) -> Candidate:
    # A residence permit carries its holder's resident number: only the word before it tells them apart.
    permit = hit.strength == PROVEN and label(hit.start) == "CN_RESIDENCE_PERMIT"
    return hit._replace(type="CN_RESIDENCE_PERMIT") if permit else hit


def _labels(text: str) -> Callable[[int], str]:
    lower = _lower(text)

    @cache
    def label(start: int) -> str:
        return nearest(lower, start)

    return label


def verdict(value: str) -> tuple[set[str], set[str], set[str]]:
    """Return the types that a value is as a whole, contains, and is a masked form of."""
    text = fold(value).strip(OUTER)
    label = _labels(text)
    found = candidates(text, label)
    types = _whole(text, found)
    if types:
        return types, set(), set()
    kind = masked(text)
    return set(), {hit.type for hit in _resolved(found, label)}, {kind} if kind else set()


def today_number() -> int:
    """Return today as YYYYMMDD: no birth date lies after it."""
    today = date.today()
    return today.year * 10000 + today.month * 100 + today.day


def is_blank(text: str) -> bool:
    """Return whether a folded, trimmed text is empty or a conventional null."""
    return not text or (len(text) <= LONGEST_NULL and _lower(text) in NULL_WORDS)


def profile(values: Iterable[str | None]) -> ColumnProfile:
    """Return the profile of values, one by one."""
    rows = nulls = blank = 0
    found: dict[str, Counter[str]] = {"whole": Counter(), "within": Counter(), "masked": Counter()}
    shapes = ShapeCounter()
    for value in values:
        rows += 1
        if value is None:
            nulls += 1
            continue
        text = fold(value).strip(OUTER)
        if is_blank(text):
            blank += 1
            continue
        shapes.add(text)
        for counts, types in zip(found.values(), verdict(value), strict=True):
            counts.update(types)
    return ColumnProfile(
        rows=rows, nulls=nulls, blank=blank, shape=shapes.shape(), **{k: dict(c) for k, c in found.items()}
    )


def _lower(text: str) -> str:
    # No character but ASCII has a capital among the words, and the length has to stay.
    lower = text.lower()
    return lower if len(lower) == len(text) else "".join(c.lower() if c < "\x80" else c for c in text)


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
        ("han", 0 < han == length - text.count("·")),
        ("mostly_han", han * 2 >= length),
        ("date_like", bool(_DATE.fullmatch(text))),
        ("separated", bool(_SEPARATED.search(text))),
        ("long", length >= 20),
        ("mobile_like", digits and length == 11 and text[0] == "1" and text[1] in "3456789"),
        ("json_like", (text[0], text[-1]) in (("{", "}"), ("[", "]"))),
    ]
