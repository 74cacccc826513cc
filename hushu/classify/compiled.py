"""The C kernel: its tables, and its answers as the types of :mod:`hushu.classify.profiles`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from threading import Lock
from typing import Any

from hushu.classify import context, reference
from hushu.classify.normalise import folding
from hushu.classify.profiles import MASKABLE, TYPES, ColumnProfile, merge
from hushu.classify.shape import Shape
from hushu.model import Span
from hushu.rules.formats import COUNTRIES

_TRAITS = (
    "values", "total_length", "digits", "decimal", "scientific", "letters", "alnum", "han", "mostly_han",
    "date_like", "separated", "long", "mobile_like", "json_like",
)  # fmt: skip
_LABELS = {name: index for index, name in enumerate((*TYPES, context.NOT, context.DOCUMENT, "BANK_ACCOUNT"))}
_EXACT_LENGTHS = 64
_ONE_AT_A_TIME = Lock()


def module() -> Any | None:
    """Return the extension module, set up, or None when it was not built or is of another make."""
    with _ONE_AT_A_TIME:  # no thread may read the tables while another writes them
        return _set_up()


@lru_cache(maxsize=1)
def _set_up() -> Any | None:
    try:
        from hushu.classify import _kernel
    except ImportError:
        return None
    fold = [
        (point, 0x80 if plain == "·" else ord(plain) if plain else 0xFF, chr(point).encode("utf-8")[0])
        for point, plain in folding().items()
    ]
    words = [(word.encode(), _LABELS[kind]) for word, kind in context.WORDS]
    rules = [
        (_LABELS[r.label], _LABELS[r.type], r.shortest, r.longest, r.letters, r.digits, r.first)
        for r in context.NAMED
    ]
    nulls = sorted(word.encode() for word in reference.NULL_WORDS)
    _kernel.setup(fold, words, rules, nulls, sorted(COUNTRIES), context.REACH, reference.today_number())
    return _kernel


def profile(kernel: Any, array: Any, weights: Any = None) -> ColumnProfile:
    """Return the profile of an Arrow string or large-string array.

    Args:
        kernel: the extension module.
        array: n values.
        weights: how often each of the n values counts, as int64 numpy array; once each when None.
    """
    (nulls, blank, whole, within, masked, traits, lengths, low, high, han, deferred) = kernel.profile(
        *_buffers(array, weights)
    )
    rows = len(array) if weights is None else int(weights.sum())
    counted = ColumnProfile(
        rows=rows,
        nulls=nulls,
        blank=blank,
        whole=_named(TYPES, whole),
        within=_named(TYPES, within),
        masked=_named(MASKABLE, masked),
        shape=Shape(
            lengths={_length(index): count for index, count in enumerate(lengths) if count},
            min_length=low,
            max_length=high,
            han_share_sum=han,
            **dict(zip(_TRAITS, traits, strict=True)),
        ),
    )
    return merge(counted, _second_opinion(array, deferred, weights)) if deferred else counted


def _second_opinion(array: Any, rows: Sequence[int], weights: Any) -> ColumnProfile:
    found: dict[str, Counter[str]] = {"whole": Counter(), "within": Counter(), "masked": Counter()}
    for row in rows:
        weight = 1 if weights is None else int(weights[row])
        for kind, types in zip(found, reference.verdict(array[row].as_py()), strict=True):
            for name in types:
                found[kind][name] += weight
    return ColumnProfile(
        whole=dict(found["whole"]), within=dict(found["within"]), masked=dict(found["masked"])
    )


def rows(kernel: Any, array: Any) -> list[int]:
    """Return the rows of an Arrow string array in which a structured identifier stands."""
    found = []
    for row in kernel.rows(*_buffers(array, None)):
        if row >= 0:
            found.append(row)
        elif reference.spans(array[-row - 1].as_py()):
            found.append(-row - 1)
    return found


def below(kernel: Any, array: Any, bar: int) -> tuple[Any, Any]:
    """Return the rows of an Arrow string array whose key does not exceed the bar, and their keys."""
    import numpy as np

    found, keys = kernel.below(*_buffers(array, None), bar)
    return np.frombuffer(found, np.int64), np.frombuffer(keys, np.uint64)


def spans(kernel: Any, texts: Sequence[str]) -> list[list[Span]]:
    """Return the structured identifiers in each text."""
    return [
        reference.spans(text)
        if found is None
        else [
            Span(start=s, end=e, type=TYPES[t], score=reference.SCORES[strength])
            for s, e, t, strength in found
        ]
        for text, found in zip(texts, kernel.spans(texts), strict=True)
    ]


def _buffers(array: Any, weights: Any) -> tuple[Any, ...]:
    import pyarrow as pa

    validity, offsets, data = array.buffers()
    if array.null_count == 0:
        validity = None
    wide = pa.types.is_large_string(array.type)
    if offsets is None or offsets.size == 0:
        offsets = bytes(8)
    return data, offsets, validity, weights, wide, array.offset, len(array)


def _named(names: tuple[str, ...], counts: list[int]) -> dict[str, int]:
    return {name: count for name, count in zip(names, counts, strict=True) if count}


def _length(index: int) -> int:
    return index if index < _EXACT_LENGTHS else 1 << (index - _EXACT_LENGTHS + 6)
