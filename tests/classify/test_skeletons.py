"""Without a compiler: many values of one skeleton at once give the reference's answers."""

from __future__ import annotations

import random

import pyarrow as pa
import pytest

from hushu.classify import fallback, reference
from hushu.classify.skeletonforms import form_of
from hushu.classify.skeletons import skeletons

from . import identifiers as n
from .test_kernel import EXAMPLES, comparable

BASES = [
    *EXAMPLES, "2024-01-15", "1999/02/30", "2024.1.5", "2024-01-15T10:11:12", "2024-01-15 10:11:12", "10.2.30.4",
    "300.1.2.3", "A12-34567", "tel212-3456", "12.50", "-3.0", "123456.1", "0571-8234567", "031-23456789",
    "沪DH1234", "京BF1234", "粤ZA123港", "13800138000x12", "li.wei1234@example.com", "token=abc@x.cn", "某某",
    "欧阳㐀", "12345678x", "1e10", "0086138001380", "8613800138000", "xxx", "abcxxx12", "12345678-X",
]  # fmt: skip
HAN = "市民反映小区电梯故障王京房第号年沪川使字转元万件身份证电话订单号护照联系卡号，。；！？（）、"


def prose(source: random.Random) -> str:
    text = "".join(source.choice(HAN) for _ in range(source.randrange(4, 30)))
    number = source.choice([n.mobile, n.resident_id, n.bank_card, n.uscc, lambda _: "62545581", lambda _: ""])
    place = source.randrange(len(text) + 1)
    return text[:place] + number(source) + text[place:]


def varied(source: random.Random, text: str) -> str:
    digits = "".join(source.choice("0123456789") if c in "0123456789" else c for c in text)
    return "".join(source.choice("abefxyzABEFXLHJ") if c in "abeFAx" else c for c in digits)


@pytest.mark.parametrize("seed", range(6))
def test_many_values_count_like_the_reference(seed: int) -> None:
    source = random.Random(seed)
    bases = [source.choice(BASES) if source.random() < 0.6 else prose(source) for _ in range(12)]
    values: list[str | None] = [
        varied(source, base) if source.random() < 0.85 else base for base in bases for _ in range(40)
    ]
    values += [None] * 5
    source.shuffle(values)
    assert comparable(fallback.profile(pa.array(values))) == comparable(reference.profile(values))


def test_a_skeleton_keeps_what_matters() -> None:
    codes, known = skeletons(pa.array(["沪A12345", "京B54321", "某，1"]))
    assert codes.tolist() == [0, 0, 1]
    assert known[0] == b"hcca00000"
    assert "，".encode() in known[1]


def test_secrets_and_masks_have_no_form() -> None:
    assert form_of(b"aaa=aaaa00") is None
    assert form_of(b"000****0000") is None
