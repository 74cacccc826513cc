"""Undoing what keyboards, OCR and exports do to a value, with a way back to the original's offsets.

Only what matters to structured values is undone, character by character: full-width and other
compatibility forms of one ASCII character, the many dashes and blanks, zero-width characters, and JSON
escapes. Every Han character stays as it is.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

ZERO_WIDTH = (
    "\u00ad\u034f\u061c\u115f\u1160\u180e\u200b\u200c\u200d\u200e\u200f"
    "\u2060\u2061\u2062\u2063\u2064\ufeff\ufe0e\ufe0f"
)
DASHES = "‐‑‒–—―−﹘﹣－ー－"
BLANKS = "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
DOTS = "•‧∙⋅・･"
_LAST_FOLDED = 0x20000  # beyond stand ideographs and tags, none of which is written for an ASCII character
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|([nrt\"/]))")
_SIMPLE = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "/": "/"}


@dataclass(frozen=True, slots=True)
class Normalised:
    """A normalised text and, for each of its characters and its end, the offset in the original.

    ``offsets`` is None when the text is the original itself.
    """

    text: str
    offsets: tuple[int, ...] | None = None

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Return the half-open span of the original that became ``text[start:end]``."""
        if self.offsets is None:
            return start, end
        if start >= end:
            return self.offsets[start], self.offsets[start]
        return self.offsets[start], self._after(end - 1)

    def _after(self, last: int) -> int:
        # A removed character that follows the last one belongs to nobody: stop right after that character.
        assert self.offsets is not None  # noqa: S101  (narrowing for the type checker)
        return self.offsets[len(self.text) + 1 + last]


@lru_cache(maxsize=1)
def folding() -> dict[int, str]:
    """Return the folding of single characters: code point → one ASCII character, ``·``, or nothing.

    Example:
        >>> folding()[ord("９")], folding()[ord("Ⅹ")], folding()[0x200B]
        ('9', 'X', '')
    """
    table: dict[int, str] = {}
    for point in range(0x80, _LAST_FOLDED):
        if unicodedata.decomposition(char := chr(point)):
            plain = unicodedata.normalize("NFKC", char)
            if len(plain) == 1 and plain.isascii():
                table[point] = plain
    for chars, plain in ((DASHES, "-"), (BLANKS, " "), (DOTS, "·"), (ZERO_WIDTH, "")):
        table.update(dict.fromkeys(map(ord, chars), plain))
    return table


@lru_cache(maxsize=1)
def _foldable() -> re.Pattern[str]:
    return re.compile("[" + "".join(map(re.escape, map(chr, folding()))) + "]")


def fold(text: str) -> str:
    """Return ``text`` normalised.

    Example:
        >>> fold("１３８\u200b－0013\u30008000")
        '138-0013 8000'
    """
    if "\\" in text:
        return normalise(text).text
    if text.isascii():
        return text
    return text.translate(folding())


def normalise(text: str) -> Normalised:
    """Return ``text`` normalised, with the map of offsets back to the original.

    Example:
        >>> found = normalise("号：１３\u200b８x")
        >>> found.text, found.original(2, 5)
        ('号:138x', (2, 6))
    """
    escaped = "\\" in text and _ESCAPE.search(text)
    if not escaped and (text.isascii() or not _foldable().search(text)):
        return Normalised(text)
    table = folding()
    chars: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    place = 0
    while place < len(text):
        char, after = text[place], place + 1
        if char == "\\" and (match := _ESCAPE.match(text, place)):
            after = match.end()
            char = chr(int(match[1], 16)) if match[1] else _SIMPLE[match[2]]
        char = table.get(ord(char), char)
        if char:
            chars.append(char)
            starts.append(place)
            ends.append(after)
        place = after
    return Normalised("".join(chars), (*starts, len(text), *ends))
