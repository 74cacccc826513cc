"""Bad input of group privacy, counts and queries: a code that says what to do, never a bug."""

from __future__ import annotations

import math

import pandas as pd
import pyarrow as pa
import pytest

import hushu
from hushu.errors import HushuError

FRAME = pd.DataFrame({"a": [1, 2, 3, 4] * 5, "b": list("wxyz") * 5, "s": ["p", "q"] * 10})


@pytest.mark.parametrize("k", [0, -1, "5", 2.5, None, True, math.nan, math.inf, 10**20, 21])
@pytest.mark.parametrize("recoding", ["global", "local"])
def test_a_k_that_is_none(k, recoding):
    with pytest.raises(HushuError, match="HS-E16"):
        hushu.k_anonymize(FRAME, ["a"], k, recoding=recoding)


@pytest.mark.parametrize(
    "options",
    [
        {"l": "x"}, {"l": 0.5}, {"l": math.inf}, {"l": 3}, {"t": 2}, {"t": math.nan}, {"max_suppression": "a"},
        {"max_suppression": math.nan}, {"hierarchies": {"a": 5}}, {"hierarchies": "x"}, {"weights": {"a": "x"}},
        {"weights": {"a": math.nan}}, {"recoding": "x"}, {"l": 2, "diversity": "x"}, {"t": 0.5, "closeness": "x"},
    ],
)  # fmt: skip
def test_options_that_are_wrong(options):
    with pytest.raises(HushuError, match="HS-E16"):
        hushu.k_anonymize(FRAME, ["a", "b"], 2, **{"sensitive": "s", **options})


COLUMNS = {
    "all missing": pd.DataFrame({"a": [math.nan] * 10}),
    "some missing": pd.DataFrame({"a": [1.0, math.nan] * 5}),
    "infinite": pd.DataFrame({"a": [math.inf, -math.inf, 1.0, 2.0, 3.0] * 2}),
    "lists": pa.table({"a": [[1, 2]] * 5 + [[3]] * 5}),
    "records": pa.table({"a": [{"x": 1}] * 10}),
    "bytes": pa.table({"a": [b"x\xff"] * 10}),
    "stars": pd.DataFrame({"a": ["*", "x"] * 5}),
    "empty text": pd.DataFrame({"a": ["", None] * 5}),
    "mixed": pd.DataFrame({"a": [1, "x", None, 2.5, "y"] * 2}),
}


@pytest.mark.parametrize("frame", COLUMNS.values(), ids=COLUMNS)
def test_columns_of_every_kind_are_recoded_measured_and_counted(frame):
    for recoding in ("global", "local"):
        made = hushu.k_anonymize(frame, ["a"], 3, recoding=recoding, max_suppression=1.0)
        assert made.k == 0 or made.k >= 3
    assert hushu.risk(frame, ["a"]).rows == 10
    assert hushu.tabulate(frame, ["a"], minimum=2).figures["cells"] >= 2


@pytest.mark.parametrize("options", [{"context": 5}, {"context": math.nan}, {"population_size": "x"}])
def test_risk_options(options):
    with pytest.raises(HushuError, match="HS-E160"):
        hushu.risk(FRAME, ["a"], **options)


def test_a_measure_that_is_text_is_refused_without_quoting_it():
    with pytest.raises(HushuError, match="HS-E263") as refusal:
        hushu.tabulate(pd.DataFrame({"a": ["x"] * 3, "n": ["canary"] * 3}), ["a"], measure="n")
    assert "canary" not in str(refusal.value)
    assert refusal.value.__cause__ is None


@pytest.mark.parametrize("data", [None, 5, [], "nofile.csv", {"a": [1]}])
def test_data_that_are_no_table(data):
    for call in (hushu.risk, hushu.tabulate, hushu.k_anonymize):
        with pytest.raises(HushuError):
            call(data, ["a"])


@pytest.mark.parametrize("where", [" AND ".join(["nl>1"] * 3000), "(" * 500 + "nl>1" + ")" * 500])
def test_a_query_that_is_too_deep_is_refused(where):
    from hushu.anonymize.query import rules
    from hushu.anonymize.query.lineage import Protection

    columns = {"t": {"nl": Protection(None, False, True, False, "band")}}
    with pytest.raises(HushuError, match="HS-E60"):
        rules.check(f"SELECT COUNT(*) FROM t WHERE {where}", columns, "sqlite")
