"""A floor for addresses: a division, a road and a house number are an address whatever the model thinks.

The tagger finds addresses whole; what it misses is mostly an address glued to the name of a shop
or tower. Road and number after a known division (GB/T 2260) need no model.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from hushu.model import Span
from hushu.rules.codelists import rows

_SCORE = 0.85
_HOUSE = re.compile(
    r"(?:路|街|大道|大街|巷|胡同|弄)[东西南北中一二三四五六七八九十]{0,2}(?:段|路)?"
    r"(?P<house>[0-9]{1,5}(?:弄[0-9]{1,4})?号(?:[0-9]{1,4}(?:号|栋|幢|座|单元|室|楼|层)){0,3}(?:[A-Z0-9][0-9A-Z-]{0,4}[室座栋幢])?)"
)
_WINDOW = 24
_LONGEST = 6


def addresses(texts: Sequence[str]) -> list[list[Span]]:
    """Return the addresses that division, road and house number give away, per text.

    Example:
        >>> text = "他在西湖区文三路478号百味源面馆吃面"
        >>> [text[s.start : s.end] for s in addresses([text])[0]]
        ['西湖区文三路478号']
    """
    return [_in(text) if "号" in text else [] for text in texts]


def _in(text: str) -> list[Span]:
    found: list[Span] = []
    for hit in _HOUSE.finditer(text):
        start = _division_before(text, hit.start())
        if start is not None and (not found or start >= found[-1].end):
            found.append(Span(start=start, end=hit.end(), type="ADDRESS", score=_SCORE))
    return found


def _division_before(text: str, road: int) -> int | None:
    """Return where the chain of divisions before a road begins; None when there is none."""
    known = _divisions()
    start: int | None = None
    place = road
    floor = max(0, road - _WINDOW)
    while place > floor:
        size = next(
            (n for n in range(_LONGEST, 1, -1) if place - n >= floor and text[place - n : place] in known),
            None,
        )
        if size is not None:
            start = place = place - size
        elif start is None:
            place -= 1
        else:
            break
    return start


@lru_cache(maxsize=1)
def _divisions() -> frozenset[str]:
    names = {row["name"] for row in rows("regions")}
    return frozenset(
        name for name in names if name[-1:] in "省市区县旗州盟镇乡" and 1 < len(name) <= _LONGEST
    )
