"""张伟, 张先生 and 小张: other ways to name a person whom the text has named in full."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from hushu.classify.resolve import overlapping
from hushu.model import Span

_TITLES = (
    "先生|女士|小姐|太太|老师|医生|大夫|护士|师傅|阿姨|叔叔|大爷|大妈|奶奶|爷爷|老伯|伯伯|阿婆|老太|同学|同志|"
    "主任|书记|经理|总|老板|警官|律师|某某|某"
)
_COMPOUND = (
    "欧阳",
    "上官",
    "司马",
    "诸葛",
    "东方",
    "皇甫",
    "尉迟",
    "公孙",
    "慕容",
    "令狐",
    "司徒",
    "夏侯",
    "端木",
    "南宫",
    "宇文",
    "长孙",
)
_SCORE = 0.8
_TITLED = re.compile(rf"[小老阿]?([\u4e00-\u9fff]{{1,2}}?)(?:{_TITLES})|[小老阿]([\u4e00-\u9fff])")


def aliases(text: str, spans: Sequence[Span]) -> dict[Span, str]:
    """Return the spans that name, by surname and title, a person named in full elsewhere in the text.

    Only a surname that one full name of the text has is linked; two 张 leave 张先生 open.

    Args:
        text: the original text.
        spans: what was found in it, sorted, without overlaps.

    Returns:
        alias span → the full name it stands for.

    Example:
        >>> found = aliases("张伟来电，张先生说", [Span(start=0, end=2, type="PERSON", score=0.9)])
        >>> [(s.start, s.end, name) for s, name in found.items()]
        [(5, 6, '张伟')]
    """
    named = [(span, text[span.start : span.end]) for span in spans if span.type == "PERSON"]
    full: dict[str, set[str]] = {}
    for _, name in named:
        if len(name) >= 2 and name.isalpha() and not name.isascii() and not _TITLED.fullmatch(name):
            full.setdefault(_surname(name), set()).add(name)
    sole = {surname: next(iter(names)) for surname, names in full.items() if len(names) == 1}
    found = {
        span: sole[hit.group(1) or hit.group(2)]
        for span, name in named
        if (hit := _TITLED.fullmatch(name)) and (hit.group(1) or hit.group(2)) in sole
    }
    for surname, name in sole.items():
        for hit in _mention(surname).finditer(text):
            if not overlapping(spans, hit.start(), hit.end()):
                found[Span(start=hit.start(), end=hit.end(), type="PERSON", score=_SCORE)] = name
    return found


@lru_cache(maxsize=2048)
def _mention(surname: str) -> re.Pattern[str]:
    no_place = r"(?![\u4e00-\u9fff]?(?:路|街|镇|区|县|市|村))"
    return re.compile(rf"{surname}(?=(?:{_TITLES}))|(?<=[小老阿]){surname}{no_place}")


def _surname(name: str) -> str:
    return name[:2] if name[:2] in _COMPOUND and len(name) > 2 else name[0]
