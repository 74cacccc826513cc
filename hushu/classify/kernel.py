"""What the values of a column, or the words of a text, are by their form: one pass, exact counts.

The calls on which the column scanner and the text engine build: :func:`profile` for one Arrow array,
:func:`spans` for texts, :func:`spans_in` for the rows of an array worth a second look. They run in C where
the extension was built, else (or with ``HUSHU_KERNEL=python``) in numpy and plain Python; the answers are
the same.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from hushu.classify import compiled, fallback, keys, reference
from hushu.classify.profiles import MASKABLE, TYPES, ColumnProfile, merge
from hushu.classify.shape import Shape
from hushu.model import Span

__all__ = [
    "MASKABLE",
    "TYPES",
    "ColumnProfile",
    "Shape",
    "backend",
    "below",
    "merge",
    "profile",
    "profile_batches",
    "profile_counted",
    "spans",
    "spans_in",
]


def backend() -> str:
    """Return which way the kernel runs here: ``c`` or ``python``."""
    return "c" if _module() else "python"


def _module() -> Any | None:
    return None if os.environ.get("HUSHU_KERNEL") == "python" else compiled.module()


def profile(array: Any) -> ColumnProfile:
    """Return exact counts over all values of one Arrow array.

    Args:
        array: a pyarrow Array or ChunkedArray of n values: strings, dictionary-encoded strings, or anything
            that casts to text (numbers keep every digit).

    Returns:
        The profile; profiles of batches add up with :func:`merge`.

    Example:
        >>> import pyarrow as pa
        >>> profile(pa.array(["13800138000", "张三 13900139000", None])).whole
        {'PHONE_NUMBER': 1}
    """
    from hushu.classify.arrow import text_parts

    total = ColumnProfile()
    for values, weights in text_parts(array):
        total = merge(total, _profile(values, weights))
    return total


def profile_counted(values: Any, counts: Any) -> ColumnProfile:
    """Return the profile of a column given by its distinct values.

    Args:
        values: a pyarrow string array of n values, null among them when there are nulls.
        counts: a pyarrow int64 array: how often each of the n occurs.

    Example:
        >>> import pyarrow as pa
        >>> profile_counted(pa.array(["13800138000"]), pa.array([7])).whole
        {'PHONE_NUMBER': 7}
    """
    return _profile(values, counts.to_numpy())


def below(array: Any, bar: int) -> tuple[Any, Any]:
    """Return the rows of a string array whose key does not exceed the bar, and their keys, without nulls.

    Args:
        array: a pyarrow string array of n values.
        bar: 0..2**64-1; see :mod:`hushu.classify.keys`.

    Returns:
        Two numpy arrays of one length: rows in order as int64, keys as uint64.
    """
    kernel = _module()
    return compiled.below(kernel, array, bar) if kernel else keys.below(array, bar)


def profile_batches(batches: Iterable[Any], *, threads: int | None = None) -> dict[str, ColumnProfile]:
    """Return the profile of every column of a stream of Arrow record batches, in flat memory.

    Args:
        batches: record batches of one schema.
        threads: columns profiled at once; by default as many as the machine has cores, four at most.

    Returns:
        Column name → profile. Of columns of one name the profiles add up: rename them before.
    """
    totals: dict[str, ColumnProfile] = {}
    waiting: list[tuple[str, Future[ColumnProfile]]] = []
    with ThreadPoolExecutor(threads or min(4, os.cpu_count() or 1)) as pool:
        for batch in batches:
            # The next batch is read while this one is profiled; never more than two are held.
            names = batch.schema.names
            begun = [(name, pool.submit(profile, batch.column(i))) for i, name in enumerate(names)]
            _collect(totals, waiting)
            waiting = begun
        _collect(totals, waiting)
    return totals


def _collect(totals: dict[str, ColumnProfile], waiting: list[tuple[str, Future[ColumnProfile]]]) -> None:
    for name, part in waiting:
        totals[name] = merge(totals[name], part.result()) if name in totals else part.result()


def _profile(values: Any, weights: Any) -> ColumnProfile:
    if kernel := _module():
        return compiled.profile(kernel, values, weights)
    return fallback.profile(values) if weights is None else fallback.weighted(values, weights)


def spans(texts: Sequence[str]) -> list[list[Span]]:
    """Return the structured identifiers in each text: valid ones, and those their context names.

    Args:
        texts: n texts.

    Returns:
        n lists of spans, sorted, not overlapping; offsets in characters of the text given.

    Example:
        >>> [(s.start, s.end, s.type) for s in spans(["电话138-0013-8000。"])[0]]
        [(2, 15, 'PHONE_NUMBER')]
    """
    kernel = _module()
    return compiled.spans(kernel, texts) if kernel else [reference.spans(text) for text in texts]


def spans_in(array: Any) -> list[int]:
    """Return the rows of an Arrow array in which :func:`spans` finds something, in order.

    Example:
        >>> import pyarrow as pa
        >>> spans_in(pa.array(["无", "电话13800138000", None]))
        [1]
    """
    from hushu.classify.arrow import text_chunks

    kernel = _module()
    found, before = [], 0
    for chunk in text_chunks(array):
        if kernel:
            rows = compiled.rows(kernel, chunk)
        else:
            rows = [row for row, text in enumerate(chunk.to_pylist()) if text and reference.spans(text)]
        found += [before + row for row in rows]
        before += len(chunk)
    return found
