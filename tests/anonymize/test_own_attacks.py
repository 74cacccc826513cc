"""Attacks on a release made by a plan: what the source lets slip must be stopped before it is published."""

from __future__ import annotations

import json
from dataclasses import replace

import pandas as pd
import pyarrow as pa
import pytest

import hushu
from hushu.errors import HushuError, InputError, PolicyError

from .test_applying import ITEMS, KEY, PERSONS, PurposeItem, frame, purpose

LONG = next(p for p in PERSONS if len(p.name) == 3)


@pytest.fixture(scope="module")
def inventory():
    return hushu.scan(frame())


@pytest.fixture(scope="module")
def codes_only(inventory):
    return hushu.plan(inventory, purpose(PurposeItem(item="djzt", grain="exact")))


DISGUISES = {
    "inside": f"{LONG.name}已登记",
    "apart": " ".join(LONG.name),
    "zero width": "\u200b".join(LONG.name),
    "full width": LONG.phone.translate({ord(str(i)): 0xFF10 + i for i in range(10)}),
    "dashes": f"{LONG.phone[:3]}-{LONG.phone[3:7]}-{LONG.phone[7:]}",
    "backwards": LONG.phone[::-1],
    "backwards apart": " ".join(LONG.id_number[::-1]),
    "Han digits": LONG.phone.translate(str.maketrans("0123456789", "零一二三四五六七八九")),
    "fifteen digits": LONG.id_number[:6] + LONG.id_number[8:17],
    "lower case": LONG.id_number.lower(),
    "among words": f"登记（{LONG.id_number}）",
}


@pytest.mark.parametrize("how", DISGUISES)
def test_an_identifier_in_disguise_stops_the_release(codes_only, how):
    leaky = frame()
    leaky.loc[5, "djzt"] = DISGUISES[how]
    with pytest.raises(PolicyError) as stopped:
        hushu.apply(codes_only, leaky)
    assert stopped.value.code == "HS-E320"
    assert DISGUISES[how] not in str(stopped.value)


def test_ordinary_codes_pass(codes_only):
    plain = frame()
    plain["djzt"] = ["已登记", "未 登记", "A-01", "待补（材料）", "2026-11-22"] * 48
    assert len(hushu.apply(codes_only, plain).frame) == len(PERSONS)


def test_a_persons_number_as_the_name_of_a_column_stops_the_release():
    turned = frame().rename(columns={"djzt": f"登记{LONG.phone}"})
    made = hushu.plan(hushu.scan(turned), purpose(PurposeItem(item=f"登记{LONG.phone}", grain="exact")))
    with pytest.raises(PolicyError) as stopped:
        hushu.apply(made, turned)
    assert LONG.phone not in str(stopped.value.why)


def test_what_a_spreadsheet_cut_short_joins_nobody(inventory):
    made = hushu.plan(inventory, purpose(PurposeItem(item="lxdh", grain="pseudonym")))
    cut = frame()
    cut["lxdh"] = ["1.38E+10", "1.39e+10"] * (len(PERSONS) // 2)
    with pytest.raises(InputError) as refused:
        hushu.apply(made, cut, key=KEY)
    assert refused.value.code == "HS-E251"
    one = frame()
    one.loc[0, "lxdh"] = "1.38E+10"
    tokens = hushu.apply(made, one, key=KEY).frame["lxdh"]
    assert tokens.nunique() == len(PERSONS), "one such cell is nobody else's"


def test_unused_categories_stay_at_home(codes_only):
    held = frame()
    held["djzt"] = pd.Categorical(held["djzt"], categories=["已登记", "未登记", LONG.name])
    out = hushu.apply(codes_only, held).frame["djzt"]
    assert LONG.name not in list(getattr(out.dtype, "categories", []))


def test_tables_whose_names_would_share_a_file_each_get_one(tmp_path):
    both = {"a/b": pa.table({"djzt": ["x", "y"]}), "a_b": pa.table({"djzt": ["z", "y"]})}
    made = hushu.plan(hushu.scan(both), purpose(PurposeItem(item="djzt", grain="exact")))
    files = hushu.apply(made, both, out=tmp_path / "release").certificate["output"]["files"]
    assert len({file["name"] for file in files}) == 2
    assert hushu.verify(tmp_path / "release").holds


def test_a_million_tokens_are_no_credentials(tmp_path):
    # Of a million tokens some look like a password or a key by chance.
    looks = pd.DataFrame({"sfzh": [p.id_number for p in PERSONS], "djzt": "x"})
    made = hushu.plan(hushu.scan(looks), purpose(PurposeItem(item="sfzh", grain="pseudonym")))
    release = hushu.apply(made, looks, key=KEY)
    token = release.frame["sfzh"].iloc[0]
    from hushu.anonymize.gates import Inspection

    def outcome(cell):
        inspection = Inspection(made, "frame", pa.schema([("sfzh", pa.string())]))
        inspection.add(pa.record_batch({"sfzh": [cell]}))
        return {check.name for check in inspection.outcome().checks if not check.holds}

    assert outcome(token) == set()
    assert outcome(f"{token}\n{LONG.phone}") == {"re-scan", "domains"}
    assert outcome(LONG.phone) == {"re-scan", "domains"}


@pytest.mark.parametrize("part", ["output", "columns", "purpose", "privacy"])
@pytest.mark.parametrize("how", ["gone", "number", "list", "text"])
def test_a_mangled_certificate_is_refused_not_believed(tmp_path, inventory, part, how):
    made = hushu.plan(inventory, purpose(*ITEMS))
    frame().to_csv(tmp_path / "frame.csv", index=False)
    made = replace(made, tables=(replace(made.tables[0], name="frame"),))
    release = tmp_path / "release"
    hushu.apply(made, str(tmp_path / "frame.csv"), key=KEY, out=release)
    data = json.loads((release / "certificate.json").read_text("utf-8"))
    if how == "gone":
        del data[part]
    else:
        data[part] = {"number": 3, "list": [1], "text": "x"}[how]
    (release / "certificate.json").write_text(json.dumps(data), "utf-8")
    with pytest.raises(HushuError) as refused:
        hushu.verify(release)
    assert refused.value.code == "HS-E244"


def test_a_ledger_that_cannot_be_written_means_no_release(tmp_path, codes_only):
    frame().to_csv(tmp_path / "frame.csv", index=False)
    made = replace(codes_only, tables=(replace(codes_only.tables[0], name="frame"),))
    (tmp_path / "ledger").mkdir()
    with pytest.raises(HushuError) as refused:
        hushu.apply(made, str(tmp_path / "frame.csv"), out=tmp_path / "release", ledger=tmp_path / "ledger")
    assert refused.value.code == "HS-E510"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["frame.csv", "ledger"]
