"""Small counts: nothing hidden can be worked out, alone or from several tables together."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from hushu.anonymize.privacy.cells import audit_cells, count_table, suppress_cells
from hushu.anonymize.privacy.differencing import joint_audit, small_differences
from hushu.anonymize.privacy.rounding import round_cells
from hushu.errors import ConfigError, InputError

from .people import people

pytest.importorskip("scipy")
KEY = bytes(range(32))


def skewed(rows: int, shape: tuple[int, ...], seed: int) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    return pd.DataFrame({f"d{i}": rng.zipf(1.4, rows) % width for i, width in enumerate(shape)})


def test_margins_give_lone_hidden_cells_away_and_protected_ones_not() -> None:
    frame = people(900)
    table = count_table(frame, ["district", "job"])
    naive = (table.counts > 0) & (table.counts < 5)
    assert naive.any()
    recovered = [cell for cell in audit_cells(table, naive) if cell.width < 1e-6]
    assert recovered, "the attack must work on the unprotected table"
    made = suppress_cells(table)
    assert made.hidden[naive].all()
    assert all(cell.width >= 5 - 1e-6 for cell in made.audit)


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("shape", [(6, 5), (12, 4), (4, 3, 3)])
def test_no_hidden_cell_is_recoverable_within_the_width(shape: tuple[int, ...], seed: int) -> None:
    table = count_table(skewed(400, shape, seed), [f"d{i}" for i in range(len(shape))])
    made = suppress_cells(table, minimum=5, width=6)
    assert made.hidden[(table.counts > 0) & (table.counts < 5)].all()
    fresh = audit_cells(table, made.hidden)
    assert all(cell.width >= 6 - 1e-6 for cell in fresh)
    assert made.hidden.sum() < made.hidden.size


def test_published_rows_hold_nulls_where_hidden() -> None:
    made = suppress_cells(count_table(people(600), ["district", "job"]))
    rows = made.rows()
    assert rows["n"].null_count == made.hidden.sum() == made.primary + made.secondary
    shown = rows["n"].drop_null().to_numpy()
    assert ((shown == 0) | (shown >= 5)).all()


def test_a_table_without_small_counts_stays_whole() -> None:
    made = suppress_cells(count_table(pd.DataFrame({"a": ["x"] * 9 + ["y"] * 8}), ["a"]))
    assert (made.primary, made.secondary, made.audit) == (0, 0, ())


def test_zeros_can_be_hidden_too() -> None:
    frame = pd.DataFrame(
        {"a": ["x"] * 30 + ["y"] * 30 + ["x"] * 30, "b": ["p"] * 30 + ["q"] * 30 + ["r"] * 30}
    )
    table = count_table(frame, ["a", "b"])
    assert not suppress_cells(table).hidden.any()
    hidden = suppress_cells(table, zeros="hide").hidden
    assert hidden[table.counts == 0].all()


def test_controlled_rounding_adds_up_and_random_rounding_is_unbiased() -> None:
    table = count_table(people(900), ["district", "job"])
    made = round_cells(table, KEY, base=5)
    assert (made.counts % 5 == 0).all()
    assert np.abs(made.counts - table.counts).max() < 5
    for axis in range(2):
        inner = np.take(made.counts, range(made.counts.shape[axis] - 1), axis=axis)
        assert (inner.sum(axis=axis) == np.take(made.counts, -1, axis=axis)).all()
    assert (round_cells(table, KEY).counts == made.counts).all(), "asking again gains nothing"
    draws = [
        round_cells(table, bytes([i]) + KEY, rounding="random").counts - table.counts for i in range(200)
    ]
    assert np.abs(np.mean(draws, axis=0)).max() < 0.8
    assert np.abs(draws).max() < 5


def test_differencing_two_moments_is_noticed() -> None:
    frame = people(2000)
    before, after = (suppress_cells(count_table(f, ["district"])) for f in (frame, frame.iloc[1:]))
    found = small_differences([before, after])
    assert found
    assert small_differences([before, before]) == ()
    assert small_differences([before, suppress_cells(count_table(frame, ["district", "sex"]))]) == ()


def test_tables_that_are_safe_alone_are_audited_together() -> None:
    # Each of the three margins hides its small counts; jointly they may still pin one down.
    frame = skewed(300, (4, 3, 3), 2)
    pairs = [["d0", "d1"], ["d1", "d2"], ["d0", "d2"]]
    tables = [suppress_cells(count_table(frame, pair)) for pair in pairs]
    jointly = joint_audit(tables)
    for risk in jointly:
        assert risk.width < 5
        assert tables[risk.table].hidden[risk.position]
    assert joint_audit([tables[0], tables[0]]) == ()


def test_hiding_in_one_table_what_another_shows_is_found() -> None:
    frame = people(900)
    table = count_table(frame, ["district", "job"])
    hidden = suppress_cells(table)
    shown = suppress_cells(table, minimum=2)  # the same counts, protected less
    assert joint_audit([hidden, shown])


def test_bad_input() -> None:
    with pytest.raises(InputError, match="HS-E260"):
        count_table(pd.DataFrame({"a": []}), ["a"])
    with pytest.raises(InputError, match="HS-E263"):
        count_table(pd.DataFrame({"a": ["x"], "n": [-1]}), ["a"], count="n")
    with pytest.raises(ConfigError, match="HS-E162"):
        count_table(pd.DataFrame({"a": ["x"]}), ["b"])
    with pytest.raises(ConfigError, match="HS-E167"):
        count_table(pd.DataFrame({"a": range(600), "b": range(600)}), ["a", "b"])
    with pytest.raises(ConfigError, match="HS-E160"):
        suppress_cells(count_table(pa.table({"a": ["x"]}), ["a"]), minimum=1)
    assert count_table(pa.table({"a": ["x", None], "n": [2, 3]}), ["a"], count="n").counts.tolist() == [
        2,
        3,
        5,
    ]
