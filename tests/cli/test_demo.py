"""The main job on bundled data, and nobody of it anywhere but in the data itself."""

from __future__ import annotations

import csv
import json
import sqlite3
import time
import zipfile
from pathlib import Path

import pytest

from hushu.cli import main

FILES = (
    "inventory.json",
    "清单.xlsx",
    "purpose.yaml",
    "plan.yaml",
    "ledger.jsonl",
    "report.html",
    "release/certificate.json",
)


@pytest.fixture(scope="module", params=["registration", "hotline"])
def demo(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo") / request.param
    start = time.perf_counter()
    assert main.invoke(["demo", "--scenario", request.param, "--out", str(folder)]) == 0
    assert time.perf_counter() - start < 60  # 20 s on a machine of its own; CI runs beside others
    return folder


def canaries(folder: Path) -> set[str]:
    """Every identifier of the demo's people: names, identity numbers, telephone numbers, addresses."""
    (path,) = folder.glob("*.sqlite")
    columns = {
        "registration": [("t_jmxx", c) for c in ("xm", "sfzh", "lxdh", "xzdz")]
        + [("t_hxx", "fdxm"), ("t_hxx", "fdlxdh")],
        "hotline": [("ticket", "ldr"), ("ticket", "lxdh")],
    }[path.stem]
    with sqlite3.connect(path) as database:
        values = {v for t, c in columns for (v,) in database.execute(f"SELECT DISTINCT {c} FROM {t}")}
    return {value for value in values if len(value) > 2}


def documents(folder: Path):
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or path.suffix in {".sqlite", ".csv"}:
            continue
        if path.suffix == ".xlsx":
            with zipfile.ZipFile(path) as book:
                for part in book.namelist():
                    yield f"{path.name}/{part}", book.read(part)
        else:
            yield path.name, path.read_bytes()


def test_it_writes_what_it_promises(demo):
    for name in FILES:
        assert (demo / name).is_file(), name
    assert list((demo / "release").glob("data.*"))


def test_no_identifier_stands_in_any_document(demo):
    people = canaries(demo)
    assert len(people) > 1000
    for name, content in documents(demo):
        text = content.decode("utf-8", "replace")
        found = [value for value in people if value in text]
        assert found == [], f"{name}: {len(found)} values"


def test_the_release_holds_what_the_purpose_named_and_nobody(demo):
    (data,) = (demo / "release").glob("data.*")
    rows = list(csv.reader(data.open(encoding="utf-8")))
    purpose = (demo / "purpose.yaml").read_text("utf-8")
    assert all(f".{name}\n" in purpose for name in rows[0])
    text = data.read_text("utf-8")
    assert [value for value in canaries(demo) if value in text] == []


def test_it_verifies_until_one_value_is_replaced(demo, capsys):
    release = str(demo / "release")
    assert main.invoke(["verify", release, "--plan", str(demo / "plan.yaml")]) == 0
    (data,) = (demo / "release").glob("data.*")
    whole = data.read_bytes()
    with sqlite3.connect(next(demo.glob("*.sqlite"))) as database:
        table, column = ("t_jmxx", "sfzh") if demo.name == "registration" else ("ticket", "lxdh")
        (raw,) = database.execute(f"SELECT {column} FROM {table} LIMIT 1").fetchone()
    lines = whole.decode("utf-8").splitlines(keepends=True)
    cells = lines[3].rstrip("\n").split(",")
    cells[0] = f'"{raw}"'
    lines[3] = ",".join(cells) + "\n"
    data.write_text("".join(lines), "utf-8")
    try:
        assert main.invoke(["verify", release]) == 1
        assert raw not in capsys.readouterr().out
    finally:
        data.write_bytes(whole)


def test_the_inventory_keeps_the_contract(demo):
    inventory = json.loads((demo / "inventory.json").read_text("utf-8"))
    assert inventory["schema"] == "hushu.inventory/1"
    assert {"id", "version", "sha256"} <= set(inventory["packs"][0])
    for table in inventory["tables"]:
        assert {"name", "rows", "examined", "method", "columns", "grades"} <= set(table)
        for column in table["columns"]:
            assert {
                "name",
                "data_type",
                "comment",
                "type",
                "confidence",
                "status",
                "contains",
                "evidence",
                "grades",
            } <= set(column)
            for grade in column["grades"].values():
                assert grade["because"], column["name"]
                assert all(
                    {"rule", "text", "source", "article", "verified"} <= set(r) for r in grade["because"]
                )


def test_an_output_that_exists_is_refused(demo, capsys):
    assert main.invoke(["demo", "--out", str(demo)]) == 2
    assert "HS-E511" in capsys.readouterr().err


def test_scenarios_are_listed(capsys):
    assert main.invoke(["demo", "--list"]) == 0
    assert "registration" in capsys.readouterr().out
