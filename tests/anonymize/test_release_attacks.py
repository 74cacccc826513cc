"""Attacks on what ``apply`` writes: linkage, homogeneity, skew, margins, overlap, minimality, whole way."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd
import pytest

import hushu
from hushu.anonymize.privacy.linkage import PastRelease, overlap

AREAS = ["浦东新区", "徐汇区", "松江区", "静安区", "崇明区"]
ILLS = ["高血压", "糖尿病", "哮喘", "艾滋病"]
PURPOSE = {
    "id": "attack", "title": "研究", "matter": "研究", "provider": "甲", "recipient": "乙", "basis": "依据",
    "scenario": "研究", "scope": "全市", "mode": "批量交换", "until": "2027-12-31",
    "items": ["nl", "xb", "szqx", "jbmc"],
}  # fmt: skip
QUASI = ["nl", "xb", "szqx"]


def patients(rows: int = 900, seed: int = 0) -> pd.DataFrame:
    """Sickness follows age and place, so that classes are homogeneous and skewed unless kept from it."""
    draw = np.random.default_rng(seed)
    age = draw.integers(18, 90, rows)
    ill = np.where(
        age > 65, draw.choice(3, rows, p=[0.9, 0.08, 0.02]), draw.choice(4, rows, p=[0.1, 0.3, 0.55, 0.05])
    )
    return pd.DataFrame(
        {
            "nl": age,
            "xb": draw.choice(["男", "女"], rows),
            "szqx": draw.choice(AREAS, rows, p=[0.4, 0.3, 0.2, 0.08, 0.02]),
            "jbmc": np.array(ILLS)[ill],
        }
    )  # fmt: skip


def released(frame: pd.DataFrame, **privacy) -> pd.DataFrame:
    plan = hushu.plan(hushu.scan(frame), {**PURPOSE, "privacy": {"quasi_identifiers": QUASI, **privacy}})
    return hushu.apply(plan, frame).frame


def fits(label: object, value: object) -> bool:
    text = str(label)
    if text in {"*", str(value)}:
        return True
    low, _, high = text.partition("-")
    return low.isdigit() and high.isdigit() and str(value).isdigit() and int(low) <= int(value) <= int(high)


def test_linkage_with_sixty_percent_of_the_people_finds_nobody_surely():
    frame = patients()
    register = frame.sample(frac=0.6, random_state=1)
    assert (register.groupby(QUASI).size() == 1).mean() > 0.3, "the attack must work on the raw table"
    table = released(frame, k=5)
    chances = []
    for _, person in register.drop_duplicates(QUASI).head(150).iterrows():
        rows = np.ones(len(table), dtype=bool)
        for column in QUASI:
            good = {label for label in table[column].unique() if fits(label, person[column])}
            rows &= table[column].isin(good).to_numpy()
        chances.append(1 / max(rows.sum(), 1) if rows.any() else 0.0)
    assert max(chances) <= 1 / 5


@pytest.mark.parametrize(("target", "bound"), [({"l": 2}, None), ({"t": 0.35}, 0.35)])
def test_homogeneity_and_skew_are_gone_when_the_purpose_asks(target, bound):
    frame = patients()
    plain = released(frame, k=5, recoding="local")
    assert plain.groupby(QUASI)["jbmc"].nunique().min() == 1, "the attack must work without l and t"
    table = released(frame, k=5, **target)
    shown = table[~(table[QUASI] == "*").all(axis=1)]
    whole = frame["jbmc"].value_counts(normalize=True)
    for _, rows in shown.groupby(QUASI):
        here = rows["jbmc"].value_counts(normalize=True).reindex(whole.index, fill_value=0)
        assert rows["jbmc"].nunique() >= 2
        assert bound is None or (here - whole).clip(lower=0).sum() <= bound + 1e-9


def test_margins_of_counts_give_no_small_count_away():
    pytest.importorskip("scipy")
    frame = patients()
    pairs = list(combinations(["xb", "szqx", "jbmc"], 2))
    purpose = {**PURPOSE, "privacy": {"counts": [{"dimensions": list(pair)} for pair in pairs]}}
    plan = hushu.plan(hushu.scan(frame), purpose)
    from hushu.anonymize.privacy.tabulating import tabulations
    from hushu.rules.counttables import count_specs

    for made in tabulations(frame, count_specs(plan.privacy), table="t"):
        table = made.frame.to_pandas()
        first, second = made.spec.dimensions
        for name, rows in table[table[second] != "合计"].groupby(first):
            total = table[(table[first] == name) & (table[second] == "合计")]["n"].iloc[0]
            assert rows["n"].isna().sum() != 1 or np.isnan(total), "a lone gap is the total less the rest"


def test_two_releases_with_the_same_targets_are_measured_together():
    frame = patients().assign(id=range(900))
    tables = []
    for part in (frame, frame.iloc[:700]):
        made = hushu.k_anonymize(part, QUASI, 5, recoding="local").frame
        tables.append(PastRelease(made, tuple(QUASI), "id", "jbmc"))
    found = overlap(tables)
    assert found.people == 700
    assert found.k <= min(found.k_each)
    assert 0 <= found.learned_share <= 1


def test_minimality_what_is_published_does_not_hang_on_who_is_ill():
    frame = patients()
    swapped = frame.assign(jbmc=np.roll(frame["jbmc"].to_numpy(), 31))
    one, other = (released(f, k=5)[QUASI].sort_values(QUASI).reset_index(drop=True) for f in (frame, swapped))
    pd.testing.assert_frame_equal(one, other)
