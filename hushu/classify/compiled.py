"""The C kernel: its tables, and its answers as the types of :mod:`hushu.classify.profiles`."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from threading import Lock
from typing import Any

from hushu.classify import context, reference
from hushu.classify.arrow import as_text
from hushu.classify.keys import HIGHEST
from hushu.classify.normalise import folding
from hushu.classify.profiles import MASKABLE, TYPES, ColumnProfile, Gathered, merge
from hushu.classify.shape import Shape
from hushu.classify.sketch import KEPT, LONGEST, distinct
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


class Gathering:
    """Gathers so many columns batch by batch, without the GIL.

    Args:
        kernel: the extension module.
        columns: how many.
    """

    def __init__(self, kernel: Any, columns: int) -> None:
        self._kernel = kernel
        self._state = kernel.gathering(columns)
        self._columns = columns
        self._judged: dict[int, ColumnProfile] = {}  # what the reference said of values left to it

    def add(self, batch: Any) -> None:
        """Add the rows of an Arrow record batch."""
        import pyarrow as pa

        if not self._columns:
            return
        if not all(map(_is_text, batch.schema.types)):
            batch = pa.RecordBatch.from_arrays([_strings(c) for c in batch.columns], names=batch.schema.names)
        self._kernel.add(self._state, *batch.__arrow_c_array__())
        self._second_opinion()

    def merge(self, other: Gathering) -> None:
        """Add what another gathering of the same columns holds, which must not be used any more."""
        self._kernel.merge(self._state, other._state)
        self._second_opinion()
        for column, found in other._judged.items():
            self._judge(column, found)

    def columns(self) -> list[Gathered]:
        """Return what was gathered of each column so far."""
        counted = [self._kernel.gathered(self._state, at) for at in range(self._columns)]
        self._second_opinion()
        return [_gathered(one, self._judged.get(at)) for at, one in enumerate(counted)]

    def _second_opinion(self) -> None:
        for column, value, weight in self._kernel.deferred(self._state):
            found = [
                dict.fromkeys(types, weight) for types in reference.verdict(value.decode("utf-8", "replace"))
            ]
            self._judge(column, ColumnProfile(whole=found[0], within=found[1], masked=found[2]))

    def _judge(self, column: int, found: ColumnProfile) -> None:
        known = self._judged.get(column)
        self._judged[column] = merge(known, found) if known else found


def _is_text(kind: Any) -> bool:
    """Return whether the kernel reads a type: strings, or a dictionary of strings."""
    import pyarrow.types as types

    plain = kind.value_type if types.is_dictionary(kind) else kind
    return bool(types.is_string(plain) or types.is_large_string(plain))


def _strings(array: Any) -> Any:
    return array if _is_text(array.type) else as_text(array)


def _gathered(counted: tuple[Any, ...], judged: ColumnProfile | None) -> Gathered:
    (nulls, blank, whole, within, masked, traits, lengths, low, high, han, sample, bar, fine_bar) = counted
    profile = ColumnProfile(
        rows=nulls + blank + traits[0],
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
    if judged:
        profile = merge(profile, judged)
    kept = {value[:LONGEST]: count for value, count in sample[:KEPT]}
    if bar == HIGHEST:
        return Gathered(profile, kept, True, len(sample))
    return Gathered(profile, kept, False, distinct(len(sample), bar, fine_bar))


def rows(kernel: Any, array: Any) -> list[int]:
    """Return the rows of an Arrow string array in which a structured identifier stands."""
    found = []
    for row in kernel.rows(*_buffers(array)):
        if row >= 0:
            found.append(row)
        elif reference.spans(array[-row - 1].as_py()):
            found.append(-row - 1)
    return found


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


def _buffers(array: Any) -> tuple[Any, ...]:
    import pyarrow as pa

    validity, offsets, data = array.buffers()
    if array.null_count == 0:
        validity = None
    wide = pa.types.is_large_string(array.type)
    if offsets is None or offsets.size == 0:
        offsets = bytes(8)
    return data, offsets, validity, wide, array.offset, len(array)


def _named(names: tuple[str, ...], counts: list[int]) -> dict[str, int]:
    return {name: count for name, count in zip(names, counts, strict=True) if count}


def _length(index: int) -> int:
    return index if index < _EXACT_LENGTHS else 1 << (index - _EXACT_LENGTHS + 6)
