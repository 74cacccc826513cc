"""Measure group privacy, risk and fingerprint; write results.json beside this file.

    python -m benchmarks.privacy.run [adult] [audit] [pycanon] [stream] [fingerprint]

Adult and its hierarchies are read from HUSHU_SHARED or ../shared beside the repository. The loss of
every result is read off its labels by one evaluator: (leaves - 1) / (|D| - 1), averaged over cells,
a suppressed row counting 1. ARX's and pycanon's figures were taken on another run of a machine of
the same kind (ARX at commit aacd487f, JVM warm, data load outside its timer). ``pycanon`` checks
results in an environment of its own, the Python that HUSHU_PYCANON names: its pins clash with ours.
"""

from __future__ import annotations

import csv
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

import hushu

HERE = Path(__file__).parent
SHARED = Path(os.environ.get("HUSHU_SHARED", HERE.parents[1].parent / "shared"))
ADULT = SHARED / "data" / "adult"
# configuration -> (loss, milliseconds, suppressed rows) as measured with ARX
ARX = {
    "k5 8QI global 0%": (0.661, 75, 0),
    "k5 8QI global 5%": (0.262, 724, 1248),
    "k5 8QI global 100%": (0.227, 1347, 3049),
    "k5 8QI local": (0.169, 3050, 0),
    "k5 l2 7QI global 5%": (0.177, 309, 1481),
    "k5 l2 7QI local": (0.161, 304, 3395),
    "k10 t0.2 8QI global 5%": (0.554, 1306, 1214),
    "k10 t0.2 8QI local": (0.503, 3519, 4752),
}
PYCANON_MS = {"k": 456, "l": 2465, "t": 8607}


def timed(work: Callable[[], Any], times: int = 3) -> tuple[Any, dict[str, float]]:
    """Return the result and the median milliseconds, by the clock and of the processor."""
    taken = []
    for _ in range(times):
        start = time.perf_counter(), time.process_time()
        made = work()
        taken.append((time.perf_counter() - start[0], time.process_time() - start[1]))
    wall, cpu = np.median(taken, axis=0) * 1000
    return made, {"ms": round(float(wall), 1), "cpu_ms": round(float(cpu), 1)}


def adult() -> tuple[pd.DataFrame, dict[str, str]]:
    frame = pd.read_csv(ADULT / "adult.csv", sep=";")
    return frame, {c: str(ADULT / f"adult_hierarchy_{c}.csv") for c in frame.columns}


def ncp(published: pd.DataFrame, columns: list[str], hierarchies: dict[str, str]) -> float:
    total = np.zeros(len(published))
    for column in columns:
        with Path(hierarchies[column]).open(encoding="utf-8") as stream:
            rows = list(csv.reader(stream, delimiter=";"))
        leaves = {row[0]: 1 for row in rows}
        for label in {label for row in rows for label in row[1:]}:
            leaves.setdefault(label, sum(label in row[1:] for row in rows))
        total += (published[column].astype(str).map(leaves).to_numpy(float) - 1) / max(len(rows) - 1, 1)
    out = (published[columns].astype(str) == "*").all(axis=1)
    return float(np.where(out, 1.0, total / len(columns)).mean())


def measure_adult() -> dict[str, Any]:
    frame, hierarchies = adult()
    eight = [c for c in frame.columns if c != "salary-class"]
    seven = [c for c in eight if c != "occupation"]
    plain, twofold = {"k": 5}, {"k": 5, "l": 2, "sensitive": "occupation"}
    close = {"k": 10, "t": 0.2, "sensitive": "salary-class"}
    runs: list[tuple[str, list[str], dict[str, Any]]] = [
        *((f"k5 8QI global {s:.0%}", eight, {**plain, "max_suppression": s}) for s in (0.0, 0.05, 1.0)),
        ("k5 8QI local", eight, {**plain, "recoding": "local"}),
        ("k5 l2 7QI global 5%", seven, {**twofold, "max_suppression": 0.05}),
        ("k5 l2 7QI local", seven, {**twofold, "recoding": "local"}),
        ("k10 t0.2 8QI global 5%", eight, {**close, "max_suppression": 0.05}),
        ("k10 t0.2 8QI local", eight, {**close, "recoding": "local"}),
    ]
    found = {}
    for name, columns, options in runs:
        made, ms = timed(
            lambda c=columns, o=options: hushu.k_anonymize(frame, c, hierarchies=hierarchies, **o)
        )
        arx = ARX[name]
        found[name] = {
            "loss": round(ncp(made.frame, columns, hierarchies), 4),
            **ms,
            "k": made.k,
            "l": made.l,
            "t": made.t,
            "suppressed": made.suppressed,
            "gap": made.gap,
            "arx": {"loss": arx[0], "ms": arx[1], "suppressed": arx[2]},
        }
    rng = np.random.default_rng(0)
    large = frame.iloc[rng.integers(0, len(frame), 301_620)].reset_index(drop=True)
    large["age"] = np.clip(large["age"] + rng.integers(-2, 3, len(large)), 1, 100)
    made, ms = timed(
        lambda: hushu.k_anonymize(large, eight, k=5, hierarchies=hierarchies, recoding="local"), times=1
    )
    found["k5 8QI local, 301,620 rows"] = {"loss": round(made.information_loss, 4), **ms, "k": made.k}
    return found


def measure_audit() -> dict[str, Any]:
    frame, hierarchies = adult()
    eight = [c for c in frame.columns if c != "salary-class"]
    raw, raw_ms = timed(lambda: hushu.risk(frame, eight, "salary-class"), times=7)
    made = hushu.k_anonymize(frame, eight, k=5, hierarchies=hierarchies, recoding="local").frame
    out, out_ms = timed(lambda: hushu.risk(made, eight, "salary-class"), times=7)
    return {
        "raw": {"k": raw.k, "l": raw.l, "t": raw.t, **raw_ms, "pycanon_ms": PYCANON_MS},
        "k5 local": {"k": out.k, "l": out.l, "t": out.t, **out_ms},
    }


_PYCANON = """
import json, sys
import pandas as pd
from pycanon import anonymity
frame, columns, sensitive = pd.read_csv(sys.argv[1], dtype=str), sys.argv[2].split(","), [sys.argv[3]]
print(json.dumps({"k": int(anonymity.k_anonymity(frame, columns)),
    "l": int(anonymity.l_diversity(frame, columns, sensitive)),
    "t": float(anonymity.t_closeness(frame, columns, sensitive))}))
"""


def measure_pycanon() -> dict[str, Any]:
    """Have pycanon measure hushu's results; its figures must be ours."""
    python = os.environ.get("HUSHU_PYCANON")
    if not python:
        return {"skipped": "HUSHU_PYCANON does not name a Python that has pycanon"}
    frame, hierarchies = adult()
    eight = [c for c in frame.columns if c != "salary-class"]
    seven = [c for c in eight if c != "occupation"]
    runs: list[tuple[str, list[str], str, dict[str, Any]]] = [
        ("k5", eight, "salary-class", {"k": 5}),
        ("k5 l2", seven, "occupation", {"k": 5, "l": 2}),
        ("k10 t0.2", eight, "salary-class", {"k": 10, "t": 0.2}),
    ]
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, columns, sensitive, options in runs:
            made = hushu.k_anonymize(
                frame, columns, hierarchies=hierarchies, sensitive=sensitive, recoding="local", **options
            ).frame
            made.to_csv(Path(folder) / "made.csv", index=False)
            line = subprocess.run(
                [python, "-W", "ignore", "-c", _PYCANON, f"{folder}/made.csv", ",".join(columns), sensitive],
                capture_output=True,
                text=True,
                check=True,
            ).stdout
            ours = hushu.risk(made, columns, sensitive)
            theirs = json.loads(line.splitlines()[-1])
            same = (ours.k, ours.l) == (theirs["k"], theirs["l"]) and abs((ours.t or 0) - theirs["t"]) < 1e-12
            found[name] = {"pycanon": theirs, "same": same}
    return found


_STREAM = """
import resource, sys, time
import numpy as np, pyarrow as pa
import hushu

rows, step = int(sys.argv[1]), 1_000_000
WIDTHS = {"age": 100, "sex": 2, "area": 500, "ill": 5}

def batches():
    rng = np.random.default_rng(1)
    for start in range(0, rows, step):
        n = min(step, rows - start)
        yield pa.record_batch(
            {name: pa.array(rng.integers(0, width, n, dtype=np.int16)) for name, width in WIDTHS.items()})

def peak():
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)

first = next(batches())
before, start = peak(), time.perf_counter()
stream = pa.RecordBatchReader.from_batches(first.schema, batches())
report = hushu.risk(stream, ["age", "sex", "area"], "ill")
print(rows, report.k, report.classes, round(time.perf_counter() - start, 1), before, peak())
"""


def measure_stream() -> dict[str, Any]:
    """Audit streams of growing length over the same 100,000 possible tuples: the memory must not grow."""
    found = {}
    for rows in (1_000_000, 10_000_000, 100_000_000):
        line = subprocess.run(
            [sys.executable, "-c", _STREAM, str(rows)], capture_output=True, text=True, check=True
        ).stdout.split()
        found[f"{rows:,} rows"] = {
            "k": int(line[1]),
            "classes": int(line[2]),
            "seconds": float(line[3]),
            "peak_mib_before": int(line[4]),
            "peak_mib": int(line[5]),
        }
    return found


def measure_fingerprint() -> dict[str, Any]:
    from hushu.anonymize.fingerprint import fingerprint

    key, rows = bytes(range(32)), 1_000_000
    rng = np.random.default_rng(1)
    table = pa.table(
        {
            "id": pa.array([f"P{i:08d}" for i in range(rows)]),
            "kwh": pa.array(rng.integers(200, 9000, rows)),
        }
    )
    columns = ["kwh"]
    start = time.perf_counter()
    made = fingerprint(table, recipient="r7", key=key, row_key="id", columns=columns, rate=0.01)
    embed = time.perf_counter() - start
    records = [{**made.record.to_dict(), "recipient": f"r{i}"} for i in range(200)]
    start = time.perf_counter()
    whole = hushu.trace(made.frame, records, key)
    trace_seconds = time.perf_counter() - start
    found: dict[str, Any] = {
        "embed_seconds": round(embed, 2),
        "trace_seconds_all_rows": round(trace_seconds, 2),
        "changed_share_of_cells": made.record.changed / rows,
        "z_all_rows": round(whole.suspects[0].z, 1),
    }
    zs, innocents = [], []
    for seed in range(20):
        part = made.frame.take(np.random.default_rng(seed).permutation(rows)[: rows // 100])
        result = hushu.trace(part, records, key)
        assert result.named == ("r7",), result
        zs.append(result.suspects[0].z)
        innocents.append(result.suspects[1].z)
    found["one percent, 20 samples"] = {
        "least_z": round(min(zs), 1),
        "median_z": round(float(np.median(zs)), 1),
        "greatest_innocent_z": round(max(innocents), 1),
    }
    for colluders in (2, 3):
        names = [f"r{17 * i + 4}" for i in range(colluders)]
        copies = [
            fingerprint(table, recipient=name, key=key, row_key="id", columns=columns).frame for name in names
        ]
        which = rng.integers(0, colluders, rows)
        mixed = pa.table({"id": table["id"], "kwh": np.choose(which, [c["kwh"].to_numpy() for c in copies])})
        result = hushu.trace(mixed, records, key)
        assert set(result.named) == set(names), result
        found[f"{colluders} colluders"] = {
            "z": [round(s.z, 1) for s in result.suspects[:colluders]],
            "greatest_innocent_z": round(result.suspects[colluders].z, 1),
        }
    found["clean"] = _clean_trials(records)
    return found


def _clean_trials(records: list[dict[str, Any]]) -> dict[str, Any]:
    """A thousand clean tables, each against 200 candidates."""
    key, worst, named = bytes(range(32)), 0.0, 0
    for trial in range(1000):
        rng = np.random.default_rng(10_000 + trial)
        clean = pa.table({"id": [f"Q{trial}-{i}" for i in range(5000)], "kwh": rng.integers(200, 9000, 5000)})
        result = hushu.trace(clean, records, key)
        named += bool(result.named)
        worst = max(worst, result.suspects[0].z)
    return {"trials": 1000, "named": named, "greatest_z": round(worst, 2)}


MEASURES: dict[str, Callable[[], dict[str, Any]]] = {
    "adult": measure_adult,
    "audit": measure_audit,
    "pycanon": measure_pycanon,
    "stream": measure_stream,
    "fingerprint": measure_fingerprint,
}


def _line(figures: Any) -> str:
    if not isinstance(figures, dict):
        return str(figures)
    parts = []
    for name, value in figures.items():
        text = f"({_line(value)})" if isinstance(value, dict) else str(value)
        parts.append(f"{name} {text}")
    return ", ".join(part for part in parts if not part.endswith(" None"))


def main() -> None:
    chosen = sys.argv[1:] or list(MEASURES)
    path = HERE / "results.json"
    results = json.loads(path.read_text("utf-8")) if path.exists() else {}
    for name in chosen:
        results[name] = MEASURES[name]()
        load = round(os.getloadavg()[0], 1)
        results[name]["machine"] = {"cores": os.cpu_count(), "load": load}
        print(f"\n{name}")
        for what, figures in results[name].items():
            print(f"  {what}: {_line(figures)}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"\npeak memory {peak} MiB")
    path.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()
