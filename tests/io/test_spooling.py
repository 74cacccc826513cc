"""Rows that outgrow memory: nothing is lost, doubled or left in another order than asked."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hushu.io.spooling import BATCH_ROWS, KeyPile, SortedRuns, Spool

EVEN = np.uint64(2)


def keyed_batches(skew: str):
    draw = np.random.default_rng(1)
    for number in range(24):
        keys = draw.integers(0, 2**63, 4000).astype(np.uint64) * EVEN
        if skew == "few":
            keys %= np.uint64(3)
        elif skew == "one":
            keys = np.where(keys % np.uint64(5) == 0, keys, np.uint64(7777))
        late = pa.nulls(4000) if number < 3 else pa.array(["a"] * 4000)
        yield pa.record_batch({"key": [str(k) for k in keys], "late": late}), keys


@pytest.mark.parametrize("skew", ["even", "few", "one"])
@pytest.mark.parametrize("on_disk", [True, False])
def test_rows_come_back_sorted_by_their_keys(tmp_path, skew, on_disk):
    runs = SortedRuns(tmp_path if on_disk else None, budget=100_000)
    every = []
    for batch, keys in keyed_batches(skew):
        runs.add(batch, keys)
        every.append(keys)
    out = pa.Table.from_batches(list(runs.batches()))
    assert out["key"].to_pylist() == [str(k) for k in np.sort(np.concatenate(every))]
    assert out["late"].null_count == 12_000
    assert out.equals(pa.Table.from_batches(list(runs.batches()))), "a second reading gives the same"
    assert bool(list(tmp_path.iterdir())) == on_disk


def test_batches_are_cut_alike_whatever_the_budget(tmp_path):
    cuts = []
    for budget in (50_000, 0):
        runs = SortedRuns(tmp_path / str(budget), budget=budget)
        (tmp_path / str(budget)).mkdir()
        for batch, keys in keyed_batches("even"):
            runs.add(batch, keys)
        cuts.append([batch.num_rows for batch in runs.batches()])
    assert cuts[0] == cuts[1] == [BATCH_ROWS, 24 * 4000 - BATCH_ROWS]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.lists(st.one_of(st.none(), st.text(max_size=3)), max_size=9), max_size=6))
def test_a_spool_hands_out_what_it_was_given(tmp_path_factory, parts):
    spool = Spool(tmp_path_factory.mktemp("spool"), budget=20)
    for part in parts:
        kind = pa.null() if all(value is None for value in part) else pa.string()
        spool.add(pa.record_batch({"a": pa.array(part, kind), "n": pa.array(range(len(part)))}))
    whole = [value for part in parts for value in part]
    assert spool.num_rows == len(whole)
    if parts:
        assert [v for b in spool.batches() for v in b.column("a").to_pylist()] == whole
        assert [v for b in spool.batches(["a"]) for v in b.column(0).to_pylist()] == whole


def test_a_pile_of_keys_is_whole_in_memory_and_in_a_file(tmp_path):
    for place in (None, tmp_path):
        pile = KeyPile(place, "k", budget=64)
        for start in range(0, 100, 7):
            pile.add(np.arange(start, min(start + 7, 100), dtype=np.uint64))
        for _ in range(2):
            assert np.concatenate(list(pile.parts())).tolist() == list(range(100))
        assert pile.count == 100
