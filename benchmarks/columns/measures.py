"""Measures over (truth, verdict, confidence) of columns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

Judged = tuple[str | None, str | None, float]


def scores(judged: Sequence[Judged]) -> dict[str, Any]:
    """Return micro and macro F1, the share of columns outside the vocabulary that were tagged, and F1 by type."""
    right: dict[str, int] = defaultdict(int)
    wrong: dict[str, int] = defaultdict(int)
    missed: dict[str, int] = defaultdict(int)
    for truth, verdict, _ in judged:
        if truth == verdict:
            if truth:
                right[truth] += 1
            continue
        if verdict:
            wrong[verdict] += 1
        if truth:
            missed[truth] += 1
    types = {t for t, _, _ in judged if t}
    outside = [v for t, v, _ in judged if t is None]
    by_type = {t: _f1(right[t], wrong[t], missed[t]) for t in sorted(types)}
    return {
        "columns": len(judged),
        "micro_f1": round(_f1(sum(right.values()), sum(wrong.values()), sum(missed.values())), 4),
        "macro_f1": round(sum(by_type.values()) / len(by_type), 4) if by_type else 0.0,
        "outside_tagged": round(sum(v is not None for v in outside) / len(outside), 4) if outside else 0.0,
        "by_type": {t: round(f, 3) for t, f in by_type.items()},
    }


def _f1(right: int, wrong: int, missed: int) -> float:
    return 2 * right / (2 * right + wrong + missed) if right else 0.0


def calibration_error(judged: Iterable[Judged], bins: int = 10) -> float:
    """Return the expected calibration error of the verdicts: mean gap of confidence and accuracy over bins."""
    held: list[list[tuple[float, bool]]] = [[] for _ in range(bins)]
    for truth, verdict, confidence in judged:
        if verdict:
            held[min(bins - 1, int(confidence * bins))].append((confidence, truth == verdict))
    total = sum(map(len, held))
    gaps = (abs(sum(c - ok for c, ok in b)) for b in held if b)
    return round(sum(gaps) / total, 4) if total else 0.0
