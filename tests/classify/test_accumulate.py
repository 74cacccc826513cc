"""Gathering values: exact counts, order and batches change nothing, memory stays constant."""

from __future__ import annotations

import json
import math
import random
from datetime import date, datetime

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hushu.classify import kernel
from hushu.classify.accumulate import TableAccumulator
from hushu.classify.arrow import as_text
from hushu.classify.keys import hashes, keyed_hash
from hushu.classify.sketch import KEPT
from hushu.io.contract import ColumnMeta


def batch_of(array):
    return pa.RecordBatch.from_arrays([array], names=[""])


def gathered(values, batch, parts=1):
    gatherings = [kernel.gathering(1) for _ in range(parts)]
    for at, start in enumerate(range(0, len(values), batch)):
        gatherings[at % parts].add(batch_of(pa.array(values[start : start + batch], pa.string())))
    for other in gatherings[1:]:
        gatherings[0].merge(other)
    return gatherings[0].columns()[0]


@given(st.lists(st.one_of(st.none(), st.text(max_size=30)), max_size=40), st.integers(0, 5))
def test_the_vectorised_hash_is_the_hash(values, offset):
    texts = [None if v is None else v.encode("utf-8", "ignore").decode() for v in values]
    array = pa.array(texts, pa.string()).slice(offset)
    for value, key in zip(array.to_pylist(), hashes(array).tolist(), strict=True):
        assert value is None or keyed_hash(value) == key


@pytest.mark.parametrize("backend", ["c", "python"])
@pytest.mark.parametrize(
    "make",
    [lambda r: str(r.randrange(9000)), lambda r: f"https://x.cn/aa/{r.randrange(1000, 9999)}/photo.jpg"],
)
def test_order_and_batches_change_nothing(make, backend, monkeypatch):
    monkeypatch.setenv("HUSHU_KERNEL", backend)
    rng = random.Random(5)
    values = [make(rng) for _ in range(12_000)]
    whole = gathered(values, 12_000)
    rng.shuffle(values)
    assert gathered(values, 5000) == whole
    assert gathered(values, 100) == whole
    assert gathered(values, 700, parts=3) == whole


@given(
    st.lists(st.one_of(st.none(), st.text(max_size=30), st.sampled_from(["男", "13800138000"])), max_size=40),
    st.sampled_from([1, 7, 40]),
)
def test_both_ways_keep_the_same(values, batch):
    texts = [None if v is None else v.encode("utf-8", "ignore").decode() for v in values]
    with pytest.MonkeyPatch.context() as patch:
        fast = gathered(texts, batch)
        patch.setenv("HUSHU_KERNEL", "python")
        assert gathered(texts, batch)[1:] == fast[1:]


def test_a_dictionary_is_counted_as_what_it_stands_for():
    values = ["a", None, "b", "a", "13800138000"] * 50
    one, other = kernel.gathering(1), kernel.gathering(1)
    one.add(batch_of(pa.array(values)))
    other.add(batch_of(pa.array(values).dictionary_encode()))
    assert one.columns() == other.columns()


def test_counts_of_kept_values_are_exact():
    values = [str(i % 3000) for i in range(12_000)]
    _, sample, complete, distinct = gathered(values, 1000)
    assert not complete
    assert len(sample) <= KEPT
    assert set(sample.values()) == {4}
    assert distinct == pytest.approx(3000, rel=0.15)


def test_few_values_are_all_kept():
    _, sample, complete, distinct = gathered(["男", "女", "男"] * 1000, 500)
    assert (sample, complete, distinct) == ({"男": 2000, "女": 1000}, True, 2)


def test_a_table_is_gathered_column_by_column():
    seen = TableAccumulator("t", "表", [ColumnMeta(name="a", comment="性别"), ColumnMeta(name="a")])
    batch = pa.RecordBatch.from_arrays([pa.array(["男", None]), pa.array([1, 2])], names=["a", "a"])
    seen.add(batch)
    seen.add(batch)
    view = seen.view()
    assert (view.name, view.comment, view.rows) == ("t", "表", 4)
    assert view.columns[0].profile.nulls == 2
    assert dict(view.columns[1].sample) == {"1": 2, "2": 2}


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (pa.array([13800138000, None]), ["13800138000", None]),
        (pa.array([13800138000.0, 1.5, math.nan]), ["13800138000", "1.5", None]),
        (pa.array([1.10101e17]), ["1.10101e+17"]),
        (pa.array([date(1985, 3, 12)]), ["1985-03-12"]),
        (pa.array(["a", "b"]).dictionary_encode(), ["a", "b"]),
        (pa.array([["张三", "李四"]]), [json.dumps(["张三", "李四"], ensure_ascii=False)]),
        (pa.array([b"\xff\xfe"]), ["\ufffd\ufffd"]),
        (pa.nulls(2), [None, None]),
        (pa.array([math.inf]), ["inf"]),
    ],
)
def test_everything_becomes_text(values, expected):
    assert as_text(values).to_pylist() == expected


def test_timestamps_become_text():
    assert as_text(pa.array([datetime(2024, 1, 2, 3, 4, 5)])).to_pylist()[0].startswith("2024-01-02 03:04:05")
