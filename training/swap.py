"""Replace common words by other common words of the same part of speech.

The annotated texts hold few of the words of Chinese; a tagger that never met 秋高气爽 takes it for a name.
The words come from LAC's list (Apache-2.0), their parts of speech from rjieba.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from random import Random

import rjieba

from training import lac

COMMON = frozenset(["n", "v", "a", "d", "vn", "an", "ad", "l", "i", "b", "z", "vd"])


@cache
def _segmenter() -> rjieba.Jieba:
    return rjieba.Jieba()


@cache
def words() -> dict[str, list[str]]:
    """Return the common words of two to four characters by part of speech."""
    out: dict[str, list[str]] = defaultdict(list)
    for word in lac.vocabulary():
        if 2 <= len(word) <= 4 and all("\u4e00" <= char <= "\u9fff" for char in word):
            tagged = _segmenter().tag(word)
            if len(tagged) == 1 and tagged[0][1] in COMMON:
                out[tagged[0][1]].append(word)
    return dict(out)


def swapped(text: str, share: float, rng: Random) -> str:
    """Return ``text`` with about ``share`` of its common words replaced."""
    pools = words()
    out = []
    for word, tag in _segmenter().tag(text):
        if len(word) >= 2 and tag in pools and rng.random() < share:
            word = rng.choice(pools[tag])
        out.append(word)
    return "".join(out)
