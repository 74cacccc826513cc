"""What the character tagger sees of a text: integer features, one row a character, computed with numpy.

A text becomes the arrays of :class:`Features`; training and run time share this module, so that the network
meets at run time exactly what it was trained on. Word borders and parts of speech come from rjieba (MIT).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Final

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int32]

PAD: Final = 0
UNKNOWN: Final = 1
BIGRAM_BUCKETS: Final = 1 << 15
WORD_BUCKETS: Final = 1 << 15
RUN_BUCKETS: Final = 26
_POS_LIST: Final = (
    "a ad ag an b c d df dg e eng f g h i j k l m mg mq n ng nr nrfg nrt ns nt "
    "nz o p q r rg rr rz s t tg u ud ug uj ul uv uz v vd vg vi vn vq x y z zg"
)
POS_TAGS: Final = tuple(_POS_LIST.split(" "))
POS_BUCKETS: Final = 2 + 4 * (len(POS_TAGS) + 1)
FLAGS: Final = 12
_MIX: Final = np.uint64(0x9E3779B97F4A7C15)
_TABLE: Final = 0x20000  # code points above share one row: rare ideographs and emoji


@dataclass(frozen=True, slots=True)
class Features:
    """Parallel arrays over the characters of one stretch of text.

    ``ids`` has shape (5, n): character, bigram bucket, word bucket, part of speech with place in the word,
    length of the alphanumeric run. ``flags`` has shape (n,), one bit each of ``FLAGS``.
    """

    ids: Ints
    flags: npt.NDArray[np.int32]


@cache
def _fold_table() -> npt.NDArray[np.uint32]:
    """Map every code point to its half-width form; one to one, so that offsets stay."""
    table = np.arange(_TABLE, dtype=np.uint32)
    table[0xFF01:0xFF5F] -= 0xFEE0
    table[0x3000] = 0x20
    for odd, plain in ("\u00a0 ", "\t ", "•·", "‧·", "・·", "—-", "–-"):
        table[ord(odd)] = ord(plain)
    return table


def fold(text: str) -> npt.NDArray[np.uint32]:
    """Return the code points of ``text``, full-width forms folded to half-width, one for one."""
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    return _fold_table()[np.minimum(points, _TABLE - 1)]


@cache
def _class_table() -> npt.NDArray[np.uint8]:
    """Character class by code point: 0 other, 1 digit, 2 upper, 3 lower, 4 Han, 5 space."""
    table = np.zeros(_TABLE, dtype=np.uint8)
    table[0x30:0x3A] = 1
    table[0x41:0x5B] = 2
    table[0x61:0x7B] = 3
    table[0xC0:0x250] = 3
    table[0x4E00:0xA000] = 4
    table[0x3400:0x4DC0] = 4
    table[[0x20, 0x0A, 0x0D]] = 5
    return table


@cache
def _char_table() -> npt.NDArray[np.int32]:
    """Row of the character embedding by code point, from the vocabulary beside the model."""
    chars = resources.files("hushu.classify.models").joinpath("tagger_chars.txt").read_text(encoding="utf-8")
    table = np.full(_TABLE, UNKNOWN, dtype=np.int32)
    for row, char in enumerate(chars.replace("\n", ""), start=2):
        table[ord(char)] = row
    table[0x0A] = table[0x0D] = 2 + len(chars.replace("\n", ""))
    return table


@cache
def _names() -> dict[str, Any]:
    """Bit tables for surnames and hashed sets for administrative divisions."""
    folder = resources.files("hushu.classify.models")
    single = np.zeros(_TABLE, dtype=np.int32)
    double: list[str] = []
    for rank, name in enumerate(folder.joinpath("surnames.txt").read_text(encoding="utf-8").split()):
        if len(name) == 1:
            single[ord(name)] = 1 if rank < 100 else 2 if rank < 400 else 4
        else:
            double.append(name)
    words = folder.joinpath("divisions.txt").read_text(encoding="utf-8").split()
    by_length: dict[int, list[str]] = {2: [], 3: [], 4: [], 5: [], 6: []}
    for word in words:
        if len(word) in by_length:
            by_length[len(word)].append(word)
    bits = {size: _bloom(group, size) for size, group in by_length.items()}
    return {"single": single, "double": _bloom(double, 2), "divisions": bits}


def _mixed(points: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    return (points ^ (points >> np.uint64(29))) * _MIX


def _grams(points: npt.NDArray[np.uint64], size: int) -> npt.NDArray[np.uint64]:
    """Hash of every run of ``size`` code points, 21 bits each shifted in, well mixed."""
    count = len(points) - size + 1
    out = np.zeros(max(count, 0), dtype=np.uint64)
    for offset in range(size):
        out = _mixed(out + points[offset : offset + max(count, 0)] + np.uint64(offset + 1))
    return out


def _bloom(words: list[str], size: int) -> npt.NDArray[np.bool_]:
    """A bit table of 2**22 entries that holds ``words``, all of ``size`` characters."""
    table = np.zeros(1 << 22, dtype=np.bool_)
    if words:
        points = fold("".join(words)).astype(np.uint64).reshape(len(words), size)
        keys = np.zeros(len(words), dtype=np.uint64)
        for column in range(size):
            keys = _mixed(keys + points[:, column] + np.uint64(column + 1))
        table[(keys >> np.uint64(42)).astype(np.int64)] = True
    return table


def _flags(points: npt.NDArray[np.uint32], classes: npt.NDArray[np.uint8]) -> npt.NDArray[np.int32]:
    """Twelve bits a character: class (5), surname (3 single, 1 double), division (start, inside, end)."""
    names = _names()
    flags: npt.NDArray[np.int32] = np.where(classes > 0, 1 << np.maximum(classes, 1) >> 1, 0).astype(np.int32)
    flags |= names["single"][points] << 5
    wide = points.astype(np.uint64)
    if len(wide) < 2:
        return flags
    hit = np.flatnonzero(names["double"][(_grams(wide, 2) >> np.uint64(42)).astype(np.int64)])
    flags[hit] |= 1 << 8
    for size, table in names["divisions"].items():
        if len(wide) < size:
            continue
        hit = np.flatnonzero(table[(_grams(wide, size) >> np.uint64(42)).astype(np.int64)])
        flags[hit] |= 1 << 9
        for offset in range(1, size - 1):
            flags[hit + offset] |= 1 << 10
        flags[hit + size - 1] |= 1 << 11
    return flags


def _runs(classes: npt.NDArray[np.uint8]) -> npt.NDArray[np.int32]:
    """Length bucket of the run of ASCII letters and digits that a character stands in; 0 outside."""
    inside = (classes >= 1) & (classes <= 3)
    if not len(classes):
        return np.zeros(0, dtype=np.int32)
    edges = np.flatnonzero(np.diff(inside.astype(np.int8), prepend=0, append=0))
    out = np.zeros(len(classes), dtype=np.int32)
    starts, ends = edges[::2], edges[1::2]
    lengths = np.minimum(ends - starts, RUN_BUCKETS - 1)
    out[inside] = np.repeat(lengths, ends - starts)
    return out


@cache
def _segmenter() -> Any:
    import rjieba

    return rjieba.Jieba()


_POS_ROW: Final = {tag: 2 + 4 * row for row, tag in enumerate(POS_TAGS)}


def _shape(points: npt.NDArray[np.uint32], classes: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint64]:
    """Replace every digit by 0: a number's shape says what it is, its digits are chance."""
    return np.where(classes == 1, np.uint32(0x30), points).astype(np.uint64)


def _words(
    points: npt.NDArray[np.uint32], classes: npt.NDArray[np.uint8]
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    """Word bucket and part-of-speech row of every character."""
    text = points.astype("<u4").tobytes().decode("utf-32-le", "replace")
    tagged = _segmenter().tag(text)
    lengths = np.fromiter((len(word) for word, _ in tagged), dtype=np.int64, count=len(tagged))
    rows = np.fromiter(
        (_POS_ROW.get(tag, 2 + 4 * len(POS_TAGS)) for _, tag in tagged), dtype=np.int32, count=len(tagged)
    )
    ends = np.cumsum(lengths)
    starts = ends - lengths
    if not len(ends) or ends[-1] != len(points):  # the segmenter dropped something: go without words
        return np.zeros(len(points), dtype=np.int32), np.ones(len(points), dtype=np.int32)
    place = np.ones(len(points), dtype=np.int32)  # inside
    place[ends - 1] = 2
    place[starts] = np.where(lengths == 1, 3, 0)
    wide = _shape(points, classes)
    order = np.arange(len(points)) - np.repeat(starts, lengths)
    parts = _mixed(wide + (order.astype(np.uint64) << np.uint64(32)) + np.uint64(7))
    sums = np.add.reduceat(parts, starts)
    bucket = (_mixed(sums) >> np.uint64(49)).astype(np.int32) % (WORD_BUCKETS - 1) + 1
    return np.repeat(bucket, lengths), np.repeat(rows, lengths) + place


def features(text: str) -> Features:
    """Compute the features of one text, one column a character.

    Example:
        >>> features("张伟13800138000").ids.shape
        (5, 13)
    """
    return features_of([text])[0]


def features_of(texts: Sequence[str]) -> list[Features]:
    """Compute the features of many texts at once; each gets what it would get alone.

    The texts are joined by line ends, which no word, number, surname or division crosses.
    """
    points = fold("\n".join(texts) + "\n")
    classes = _class_table()[points]
    shape = np.append(_shape(points, classes), np.uint64(0))
    bigram = (_grams(shape, 2) >> np.uint64(49)).astype(np.int32) % (BIGRAM_BUCKETS - 1) + 1
    word, pos = _words(points, classes)
    ids = np.stack([_char_table()[points], bigram, word, pos, _runs(classes)]).astype(np.int32)
    flags = _flags(points, classes)
    out, place = [], 0
    for text in texts:
        end = place + len(text)
        out.append(Features(ids[:, place:end], flags[place:end]))
        place = end + 1
    return out
