"""A release larger than the memory it is made in: the same bytes, every gate, nothing left behind."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as csv
import pyarrow.parquet as parquet
import pytest

import hushu
from hushu.anonymize import measuring
from hushu.anonymize.identities import Identities
from hushu.anonymize.keys import Key
from hushu.anonymize.planfile import write_plan
from hushu.anonymize.values import cellkeys
from hushu.errors import PolicyError
from hushu.io import spooling
from hushu.model import Plan, PlanColumn, PlanTable, Purpose

KEY = Key(bytes(range(1, 33)))
NAMES = np.array(list("伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚"))


def town(rows: int, seed: int = 5) -> pa.Table:
    draw = np.random.default_rng(seed)

    def digits(low: int, high: int) -> pa.Array:
        return pa.array(draw.integers(low, high, rows)).cast(pa.string())

    born = pa.array((np.datetime64("1940-01-01") + draw.integers(0, 28_000, rows)).astype(str))
    name = [pa.array(NAMES[draw.integers(0, 20, rows)]) for _ in range(2)]
    return pa.table(
        {
            "xm": pc.binary_join_element_wise("王", *name, ""),
            "sfzh": pc.binary_join_element_wise(
                "310199", pc.replace_substring(born, "-", ""), digits(1000, 9999), ""
            ),
            "lxdh": pc.binary_join_element_wise("13", digits(10**8, 10**9), ""),
            "dz": pc.binary_join_element_wise(
                "上海市浦东新区", digits(1, 400), "号", digits(101, 2500), "室", ""
            ),
            "csrq": born,
            "je": digits(0, 10**6),
        }
    )


def plan(**more) -> Plan:
    columns = [
        PlanColumn(name="xm", type="PERSON", action="transform", operator="mask", grain="masked"),
        PlanColumn(name="sfzh", type="CN_RESIDENT_ID", action="transform", operator="pseudonym", grain="pseudonym"),
        PlanColumn(name="lxdh", type="PHONE_NUMBER", action="transform", operator="mask", grain="masked"),
        PlanColumn(name="dz", type="ADDRESS", action="transform", operator="generalize", grain="district",
                   params={"hierarchy": "address", "level": "district"}),
        PlanColumn(name="csrq", type="BIRTH_DATE", action="transform", operator="date_part", grain="year",
                   params={"part": "year"}),
        PlanColumn(name="je", type=None, action="keep", grain="exact"),
        *more.pop("columns", ()),
    ]  # fmt: skip
    purpose = Purpose(
        id="big", title="t", matter="m", provider="a", recipient="town", basis="x", scenario="s", scope="c",
        mode="服务接口", until="2027-01-01", use="share", items=(), privacy={},
    )  # fmt: skip
    return Plan(purpose=purpose, packs=(), tables=(PlanTable(name="town", columns=tuple(columns)),), **more)


def released(place: Path, name: str, made: Plan, source: Path) -> bytes:
    hushu.apply(made, str(source), key=KEY, out=place / name)
    (data,) = (place / name).glob("data.*")
    return data.read_bytes()


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_the_same_bytes_in_little_memory_and_in_any_order(tmp_path, monkeypatch, suffix):
    source, mixed = tmp_path / f"town{suffix}", tmp_path / "mixed" / f"town{suffix}"
    mixed.parent.mkdir()
    rows = town(20_000)
    write = csv.write_csv if suffix == ".csv" else parquet.write_table
    write(rows, source)
    write(rows.take(pa.array(np.random.default_rng(2).permutation(len(rows)))), mixed)
    roomy = released(tmp_path, "roomy", plan(), source)
    monkeypatch.setattr(spooling, "BUDGET", 100_000)
    monkeypatch.setattr(measuring, "MOST_TUPLES", 1000)
    assert released(tmp_path, "narrow", plan(), source) == roomy
    assert released(tmp_path, "shuffled", plan(), mixed) == roomy
    assert sorted(p.name for p in (tmp_path / "narrow").iterdir()) == ["certificate.json", f"data{suffix}"]
    assert hushu.verify(tmp_path / "narrow").holds
    wide, small = (
        json.loads((tmp_path / n / "certificate.json").read_text("utf-8"))["risk"]
        for n in ("roomy", "narrow")
    )
    for side in ("before", "after"):
        for figure in (
            "rows",
            "k",
            "unique_share",
            "prosecutor",
            "marketer",
            "classes",
            "histogram",
            "standards",
        ):
            assert small[side][figure] == wide[side][figure], figure


def test_whole_column_operators_group_privacy_and_marks_in_little_memory(tmp_path, monkeypatch):
    rows = town(6000)
    rows = rows.append_column("zs", pc.binary_join_element_wise("王", rows["xm"], ""))
    columns = [
        PlanColumn(name="zs", type="PERSON", action="transform", operator="surrogate", grain="surrogate"),
        PlanColumn(name="csrq", type="BIRTH_DATE", action="transform", operator="shuffle", grain="noise",
                   output="any_day"),
    ]  # fmt: skip
    privacy = {
        "k": 5, "quasi_identifiers": ["csrq", "dz"],
        "fingerprint": {"row_key": "sfzh", "columns": ["je"], "rate": 0.1},
    }  # fmt: skip
    made = plan(columns=columns, privacy=privacy)
    csv.write_csv(rows, tmp_path / "town.csv")
    roomy = released(tmp_path, "roomy", made, tmp_path / "town.csv")
    monkeypatch.setattr(spooling, "BUDGET", 50_000)
    assert released(tmp_path, "narrow", made, tmp_path / "town.csv") == roomy
    certificate = json.loads((tmp_path / "narrow" / "certificate.json").read_text("utf-8"))
    (table,) = certificate["output"]["tables"]
    assert table["columns"] == ["xm", "sfzh", "lxdh", "dz", "csrq", "je", "zs", "any_day"]
    assert set(table["held_in_memory"]) == {"xm", "csrq", "zs", "dz", "any_day", "sfzh", "je"}
    assert certificate["risk"]["after"]["k"] >= 5
    assert certificate["fingerprint"]["votes"] > 100


@pytest.mark.parametrize("row", [0, 9999, 19_999])
def test_one_leak_among_many_stops_it_wherever_it_stands(tmp_path, monkeypatch, row):
    monkeypatch.setattr(spooling, "BUDGET", 100_000)
    rows = town(20_000)
    leak = rows["je"].to_pylist()
    leak[row] = rows["xm"][17].as_py()
    rows = rows.set_column(5, "je", pa.array(leak))
    csv.write_csv(rows, tmp_path / "town.csv")
    with pytest.raises(PolicyError) as stopped:
        hushu.apply(plan(), str(tmp_path / "town.csv"), key=KEY, out=tmp_path / "release")
    assert "je: 1 cell(s) equal a value of xm" in str(stopped.value)
    assert [p.name for p in tmp_path.iterdir()] == ["town.csv"]


@pytest.mark.parametrize("size", [10, 3000])
def test_identifiers_are_counted_exactly(tmp_path, size):
    known = Identities(["a", "b"], tmp_path)
    names = [f"n{i}" for i in range(size)]
    for start in range(0, size, 1000):
        known.add(
            pa.record_batch({"a": names[start : start + 1000], "b": ["x"] * len(names[start : start + 1000])})
        )
    cells = pa.array([*names[:7], *["other"] * 5000, names[3]])
    known.look("out", cellkeys.text_keys(cells), own="c")
    known.look("own", cellkeys.text_keys(cells), own="a")
    assert known.found() == {("out", "a"): 8}


def test_keys_of_cells_are_the_same_without_the_kernel(monkeypatch):
    if cellkeys._kernel is None:
        pytest.skip("the kernel was not built")
    cells = pa.array(["", "a", None, "张伟", "x" * 8, "y" * 9, "z" * 31, "13800138000"] * 3).slice(1, 20)
    fast = cellkeys.cell_keys(cells)
    monkeypatch.setattr(cellkeys, "_kernel", None)
    assert (cellkeys.cell_keys(cells) == fast).all()
    assert cellkeys.cell_keys(cells.cast(pa.large_string())).tolist() == fast.tolist()
    assert cellkeys.cell_keys(cells.dictionary_encode()).tolist() == fast.tolist()
    assert cellkeys.cell_keys(pa.array([1, 2**60])).tolist()[0] == cellkeys.cell_keys(pa.array([1.0]))[0]


@pytest.mark.skipif(os.name != "posix", reason="limits of file sizes are POSIX")
def test_a_full_disk_is_told_and_leaves_nothing(tmp_path):
    csv.write_csv(town(20_000), tmp_path / "town.csv")
    write_plan(plan(), tmp_path / "plan.yaml")
    code = (
        "import resource, sys, hushu\n"
        "from hushu.io import spooling\n"
        "spooling.BUDGET = 400_000\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))\n"
        "from hushu.errors import HushuError\n"
        "try:\n"
        "    hushu.apply('plan.yaml', 'town.csv', key=bytes(range(32)), out='release')\n"
        "except HushuError as error:\n"
        "    print(error.code)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, env=_env()
    )
    assert done.stdout.strip() == "HS-E510", done.stderr
    assert sorted(p.name for p in tmp_path.iterdir()) == ["plan.yaml", "town.csv"]


def _env() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}


MEASURED = """
import hushu
from hushu.anonymize import measuring
from hushu.io import spooling
spooling.BUDGET, measuring.MOST_TUPLES = 4 << 20, 10_000
def peak():  # getrusage would count what the parent held when it forked
    return int(next(x for x in open("/proc/self/status") if x.startswith("VmHWM")).split()[1]) // 1024
hushu.apply("plan.yaml", "small/town.csv", key=bytes(range(32)), out="warm")
before = peak()
hushu.apply("plan.yaml", "town.csv", key=bytes(range(32)), out="release")
print(peak() - before)
"""


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="peak memory is read as Linux counts it")
def test_memory_does_not_grow_with_the_file(tmp_path):
    (tmp_path / "small").mkdir()
    write_plan(plan(), tmp_path / "plan.yaml")
    csv.write_csv(town(2000), tmp_path / "small" / "town.csv")
    with csv.CSVWriter(tmp_path / "town.csv", town(1).schema) as writer:
        for seed in range(12):
            writer.write_table(town(100_000, seed))
    size = (tmp_path / "town.csv").stat().st_size >> 20
    done = subprocess.run(
        [sys.executable, "-c", MEASURED], cwd=tmp_path, capture_output=True, text=True, env=_env()
    )
    assert done.returncode == 0, done.stderr
    assert size > 110
    assert int(done.stdout) < size, f"{done.stdout} MB more for a file of {size} MB"
