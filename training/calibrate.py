"""Fit the calibration of the scores on texts that a model never saw: logistic regression.

python -m training.calibrate DIR    DIR holds the left-out models of ``benchmarks.text.lofo``
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import numpy.typing as npt

from hushu.classify import tagger_rules
from hushu.classify.tagger import Tagger
from training import TEXTS
from training.corpus import Item, read_markup


def _logit(share: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    share = np.clip(share, 1e-4, 1 - 1e-4)
    return np.log(share / (1 - share))


def evidence(tagger: Tagger, items: list[Item]) -> tuple[list[tuple[float, float]], list[bool]]:
    """Return presence and kind of every proposal that stands, and whether it is right.

    Right means: it touches an annotated span of its type. A name found with one character too many is found.
    """
    rows, right = [], []
    for item, drafts in zip(items, tagger.propose([item.text for item in items]), strict=True):
        for draft in tagger_rules.standing(item.text, drafts):
            near = [g for g in item.spans if g.start < draft.end and draft.start < g.end]
            if near and all(gold.optional for gold in near):
                continue
            rows.append((draft.presence, draft.kind))
            right.append(any(draft.type in gold.types for gold in near))
    return rows, right


def fitted(rows: npt.NDArray[np.float64], right: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return offset and weights by Newton's method with a little shrinkage."""
    design = np.column_stack([np.ones(len(rows)), _logit(rows)])
    weights = np.zeros(design.shape[1])
    for _ in range(30):
        share = 1 / (1 + np.exp(-design @ weights))
        slope = design.T @ (right - share) - 0.1 * weights
        bend = design.T @ (design * (share * (1 - share))[:, None]) + 0.1 * np.eye(len(weights))
        weights = weights + np.linalg.solve(bend, slope)
    return weights


def main() -> None:
    """Print the calibration and how it fares: mean score against share right, in five classes."""
    rows: list[tuple[float, float]] = []
    right: list[bool] = []
    for folder in sorted(Path(sys.argv[1]).iterdir()):
        if not (folder / "tagger.onnx").exists():
            continue
        tagger = Tagger(folder)
        for stem in folder.name.split("+"):
            more, hits = evidence(tagger, read_markup(TEXTS / f"{stem}.txt"))
            rows += more
            right += hits
    data, hit = np.array(rows), np.array(right, dtype=np.float64)
    weights = fitted(data, hit)
    print("CALIBRATION", tuple(round(float(w), 3) for w in weights), len(hit))
    score = 1 / (1 + np.exp(-np.column_stack([np.ones(len(data)), _logit(data)]) @ weights))
    for part in np.array_split(np.argsort(score), 8):
        print(f"{len(part):6} mean score {score[part].mean():.3f} right {hit[part].mean():.3f}")


if __name__ == "__main__":
    main()
