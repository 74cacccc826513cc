"""What a published cell may be in disguise: written apart, backwards, in Han digits, inside other words."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc

from hushu.anonymize.values.normalizing import fold

# Shorter ones are amounts and codes as well, and read backwards they are others.
_NUMBER = 9
# A name of two characters stands inside too many ordinary words.
_NAME = (3, 4)
_LONGEST = 64
_HAN_DIGITS = str.maketrans("零〇一二三四五六七八九", "00123456789")
_APART = re.compile(r"[\s\-‐‑‒–—_.·•・:,，、/]+")
_HAN = re.compile("[\u4e00-\u9fff]{4,}")
_RUN = re.compile(r"[0-9A-Za-z]{9,}")
_PLAIN = r"\A[0-9A-Za-z\x{4e00}-\x{9fff}]*\z"
_WORTH_OPENING = r"[\x{4e00}-\x{9fff}]{4}|[0-9A-Za-z]{9}"


def disguised(column: pa.Array, *, inside: bool) -> pa.Array:
    """Return the other texts that the distinct cells of a column may stand for; few for plain columns.

    Args:
        column: n strings.
        inside: whether to look for names and numbers within longer cells: right for codes and
            remarks, wrong for names of firms and places, which are made of persons' names.

    Example:
        >>> disguised(pa.array(["张 伟", "王建国已登记"]), inside=True).to_pylist()[:2]
        ['张伟', '王建国']
    """
    values = pc.unique(column).drop_null()
    short = values.filter(pc.less_equal(pc.utf8_length(values), _LONGEST))
    odd = short.filter(pc.invert(pc.match_substring_regex(short, _PLAIN)))
    found = [text for value in odd.to_pylist() for text in _unfolded(value)]
    han = short.filter(pc.match_substring_regex(short, "[零〇一二三四五六七八九]{7}"))
    found += [value.translate(_HAN_DIGITS) for value in han.to_pylist()]
    if inside:
        long = values.filter(pc.match_substring_regex(values, _WORTH_OPENING))
        found += [part for value in long.to_pylist() for part in _parts(value)]
    numbers = short.filter(pc.greater_equal(pc.utf8_length(short), _NUMBER))
    backwards = pc.utf8_reverse(numbers).cast(pa.string())
    return pc.unique(pa.concat_arrays([pa.array(found, pa.string()), backwards]))


def _unfolded(value: str) -> Iterator[str]:
    plain = _APART.sub("", fold(value))
    if plain != value:
        yield plain
        yield plain.upper()
        if len(plain) >= _NUMBER:
            yield plain[::-1]


def _parts(value: str) -> Iterator[str]:
    for run in _HAN.findall(value):
        for width in _NAME:
            yield from (run[start : start + width] for start in range(len(run) - width + 1))
    yield from (run for run in _RUN.findall(value) if run != value)
