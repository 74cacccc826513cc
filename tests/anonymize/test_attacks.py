"""The attacks of the threat model, run against what k_anonymize and its neighbours publish."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import hushu
from hushu.anonymize.privacy.linkage import PastRelease, overlap
from hushu.errors import ConfigError, InputError

from .people import AGE_ROWS, HIERARCHIES, JOB_ROWS, people

COLUMNS = ["age", "sex", "job"]
COVER = {
    column: {label: {row[0] for row in rows if label in row} for row in rows for label in row}
    for column, rows in {"age": AGE_ROWS, "job": JOB_ROWS, "sex": HIERARCHIES["sex"]}.items()
}


def candidates(released: pd.DataFrame, person: pd.Series) -> pd.DataFrame:
    """Return the released rows that a person's known values fit."""
    fits = np.ones(len(released), dtype=bool)
    for column in COLUMNS:
        labels = [label for label in set(released[column]) if str(person[column]) in COVER[column][label]]
        fits &= released[column].isin(labels).to_numpy()
    return released[fits]


@pytest.mark.parametrize("recoding", ["global", "local"])
def test_linkage_with_a_register_of_sixty_percent_of_the_people(recoding: str) -> None:
    frame = people(400)
    register = frame.sample(frac=0.6, random_state=2)
    open_link = register.merge(frame, on=COLUMNS, how="left").groupby("id_x").size()
    assert (open_link == 1).mean() > 0.2, "the attack must work on the raw table"
    released = hushu.k_anonymize(frame, COLUMNS, k=5, hierarchies=HIERARCHIES, recoding=recoding).frame
    right = 0.0
    for _, person in register.iterrows():
        found = candidates(released, person)
        assert len(found) >= 5
        assert person["id"] in set(found["id"])
        right += 1 / len(found)
    assert right / len(register) <= 0.2


def test_homogeneity_is_measured_and_removed_by_l() -> None:
    frame = people(1200)
    plain = hushu.k_anonymize(frame, COLUMNS, k=3, hierarchies=HIERARCHIES, recoding="local").frame
    assert hushu.risk(plain, COLUMNS, "ill").l == 1, "k alone must leave homogeneous classes here"
    safe = hushu.k_anonymize(
        frame, COLUMNS, k=3, l=2, sensitive="ill", hierarchies=HIERARCHIES, recoding="local"
    ).frame
    assert safe.groupby(COLUMNS)["ill"].nunique().min() >= 2


def test_skew_is_bounded_by_t() -> None:
    frame = people(1200)
    whole = frame["ill"].value_counts(normalize=True)
    safe = hushu.k_anonymize(
        frame, COLUMNS, k=5, t=0.2, sensitive="ill", hierarchies=HIERARCHIES, recoding="local"
    ).frame
    for _, rows in safe.groupby(COLUMNS):
        here = rows["ill"].value_counts(normalize=True).reindex(whole.index, fill_value=0)
        assert (here - whole).clip(lower=0).sum() <= 0.2 + 1e-9


def releases(frame: pd.DataFrame, *made: pd.DataFrame) -> list[PastRelease]:
    return [PastRelease(one, tuple(COLUMNS), "id", "ill") for one in made]


def test_overlapping_releases_of_the_same_people_are_measured() -> None:
    frame = people(1500)
    first = hushu.k_anonymize(frame, COLUMNS, k=5, hierarchies=HIERARCHIES, recoding="local")
    second = hushu.k_anonymize(
        frame.iloc[200:], COLUMNS, k=7, hierarchies=HIERARCHIES, recoding="local"
    )  # other people, other k: the classes cross
    crossed = overlap(releases(frame, first.frame, second.frame))
    assert crossed.people == 1300
    assert min(crossed.k_each) >= 1
    assert crossed.k < 5
    assert crossed.unique_share > 0
    again = overlap(releases(frame, first.frame, first.frame))
    assert again.k >= 5
    assert again.learned_share == 0


def test_the_same_scheme_does_not_let_classes_cross() -> None:
    frame = people(1500)
    first = hushu.k_anonymize(frame, COLUMNS, k=5, hierarchies=HIERARCHIES)
    second = first.scheme.apply(frame)
    assert second.frame[COLUMNS].equals(first.frame[COLUMNS])
    assert overlap(releases(frame, first.frame, second.frame)).k >= 5


def test_minimality_without_l_and_t_the_classes_tell_nothing_of_the_sensitive_values() -> None:
    # An attacker who knows the algorithm learns from its output alone only what its input told it.
    frame = people(900)
    published = hushu.k_anonymize(
        frame, COLUMNS, k=4, sensitive="ill", hierarchies=HIERARCHIES, recoding="local"
    )
    other = frame.assign(ill=np.roll(frame["ill"].to_numpy(), 17))
    same = hushu.k_anonymize(other, COLUMNS, k=4, sensitive="ill", hierarchies=HIERARCHIES, recoding="local")
    assert same.frame[COLUMNS].equals(published.frame[COLUMNS])


@pytest.mark.parametrize("ks", [(3, 5), (4, 9)])
def test_minimality_rerunning_with_another_k_is_caught_by_the_overlap(ks: tuple[int, int]) -> None:
    frame = people(1500)
    made = [
        hushu.k_anonymize(frame, COLUMNS, k=k, hierarchies=HIERARCHIES, recoding="local").frame for k in ks
    ]
    found = overlap(releases(frame, *made))
    assert found.k <= min(found.k_each)
    assert found.to_dict()["people"] == 1500


def test_composition_learns_what_neither_release_tells() -> None:
    a = pd.DataFrame({"id": [1, 2, 3, 4], "z": ["x", "x", "y", "y"], "ill": ["flu", "hiv", "flu", "ulcer"]})
    b = a.assign(z=["p", "q", "p", "q"])
    found = overlap([PastRelease(a, ("z",), "id", "ill"), PastRelease(b, ("z",), "id", "ill")])
    # person 2: {flu, hiv} and {hiv, ulcer} share hiv alone; person 4: ulcer alone
    assert found.learned_share == 0.5


def test_overlap_says_what_it_cannot_compare() -> None:
    frame = pd.DataFrame({"id": [1, 1], "z": ["a", "b"]})
    one = PastRelease(frame, ("z",), "id")
    with pytest.raises(ConfigError, match="HS-E160"):
        overlap([one])
    with pytest.raises(InputError, match="HS-E264"):
        overlap([one, one])
    with pytest.raises(InputError, match="HS-E264"):
        overlap(
            [
                PastRelease(frame.iloc[:1], ("z",), "id"),
                PastRelease(frame.iloc[:1].assign(id=9), ("z",), "id"),
            ]
        )
