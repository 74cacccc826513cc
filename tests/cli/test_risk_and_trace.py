"""hushu risk and hushu trace: payload, exit statuses, languages."""

from __future__ import annotations

import json

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from hushu.anonymize.fingerprint import fingerprint
from hushu.anonymize.keys import Key, write
from hushu.cli.main import invoke
from hushu.io.ledger import append

KEY = Key(bytes(range(32)))


@pytest.fixture
def people(tmp_path):
    path = tmp_path / "people.csv"
    rows = "".join(f"{20 + i % 7},{'mf'[i % 2]},{'flu' if i % 3 else 'hiv'}\n" for i in range(60))
    path.write_text("age,sex,ill\n" + rows, "utf-8")
    return path


def test_risk_as_json(people, capsys):
    assert invoke(["risk", str(people), "--quasi", "age,sex", "--sensitive", "ill", "--format", "json"]) == 0
    made = json.loads(capsys.readouterr().out)
    assert (made["rows"], made["k"], made["classes"], made["l"]) == (60, 4, 14, 2.0)
    assert made["prosecutor"] == {"max": 0.25, "mean": 14 / 60}


@pytest.mark.parametrize(("lang", "word"), [("zh", "最小等价类 k: 4"), ("en", "smallest class k: 4")])
def test_risk_as_a_page(people, capsys, lang, word):
    options = ["--quasi", "age，sex", "--population", str(people), "--lang", lang]
    assert invoke(["risk", str(people), *options]) == 0
    out = capsys.readouterr().out
    assert word in out
    assert "GB/T 42460-2023" in out
    assert "k-map: 4" in out


def test_risk_estimates_the_population(people, capsys):
    assert invoke(["risk", str(people), "--quasi", "age", "--population-size", "6000"]) == 0
    assert "unique in the population (estimate): " in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--quasi", "nope"], "HS-E162"),
        (["--quasi", " "], "HS-E160"),
        (["--quasi", "age", "--format", "xml"], "HS-E105"),
        (["--quasi", "age", "--population-size", "3"], "HS-E160"),
    ],
)
def test_risk_says_what_is_wrong(people, capsys, arguments, code):
    assert invoke(["risk", str(people), *arguments]) == 2
    shown = capsys.readouterr()
    assert code in shown.err
    assert shown.out == ""


def test_risk_without_columns_suggests_some(people, capsys):
    assert invoke(["risk", str(people)]) == 2
    assert "--quasi age" in capsys.readouterr().err


@pytest.fixture
def leak(tmp_path):
    rng = np.random.default_rng(1)
    table = pa.table({"id": [f"P{i}" for i in range(30_000)], "kwh": rng.integers(200, 9000, 30_000)})
    made = fingerprint(table, recipient="民政局", key=KEY, row_key="id", columns=["kwh"])
    ledger = tmp_path / "ledger.jsonl"
    for name in ("民政局", "交通局"):
        append(
            ledger,
            {"kind": "release", "what": "r", "fingerprint": {**made.record.to_dict(), "recipient": name}},
        )
    path, key = tmp_path / "leak.parquet", tmp_path / "key"
    pq.write_table(made.frame.slice(3000, 9000), path)
    clean = tmp_path / "clean.parquet"
    pq.write_table(table, clean)
    write(KEY, key)
    return path, clean, ["--ledger", str(ledger), "--key-file", str(key)]


def test_trace_names_the_recipient(leak, capsys):
    path, clean, options = leak
    assert invoke(["trace", str(path), *options]) == 0
    assert "recipient: 民政局" in capsys.readouterr().out
    assert invoke(["trace", str(path), *options, "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["named"] == ["民政局"]
    assert invoke(["trace", str(clean), *options, "--lang", "zh"]) == 1
    assert "无法指认" in capsys.readouterr().out


def test_a_ledger_without_fingerprints_names_nobody(leak, capsys, tmp_path):
    path, _, options = leak
    bare = tmp_path / "bare.jsonl"
    append(bare, {"kind": "release", "what": "r"})
    assert invoke(["trace", str(path), "--ledger", str(bare), *options[2:], "--lang", "zh"]) == 1
    shown = capsys.readouterr()
    assert "HS-E166" in shown.err
    assert "无法指认" in shown.err
    assert shown.out == ""


def test_trace_without_a_key_or_ledger(leak, capsys, tmp_path):
    path, _, options = leak
    assert invoke(["trace", str(path), *options[:2]]) == 2
    assert "HS-E401" in capsys.readouterr().err
    assert invoke(["trace", str(path), "--ledger", str(tmp_path / "none"), *options[2:]]) == 2
    assert "HS-E201" in capsys.readouterr().err
