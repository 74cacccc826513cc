"""The lattice search against trying every node."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hushu.anonymize.privacy.criteria import Criteria
from hushu.anonymize.privacy.lattice import Optimum, Tuples, optimum
from hushu.errors import ConfigError

from .test_mondrian import random_rule, random_tree


def brute(tuples: Tuples, weights: list[float]) -> float | None:
    best = None
    rows = tuples.count.sum()
    for levels in product(*(range(tree.height) for tree in tuples.trees)):
        out = tuples.failing(range(len(levels)), levels)
        if tuples.count[out].sum() > tuples.limit:
            continue
        each = sum(
            w * t.loss[v][tuples.codes[:, j]]
            for j, (w, t, v) in enumerate(zip(weights, tuples.trees, levels, strict=True))
        )
        loss = (np.where(out, 1.0, each) * tuples.count).sum() / rows
        best = loss if best is None else min(best, loss)
    return best


@settings(max_examples=30, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    k=st.integers(1, 8),
    share=st.sampled_from([0, 0.1, 1]),
    rules=st.integers(-1, 5),
)
def test_the_optimum_is_the_optimum(seed: int, k: int, share: float, rules: int) -> None:
    rng = np.random.default_rng(seed)
    rows, columns = int(rng.integers(3, 90)), int(rng.integers(1, 5))
    trees = tuple(random_tree(rng, int(rng.integers(1, 9))) for _ in range(columns))
    codes = np.stack([rng.integers(0, len(t.leaves), rows) for t in trees], axis=1).astype(np.int32)
    count = rng.integers(1, 4, rows)
    criteria = Criteria(k, () if rules < 0 else (random_rule(rng, rows, rules),))
    tuples = Tuples(codes, count, trees, criteria, int(share * count.sum()))
    weights = rng.dirichlet(np.ones(columns)).tolist()
    best, expected = optimum(tuples, weights), brute(tuples, weights)
    assert (best is None) == (expected is None)
    if best is not None and expected is not None:
        assert best.loss == pytest.approx(expected)
        assert best.gap == 0.0


def test_too_many_nodes_is_said_at_once() -> None:
    rng = np.random.default_rng(1)
    trees = tuple(random_tree(rng, 6) for _ in range(14))
    codes = np.stack([rng.integers(0, 6, 50) for _ in trees], axis=1).astype(np.int32)
    tuples = Tuples(codes, np.ones(50, dtype=np.int64), trees, Criteria(2), 0)
    with pytest.raises(ConfigError, match="HS-E168"):
        optimum(tuples, [1 / 14] * 14)


def test_the_result_is_frozen() -> None:
    made = Optimum((0,), 0.0, np.zeros(1, dtype=bool), 0.0, 1)
    with pytest.raises(AttributeError):
        made.loss = 1.0  # type: ignore[misc]
