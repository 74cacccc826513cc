"""Masks: what they show, what they never show, and the kernel against the plain rules."""

import re

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hushu.anonymize.operators import Context, make
from hushu.anonymize.operators.recipes import recipe
from hushu.anonymize.values import masking
from hushu.anonymize.values.normalizing import normalizer

TYPES = [
    "PERSON", "CN_RESIDENT_ID", "PHONE_NUMBER", "EMAIL_ADDRESS", "BANK_CARD", "BANK_ACCOUNT", "LICENSE_PLATE",
    "ADDRESS", "IP_ADDRESS", "MAC_ADDRESS", "CN_PASSPORT", "VIN", "CN_USCC", "BIRTH_DATE", "QQ_NUMBER",
    "CREDENTIAL",
]  # fmt: skip
CELLS = [
    "张伟", "欧阳娜娜", "夏侯惇", "夏雨", "张", "Zhang Wei", "阿依古丽·买买提", "王伟13800138000",
    "13800138000", "+86 138-0013-8000", "021-20000000", "310101190001010011",
    "31010119000101002x", "310101000101001", "6222020000000000000", "沪A00001", "京AD12345",
    "使000000", "粤Z0000港", "张A00001", "a@b.cn", "A@B.CN", "a@@b.cn", "a b@c.cn",
    "192.0.2.1", "999.0.0.1", "上海市浦东新区世纪大道100号301室", "世纪大道100号", "1990-01-02", "", " ",
    "1.38E+10", "\ud7ff", "𠮷野", "00:00:5E:00:53:01", "E00000001",
    "91310000MA1FAKE002",
]  # fmt: skip


def run(name: str, type_id: str, values: list[str | None]) -> list[str | None]:
    return make(name)(pa.array(values, pa.string()), Context(type=type_id)).to_pylist()


@pytest.mark.skipif(masking._kernel is None, reason="the C kernel is not built")
@pytest.mark.parametrize("type_id", TYPES)
@pytest.mark.parametrize("level", ["strict", "screen"])
@settings(max_examples=12, deadline=None)
@given(values=st.lists(st.one_of(st.none(), st.sampled_from(CELLS), st.text(max_size=24)), max_size=30))
def test_kernel_and_plain_rules_give_the_same_bytes(type_id, level, values):
    column = pa.array([None, "x", *values], pa.string()).slice(2)
    made = masking.masked(recipe(type_id, level), column)
    one = normalizer(type_id)
    expected = [None if v is None else recipe(type_id, level).mask(one(v)) for v in values]
    assert made.to_pylist() == expected
    made.validate(full=True)


@pytest.mark.parametrize("type_id", TYPES)
@pytest.mark.parametrize("name", ["mask", "mask_screen"])
def test_a_value_of_another_type_shows_nothing_but_its_first_letter(type_id, name):
    # Masking fails closed: what does not have the type's shape is hidden, whatever it is.
    for foreign in ("身份证310101190001010011号", "1.38E+10", "密码 hunter2!"):
        shown = run(name, type_id, [foreign])[0]
        assert not re.search(r"\d{3}|hunter", shown)


def test_a_strict_mask_leaves_more_than_ten_thousand_candidates():
    phones = run("mask", "PHONE_NUMBER", [f"138{n:08d}" for n in range(0, 10**8, 4999)])
    assert len(set(phones)) == 1
    numbers = run("mask", "CN_RESIDENT_ID", [f"31{n:015d}X" for n in range(0, 10**15, 10**11)])
    assert len(set(numbers)) == 1


def test_the_length_of_a_name_does_not_show():
    assert len({len(v) for v in run("mask", "PERSON", ["王伟", "王小伟", "王·买买提江"])}) == 1


def test_every_recipe_says_what_remains():
    for type_id in TYPES:
        for name in ("mask", "mask_screen"):
            assert make(name).residual(type_id, "zh")
            assert make(name).residual(type_id, "en")


def test_slices_and_large_columns_keep_their_place():
    column = pa.array(["13800138000", None, "不详"] * 1000).slice(1, 2999)
    assert make("mask")(column, Context(type="PHONE_NUMBER")).to_pylist()[:3] == [
        None,
        "********",
        "138********",
    ]
