"""What the values of a column, or the words of a text, are by their form: one pass, exact counts.

Three calls on which the column scanner and the text engine build: :func:`profile` for one Arrow array,
:func:`spans` for texts, :func:`spans_in` for the rows of an array worth a second look.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hushu.classify import context, reference
from hushu.classify.profiles import MASKABLE, TYPES, ColumnProfile, merge
from hushu.classify.shape import Shape
from hushu.model import Span

__all__ = ["MASKABLE", "TYPES", "ColumnProfile", "Shape", "context", "merge", "profile", "spans", "spans_in"]


def profile(array: Any) -> ColumnProfile:
    """Return exact counts over all values of one Arrow array.

    Args:
        array: a pyarrow Array or ChunkedArray of n values: strings, dictionary-encoded strings, or anything
            that casts to text (numbers keep every digit).

    Returns:
        The profile; profiles of batches add up with :func:`merge`.

    Example:
        >>> import pyarrow as pa
        >>> dict(profile(pa.array(["13800138000", "张三 13900139000", None])).whole)
        {'PHONE_NUMBER': 1}
    """
    return reference.profile(array)


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
    return [reference.spans(text) for text in texts]


def spans_in(array: Any) -> list[int]:
    """Return the rows of an Arrow string array in which :func:`spans` finds something."""
    return [row for row, text in enumerate(array.to_pylist()) if text and reference.spans(text)]
