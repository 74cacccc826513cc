"""Names that the company they keep gives away: 崔巍、和平、蓝海 – two of a list are persons, so is the third.

Measured on the annotated texts: where at least two and half of the other members of such a list are persons,
of 230 further members that begin with a surname 228 are persons as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from importlib import resources

from hushu.classify.resolve import overlapping
from hushu.model import Span

_SCORE = 0.8
_MEMBER = r"[\u4e00-\u9fff·]{2,8}"
_LIST = re.compile(rf"{_MEMBER}(?:[ \t]*[、，,][ \t]*{_MEMBER}){{2,}}")
_WORD = re.compile(r"[\u4e00-\u9fff·]+")
_TITLE = re.compile("(?:师傅|老师|医生|主任|经理|先生|女士|阿姨|[总工姐哥嫂叔伯婆爷奶])$")


def listed(text: str, spans: Sequence[Span]) -> list[Span]:
    """Return the persons that stand in a list of persons and were not found.

    Args:
        text: the original text.
        spans: what was found in it, sorted, without overlaps.

    Example:
        >>> known = ((0, 3), (7, 10))
        >>> found = [Span(start=s, end=e, type="PERSON", score=0.9) for s, e in known]
        >>> [(s.start, s.end) for s in listed("尤友善、和平、王建国到场", found)]
        [(4, 6)]
    """
    persons = {(span.start, span.end) for span in spans if span.type == "PERSON"}
    if len(persons) < 2:
        return []
    return [
        Span(start=start, end=end, type="PERSON", score=_SCORE)
        for hit in _LIST.finditer(text)
        for start, end in _further(text, hit, persons)
        if not overlapping(spans, start, end)
    ]


def _further(text: str, hit: re.Match[str], persons: set[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    members = [(hit.start() + w.start(), hit.start() + w.end()) for w in _WORD.finditer(hit[0])]
    # The last member runs into the sentence (王建国到场): a person may be its beginning.
    known = sum(any(start == s and e <= end for s, e in persons) for start, end in members)
    if known < 2 or known * 2 < len(members) - 1:
        return
    for start, end in members:
        if _like_a_name(text[start:end]):
            yield start, end


def _like_a_name(word: str) -> bool:
    single, double = _surnames()
    if _TITLE.search(word):
        return False
    return (2 <= len(word) <= 3 and word[0] in single) or (3 <= len(word) <= 4 and word[:2] in double)


@cache
def _surnames() -> tuple[frozenset[str], frozenset[str]]:
    names = resources.files("hushu.classify.models").joinpath("surnames.txt").read_text("utf-8").split()
    return frozenset(n for n in names if len(n) == 1), frozenset(n for n in names if len(n) == 2)
