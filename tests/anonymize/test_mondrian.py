"""Best-cut Mondrian: the C kernel and numpy cut alike, and no cut breaks what was asked."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hushu.anonymize.privacy import mondrian
from hushu.anonymize.privacy.criteria import Criteria, Sensitive
from hushu.anonymize.privacy.hierarchy import Hierarchy, build_hierarchy
from hushu.anonymize.privacy.recoding import class_ranges


def random_tree(rng: np.random.Generator, leaves: int) -> Hierarchy:
    first = rng.integers(0, max(1, leaves // 2), leaves)
    second = rng.integers(0, 3, max(1, leaves // 2))
    rows = [[f"v{i}", f"g{first[i]}", f"h{second[first[i]]}", "*"] for i in range(leaves)]
    return build_hierarchy("c", [row[0] for row in rows], rows)


def random_rule(rng: np.random.Generator, rows: int, kind: int) -> Sensitive:
    width = int(rng.integers(2, 6))
    codes = rng.integers(0, width, rows)
    tree = build_hierarchy(
        "s", [str(i) for i in range(width)], [[str(i), str(i // 2) + "+", "*"] for i in range(width)]
    )
    options = [
        {"l": 2},
        {"l": 1.5, "diversity": "entropy"},
        {"l": 2, "diversity": "recursive", "c": 1.5},
        {"t": 0.4},
        {"t": 0.4, "closeness": "ordered"},
        {"t": 0.4, "closeness": "hierarchical", "levels": tree.groups},
    ][kind]
    return Sensitive("s", codes, width, np.bincount(codes, minlength=width) / rows, **options)


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10_000), k=st.integers(1, 6), rules=st.integers(-1, 5))
def test_kernel_and_numpy_make_the_same_classes(seed: int, k: int, rules: int) -> None:
    if mondrian._classes is None:
        pytest.skip("the C kernel is not built")
    rng = np.random.default_rng(seed)
    rows, columns = int(rng.integers(2, 120)), int(rng.integers(1, 5))
    trees = [random_tree(rng, int(rng.integers(1, 14))) for _ in range(columns)]
    codes = np.stack([rng.integers(0, len(t.leaves), rows) for t in trees], axis=1).astype(np.int32)
    count = rng.integers(1, 4, rows)
    criteria = Criteria(k, () if rules < 0 else (random_rule(rng, rows, rules),))
    fast = mondrian.partition(codes, count, trees, criteria)
    slow = mondrian._by_first_row(mondrian._partition_portable(codes, count, trees, criteria))
    assert fast.tolist() == slow.tolist()


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10_000), k=st.integers(1, 6), rules=st.integers(-1, 5))
def test_every_class_holds_when_the_whole_table_does(seed: int, k: int, rules: int) -> None:
    rng = np.random.default_rng(seed)
    rows = int(rng.integers(6, 120))
    trees = [random_tree(rng, int(rng.integers(2, 14))) for _ in range(3)]
    codes = np.stack([rng.integers(0, len(t.leaves), rows) for t in trees], axis=1).astype(np.int32)
    count = np.ones(rows, dtype=np.int64)
    criteria = Criteria(k, () if rules < 0 else (random_rule(rng, rows, rules),))
    if criteria.failing(np.zeros(rows, dtype=np.int64), count, 1)[0]:
        return
    klass = mondrian.partition(codes, count, trees, criteria)
    assert not criteria.failing(klass, count, int(klass.max()) + 1).any()


def test_a_frequent_value_in_the_middle_is_cut_out() -> None:
    tree = build_hierarchy("c", list("abcde"), [[v, "*"] for v in "abcde"])
    codes = np.array([[0]] * 2 + [[2]] * 50 + [[4]] * 3, dtype=np.int32)
    klass = mondrian.partition(codes, np.ones(55, dtype=np.int64), [tree], Criteria(5))
    assert np.bincount(klass).tolist() == [5, 50]


def test_a_column_with_many_groups_below_one_root_is_cut_too() -> None:
    rng = np.random.default_rng(4)
    streets = [[f"{a:02d}{b:02d}", f"{a:02d}", "*"] for a in range(100) for b in range(20)]
    numbers = [[str(v), *(str(v // w * w) for w in (50, 500, 5000)), "*"] for v in range(9000)]
    trees = [build_hierarchy("c", [row[0] for row in rows], rows) for rows in (streets, numbers)]
    codes = np.stack([rng.integers(0, len(tree.leaves), 20_000) for tree in trees], axis=1).astype(np.int32)
    klass = mondrian.partition(codes, np.ones(20_000, dtype=np.int64), trees, Criteria(10))
    low, high = class_ranges(codes, klass)
    for j, tree in enumerate(trees):
        level = tree.ancestor_level(low[:, j], high[:, j])
        assert (tree.loss[level, low[:, j]][klass] < 0.9).mean() > 0.8, "no column is left at its root"


def test_many_values_without_a_table_of_ancestors() -> None:
    rng = np.random.default_rng(2)
    values = [str(v) for v in range(3000)]
    tree = build_hierarchy("c", values, [[v, f"{int(v) // 100}", "*"] for v in values])
    codes = rng.integers(0, 3000, (4000, 1)).astype(np.int32)
    count = np.ones(4000, dtype=np.int64)
    fast = mondrian.partition(codes, count, [tree], Criteria(10))
    slow = mondrian._by_first_row(mondrian._partition_portable(codes, count, [tree], Criteria(10)))
    assert fast.tolist() == slow.tolist()
