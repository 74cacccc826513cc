from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import narwhals as nw
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from hushu.errors import InputError
from hushu.io.digest import batches_sha256, file_sha256
from hushu.io.frames import frame_source, like, to_arrow

DATA = {"姓名": ["王五", None], "n": [1, 2]}


class Stranger:
    """Nothing but the Arrow stream protocol."""

    def __init__(self, table: pa.Table) -> None:
        self._table = table

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self._table.__arrow_c_stream__(requested_schema)


KINDS = {
    "pandas": pd.DataFrame(DATA),
    "pandas arrow": pd.DataFrame(DATA).convert_dtypes(dtype_backend="pyarrow"),
    "polars": pl.DataFrame(DATA),
    "polars lazy": pl.LazyFrame(DATA),
    "pyarrow": pa.table(DATA),
    "pyarrow batch": pa.record_batch(DATA),
    "narwhals": nw.from_native(pl.DataFrame(DATA)),
    "stranger": Stranger(pa.table(DATA)),
    "records": [{"姓名": "王五", "n": 1}, {"姓名": None, "n": 2}],
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_frame_is_read_and_comes_back_as_itself(read, kind):
    frame = KINDS[kind]
    tables, missed = read(frame)
    assert tables == {"frame": [{"姓名": "王五", "n": 1}, {"姓名": None, "n": 2}]}
    assert missed == []
    back = like(frame, pa.table({"x": [3]}))
    wanted = pa.Table if kind == "stranger" else type(frame)
    assert type(back) is wanted
    assert to_arrow(back)[0].to_pydict() == {"x": [3]}


def test_several_frames_by_name(read):
    tables, _ = read({"people": pd.DataFrame(DATA), "places": [{"a": 1}]})
    assert list(tables) == ["people", "places"]


def test_odd_values_do_not_crash():
    values = [1, "007", None, float("nan"), b"\xff", Decimal("1.5"), "\ud800", {"a": 1}, [1]]
    table, _ = to_arrow([{"v": value} for value in values])
    assert table["v"].to_pylist()[:3] == ["1", "007", None]
    frame = pd.DataFrame({"v": pd.Series(values, dtype=object), "w": [pd.NaT] * 9})
    assert to_arrow(frame)[0]["v"].to_pylist()[1] == "007"
    far = pd.DataFrame(
        {"d": [date(9999, 12, 31), None], "t": [datetime(9999, 12, 31, 23), None]}, dtype=object
    )
    assert to_arrow(far)[0]["d"].to_pylist()[0].year == 9999
    wild = to_arrow([{"f": float("inf"), "g": float("nan"), "big": 10**30}])[0]
    assert wild["big"].to_pylist() == [str(10**30)] or wild["big"].to_pylist() == [10**30]
    assert to_arrow([{"s": "\udfff王"}])[0]["s"].to_pylist() == ["\ufffd王"]


def test_names_that_are_no_names():
    frame = pd.DataFrame([[1, 2, 3, 4]], columns=["a", "a", "", 7])
    table, notes = to_arrow(frame)
    assert table.schema.names == ["a", "a_2", "column_3", "7"]
    assert len(notes) == 2
    levels = pd.DataFrame([[1, 2]], columns=pd.MultiIndex.from_tuples([("a", "b"), ("a", "c")]))
    assert len(set(to_arrow(levels)[0].schema.names)) == 2


def test_nested_columns_are_laid_flat(read):
    frame = pa.table({"p": [{"tel": "1", "x": {"y": 2}}], "l": [["a", "b"]]})
    assert read(frame)[0] == {"frame": [{"p.tel": "1", "p.x.y": 2, "l": '["a", "b"]'}]}


def test_categories_and_dictionaries(read):
    frame = pd.DataFrame({"c": pd.Categorical(["男", "女"])})
    assert read(frame)[0] == {"frame": [{"c": "男"}, {"c": "女"}]}
    table = next(frame_source(pa.table({"v": pa.array(["x"], pa.string_view()), "n": [None]})).tables())
    assert next(table.batches()).schema.types == [pa.string(), pa.string()]


def test_empty_frames(read):
    assert read(pa.table({"a": pa.array([], pa.string())}))[0] == {"frame": []}
    assert read(pd.DataFrame())[0] == {"frame": []}
    assert read([])[0] == {"frame": []}


def test_a_frame_that_breaks_says_so():
    class Broken:
        def __arrow_c_stream__(self, requested_schema: object = None) -> object:
            raise ValueError("13800138000")

    with pytest.raises(InputError) as caught:
        frame_source(Broken())
    assert caught.value.code == "HS-E220"
    assert "13800138000" not in str(caught.value)


def test_digests(tmp_path):
    table = pa.table({"a": ["x", None, "yz"], "n": [1, 2, 3]})
    whole = batches_sha256(table.to_batches())
    assert whole == batches_sha256(table.to_batches(max_chunksize=1))
    assert whole == batches_sha256(pa.table(table.to_pydict()).slice(0, 3).to_batches())
    others = [
        pa.table({"a": ["x", "", "yz"], "n": [1, 2, 3]}),
        pa.table({"a": ["xy", None, "z"], "n": [1, 2, 3]}),
        pa.table({"b": ["x", None, "yz"], "n": [1, 2, 3]}),
        table.slice(1),
        table.take([2, 1, 0]),
        table.select(["n", "a"]),
    ]
    assert len({whole, *(batches_sha256(other.to_batches()) for other in others)}) == 7
    nested = pa.table({"l": [[1], None], "b": [b"\xff", b""]})
    assert batches_sha256(nested.to_batches()) != batches_sha256(nested.slice(0, 1).to_batches())
    (tmp_path / "f").write_bytes(b"abc")
    assert file_sha256(tmp_path / "f").startswith("ba7816bf")
