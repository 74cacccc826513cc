"""Synthetic people for the privacy tests, and Adult when the shared data are at hand."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

SHARED = Path(os.environ.get("HUSHU_SHARED", Path(__file__).parents[2].parent / "shared"))
ADULT = SHARED / "data" / "adult"

DISTRICTS = [f"3401{i:02d}" for i in range(2, 14)]
JOBS = ["nurse", "teacher", "driver", "clerk", "farmer", "cook", "guard"]
ILLS = ["flu", "asthma", "ulcer", "cancer", "hiv"]
AGE_ROWS = [
    [str(a), f"{a // 5 * 5}-{a // 5 * 5 + 4}", f"{a // 20 * 20}-{a // 20 * 20 + 19}", "*"] for a in range(100)
]
JOB_ROWS = [
    [j, "care" if j in ("nurse", "teacher") else "manual" if j != "clerk" else "desk", "*"] for j in JOBS
]
HIERARCHIES = {"age": AGE_ROWS, "job": JOB_ROWS, "sex": [["m", "*"], ["f", "*"]]}
QUASI = ["age", "sex", "district", "job"]


def people(rows: int = 2000, seed: int = 1) -> pd.DataFrame:
    """Return people whose illness depends on age and job."""
    rng = np.random.default_rng(seed)
    age = np.clip(rng.normal(42, 17, rows), 0, 99).astype(int)
    job = rng.choice(JOBS, rows, p=[0.1, 0.15, 0.2, 0.25, 0.1, 0.1, 0.1])
    weights = np.stack(
        [np.ones(rows) * 5, 2 + (age < 20) * 3, 1 + age / 40, age / 50, (job == "driver") + 0.1], axis=1
    )
    ill = np.array([rng.choice(ILLS, p=w / w.sum()) for w in weights])
    return pd.DataFrame(
        {
            "id": [f"P{i:06d}" for i in range(rows)],
            "age": age,
            "sex": rng.choice(["m", "f"], rows),
            "district": rng.choice(DISTRICTS, rows, p=np.r_[[0.3], np.ones(11) * 0.7 / 11]),
            "job": job,
            "ill": ill,
            "income": np.round(rng.lognormal(9, 0.5, rows), 2),
        }
    )


def adult() -> tuple[pd.DataFrame, dict[str, str]]:
    """Return Adult and its hierarchies' paths, or skip."""
    if not (ADULT / "adult.csv").exists():
        pytest.skip("Adult is not at hand: set HUSHU_SHARED to the folder that holds data/adult")
    frame = pd.read_csv(ADULT / "adult.csv", sep=";")
    return frame, {c: str(ADULT / f"adult_hierarchy_{c}.csv") for c in frame.columns}


def ncp(published: pd.DataFrame, columns: list[str], hierarchies: dict[str, list[list[str]]]) -> float:
    """Return NCP read off the published labels alone: (leaves - 1) / (|D| - 1), a suppressed row 1."""
    total = np.zeros(len(published))
    for column in columns:
        rows = hierarchies[column]
        leaves = {row[0]: 1 for row in rows}
        for label in {label for row in rows for label in row[1:]}:
            leaves.setdefault(label, sum(label in row[1:] for row in rows))
        sizes = published[column].astype(str).map(leaves)
        assert not sizes.isna().any(), f"{column}: a label is not in its hierarchy"
        total += (sizes.to_numpy(float) - 1) / max(len(rows) - 1, 1)
    out = (published[columns].astype(str) == "*").all(axis=1)
    return float(np.where(out, 1.0, total / len(columns)).mean())
