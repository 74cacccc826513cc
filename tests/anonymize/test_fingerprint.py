"""Fingerprint and trace: whose copy it is, through formats, samples and collusion, or nobody's."""

from __future__ import annotations

import json
from datetime import date

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

import hushu
from hushu.anonymize.fingerprint import Fingerprinted, fingerprint
from hushu.errors import ConfigError, InputError
from hushu.io.ledger import append

KEY = bytes(range(32))
COLUMNS = ["income", "kwh", "day"]


def table(rows: int = 60_000, seed: int = 1) -> pa.Table:
    rng = np.random.default_rng(seed)
    return pa.table(
        {
            "id": pa.array([f"P{i:08d}" for i in range(rows)]),
            "income": np.round(rng.lognormal(9, 0.5, rows), 2),
            "kwh": rng.integers(200, 9000, rows),
            "day": pa.array(rng.integers(10_000, 19_000, rows).astype("datetime64[D]")),
            "note": pa.array(["x"] * rows),
        }
    )


def copy(data: object, recipient: str, **options: object) -> Fingerprinted:
    return fingerprint(
        data, recipient=recipient, key=KEY, row_key="id", columns=COLUMNS, scope="r1", **options
    )


@pytest.fixture(scope="module")
def marked() -> Fingerprinted:
    return copy(table(), "r7")


@pytest.fixture(scope="module")
def records(marked: Fingerprinted) -> list[dict]:
    return [{**marked.record.to_dict(), "recipient": f"r{i}"} for i in range(200)]


def test_at_most_one_step_in_at_most_the_stated_share(marked: Fingerprinted) -> None:
    before, after = table().to_pandas(), marked.frame.to_pandas()
    assert after["id"].equals(before["id"])
    assert after["note"].equals(before["note"])
    assert (after["income"] - before["income"]).abs().max() == pytest.approx(0.01)
    assert (after["kwh"] - before["kwh"]).abs().max() == 1
    days = (pd.to_datetime(after["day"]) - pd.to_datetime(before["day"])).abs().dt.days
    assert days.max() == 1
    changed = sum((after[c] != before[c]).sum() for c in COLUMNS)
    assert changed == marked.record.changed
    assert changed == pytest.approx(0.01 * 3 * len(before), rel=0.1)
    assert marked.frame.schema == table().schema


def test_a_tenth_names_the_recipient_and_no_innocent(marked: Fingerprinted, records: list[dict]) -> None:
    part = marked.frame.take(np.random.default_rng(3).permutation(60_000)[:6_000])
    found = hushu.trace(part, records, KEY)
    assert found.named == ("r7",)
    assert found.suspects[0].z >= 10
    assert found.suspects[1].z < 6
    json.dumps(found.to_dict())


def test_other_order_other_columns_other_formats_other_names(
    marked: Fingerprinted, records: list[dict]
) -> None:
    frame = marked.frame.to_pandas().sample(frac=0.3, random_state=1)
    changed = pd.DataFrame(
        {
            "金额": frame["income"].map(lambda v: f"￥{v:,.2f}"),
            "更多": range(len(frame)),
            "日期": pd.to_datetime(frame["day"]).dt.strftime("%Y年%m月%d日"),
            "电量": frame["kwh"].map(lambda v: f" {v:.1f} "),
            "编号": frame["id"].str.lower() + " ",
        }
    )
    assert hushu.trace(changed, records, KEY).named == ("r7",)
    assert hushu.trace(frame[["kwh", "id"]], records, KEY).named == ("r7",)


@pytest.mark.parametrize("colluders", [2, 3])
def test_mixtures_name_every_colluder(records: list[dict], colluders: int) -> None:
    rng = np.random.default_rng(5)
    names = [f"r{11 * i + 3}" for i in range(colluders)]
    copies = [copy(table(), name).frame for name in names]
    which = rng.integers(0, colluders, 60_000)
    mixed = {c: np.choose(which, [one[c].to_numpy() for one in copies]) for c in ("income", "kwh")}
    days = np.choose(which, [one["day"].to_numpy().astype("int64") for one in copies]).astype("datetime64[D]")
    leak = pa.table({"id": copies[0]["id"], **mixed, "day": days})
    assert set(hushu.trace(leak, records, KEY).named) == set(names)


def test_two_colluders_who_restore_what_differs_are_named(records: list[dict]) -> None:
    original = table()
    one, other = copy(original, "r3").frame, copy(original, "r14").frame
    leak = {"id": original["id"]}
    for c in ("income", "kwh"):
        a, b = one[c].to_numpy(), other[c].to_numpy()
        leak[c] = np.where(a == b, a, original[c].to_numpy())
    assert set(hushu.trace(pa.table(leak), records, KEY).named) == {"r3", "r14"}


def test_a_clean_table_names_nobody_in_a_thousand_trials(records: list[dict]) -> None:
    # 5 clean tables x 200 candidates: a thousand chances to accuse somebody.
    for seed in range(5):
        found = hushu.trace(table(20_000, seed=100 + seed), records, KEY)
        assert found.named == ()
        assert "agree with nobody" in found.reason


def test_what_cannot_be_traced_is_said(marked: Fingerprinted, records: list[dict]) -> None:
    small = hushu.trace(marked.frame.slice(0, 100), records, KEY)
    assert (small.named, "too small" in small.reason) == ((), True)
    rounded = marked.frame.to_pandas()
    rounded["income"] = rounded["income"].round(-1)
    found = hushu.trace(rounded[["id", "income"]], records, KEY)
    assert (found.named, "rounded away" in found.reason) == ((), True)
    blind = hushu.trace(marked.frame.select(["note"]), records, KEY)
    assert (blind.named, "missing" in blind.reason) == ((), True)


def test_repeating_rows_does_not_inflate_the_votes(records: list[dict]) -> None:
    clean = table(300, seed=9)
    found = hushu.trace(pa.concat_tables([clean] * 200), records, KEY)
    assert found.named == ()
    assert max(s.votes for s in found.suspects) < 60


def test_text_columns_keep_their_format() -> None:
    rng = np.random.default_rng(2)
    frame = pd.DataFrame(
        {
            "id": [f"{i:05d}" for i in range(20_000)],
            "amount": [f"{v:.2f}" for v in rng.uniform(100, 9000, 20_000)],
            "born": [date(1950 + i % 50, 1 + i % 12, 1 + i % 28).strftime("%Y%m%d") for i in range(20_000)],
            "seen": [f"{2020 + i % 5}/{1 + i % 12}/{1 + i % 28}" for i in range(20_000)],
        }
    )
    made = fingerprint(frame, recipient="A", key=KEY, row_key="id", columns=["amount", "born", "seen"])
    assert made.frame["amount"].str.fullmatch(r"\d+\.\d{2}").all()
    assert pd.to_datetime(made.frame["born"], format="%Y%m%d").notna().all()
    assert made.frame["seen"].str.fullmatch(r"\d{4}/\d{1,2}/\d{1,2}").all()
    stripped = made.frame.assign(id=made.frame["id"].astype(int))  # Excel drops the zeros
    assert hushu.trace(stripped, [made.record], KEY).named == ("A",)


class TestRefusals:
    def test_too_few_rows(self) -> None:
        with pytest.raises(InputError, match="HS-E265"):
            copy(table(500), "r1")

    def test_keys_and_exact_columns_are_never_changed(self) -> None:
        for options in ({"columns": ["id"]}, {"columns": ["income"], "exact": ["income"]}, {"columns": []}):
            with pytest.raises(ConfigError, match="HS-E165"):
                fingerprint(table(20_000), recipient="a", key=KEY, row_key="id", **options)

    @pytest.mark.parametrize(
        "column",
        [
            pa.array([i % 90 for i in range(20_000)]),  # ages: one step is too much
            pa.array(["text"] * 20_000),
            pa.array(np.random.default_rng(0).normal(size=20_000)),  # no fixed decimals
            pa.array([1000 + i % 3 for i in range(20_000)]),
            pa.nulls(20_000, pa.int64()),
        ],
    )
    def test_columns_whose_precision_does_not_allow_it(self, column: pa.Array) -> None:
        data = pa.table({"id": range(20_000), "x": column})
        with pytest.raises(ConfigError, match="HS-E165"):
            fingerprint(data, recipient="a", key=KEY, row_key="id", columns=["x"])

    def test_another_key_and_an_empty_leak(self, records: list[dict]) -> None:
        with pytest.raises(ConfigError, match="HS-E166"):
            hushu.trace(table(100), records, bytes(range(1, 33)))
        with pytest.raises(InputError, match="HS-E260"):
            hushu.trace(table(10).slice(0, 0), records, KEY)


def test_from_the_ledger(tmp_path, marked: Fingerprinted, records: list[dict]) -> None:
    ledger = tmp_path / "ledger.jsonl"
    append(ledger, {"kind": "scan", "what": "x"})
    for record in records[:9]:
        append(ledger, {"kind": "release", "what": "r1", "fingerprint": record})
    part = tmp_path / "leak.parquet"
    import pyarrow.parquet as pq

    pq.write_table(marked.frame.slice(0, 9000), part)
    assert hushu.trace(part, ledger, KEY).named == ("r7",)
