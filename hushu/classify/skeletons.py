"""Values of one skeleton at once: what digits, letters and Han characters hide is the same for all of them.

The skeleton of ``沪A12345`` is ``hcca00000``: every byte is replaced by its kind. A column of anything but
free text has a handful of skeletons, so the shape is known from the skeleton, and what the values are is
arithmetic on a matrix of bytes. Skeletons that :data:`hushu.classify.skeletonforms.FORMS` does not know, and
rows that a form leaves open, go the longer way.
"""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from typing import Any

from hushu.classify.normalise import fold
from hushu.classify.profiles import ColumnProfile
from hushu.classify.reference import ShapeCounter
from hushu.classify.shape import Shape, merge_shapes
from hushu.classify.skeletonforms import form_of
from hushu.classify.skeletongroups import Group

_SAMPLE = 2000
_MANY = 4  # one skeleton for fewer values than this: not worth it


@lru_cache(maxsize=1)
def _kinds() -> Any:
    """Return the kind of each byte: 0 digits, x, e, a letters, h, c Han characters, others as they are."""
    import numpy as np

    table = np.arange(256, dtype=np.uint8)
    for low in b"0123456789":
        table[low] = ord("0")
    for low in range(ord("a"), ord("z") + 1):
        kind = low if low in b"xe" else ord("a")
        table[low] = table[low - 32] = kind
    table[0x80:0xC0] = ord("c")
    table[0xE4:0xEA] = ord("h")
    return table


def skeletons(values: Any) -> tuple[Any, list[bytes]]:
    """Return the number of each value's skeleton, and the skeletons.

    Args:
        values: n Arrow strings without nulls.
    """
    import numpy as np
    import pyarrow as pa

    _, offsets, data = values.buffers()
    raw = np.frombuffer(data, np.uint8) if data is not None else np.zeros(0, np.uint8)
    wide = pa.types.is_large_string(values.type)
    bounds = np.frombuffer(offsets, np.int64 if wide else np.int32)
    first, last = int(bounds[values.offset]), int(bounds[values.offset + len(values)])
    kinds = np.zeros(last, np.uint8)
    part = raw[first:last]
    kinds[first:] = _plain(part, _kinds()[part])
    kind = pa.large_binary() if wide else pa.binary()
    made = pa.Array.from_buffers(kind, len(values), [None, offsets, pa.py_buffer(kinds)], 0, values.offset)
    coded = made.dictionary_encode()
    return coded.indices.to_numpy(), coded.dictionary.to_pylist()


def _plain(raw: Any, kinds: Any) -> Any:
    """Give back their own bytes to the characters of which the kind says too little: ， 。 某 㐀."""
    import numpy as np

    for lead, size in ((0xEF, 3), (0xE3, 3), (0xE2, 3)):
        places = np.flatnonzero(raw == lead)
        for step in range(1, size):
            inside = places[places + step < len(raw)] + step
            kinds[inside] = raw[inside]
    rare = np.flatnonzero(raw == 0xE4)
    rare = rare[(rare + 1 < len(raw)) & (raw[np.minimum(rare + 1, len(raw) - 1)] < 0xB8)]
    kinds[rare] = 0xE4
    some = np.flatnonzero(raw == 0xE6)
    some = some[some + 2 < len(raw)]
    kinds[some[(raw[some + 1] == 0x9F) & (raw[some + 2] == 0x90)]] = 0xE6
    return kinds


def settle(values: Any, weights: Any) -> tuple[ColumnProfile, Any]:
    """Return the profile of the values whose skeleton tells enough, and the mask of the others.

    Args:
        values: n Arrow strings without nulls, none of them a conventional null.
        weights: how often each counts, int64.
    """
    import numpy as np

    left = np.ones(len(values), bool)
    head = values.slice(0, _SAMPLE)
    if len(skeletons(head)[1]) * _MANY > len(head):
        return ColumnProfile(), left
    codes, known = skeletons(values)
    order = np.argsort(codes, kind="stable")
    ends = np.cumsum(np.bincount(codes, minlength=len(known)))
    window = _window(values)
    whole, within, shape = Counter[str](), Counter[str](), Shape()
    for code, skeleton in enumerate(known):
        form = form_of(skeleton)
        if form is None:
            continue
        places = order[ends[code - 1] if code else 0 : ends[code]]
        group = Group(skeleton, window(places, len(skeleton)), places, values)
        found = form(group)
        settled = ~found.open
        weight = weights[places]
        left[places[settled]] = False
        total = int(weight[settled].sum())
        extra = {name: int(weight[mask & settled].sum()) for name, mask in found.traits.items()}
        shape = merge_shapes(shape, _scaled(skeleton, total, extra)) if total else shape
        for counts, masks in ((whole, found.whole), (within, found.within)):
            for name, mask in masks.items():
                counts[name] += int(weight[mask & settled].sum())
    rows = shape.values
    return ColumnProfile(rows=rows, whole=dict(+whole), within=dict(+within), shape=shape), left


def _window(values: Any) -> Any:
    """Return a function of places and a size: the bytes of those values, which are all of that size."""
    import numpy as np
    import pyarrow as pa

    _, offsets, data = values.buffers()
    raw = np.frombuffer(data, np.uint8) if data is not None else np.zeros(0, np.uint8)
    wide = pa.types.is_large_string(values.type)
    starts = np.frombuffer(offsets, np.int64 if wide else np.int32)[values.offset :]

    def rows(places: Any, size: int) -> Any:
        if not size:
            return np.zeros((len(places), 0), np.uint8)
        items = np.ndarray((max(len(raw) - size + 1, 0),), f"V{size}", raw, strides=(1,))
        return items[starts[places]].view(np.uint8).reshape(-1, size)

    return rows


def _scaled(skeleton: bytes, weight: int, extra: dict[str, int]) -> Shape:
    """Return the shape of so many values of a skeleton; ``extra`` are traits that the digits decide."""
    from dataclasses import replace

    from hushu.classify.vectors import scaled_shape

    shape = scaled_shape(_shape(skeleton), weight)
    return replace(shape, **{name: getattr(shape, name) + count for name, count in extra.items()})


@lru_cache(maxsize=4096)
def _shape(skeleton: bytes) -> Shape:
    counter = ShapeCounter()
    counter.add(fold(sample_of(skeleton)))
    return counter.shape()


def sample_of(skeleton: bytes) -> str:
    """Return a text of a skeleton.

    Example:
        >>> sample_of(b"hcca00")
        '中a00'
    """
    return skeleton.replace(b"hcc", "中".encode()).decode("utf-8")
