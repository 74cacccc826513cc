"""Masking whole columns: values in their plain form by the kernel, the odd ones one by one."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from hushu.anonymize.operators.recipes import ALPHABETS, PROVINCES, Recipe, Shape, compound_surnames
from hushu.anonymize.values.digests import buffers
from hushu.anonymize.values.normalizing import normalizer

try:
    import hushu.anonymize.values._kernel as _kernel
except ImportError:  # installed without a compiler
    _kernel = None

_SLICE = 1 << 24  # rows whose masked text surely fits one batch of 2 GiB
_MAILBOX = "abcdefghijklmnopqrstuvwxyz0123456789._%+-"


def masked(recipe: Recipe, text: pa.Array) -> pa.Array:
    """Return the masked forms of n strings; nulls stay null."""
    fold = normalizer(recipe.type)

    def one(value: str) -> str:
        return recipe.mask(fold(value))

    shape = recipe.shapes[0]
    if shape.keep == "ends" and shape.alphabet == "none":
        return pc.if_else(pc.is_valid(text), shape.fill, pa.scalar(None, pa.string()))
    if shape.keep in ("region", "road"):
        return mapped(text, one, by=before_digit(text))
    if _kernel is None or shape.keep not in _FAST:
        return mapped(text, one)
    parts = [_fast(shape, text.slice(i, _SLICE), one) for i in range(0, max(len(text), 1), _SLICE)]
    return parts[0] if len(parts) == 1 else pa.concat_arrays(parts)


def mapped(text: pa.Array, one: Callable[[str], str | None], by: pa.Array | None = None) -> pa.Array:
    """Return ``one(value)`` for n strings, computed once per distinct value; nulls stay null.

    Args:
        text: n strings.
        one: a pure function.
        by: n strings that decide the result alone (a front part of ``text``), fewer of them distinct.
    """
    encoded = (text if by is None else by).dictionary_encode()
    made = pa.array([one(value) for value in encoded.dictionary.to_pylist()], pa.string())
    return pa.DictionaryArray.from_arrays(encoded.indices, made).dictionary_decode()


def _fast(shape: Shape, text: pa.Array, one: Callable[[str], str]) -> pa.Array:
    offsets, data = buffers(text)
    out, ends, odd = _FAST[shape.keep](shape, offsets, data, text.offset, len(text))
    made = pa.Array.from_buffers(pa.string(), len(text), [None, pa.py_buffer(ends), pa.py_buffer(out)])
    rows = np.frombuffer(odd, np.int64)
    if len(rows):
        chosen = np.zeros(len(text), bool)
        chosen[rows] = True
        made = pc.replace_with_mask(made, pa.array(chosen), mapped(text.take(pa.array(rows)), one))
    return made if text.null_count == 0 else pc.if_else(pc.is_valid(text), made, pa.scalar(None, pa.string()))


def _ends(shape: Shape, *column: object) -> tuple[bytes, bytes, bytes]:
    plate = shape.alphabet == "plate"  # one Han character of three bytes, then letters and digits
    more = 2 if plate else 0
    allowed = _table(ALPHABETS["alnum" if plate else shape.alphabet])
    first = _table(shape.starts) if shape.starts else allowed
    widths = shape.min + more, shape.max + more, shape.head + more, shape.tail
    made: tuple[bytes, bytes, bytes] = _kernel.mask_ends(
        *column, _points(PROVINCES) if plate else b"", allowed, first, *widths, shape.fill.encode("ascii")
    )
    return made


def _name(shape: Shape, *column: object) -> tuple[bytes, bytes, bytes]:
    made: tuple[bytes, bytes, bytes] = _kernel.mask_name(
        *column,
        _points("".join(sorted({name[0] for name in compound_surnames()}))),
        shape.fill.encode("utf-8"),
    )
    return made


def _domain(shape: Shape, *column: object) -> tuple[bytes, bytes, bytes]:
    made: tuple[bytes, bytes, bytes] = _kernel.mask_domain(
        *column, _table(_MAILBOX), shape.head, shape.fill.encode("ascii")
    )
    return made


_FAST: dict[str, Callable[..., tuple[bytes, bytes, bytes]]] = {
    "ends": _ends,
    "name": _name,
    "domain": _domain,
}


def before_digit(text: pa.Array) -> pa.Array:
    """Return each of n addresses up to its first digit: division and road stand before it.

    Few of these fronts are distinct, and they decide everything down to the road.
    """
    if _kernel is None:
        return pc.replace_substring_regex(text, r"(?s)[0-9].*", "")
    offsets, data = buffers(text)
    out, ends, _ = _kernel.before_digit(offsets, data, text.offset, len(text))
    cut = pa.Array.from_buffers(pa.string(), len(text), [None, pa.py_buffer(ends), pa.py_buffer(out)])
    return cut if text.null_count == 0 else pc.if_else(pc.is_valid(text), cut, pa.scalar(None, pa.string()))


@lru_cache(maxsize=32)
def _table(letters: frozenset[str] | str) -> bytes:
    return bytes(chr(code) in letters for code in range(256))


@lru_cache(maxsize=4)
def _points(letters: str) -> bytes:
    bits = np.zeros(65536, np.uint8)
    bits[[ord(letter) for letter in letters]] = 1
    return np.packbits(bits, bitorder="little").tobytes()
