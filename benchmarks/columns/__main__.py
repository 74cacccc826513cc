"""``python -m benchmarks.columns``: quality of column verdicts, hushu beside its peers on the same tables.

Peers run under the Python named by ``HUSHU_PEERS_PYTHON`` (default: this one); a peer that is not
installed there is skipped with its reason.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.columns.measures import Judged, calibration_error, scores
from benchmarks.columns.peers import PEERS
from benchmarks.columns.run import judge
from benchmarks.columns.tables import Labelled, hard_negatives, tables

NAMED = ("zh", "en", "short", "pinyin")
HIDDEN_BY_VALUES = frozenset(
    [
        "AGE",
        "INCOME",
        "CREDIT_RECORD",
        "UTILITY_ACCOUNT_NO",
        "UTILITY_USAGE",
        "BANK_ACCOUNT",
        "BUSINESS_FINANCE",
        "MEDICAL_RECORD_NO",
        "TEST_RESULT",
        "EMPLOYEE_NO",
        "CN_SOCIAL_SECURITY_NO",
        "CN_MEDICAL_INSURANCE_NO",
        "QQ_NUMBER",
        "WECHAT_ID",
        "USERNAME",
        "POSTAL_CODE",
        "EMPLOYER",
        "NATIVE_PLACE",
        "TRAJECTORY",
        "FACILITY_LOCATION",
        "BIOMETRIC",
        "HEALTH_CODE_STATUS",
    ]
)
SEEDS = 20


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.columns")
    parser.add_argument("--split", default="test", choices=("tune", "dev", "test"))
    parser.add_argument("--no-peers", action="store_true")
    parser.add_argument("-o", "--output", type=Path)
    options = parser.parse_args(arguments)
    named = list(tables(options.split, styles=NAMED))
    bare = [*tables(options.split, styles=("none",)), hard_negatives()]
    result = {"split": options.split, "hushu": own(named, bare), "flips": flips(options.split)}
    if not options.no_peers:
        result["peers"] = peers(named, bare)
    text = json.dumps(result, ensure_ascii=False, indent=1)
    if options.output:
        options.output.write_text(text, "utf-8")
    print(text)
    return 0


def own(named: list[Labelled], bare: list[Labelled]) -> dict[str, Any]:
    """Return hushu's measures: with rows and header, header only, values only."""
    start = time.process_time()
    full, headers, values = judge(named), judge(named, empty=True), judge(bare)
    seconds = time.process_time() - start
    measured = {
        "full": measure(full),
        "header_only": measure(headers),
        "value_only": measure(values, visible=True),
    }
    return measured | {"seconds": round(seconds, 1)}


def measure(judged: Sequence[tuple[object, list[Judged]]], *, visible: bool = False) -> dict[str, Any]:
    flat = [one for _, column in judged for one in column if not (visible and one[0] in HIDDEN_BY_VALUES)]
    return scores(flat) | {"calibration_error": calibration_error(flat)}


def flips(split: str) -> dict[str, Any]:
    """Return how often a verdict differs from the usual one over samples of half the rows."""
    whole = [t for t in tables(split, styles=("zh", "none")) if len(t.rows[0]) >= 40]
    usual = judge(whole)
    changed = total = 0
    for seed in range(SEEDS):
        rng = random.Random(seed)
        sampled = []
        for table in whole:
            rows = rng.sample(range(len(table.rows[0])), len(table.rows[0]) // 2)
            half = {at: [values[r] for r in rows] for at, values in table.rows.items()}
            sampled.append(Labelled(table.source, table.style, table.name, table.headers, half, table.truth))
        for (_, before), (_, after) in zip(usual, judge(sampled), strict=True):
            changed += sum(b[1] != a[1] for b, a in zip(before, after, strict=True))
            total += len(before)
    return {"seeds": SEEDS, "verdicts": total, "rate": round(changed / total, 5)}


def peers(named: list[Labelled], bare: list[Labelled]) -> dict[str, Any]:
    """Return each peer's measures on the same tables, or why it was skipped."""
    python = os.environ.get("HUSHU_PEERS_PYTHON", sys.executable)
    return {name: _peer(python, name, named, bare) for name in PEERS}


def _peer(python: str, name: str, named: list[Labelled], bare: list[Labelled]) -> dict[str, Any]:
    every = [*named, *bare]
    payload = [{"headers": t.headers, "values": [t.rows[at] for at in range(len(t.headers))]} for t in every]
    script = str(Path(__file__).with_name("peers.py"))
    start = time.perf_counter()
    ran = subprocess.run(
        [python, script, name], input=json.dumps(payload), capture_output=True, text=True, check=False
    )
    if ran.returncode:
        return {"skipped": (ran.stderr.strip().splitlines() or ["failed"])[-1][:200]}
    verdicts = json.loads(ran.stdout)
    judged = [
        (t, [(truth, v, 1.0) for truth, v in zip(t.truth, vs, strict=True)])
        for t, vs in zip(every, verdicts, strict=True)
    ]
    split = len(named)
    return {
        "full": measure(judged[:split]),
        "value_only": measure(judged[split:], visible=True),
        "seconds": round(time.perf_counter() - start, 1),
    }


if __name__ == "__main__":
    sys.exit(main())
