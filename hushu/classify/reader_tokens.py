"""How the reader cuts a text: the likeliest sequence of word pieces (unigram model, Kudo 2018).

Training and run time share this module. A piece is one to twelve characters; what no piece covers is
unknown, one character at a time. Every character knows its piece, so that spans end where characters end.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt

START, PAD, END, UNKNOWN = range(4)  # the first rows of the table; pieces follow
FIRST_PIECE: Final = 4
BLANK: Final = "\u2581"  # stands for a space, and begins every text
_LONGEST: Final = 12
_NEVER: Final = -1e30


class Pieces:
    """The pieces and their log probabilities.

    Example:
        >>> rows, where = Pieces(["\u2581", "市民", "张"], [-3.0, -9.0, -8.0]).cut("市民张三")
        >>> rows, where.tolist()
        ([4, 5, 6, 3], [2, 2, 3, 4])
    """

    def __init__(self, pieces: Sequence[str], scores: Sequence[float]) -> None:
        self._known = {
            piece: (score, row)
            for row, (piece, score) in enumerate(zip(pieces, scores, strict=True), FIRST_PIECE)
        }
        self._unknown = min(scores) - 10.0

    def cut(self, text: str) -> tuple[list[int], npt.NDArray[np.int64]]:
        """Return the rows of the pieces and, for each character, the place of its piece.

        Places count from 1: the start mark that the network is given before the pieces is 0.
        """
        letters, origin = _normalised(text)
        where = np.zeros(len(text), dtype=np.int64)
        rows: list[int] = []
        for start, end, row in self._best("".join(letters)):
            rows.append(row)
            for place in range(start, end):
                where[origin[place]] = len(rows)
        # Characters that normalise to nothing go with the piece before them.
        np.maximum.accumulate(where, out=where)
        return rows, where

    def _best(self, letters: str) -> list[tuple[int, int, int]]:
        """Viterbi: the pieces of the likeliest cut as (start, end, row)."""
        size = len(letters)
        best = [_NEVER] * (size + 1)
        best[0] = 0.0
        back = [(0, UNKNOWN)] * (size + 1)
        known = self._known.get
        for start in range(size):
            so_far = best[start]
            if so_far + self._unknown > best[start + 1]:
                best[start + 1], back[start + 1] = so_far + self._unknown, (start, UNKNOWN)
            for end in range(start + 1, min(size, start + _LONGEST) + 1):
                hit = known(letters[start:end])
                if hit is not None and so_far + hit[0] > best[end]:
                    best[end], back[end] = so_far + hit[0], (start, hit[1])
        cuts = []
        end = size
        while end:
            start, row = back[end]
            cuts.append((start, end, row))
            end = start
        return cuts[::-1]


@cache
def _plain(char: str) -> str:
    """Return NFKC, and Latin letters without their marks: the table holds no pieces with ö, é or ễ."""
    bare = unicodedata.normalize("NFKD", char)[:1]
    return bare if bare.isascii() and bare.isalpha() else unicodedata.normalize("NFKC", char)


def _normalised(text: str) -> tuple[list[str], list[int]]:
    """Return the text in NFKC with single blanks, and the character that each letter came from."""
    letters, origin = [BLANK], [0]
    for place, char in enumerate(text):
        for letter in char if char.isascii() else _plain(char):
            shown = BLANK if letter.isspace() else letter
            if shown == BLANK == letters[-1]:
                continue
            letters.append(shown)
            origin.append(place)
    if not text:
        return [], []
    return letters, origin
