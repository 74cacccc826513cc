"""The cut rule of local recoding on tables it was not made for, against other ways to weigh a parting."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import hushu
from hushu.anonymize.privacy import mondrian

SCHOOL = ["文盲", "小学", "初中", "高中", "中专", "大专", "本科", "硕士", "博士"]
NATIONS = ["回族", "满族", "苗族", "土家族", "壮族", "蒙古族", "朝鲜族", "维吾尔族", "藏族", "彝族"]


def register(rows: int, seed: int = 0) -> tuple[pd.DataFrame, dict]:
    """Residents of a city: districts of unequal size, age by origin, schooling by age and district."""
    draw = np.random.default_rng(seed)
    size = np.exp(-np.arange(16) / 6)
    district = draw.choice(16, rows, p=size / size.sum())
    street, committee = draw.zipf(1.5, rows) % 14, draw.zipf(1.4, rows) % 25
    area = [f"31{d:02d}{s:02d}{c:02d}" for d, s, c in zip(district, street, committee, strict=True)]
    local = draw.random(rows) > 0.35 + 0.02 * district
    age = np.where(local, draw.normal(50, 21, rows), draw.normal(34, 11, rows)).clip(0, 100).astype(int)
    born = [
        f"{2026 - a}-{m:02d}-{d:02d}"
        for a, m, d in zip(age, draw.integers(1, 13, rows), draw.integers(1, 29, rows), strict=True)
    ]
    school = (draw.normal(5, 1.5, rows) - (age > 60) * 2 + (district < 4)).astype(int).clip(0, 8)
    married = draw.choice(["已婚", "未婚", "离异", "丧偶"], rows, p=[0.7, 0.15, 0.1, 0.05])
    frame = pd.DataFrame(
        {
            "birth": born,
            "sex": draw.choice(["男", "女"], rows),
            "area": area,
            "origin": np.where(local, "沪籍", "非沪"),
            "school": np.array(SCHOOL)[school],
            "married": np.where(age < 22, "未婚", married),
            "nation": np.where(draw.random(rows) < 0.97, "汉族", draw.choice(NATIONS, rows)),
            "work": [f"{7 * s + w:02d}" for s, w in zip(school, draw.integers(0, 9, rows), strict=True)],
        }
    )
    levels = ["低"] * 3 + ["中"] * 2 + ["高"] * 4
    return frame, {
        "area": [[a, a[:6], a[:4], "*"] for a in sorted(set(area))],
        "birth": [[b, b[:7], b[:4], b[:3] + "0", "*"] for b in sorted(set(born))],
        "school": [[s, level, "*"] for s, level in zip(SCHOOL, levels, strict=True)],
        "nation": [["汉族", "汉族", "*"], *([n, "少数民族", "*"] for n in NATIONS)],
        "work": [[w, w[0], "*"] for w in sorted(set(frame["work"]))],
    }


def sparse(rows: int, seed: int = 0) -> tuple[pd.DataFrame, dict]:
    """Ten columns of up to thousands of values, most of them rare."""
    draw = np.random.default_rng(seed)
    widths = (5000, 800, 300, 90, 60, 30, 12, 9, 5, 2)
    frame = pd.DataFrame(
        {f"c{i}": (draw.zipf(1.3 + 0.1 * i, rows) % w).astype(str) for i, w in enumerate(widths)}
    )
    return frame, {
        c: [[v, f"a{int(v) // 10}", f"b{int(v) // 100}", "*"] for v in sorted(set(frame[c]), key=int)]
        for c in frame
    }


SHARE = np.arange(1, mondrian.SHARES // 2 + 1) / mondrian.SHARES
BITS = -SHARE * np.log2(SHARE) - (1 - SHARE) * np.log2(1 - SHARE)
OTHERS = {"none": np.ones_like(BITS), "root": BITS**0.5, "power": BITS**0.75, "share": 2 * SHARE}


@pytest.mark.parametrize("made", [register, sparse])
def test_bits_are_within_three_percent_of_the_best(made, monkeypatch):
    frame, hierarchies = made(2000)

    def loss() -> float:
        done = hushu.k_anonymize(frame, list(frame), k=5, hierarchies=hierarchies, recoding="local")
        return done.information_loss

    own, others = loss(), {}
    for name, weight in OTHERS.items():
        bits = np.concatenate(([0], np.maximum(1, np.round(65536 * weight)))).astype(np.int64)
        monkeypatch.setattr(mondrian, "_parting_bits", lambda bits=bits: bits)
        others[name] = loss()
    assert own <= 1.03 * min(others.values())
    assert others["share"] > own
