"""risk: figures against counting by hand, streams against whole tables, odd rows and odd input."""

from __future__ import annotations

import json
import math

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

import hushu
from hushu.anonymize.privacy.classes import closeness, contingency, diversity
from hushu.anonymize.privacy.standards import judge, standards
from hushu.anonymize.privacy.suggest import suggest_quasi_identifiers
from hushu.errors import ConfigError, InputError

from .people import QUASI, adult, people


def test_figures_are_those_of_counting_by_hand() -> None:
    frame = people(1500)
    report = hushu.risk(frame, ["age", "sex", "job"], "ill")
    sizes = frame.groupby(["age", "sex", "job"]).size()
    assert report.k == sizes.min()
    assert report.classes == len(sizes)
    assert report.unique_share == pytest.approx((sizes == 1).sum() / len(frame))
    assert report.prosecutor.max == 1 / sizes.min()
    assert report.prosecutor.mean == pytest.approx(len(sizes) / len(frame))
    assert report.l == frame.groupby(["age", "sex", "job"])["ill"].nunique().min()
    whole = frame["ill"].value_counts(normalize=True)
    by = frame.groupby(["age", "sex", "job"])["ill"].value_counts(normalize=True).unstack(fill_value=0)
    assert report.t == pytest.approx((by - whole).abs().sum(axis=1).max() / 2)
    assert sum(report.histogram.values()) == len(frame)


def test_adult_is_what_pycanon_says() -> None:
    frame, _ = adult()
    columns = [c for c in frame.columns if c != "salary-class"]
    report = hushu.risk(frame, columns, "salary-class")
    assert (report.k, report.l) == (1, 1)
    assert report.t == pytest.approx(0.7510775147536636, abs=1e-12)


def test_a_stream_gives_what_the_whole_table_gives() -> None:
    table = pa.Table.from_pandas(people(3000))
    whole = hushu.risk(table, QUASI, "ill").to_dict()
    stream = pa.RecordBatchReader.from_batches(table.schema, table.to_batches(max_chunksize=37))
    assert hushu.risk(stream, QUASI, "ill").to_dict() == whole


def test_merging_partial_counts_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    table = pa.Table.from_pandas(people(3000))
    whole = hushu.risk(table, QUASI, "ill")
    monkeypatch.setattr("hushu.anonymize.privacy.counting._MERGE_AT", 100)
    stream = pa.RecordBatchReader.from_batches(table.schema, table.to_batches(max_chunksize=64))
    assert hushu.risk(stream, QUASI, "ill") == whole


def test_suppressed_rows_are_left_out_and_stated() -> None:
    frame = pd.DataFrame({"a": ["*"] * 7 + ["x"] * 3 + ["*"] * 2, "b": ["*"] * 7 + ["y"] * 5})
    report = hushu.risk(frame, ["a", "b"])
    assert (report.rows, report.suppressed, report.k, report.classes) == (12, 7, 2, 2)


def test_missing_values_are_one_value() -> None:
    frame = pd.DataFrame({"a": [1.0, math.nan, math.nan, 1.0], "b": ["x", None, None, "x"]})
    assert hushu.risk(frame, ["a", "b"]).k == 2


def test_empty_tables_and_wrong_columns() -> None:
    empty = hushu.risk(people(5).iloc[:0], ["age"], "ill")
    assert (empty.rows, empty.k, empty.classes, empty.prosecutor.max) == (0, 0, 0, 0.0)
    json.dumps(empty.to_dict())
    for columns in (["nope"], [], "age", ["age", "age"]):
        with pytest.raises(ConfigError):
            hushu.risk(people(5), columns)
    with pytest.raises(InputError, match="HS-E262"):
        hushu.risk(42, ["age"])


def test_json_holds_the_contract_and_no_value() -> None:
    frame = people(200).assign(district="canary")
    made = hushu.risk(frame, ["age", "district"], "ill").to_dict()
    assert {"rows", "k", "l", "t", "unique_share", "prosecutor", "journalist", "marketer", "classes"} <= set(
        made
    )
    assert "canary" not in json.dumps(made)
    assert "canary" not in repr(hushu.risk(frame, ["age", "district"], "ill"))


def test_minimal_uniques_are_minimal() -> None:
    frame = pd.DataFrame({"a": [1, 1, 2, 2, 3], "b": [1, 2, 1, 2, 1], "c": [0] * 5})
    found = hushu.risk(frame, ["a", "b", "c"]).minimal_uniques()
    assert found.by_size == {1: 1, 2: 4, 3: 0}  # a=3 alone; (a, b) in the four others
    assert found.rows == 5
    assert found.by_column == {"a": 5, "b": 4, "c": 0}
    assert hushu.risk(frame, ["a", "b", "c"]).riskiest_columns()[-1] == ("c", 0.0)


class TestPopulation:
    def test_k_map_journalist_and_presence(self) -> None:
        register = pd.DataFrame({"z": ["a"] * 10 + ["b"] * 4 + ["c"] * 3})
        sample = pd.DataFrame({"z": ["a"] * 2 + ["b"] * 1})
        report = hushu.risk(sample, ["z"], population=register)
        assert report.population is not None
        assert report.population.k_map == 4
        assert report.population.delta == (0.0, 0.25)
        assert report.journalist.max == 0.25
        assert report.journalist.mean == pytest.approx((2 / 10 + 1 / 4) / 3)
        assert report.basis == "population"

    def test_a_register_that_misses_people_is_noticed(self) -> None:
        report = hushu.risk(pd.DataFrame({"z": ["a", "q"]}), ["z"], population=pd.DataFrame({"z": ["a"]}))
        assert report.population is not None
        assert report.population.outside == 1

    @pytest.mark.parametrize("share", [0.1, 0.4])
    def test_estimated_population_uniques_are_near_the_truth(self, share: float) -> None:
        frame = people(20_000, seed=4)[["age", "sex", "district", "job"]]
        truth = (frame.groupby(list(frame.columns)).size() == 1).sum() / len(frame)
        sample = frame.sample(frac=share, random_state=2)
        report = hushu.risk(sample, list(frame.columns), population_size=len(frame))
        assert abs(report.population_uniques["chosen"] - truth) < abs(report.unique_share - truth) / 2

    def test_a_population_smaller_than_the_table(self) -> None:
        with pytest.raises(ConfigError, match="HS-E160"):
            hushu.risk(people(50), ["age"], population_size=10)


class TestStandards:
    def test_public_release_needs_21_on_the_strict_reading(self) -> None:
        strict = {k: next(j for j in judge(np.full(3, k)) if j.standard == "gbt-42460") for k in (20, 21)}
        assert (strict[20].level, strict[21].level) == ("2级", "3级")
        assert judge(np.full(3, 20), at_threshold="holds")[0].level == "3级"

    def test_one_class_below_the_limit_makes_the_total_risk_one(self) -> None:
        public = judge(np.array([19, 400]), context=0.01)[0]
        assert (public.model, public.risk, public.level) == ("public", 1.0, "2级")

    def test_controlled_release_of_37964(self) -> None:
        def controlled(sizes: list[int]) -> bool | None:
            return next(
                j.holds
                for j in judge(np.array(sizes))
                if j.standard == "gbt-37964" and j.model == "controlled"
            )

        assert controlled([3, 4]) is True
        assert controlled([1, 90]) is False

    def test_every_statement_carries_its_source(self) -> None:
        for standard in standards():
            assert standard.source.startswith("GB/T ")
            assert standard.article
            assert standard.verified in {"fulltext", "excerpt", "memory"}


def test_diversity_and_closeness_by_definition() -> None:
    klass = np.array([0, 0, 0, 1, 1])
    value = np.array([0, 1, 2, 0, 2])
    count = np.array([4, 2, 2, 1, 3])
    table = contingency(klass, value, count, 2, 3)
    assert diversity(table).tolist() == [3, 2]
    p = np.array([0.5, 0.25, 0.25])
    assert diversity(table, "entropy")[0] == pytest.approx(math.exp(-(p * np.log(p)).sum()))
    # r = (4, 2, 2): 4 < 1.5 (2 + 2) holds for l = 2, not 4 < 1.5 · 2 for l = 3
    assert diversity(table, "recursive", 1.5)[0] == 2
    whole = np.array([5, 2, 5]) / 12
    assert closeness(table)[0] == pytest.approx(np.abs(p - whole).sum() / 2)
    assert closeness(table, "ordered")[0] == pytest.approx(np.abs(np.cumsum(p - whole)[:-1]).sum() / 2)
    levels = np.array([[0, 1, 2], [0, 0, 1], [0, 0, 0]])
    move = p - whole  # +1/12, +1/12, -1/6: all of it goes to the other branch, 2 of 2 levels up
    assert closeness(table, "hierarchical", None, levels)[0] == pytest.approx(np.maximum(move, 0).sum())


@pytest.mark.parametrize("seed", range(5))
def test_ordered_distance_is_that_of_the_dense_tables(seed: int) -> None:
    rng = np.random.default_rng(seed)
    rows, classes, values = 400, 13, int(rng.integers(2, 60))
    klass, value = rng.integers(0, classes, rows), rng.integers(0, values, rows)
    klass[:classes] = range(classes)
    table = contingency(klass, value, np.ones(rows, dtype=np.int64), classes, values)
    dense = np.zeros((classes, values))
    np.add.at(dense, (klass, value), 1)
    apart = np.cumsum(dense / dense.sum(axis=1, keepdims=True) - dense.sum(axis=0) / rows, axis=1)
    assert closeness(table, "ordered") == pytest.approx(np.abs(apart).sum(axis=1) / max(values - 1, 1))


def test_suggestion_finds_what_singles_out() -> None:
    frame = people(3000).assign(country="CN")
    found = suggest_quasi_identifiers(frame.drop(columns=["income"]))
    roles = {score.column: score.role for score in found.columns}
    assert roles["id"] == "identifier"
    assert roles["country"] == "constant"
    assert set(found.quasi_identifiers[:2]) == {"age", "district"}
    assert 0 < found.unique_share < 1
