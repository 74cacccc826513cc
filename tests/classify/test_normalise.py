"""Folding: what changes, what stays the same object, and the way back to the original."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hushu.classify.normalise import fold, folding, normalise


@pytest.mark.parametrize(
    ("raw", "plain"),
    [
        ("１３８００１３８０００", "13800138000"),
        ("31010119000101002Ⅹ", "31010119000101002X"),
        ("138—0013–8000", "138-0013-8000"),
        ("138\u30000013\u00a08000", "138 0013 8000"),
        ("1\u200b3\ufeff8", "138"),
        ("\\u0031\\u0033", "13"),
        ("\\n13\\t8\\/", "\n13\t8/"),
        ("沪A•12345", "沪A·12345"),
        ("（２０２４）", "(2024)"),
        ("𝟏𝟑𝟖", "138"),
    ],
)
def test_folding(raw: str, plain: str) -> None:
    assert fold(raw) == plain


@pytest.mark.parametrize("text", ["", "13800138000", "张三", "C:\\Users", "é", "沪A·12345"])
def test_what_needs_nothing_is_the_same_object(text: str) -> None:
    found = normalise(text)
    assert found.text is text
    assert found.offsets is None


@given(st.text(max_size=40))
def test_offsets_lead_back(text: str) -> None:
    found = normalise(text)
    for place in range(len(found.text)):
        start, end = found.original(place, place + 1)
        assert 0 <= start < end <= len(text)
        assert fold(text[start:end]) == found.text[place]
    if found.text:
        assert found.original(0, len(found.text))[1] <= len(text)


def test_folding_twice_changes_nothing() -> None:
    assert all(not plain or fold(plain) == plain for plain in folding().values())
