"""Releases: what leaves, what a third person can check, and what an attacker does not get."""

from __future__ import annotations

import csv
import hashlib
import hmac
import json
import os
import random
import signal
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest

import hushu
from hushu.anonymize.keys import Key, Keyring
from hushu.anonymize.planfile import read_plan, write_plan
from hushu.anonymize.tokens import Scope, token
from hushu.cli.scenarios.people import People
from hushu.errors import ConfigError, HushuError, KeyMaterialError, OutputError, PolicyError
from hushu.io.ledger import verify as verify_ledger
from hushu.model import Purpose, PurposeItem

KEY = Key(bytes(range(1, 33)))
PEOPLE = People(11)
PERSONS = [PEOPLE.person() for _ in range(240)]


def frame():
    draw = random.Random(3)
    return pd.DataFrame(
        {
            "rybh": range(1, len(PERSONS) + 1),
            "xm": [p.name for p in PERSONS],
            "sfzh": [p.id_number for p in PERSONS],
            "lxdh": [p.phone for p in PERSONS],
            "csrq": [f"{p.birth:%Y-%m-%d}" for p in PERSONS],
            "xb": [p.gender for p in PERSONS],
            "szqx": [draw.choice(["浦东新区", "徐汇区", "松江区"]) for _ in PERSONS],
            "djzt": [draw.choice(["已登记", "未登记"]) for _ in PERSONS],
            "bz": [
                f"{p.name}来电，电话{p.phone}，身份证{p.id_number}，要求尽快答复。"
                if n % 3 == 0
                else "已上门核实，情况属实。"
                for n, p in enumerate(PERSONS)
            ],
        }
    )


def purpose(*items, **more):
    options = {"use": "share", "privacy": {}, **more}
    return Purpose(
        id="check", title="t", matter="m", provider="a", recipient="town", basis="x", scenario="s", scope="c",
        mode="服务接口", until="2027-01-01", items=tuple(items), **options,
    )  # fmt: skip


ITEMS = (
    PurposeItem(item="sfzh", grain="pseudonym"),
    PurposeItem(item="xm", grain="pseudonym"),
    PurposeItem(item="csrq", grain="decade"),
    PurposeItem(item="djzt", grain="yes_no", params={"equals": ["已登记"]}),
    PurposeItem(item="bz", grain="redacted"),
)


@pytest.fixture(scope="module")
def inventory():
    return hushu.scan(frame())


@pytest.fixture(scope="module")
def made(inventory):
    return hushu.plan(inventory, purpose(*ITEMS))


@pytest.fixture(scope="module")
def release(made):
    return hushu.apply(made, frame(), key=KEY)


def texts(release):
    return "\n".join(str(v) for column in release.frame for v in release.frame[column])


def test_the_scan_knows_the_columns(inventory):
    found = {c.name: c.type for c in inventory.tables[0]}
    assert found["sfzh"] == "CN_RESIDENT_ID"
    assert found["xm"] == "PERSON"
    assert found["lxdh"] == "PHONE_NUMBER"
    assert found["csrq"] == "BIRTH_DATE"


def test_the_same_kind_of_frame_comes_back_with_what_was_asked(release):
    assert isinstance(release.frame, pd.DataFrame)
    assert list(release.frame.columns) == ["xm", "sfzh", "csrq", "djzt", "bz"]
    assert len(release.frame) == len(PERSONS)
    assert release.certificate["verification"]["holds"]


def test_no_identifier_of_any_row_stands_in_the_release(release):
    everything = texts(release)
    for person in PERSONS:
        assert person.id_number not in everything
        assert person.phone not in everything
        assert person.name not in everything


def test_two_runs_with_one_key_give_the_same_bytes_whatever_the_order(made, release):
    again = hushu.apply(made, frame().sample(frac=1, random_state=5), key=KEY)
    assert again.frame.to_csv() == release.frame.to_csv()


def test_the_order_of_rows_repeats_nothing_of_the_source(release):
    scope = Scope(keys=Keyring(KEY), dataset="check", recipient="town")
    place = {token("CN_RESIDENT_ID", p.id_number, scope): row for row, p in enumerate(PERSONS)}
    order = [place[value] for value in release.frame["sfzh"]]
    assert sorted(order) == list(range(len(PERSONS)))
    rising = sum(a < b for a, b in pairwise(order)) / (len(order) - 1)
    assert 0.4 < rising < 0.6


def test_two_recipients_share_no_token(made, release):
    other = hushu.apply(made, frame(), key=KEY, recipient="another town")
    assert not set(release.frame["sfzh"]) & set(other.frame["sfzh"])
    assert not set(release.frame["xm"]) & set(other.frame["xm"])


def test_enumeration_without_the_key_gets_nothing(release):
    tokens = {value.rsplit("-", 1)[1] for value in release.frame["sfzh"]}
    for person in PERSONS:
        for digest in ("md5", "sha1", "sha256"):
            plain = hashlib.new(digest, person.id_number.encode()).hexdigest()
            assert not any(token in plain for token in tokens)
        guess = hmac.digest(b"hushu", person.id_number.encode(), "sha256").hex()
        assert guess not in tokens


def test_a_new_column_in_the_source_stays_at_home(made):
    grown = frame().assign(wxh=[f"wx_{n}" for n in range(len(PERSONS))])
    done = hushu.apply(made, grown, key=KEY)
    assert "wxh" not in done.frame
    assert done.certificate["input"]["tables"][0]["unplanned_columns"] == ["wxh"]


def test_a_vanished_column_is_refused(made):
    with pytest.raises(ConfigError) as told:
        hushu.apply(made, frame().drop(columns=["csrq"]), key=KEY)
    assert told.value.code == "HS-E135"


def test_a_pseudonym_without_a_key_is_refused(made):
    with pytest.raises(KeyMaterialError):
        hushu.apply(made, frame())


def test_numbers_and_texts_of_one_identifier_have_one_token():
    base = pd.DataFrame({"yhbh": range(30), "lxdh": [f"1380000{n:04d}" for n in range(30)]})
    made = hushu.plan(hushu.scan(base), purpose(PurposeItem(item="lxdh", grain="pseudonym")))
    as_text = set(hushu.apply(made, base, key=KEY).frame["lxdh"])
    as_number = set(hushu.apply(made, base.assign(lxdh=base["lxdh"].astype("int64")), key=KEY).frame["lxdh"])
    spelled = set(hushu.apply(made, base.assign(lxdh="+86 " + base["lxdh"]), key=KEY).frame["lxdh"])
    assert as_text == as_number == spelled


def test_the_person_in_the_table_is_the_person_in_the_remark(inventory):
    items = (*ITEMS[:2], PurposeItem(item="bz", grain="redacted", params={"style": "pseudonym"}))
    done = hushu.apply(hushu.plan(inventory, purpose(*items)), frame(), key=KEY).frame
    named = [row for row in done.itertuples() if "来电" in row.bz]
    assert len(named) == 80
    assert all(row.xm in row.bz and row.sfzh in row.bz for row in named)


def test_a_group_target_is_met(inventory):
    items = (
        PurposeItem(item="csrq", grain="year"), PurposeItem(item="xb", grain="exact"), PurposeItem(item="szqx", grain="exact"),
    )  # fmt: skip
    done = hushu.apply(hushu.plan(inventory, purpose(*items, privacy={"k": 5})), frame())
    sizes = done.frame.groupby(list(done.frame.columns)).size()
    assert sizes[[not all(v == "*" for v in key) for key in sizes.index]].min() >= 5
    assert done.certificate["risk"]["after"]["k"] >= 5
    assert done.certificate["risk"]["before"]["prosecutor"]["max"] == 1.0


def test_a_raw_identifier_that_slips_through_stops_the_release(inventory):
    made = hushu.plan(inventory, purpose(PurposeItem(item="djzt", grain="exact")))
    leaky = frame()
    leaky.loc[7, "djzt"] = PERSONS[7].id_number
    with pytest.raises(PolicyError) as stopped:
        hushu.apply(made, leaky)
    assert stopped.value.code == "HS-E320"
    assert PERSONS[7].id_number not in str(stopped.value)


def test_a_name_in_a_column_of_codes_stops_the_release(inventory):
    made = hushu.plan(inventory, purpose(PurposeItem(item="djzt", grain="exact")))
    leaky = frame()
    leaky.loc[3, "djzt"] = PERSONS[9].name
    with pytest.raises(PolicyError, match="does not hold") as stopped:
        hushu.apply(made, leaky)
    assert "own identifiers" in stopped.value.where


def test_a_name_or_number_with_gaps_is_found_in_its_remark(inventory):
    person = PERSONS[0]
    spread = frame()
    spread["bz"] = (
        f"{person.name[0]} {person.name[1:]} 已到场，{' '.join(person.phone)}，倒写{person.phone[::-1]}"
    )
    spread["xm"], spread["lxdh"] = person.name, person.phone
    done = hushu.apply(
        hushu.plan(inventory, purpose(PurposeItem(item="bz", grain="redacted"))), spread
    ).frame["bz"]
    for text in done.unique():
        assert person.name[1:] not in text
        assert person.phone[::-1] not in text
        assert person.phone not in text.replace(" ", "")


def test_sensitive_values_beside_quasi_identifiers_hide_in_a_class():
    base = frame().assign(zd=["流感", "高血压", "糖尿病", "骨折"] * 60)
    items = [PurposeItem(item=i, grain=g) for i, g in (("zd", "exact"), ("xb", "exact"), ("csrq", "year"))]
    done = hushu.apply(hushu.plan(hushu.scan(base), purpose(*items)), base)
    assert done.certificate["risk"]["after"]["k"] >= 5


def test_a_grain_that_fits_nothing_is_refused(inventory):
    with pytest.raises(ConfigError) as told:
        hushu.apply(hushu.plan(inventory, purpose(PurposeItem(item="djzt", grain="month"))), frame())
    assert told.value.code == "HS-E158"


def test_birth_dates_stored_as_numbers_have_bands():
    numbers = frame().assign(csrq=[int(f"{p.birth:%Y%m%d}") for p in PERSONS])
    made = hushu.plan(hushu.scan(numbers), purpose(PurposeItem(item="csrq", grain="band")))
    assert len(hushu.apply(made, numbers).frame["csrq"].unique()) > 5


def test_nothing_is_published_over_an_earlier_result(made, tmp_path):
    (tmp_path / "release").mkdir()
    (tmp_path / "release" / "kept.txt").write_text("x")
    with pytest.raises(OutputError):
        hushu.apply(made, frame(), key=KEY, out=tmp_path / "release")
    assert [p.name for p in (tmp_path / "release").iterdir()] == ["kept.txt"]


@pytest.fixture(scope="module")
def folder(made, tmp_path_factory):
    place = tmp_path_factory.mktemp("apply")
    frame().to_csv(place / "people.csv", index=False)
    from dataclasses import replace

    renamed = replace(made, tables=(replace(made.tables[0], name="people"),))
    write_plan(renamed, place / "plan.yaml")
    (place / "key.txt").write_bytes(KEY.secret.hex().encode())
    (place / "key.txt").chmod(0o600)
    hushu.apply(
        place / "plan.yaml",
        str(place / "people.csv"),
        key=place / "key.txt",
        out=place / "release",
        ledger=place / "ledger.jsonl",
    )
    return place


def test_a_folder_release_verifies(folder):
    result = hushu.verify(folder / "release", folder / "plan.yaml")
    assert result.holds, result.to_dict()
    assert verify_ledger(folder / "ledger.jsonl").ok
    entry = json.loads((folder / "ledger.jsonl").read_text().splitlines()[-1])
    certificate = (folder / "release" / "certificate.json").read_bytes()
    assert entry["certificate_sha256"] == hashlib.sha256(certificate).hexdigest()


def test_a_certificate_shows_that_its_ledger_was_cut_off(folder, tmp_path, capsys):
    from hushu.cli.main import invoke

    ledger = tmp_path / "ledger.jsonl"
    ledger.write_bytes((folder / "ledger.jsonl").read_bytes())
    verify = ["ledger", "verify", str(ledger), "--certificate", str(folder / "release")]
    assert invoke(verify) == 0
    assert "entries up to 1 are" in capsys.readouterr().err
    assert invoke(["ledger", "head", str(ledger)]) == 0
    noted = capsys.readouterr().out.strip()
    assert noted.startswith("1:")
    ledger.write_bytes(b"")
    assert invoke(verify) == 1
    assert "HS-E703" in capsys.readouterr().err
    assert invoke(["ledger", "verify", str(ledger), "--head", noted]) == 1
    assert invoke(["ledger", "verify", str(ledger), "--head", "1:x"]) == 2
    assert invoke(["ledger", "verify", str(ledger)]) == 0, "with nothing to compare nobody can tell"


def copied(folder, tmp_path):
    import shutil

    shutil.copytree(folder / "release", tmp_path / "release")
    return tmp_path / "release"


@pytest.mark.parametrize("column", ["sfzh", "xm", "csrq", "djzt", "bz"])
def test_one_raw_identifier_breaks_it(folder, tmp_path, column):
    release = copied(folder, tmp_path)
    rows = list(csv.reader((release / "data.csv").open(encoding="utf-8")))
    rows[5][rows[0].index(column)] = PERSONS[0].id_number
    with (release / "data.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, quoting=csv.QUOTE_ALL).writerows(rows)
    failed = {check.name for check in hushu.verify(release).checks if not check.holds}
    assert {"sha256", "re-scan"} <= failed


def test_an_added_file_and_a_changed_plan_are_noticed(folder, tmp_path):
    release = copied(folder, tmp_path)
    (release / "more.csv").write_text("a\n1\n")
    assert not hushu.verify(release).holds
    (release / "more.csv").unlink()
    assert hushu.verify(release).holds
    plan = read_plan(folder / "plan.yaml")
    from dataclasses import replace

    assert not hushu.verify(release, replace(plan, warnings=("other",))).holds


def test_an_edited_certificate_is_noticed(folder, tmp_path):
    release = copied(folder, tmp_path)
    path = release / "certificate.json"
    path.write_text(path.read_text("utf-8").replace('"town"', '"else"'), "utf-8")
    assert [c.name for c in hushu.verify(release).checks if not c.holds] == ["certificate"]
    whole = hushu.verify(folder / "release", ledger=folder / "ledger.jsonl")
    assert whole.holds
    assert "ledger" in [check.name for check in whole.checks]


def test_no_release_here(tmp_path):
    with pytest.raises(HushuError) as told:
        hushu.verify(tmp_path)
    assert told.value.code == "HS-E201"


def kill_at(folder: Path, out: Path, seconds: float) -> None:
    code = (
        "import hushu,sys;"
        f"hushu.apply({str(folder / 'plan.yaml')!r}, {str(folder / 'people.csv')!r}, key={str(folder / 'key.txt')!r},"
        f" out={str(out)!r}, ledger={str(out.parent / 'ledger.jsonl')!r})"
    )
    process = subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.DEVNULL)
    time.sleep(seconds)
    process.send_signal(signal.SIGKILL)
    process.wait()


def leaves_nothing_or_all(out: Path) -> None:
    if out.exists():
        assert hushu.verify(out).holds
    ledger = out.parent / "ledger.jsonl"
    if ledger.exists() and ledger.stat().st_size:
        assert verify_ledger(ledger).ok


@pytest.mark.skipif(os.name != "posix", reason="kill -9 is POSIX")
def test_kill_9_leaves_nothing_or_all(folder, tmp_path):
    for moment in (0.4, 1.2, 2.5):
        out = tmp_path / f"{moment}" / "release"
        kill_at(folder, out, moment)
        leaves_nothing_or_all(out)
        hushu.apply(
            folder / "plan.yaml", str(folder / "people.csv"), key=folder / "key.txt", out=out.parent / "next"
        )
        assert not list(out.parent.glob(".*.hushu-part")), "the next run sweeps what was left"


@pytest.mark.slow
@pytest.mark.timeout(400)
@pytest.mark.skipif(os.name != "posix", reason="kill -9 is POSIX")
def test_kill_9_at_fifty_random_moments(folder, tmp_path):
    draw = random.Random(9)
    for number in range(50):
        out = tmp_path / f"{number}" / "release"
        kill_at(folder, out, draw.uniform(0.3, 3))
        leaves_nothing_or_all(out)
