"""k-map and δ-presence: rows hide among everybody, not only among each other."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
import yaml

import hushu
from hushu.anonymize.privacy.presence import Presence, hide_in_population
from hushu.errors import ConfigError, InputError, PolicyError
from hushu.rules.purposes import parse_purpose

AREAS = ["浦东新区", "徐汇区", "松江区", "静安区"]


def everybody(rows: int = 4000, seed: int = 0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "nl": rng.integers(18, 90, rows),
            "xb": rng.choice(["男", "女"], rows),
            "szqx": rng.choice(AREAS, rows, p=[0.5, 0.3, 0.15, 0.05]),
            "jbmc": rng.choice(["高血压", "糖尿病", "哮喘"], rows),
        }
    )


def covers(label: str, value: int) -> bool:
    if label == "*":
        return True
    low, _, high = str(label).partition("-")
    return int(low) <= value <= int(high or low)


@pytest.mark.parametrize("asked", [Presence(k_map=8), Presence(presence=0.3), Presence(6, 0.25)])
def test_every_published_row_hides_in_the_population(asked):
    whole = everybody()
    sample = whole.sample(400, random_state=1)
    tables = [pa.Table.from_pandas(f[["nl", "xb", "szqx"]], preserve_index=False) for f in (sample, whole)]
    made, match = hide_in_population(tables[0], ["nl", "xb", "szqx"], tables[1], asked, max_suppression=0.05)
    rows = made.frame.to_pandas()
    for (nl, xb, area), here in rows.groupby(["nl", "xb", "szqx"]).size().items():
        if (nl, xb, area) == ("*", "*", "*"):
            continue
        fits = whole[[covers(nl, v) for v in whole["nl"]]]
        fits = fits[(xb == "*") | (fits["xb"] == xb)]
        fits = fits[(area == "*") | (fits["szqx"] == area)]
        assert asked.k_map is None or len(fits) >= asked.k_map
        assert asked.presence is None or here <= asked.presence * len(fits) + 1e-9
    assert asked.k_map is None or match.k_map >= asked.k_map
    assert asked.presence is None or match.delta[1] <= asked.presence + 1e-9
    assert made.suppressed <= 20
    assert made.information_loss < 0.6


def test_the_population_lets_more_through_than_the_table_alone():
    whole = everybody()
    sample = pa.Table.from_pandas(whole.sample(400, random_state=1)[["nl", "xb"]], preserve_index=False)
    register = pa.Table.from_pandas(whole[["nl", "xb"]], preserve_index=False)
    made, _ = hide_in_population(sample, ["nl", "xb"], register, Presence(k_map=5))
    alone = hushu.k_anonymize(sample, ["nl", "xb"], 5, recoding="local")
    assert made.information_loss < alone.information_loss


def test_a_sample_that_is_everybody_cannot_hide():
    table = pa.Table.from_pandas(everybody(50)[["nl"]], preserve_index=False)
    with pytest.raises(PolicyError, match="HS-E322"):
        hide_in_population(table, ["nl"], table, Presence(presence=0.5))
    with pytest.raises(InputError, match="HS-E260"):
        hide_in_population(table, ["nl"], table.slice(0, 0), Presence(k_map=2))


PURPOSE = {
    "id": "sample", "title": "抽样", "matter": "研究", "provider": "甲", "recipient": "乙", "basis": "依据",
    "scenario": "研究", "scope": "抽样", "mode": "批量交换", "until": "2027-12-31",
    "items": ["nl", "xb", "szqx", {"item": "jbmc"}],
}  # fmt: skip


@pytest.fixture
def planned(tmp_path):
    whole = everybody()
    whole.drop(columns="jbmc").to_csv(tmp_path / "register.csv", index=False)
    sample = whole.sample(500, random_state=3)
    sample.to_csv(tmp_path / "sample.csv", index=False)
    inventory = hushu.scan(str(tmp_path / "sample.csv"))

    def plan(**privacy):
        return hushu.plan(inventory, {**PURPOSE, "privacy": privacy})

    return tmp_path, inventory, plan


def test_a_plan_holds_them_and_the_certificate_tells(planned):
    folder, inventory, plan = planned
    register = str(folder / "register.csv")
    made = plan(k=3, k_map=20, presence=0.2, population=register)
    release = hushu.apply(made, str(folder / "sample.csv"), out=folder / "release")
    risk = release.certificate["risk"]["after"]
    assert risk["k"] >= 3
    assert risk["population"]["k_map"] >= 20
    assert risk["population"]["delta"][1] <= 0.2
    assert risk["journalist"]["max"] <= 1 / 20
    assert any(
        c["name"] == "population" and c["holds"] for c in release.certificate["verification"]["checks"]
    )
    assert hushu.verify(folder / "release").holds
    report = folder / "report.md"
    hushu.report(inventory, plan=made, release=release).save(report)
    assert "k-map" in report.read_text("utf-8")


def test_the_population_alone_is_a_target(planned):
    folder, _, plan = planned
    made = plan(k_map=20, population=str(folder / "register.csv"))
    release = hushu.apply(made, str(folder / "sample.csv"), out=folder / "release")
    risk = release.certificate["risk"]["after"]
    assert risk["basis"] == "population"
    assert risk["population"]["k_map"] >= 20
    (table,) = release.certificate["output"]["tables"]
    assert set(risk["quasi_identifiers"]) <= set(table["held_in_memory"])


def test_what_is_wrong_with_a_population_is_said(planned):
    folder, _, plan = planned
    source = str(folder / "sample.csv")
    everybody(20).drop(columns=["xb"]).to_csv(folder / "half.csv", index=False)
    for population, code in (("half.csv", "HS-E175"), ("none.csv", "HS-E2")):
        made = plan(k_map=5, population=str(folder / population))
        with pytest.raises((ConfigError, InputError), match=code):
            hushu.apply(made, source, out=folder / "release")
    everybody(20).to_csv(folder / "small.csv", index=False)
    with pytest.raises(PolicyError, match="HS-E322"):
        hushu.apply(plan(presence=0.5, population=source), source, out=folder / "release")
    assert not (folder / "release").exists()
    with pytest.raises(ConfigError, match="HS-E140"):
        parse_purpose(yaml.safe_dump({**PURPOSE, "privacy": {"k_map": 5}}, allow_unicode=True))
