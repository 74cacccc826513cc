"""The same text as the standard library's, whatever the document."""

import datetime
import json
from typing import Any

import pytest

from hushu.io.indented import dumps

DOCUMENTS: list[Any] = [
    1,
    None,
    "a\n{",
    [],
    {},
    (),
    [[]],
    [{}],
    {"a": {}, "b": [], "c": (1, (2,))},
    {1: 2, "x": [1], None: True, 1.5: [None]},
    {True: [1], "x": False},
    {"day": datetime.date(2026, 11, 21), "n": 1, "f": float("inf")},
    [datetime.date(2026, 11, 21), 0.1, float("nan"), -0.0, 10**30],
    {"a": ",\n", "b": '",\n "', "c": "\u2028 汉"},
    {"a": {"b": {"c": {"d": [1, [2, [3, {"e": "f", "g": "h", "i": "j"}]]]}}}},
]


@pytest.mark.parametrize("document", DOCUMENTS)
def test_text_is_that_of_the_standard_library(document: Any) -> None:
    assert dumps(document) == json.dumps(document, ensure_ascii=False, indent=1, default=str)
