"""The label set of the tagger and how annotated items become targets."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from training.corpus import Item, Piece
from training.words import words

TYPES = tuple(words("types"))
NEWS_TYPES = ("PER", "LOC", "ORG")
OUTSIDE, BEGIN, INSIDE, END, SINGLE = range(5)
# Types that are optional wherever they occur: we want them found, more than we want them left alone.
WANTED = frozenset(TYPES[38:])


@dataclass(frozen=True, slots=True)
class Target:
    """What the network should say of one item.

    ``borders`` (n, 5) is the share of each border state that counts as right; ``types`` (n, 2) are the
    accepted types of a character inside a span, -1 outside or unknown; ``weight`` (n,) scales the loss.
    """

    borders: npt.NDArray[np.float32]
    types: npt.NDArray[np.int64]
    weight: npt.NDArray[np.float32]


def target(item: Item) -> Target:
    """Translate the spans of ``item``."""
    kinds = NEWS_TYPES if item.news else TYPES
    size = len(item.text)
    borders = np.zeros((size, 5), dtype=np.float32)
    borders[:, OUTSIDE] = 1
    types = np.full((size, 2), -1, dtype=np.int64)
    weight = np.ones(size, dtype=np.float32)
    for span in item.spans:
        rows = [kinds.index(name) for name in span.types if name in kinds]
        wanted = span.types[0] in WANTED
        here = slice(span.start, span.end)
        if not rows:
            weight[here] = 0
            continue
        soft = 0.0 if not span.optional else 0.3 if wanted else 1.0
        states = [INSIDE] * (span.end - span.start)
        states[0], states[-1] = BEGIN, END
        if len(states) == 1:
            states = [SINGLE]
        borders[here] = 0
        borders[np.arange(span.start, span.end), states] = 1
        borders[here, OUTSIDE] = soft
        types[here] = (rows * 2)[:2]
        if span.optional:
            weight[here] = 0.5
    return Target(borders, types, weight)


def quiet(item: Item) -> Target:
    """Translate a news sentence for our own heads: outside its names, words are nothing; the rest is unknown.

    Numbers and Latin letters stay unknown, because UNER does not mark dates, ages or accounts.
    """
    text = item.text
    wanted = target(Item((Piece(text),)))
    for span in item.spans:
        wanted.weight[span.start : span.end] = 0
    for place, char in enumerate(text):
        if char.isascii() or char in "年月日岁号０１２３４５６７８９":
            wanted.weight[place] = 0
    wanted.weight[wanted.weight > 0] = 0.5
    return wanted


def silent(size: int) -> Target:
    """A target that asks for nothing."""
    return Target(
        np.zeros((size, 5), np.float32), np.full((size, 2), -1, np.int64), np.zeros(size, np.float32)
    )
