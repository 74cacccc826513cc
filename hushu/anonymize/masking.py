"""Masking whole columns: values in their plain form by the kernel, the odd ones one by one."""

from __future__ import annotations

from collections.abc import Callable

import pyarrow as pa

from hushu.anonymize.normalizing import normalizer
from hushu.anonymize.operators.recipes import Recipe

_SAMPLE = 4096


def masked(recipe: Recipe, text: pa.Array) -> pa.Array:
    """Return the masked forms of n strings; nulls stay null."""
    fold = normalizer(recipe.type)
    return mapped(text, lambda value: recipe.mask(fold(value)))


def mapped(text: pa.Array, one: Callable[[str], str | None]) -> pa.Array:
    """Return ``one(value)`` for n strings, computed once per distinct value; nulls stay null."""
    encoded = text.dictionary_encode()
    made = pa.array([one(value) for value in encoded.dictionary.to_pylist()], pa.string())
    return pa.DictionaryArray.from_arrays(encoded.indices, made).dictionary_decode()
