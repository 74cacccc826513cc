"""What the values of a column, or the words of a text, are by their form: one pass, exact counts.

The calls on which the column scanner and the text engine build: :func:`gathering` for the columns of a
table, :func:`profile` for one Arrow array, :func:`spans` for texts, :func:`spans_in` for the rows of an array
worth a second look. They run in C where the extension was built, else (or with ``HUSHU_KERNEL=python``) in
numpy and plain Python; the answers are the same.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any, Protocol

from hushu.classify import compiled, reference
from hushu.classify.profiles import MASKABLE, TYPES, ColumnProfile, Gathered, merge
from hushu.classify.shape import Shape
from hushu.model import Span

__all__ = [
    "MASKABLE",
    "TYPES",
    "ColumnProfile",
    "Gathered",
    "Gathering",
    "Shape",
    "backend",
    "gathering",
    "merge",
    "profile",
    "spans",
    "spans_in",
]


class Gathering(Protocol):
    """Gathers the columns of a table batch by batch, in constant memory; no two threads at once."""

    def add(self, batch: Any) -> None:
        """Add the rows of an Arrow record batch of as many columns, whatever they are called."""

    def merge(self, other: Any) -> None:
        """Add what another gathering of the same columns holds, which must not be used any more."""

    def columns(self) -> list[Gathered]:
        """Return what was gathered of each column so far."""


def backend() -> str:
    """Return which way the kernel runs here: ``c`` or ``python``."""
    return "c" if _module() else "python"


def _module() -> Any | None:
    return None if os.environ.get("HUSHU_KERNEL") == "python" else compiled.module()


def gathering(columns: int) -> Gathering:
    """Return a new gathering of so many columns.

    Example:
        >>> import pyarrow as pa
        >>> seen = gathering(1)
        >>> seen.add(pa.record_batch({"a": ["13800138000", None, "13800138000"]}))
        >>> seen.columns()[0].sample, seen.columns()[0].profile.whole
        ({'13800138000': 2}, {'PHONE_NUMBER': 2})
    """
    if found := _module():
        return compiled.Gathering(found, columns)
    from hushu.classify import gathering as python

    return python.Gathering(columns)


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
    import pyarrow as pa

    one = gathering(1)
    for chunk in array.chunks if isinstance(array, pa.ChunkedArray) else [array]:
        one.add(pa.RecordBatch.from_arrays([chunk], names=[""]))
    return one.columns()[0].profile


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
