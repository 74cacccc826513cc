from __future__ import annotations

import sqlite3
from datetime import date, datetime
from decimal import Decimal

import pyarrow as pa
import pytest

from hushu.errors import OutputError
from hushu.io.writers import write_table

ROWS = {
    "姓名": ["王五", 'a"b,c\nd', None, ""],
    "证件,号": ["007", None, "08", "9"],
    "n": [1, None, 3, 2**62],
    "f": [1.5, None, float("inf"), 0.0],
    "d": [date(9999, 12, 31), None, date(2020, 1, 1), None],
    "t": [datetime(9999, 12, 31, 23), None, None, None],
    "m": [Decimal("1.50"), None, None, None],
    "b": [True, None, False, None],
    "bin": [b"\x00\xff", None, b"", None],
    "l": [["x", "王"], None, [], None],
}


def batches(parts: int = 2) -> tuple[list[pa.RecordBatch], pa.Schema]:
    table = pa.table(ROWS)
    return table.to_batches(max_chunksize=-(-table.num_rows // parts)), table.schema


@pytest.mark.parametrize("suffix", [".csv", ".jsonl", ".parquet", ".sqlite"])
def test_what_is_written_is_read_back(read, tmp_path, suffix):
    file = tmp_path / f"t{suffix}"
    parts, schema = batches()
    assert write_table(file, parts, schema) == 4
    tables, missed = read(file)
    rows = tables["t"]
    assert missed == []
    assert [row["姓名"] or None for row in rows] == ["王五", 'a"b,c\nd', None, None]
    assert [row["证件,号"] for row in rows] == ["007", None, "08", "9"]
    assert [str(row["n"]) for row in rows] == ["1", "None", "3", str(2**62)]
    assert str(rows[0]["d"]) == "9999-12-31"
    assert str(rows[0]["t"]).startswith("9999-12-31")
    assert str(rows[0]["m"]) == "1.50"
    assert rows[0]["l"] == '["x", "王"]'
    assert [path.name for path in tmp_path.iterdir()] == [file.name]


def test_a_mark_for_excel(tmp_path):
    parts, schema = batches()
    write_table(tmp_path / "t.csv", parts, schema, bom=True)
    assert (tmp_path / "t.csv").read_bytes().startswith('\ufeff姓名,"证件,号"'.encode())


@pytest.mark.parametrize("suffix", [".csv", ".jsonl", ".parquet", ".sqlite"])
def test_no_rows_still_have_columns(read, tmp_path, suffix):
    schema = pa.schema({"a": pa.string(), "b": pa.int64()})
    assert write_table(tmp_path / f"t{suffix}", [], schema) == 0
    if suffix != ".jsonl":
        assert read(tmp_path / f"t{suffix}")[0] == {"t": []}


@pytest.mark.parametrize("suffix", [".csv", ".jsonl", ".parquet", ".sqlite"])
@pytest.mark.parametrize("error", [KeyboardInterrupt, RuntimeError])
def test_an_interruption_half_way_leaves_nothing(tmp_path, suffix, error):
    parts, schema = batches()

    def broken():
        yield parts[0]
        raise error

    with pytest.raises(error):
        write_table(tmp_path / f"t{suffix}", broken(), schema)
    assert list(tmp_path.iterdir()) == []


def test_what_cannot_be_written_says_so(tmp_path):
    parts, schema = batches()
    with pytest.raises(OutputError) as caught:
        write_table(tmp_path / "t.xyz", parts, schema)
    assert caught.value.code == "HS-E512"
    other = pa.record_batch({"姓名": ["x"]})
    with pytest.raises(OutputError) as unfit:
        write_table(tmp_path / "t.parquet", [other], pa.schema({"姓名": pa.int64()}))
    assert unfit.value.code == "HS-E513"
    assert list(tmp_path.iterdir()) == []


def test_names_that_attack_sql(tmp_path):
    name = 'x"); DROP TABLE t; --'
    rows = pa.record_batch({name: ["1"], "big": pa.array([2**64 - 1], pa.uint64())})
    write_table(tmp_path / f"{name}.sqlite", [rows], rows.schema)
    with sqlite3.connect(tmp_path / f"{name}.sqlite") as connection:
        assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [(name,)]
    connection.close()
