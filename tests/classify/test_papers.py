"""证件类型 decides 证件号码 row by row."""

import random

import pyarrow as pa
import pytest

import hushu
from hushu.classify.explain import why
from hushu.classify.papers import DocumentKinds
from hushu.io.contract import ColumnMeta
from tests.classify import identifiers


def resident_id(number):
    return identifiers.resident_id(random.Random(number))


NUMBERS = {
    "居民身份证": resident_id,
    "普通护照": lambda n: f"E{n:08d}",
    "港澳居民来往内地通行证": lambda n: f"H{n:08d}",
    "台湾居民来往大陆通行证": lambda n: f"{n:08d}",
    "军官证": lambda n: f"军字第{n:07d}号",
}
SHARES = {
    "居民身份证": 60,
    "普通护照": 20,
    "港澳居民来往内地通行证": 10,
    "台湾居民来往大陆通行证": 6,
    "军官证": 4,
}
TYPES = {"CN_RESIDENT_ID": 60, "CN_PASSPORT": 20, "CN_TRAVEL_PERMIT": 16, "CN_MILITARY_ID": 4}


def frame(kinds=lambda kind: kind, names=("姓名", "证件类型", "证件号码")):
    rows = [kind for kind, n in SHARES.items() for _ in range(n)]
    numbers = [NUMBERS[kind](number + 1) for number, kind in enumerate(rows)]
    return pa.table(dict(zip(names, (["张伟"] * 100, [kinds(k) for k in rows], numbers), strict=True)))


@pytest.mark.parametrize(
    "names",
    [
        ("姓名", "证件类型", "证件号码"),
        ("xm", "zjlx", "zjhm"),
        ("name", "cert_type", "cert_no"),
        ("custName", "idType", "idNo"),
        ("XM", "SFZJLXDM", "SFZJH"),
    ],
)
def test_a_column_of_mixed_documents_tells_its_contents_by_type(names):
    inventory = hushu.scan(frame(names=names))
    column = inventory.tables[0][names[2]]
    contents = {c.type: c.count for c in column.finding.contains}
    assert {column.type: TYPES[column.type], **contents} == TYPES
    assert column.finding.facts["documents"] == TYPES


def test_why_shows_each_kind():
    inventory = hushu.scan(frame())
    text = why(inventory, f"{inventory.tables[0].name}.证件号码").text()
    assert "20/100 证件类型: CN_PASSPORT" in text
    assert "4/100 证件类型: CN_MILITARY_ID" in text


def test_codes_of_the_own_system_are_told_by_their_numbers():
    codes = {kind: str(at) for at, kind in enumerate(SHARES)}
    column = hushu.scan(frame(kinds=codes.get)).tables[0]["证件号码"]
    told = column.finding.facts["documents"]
    assert told["CN_RESIDENT_ID"] == 60
    assert told["CN_PASSPORT"] == 20


def test_national_codes_are_known():
    codes = dict(zip(SHARES, ("111", "414", "516", "511", "114"), strict=True))
    column = hushu.scan(frame(kinds=codes.get)).tables[0]["证件号码"]
    assert column.finding.facts["documents"] == TYPES


def test_one_kind_alone_changes_nothing():
    table = pa.table({"证件类型": ["身份证"] * 5, "证件号码": [resident_id(n) for n in range(5)]})
    column = hushu.scan(table).tables[0]["证件号码"]
    assert column.type == "CN_RESIDENT_ID"
    assert "documents" not in column.finding.facts


def test_each_kind_goes_with_its_own_number():
    names = ["申请人证件类型", "申请人证件号码", "配偶证件类型", "配偶证件号码"]
    assert DocumentKinds.of([ColumnMeta(name=n) for n in names]).pairs == {1: 0, 3: 2}
    assert DocumentKinds.of([ColumnMeta(name=n) for n in ("zjhm", "xm", "zjlx")]).pairs == {0: 2}


def test_no_kind_no_pair():
    assert not DocumentKinds.of(
        [ColumnMeta(name=n) for n in ("证件号码", "类型", "用户类型", "phone_type")]
    ).pairs


def test_blank_numbers_and_batches_count_rightly():
    seen = DocumentKinds.of([ColumnMeta(name="证件类型"), ColumnMeta(name="证件号码")])
    for _ in range(2):
        seen.add(
            pa.record_batch(
                {"a": ["护照", "身份证", None, "护照"], "b": ["E00000001", resident_id(3), "x", None]}
            )
        )
    assert seen.counts(1) == {"CN_PASSPORT": 2, "CN_RESIDENT_ID": 2}
