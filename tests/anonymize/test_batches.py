"""What works batch by batch gives the same values however the column is cut, with and without the kernel."""

from datetime import date

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hushu.anonymize.keys import Key, Keyring
from hushu.anonymize.operators import Context, get, make, names
from hushu.anonymize.values import blockcipher, digests, masking

KEYS = Keyring(Key(bytes(range(32))))
PEOPLE = [
    "张伟",
    "欧阳娜娜",
    "13800138000",
    "310101190001010011",
    "6222020000000000000",
    "沪A00001",
    "a@b.cn",
    "",
    None,
]
NUMBERS = [0, 17, 18, 37.5, 89, 90, 104, -3, None]
DATES = [date(1990, 1, 2), date(2024, 12, 31), None]
CASES = {
    "bucket": ({"width": 10, "low": 20, "high": 90}, "AGE", NUMBERS),
    "constant": ({}, "PERSON", PEOPLE),
    "coordinate": ({"decimals": 1}, "GEO_COORDINATE", NUMBERS),
    "date_part": ({"part": "quarter"}, "", DATES),
    "date_shift": ({"jitter_weeks": 2}, "", DATES),
    "derive": ({"part": "gender"}, "CN_RESIDENT_ID", PEOPLE),
    "drop": ({}, "PERSON", PEOPLE),
    "encrypt": ({"cipher": "sm4-gcm"}, "PERSON", PEOPLE),
    "format_preserving": ({"cipher": "sm4"}, "PHONE_NUMBER", PEOPLE),
    "generalize": ({"hierarchy": "age", "level": 1}, "AGE", NUMBERS),
    "keep": ({}, "PERSON", PEOPLE),
    "mask": ({}, "PERSON", PEOPLE),
    "mask_screen": ({}, "PHONE_NUMBER", PEOPLE),
    "noise": ({"scale": 5}, "AGE", NUMBERS),
    "null": ({}, "PERSON", PEOPLE),
    "pseudonym": ({"hash": "sm3"}, "PERSON", PEOPLE),
    "redact_text": ({}, "FREE_TEXT", ["", None]),
    "regex": ({"pattern": "[0-9]", "replacement": "#"}, "", PEOPLE),
    "round": ({"step": 5}, "AGE", NUMBERS),
    "topcode": ({"low": 18, "high": 90}, "AGE", NUMBERS),
    "truncate": ({"keep": 2}, "", PEOPLE),
    "yes_no": ({}, "PERSON", PEOPLE),
}


def run(name: str, values: list, start: int, kind: pa.DataType) -> list:
    params, type_id, _ = CASES[name]
    column = pa.array(values, kind)
    context = Context(
        dataset="d", recipient="r", type=type_id, column="c", keys=KEYS, start=start,
        entity=pa.array(["p"] * len(values)),
    )  # fmt: skip
    made = make(name, params)(column, context)
    assert len(made) == len(values)
    return made.to_pylist()


def test_every_batchwise_operator_is_tried_here():
    assert {name for name in names() if get(name).reads != "column"} == set(CASES)


@pytest.mark.parametrize("name", CASES)
@settings(max_examples=8, deadline=None)
@given(data=st.data())
def test_batches_agree_with_the_whole(name, data):
    pool = CASES[name][2]
    kind = pa.array(pool).type
    first = data.draw(st.lists(st.sampled_from(pool), max_size=12))
    second = data.draw(st.lists(st.sampled_from(pool), max_size=12))
    whole = run(name, first + second, 0, kind)
    assert run(name, first, 0, kind) + run(name, second, len(first), kind) == whole


@pytest.mark.parametrize("name", ["mask", "mask_screen", "pseudonym", "format_preserving", "date_shift"])
def test_without_the_kernel_the_bytes_are_the_same(name, monkeypatch):
    pool = CASES[name][2] * 3
    kind = pa.array(pool).type
    fast = run(name, pool, 0, kind)
    for module in (masking, digests, blockcipher):
        monkeypatch.setattr(module, "_kernel", None)
    assert run(name, pool, 0, kind) == fast


@pytest.mark.parametrize("name", sorted(set(CASES) - {"yes_no"}))
def test_nulls_stay_null(name):
    made = run(name, [None, None], 0, pa.array(CASES[name][2]).type)
    assert made == [None, None]
