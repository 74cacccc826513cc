"""A scheme applied to later data: the same labels, k held anew, what does not fit suppressed."""

from __future__ import annotations

import pandas as pd
import pytest

import hushu
from hushu.errors import ConfigError, InputError

from .people import HIERARCHIES, people

COLUMNS = ["age", "sex", "job"]


@pytest.mark.parametrize("recoding", ["global", "local"])
def test_later_data_keep_k_and_the_labels(recoding: str) -> None:
    first = hushu.k_anonymize(
        people(2000), COLUMNS, k=5, hierarchies=HIERARCHIES, recoding=recoding, max_suppression=0.05
    )
    later = first.scheme.apply(people(900, seed=8))
    kept = later.frame[(later.frame[COLUMNS] != "*").any(axis=1)]
    assert kept.groupby(COLUMNS).size().min() >= 5
    assert later.k == kept.groupby(COLUMNS).size().min()
    assert later.suppressed == 900 - len(kept)
    assert later.suppressed < 90
    labels = {label for row in HIERARCHIES["age"] for label in row}
    assert set(later.frame["age"]) <= labels
    again = first.scheme.apply(people(2000))
    if recoding == "global":
        assert again.frame[COLUMNS].equals(first.frame[COLUMNS])


@pytest.mark.parametrize("recoding", ["global", "local"])
def test_l_is_held_on_later_data(recoding: str) -> None:
    first = hushu.k_anonymize(
        people(2000),
        COLUMNS,
        k=4,
        l=2,
        sensitive="ill",
        hierarchies=HIERARCHIES,
        recoding=recoding,
        max_suppression=0.05,
    )
    later = first.scheme.apply(people(700, seed=9)).frame
    kept = later[(later[COLUMNS] != "*").any(axis=1)]
    assert kept.groupby(COLUMNS)["ill"].nunique().min() >= 2


@pytest.mark.parametrize("recoding", ["global", "local"])
def test_values_never_seen_are_counted_and_go_to_the_root(recoding: str) -> None:
    first = hushu.k_anonymize(people(1000), COLUMNS, k=5, hierarchies=HIERARCHIES, recoding=recoding)
    odd = people(300, seed=3)
    odd.loc[:5, "job"] = "astronaut"
    made = first.scheme.apply(odd)
    assert made.unseen == {"job": 6}
    assert set(made.frame.loc[:5, "job"]) == {"*"}


def test_bad_input() -> None:
    scheme = hushu.k_anonymize(people(100), COLUMNS, k=5, hierarchies=HIERARCHIES).scheme
    with pytest.raises(ConfigError, match="HS-E162"):
        scheme.apply(people(10).drop(columns="age"))
    with pytest.raises(InputError, match="HS-E260"):
        scheme.apply(people(10).iloc[:0])
    alone = scheme.apply(people(2))
    assert (alone.k, alone.suppressed, alone.information_loss) == (0, 2, 1.0)
    assert isinstance(alone.frame, pd.DataFrame)
