"""Texts whose characters stand apart, as scanned forms come: 法 定 代 表 人 佘 晓 棠.

The tagger reads them as if they were set solid; what it finds is told in places of the original.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

# Three single characters and more, one blank between any two; 王 芳 alone is a name with a blank.
_HAN: Final = r"[\u3400-\u9fff]"
_RUN: Final = re.compile(rf"(?<!{_HAN}){_HAN}(?:[ \u3000]{_HAN}){{2,}}(?!{_HAN})")


def closed(text: str) -> tuple[str, Sequence[int]]:
    """Return a text with such runs set solid, and for each of its characters the place in the original.

    Example:
        >>> closed("姓 名 佘 晓 棠 F")
        ('姓名佘晓棠 F', [0, 2, 4, 6, 8, 9, 10])
    """
    if " " not in text and "\u3000" not in text:
        return text, range(len(text))
    dropped = {place for run in _RUN.finditer(text) for place in range(run.start() + 1, run.end(), 2)}
    if not dropped:
        return text, range(len(text))
    kept = [place for place in range(len(text)) if place not in dropped]
    return "".join(text[place] for place in kept), kept
