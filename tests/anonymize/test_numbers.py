import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hushu.anonymize.keys import Key, Keyring
from hushu.anonymize.operators import Context, make
from hushu.anonymize.operators.base import information_loss
from hushu.errors import ConfigError, InputError, KeyMaterialError

KEYS = Keyring(Key(bytes(range(32))))
CONTEXT = Context(dataset="d", recipient="r", type="INCOME", column="income", keys=KEYS)


def test_round_and_topcode_keep_the_kind_of_number():
    whole = make("round", {"step": 1000})(pa.array([1499, 2500, None]), CONTEXT)
    assert whole.to_pylist() == [1000, 2000, None]
    assert whole.type == pa.int64()
    assert make("round", {"step": 0.5})(pa.array(["1.3", "１，000"]), CONTEXT).to_pylist() == [1.5, 1000.0]
    cut = make("topcode", {"low": 18, "high": 90})(pa.array([3, 50, 104, None]), CONTEXT)
    assert cut.to_pylist() == [18, 50, 90, None]


@pytest.mark.parametrize("name", ["round", "topcode", "noise", "microaggregate", "bucket"])
def test_text_among_numbers_is_counted_and_never_shown(name):
    params = {
        "round": {"step": 1},
        "topcode": {"low": 1},
        "noise": {"scale": 1},
        "microaggregate": {"k": 2},
        "bucket": {"width": 1},
    }
    with pytest.raises(InputError) as refused:
        make(name, params[name])(pa.array(["1", "张伟", "2"]), CONTEXT)
    assert "张伟" not in str(refused.value)
    assert "1 of 3" in str(refused.value)


def test_noise_is_discrete_centred_and_repeatable():
    column = pa.array(np.full(50_000, 5000))
    operator = make("noise", {"scale": 200, "step": 10})
    made = operator(column, CONTEXT)
    assert operator(column, CONTEXT).equals(made)
    error = made.to_numpy() - 5000
    assert set(error % 10) == {0}
    assert abs(error.mean()) < 6
    assert 180 < abs(error).mean() < 220
    second = Context(dataset="d", recipient="r", type="INCOME", column="income", keys=KEYS, start=100)
    assert operator(column.slice(100), second).equals(made.slice(100))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(st.none(), st.integers(-(10**6), 10**6)), max_size=60), st.integers(2, 7))
def test_microaggregation_groups_have_k_to_2k_minus_1_members(values, k):
    column = pa.array([None if v is None else float(v) for v in values], pa.float64())
    valid = [v for v in values if v is not None]
    if 0 < len(valid) < k:
        with pytest.raises(ConfigError):
            make("microaggregate", {"k": k})(column, CONTEXT)
        return
    made = make("microaggregate", {"k": k})(column, CONTEXT)
    assert made.null_count == column.null_count
    if valid:
        assert pc.mean(made).as_py() == pytest.approx(sum(valid) / len(valid), abs=1e-6)
        counts = pc.value_counts(made.drop_null()).field("counts").to_pylist()
        assert min(counts) >= k


def test_shuffle_keeps_the_distribution_and_the_nulls_in_place():
    column = pa.array([None if n % 7 == 0 else n for n in range(5000)])
    made = make("shuffle")(column, CONTEXT)
    assert sorted(made.drop_null().to_pylist()) == sorted(column.drop_null().to_pylist())
    assert made.is_null().equals(column.is_null())
    assert pc.sum(pc.equal(made, column)).as_py() < 10
    assert make("shuffle")(column, CONTEXT).equals(made)
    with pytest.raises(KeyMaterialError):
        make("shuffle")(column, Context(column="c"))


def test_yes_no_answers_one_question():
    column = pa.array(["低保", None, " ", "无"])
    assert make("yes_no")(column, Context()).to_pylist() == ["是", "否", "否", "是"]
    assert make("yes_no", {"equals": ["低保"]})(column, Context()).to_pylist() == ["是", None, "否", "否"]
    adult = make("yes_no", {"at_least": 18, "yes": "Y", "no": "N"})
    assert adult(pa.array([17, 18, None]), Context()).to_pylist() == ["N", "Y", None]
    with pytest.raises(ConfigError):
        make("yes_no", {"equals": ["a"], "below": 3})


def test_regex_does_not_fail_open():
    operator = make("regex", {"pattern": r"(\d{4})\d{10}(\d{4})", "replacement": r"\1**********\2"})
    shown = operator(pa.array(["310101190001010011", "31010119000101002X", None]), Context()).to_pylist()
    assert shown == ["3101**********0011", "***", None]
    with pytest.raises(ConfigError):
        make("regex", {"pattern": "(", "replacement": ""})


def test_information_loss():
    loss = information_loss(pa.array(["a", "b", "c", "d"]), pa.array(["x", "x", "y", None]))
    assert loss.distinct_before == 4
    assert loss.distinct_after == 2
    assert loss.emptied == 1
    assert 0.5 < loss.entropy < 0.6
