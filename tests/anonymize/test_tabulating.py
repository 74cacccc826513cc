"""Tables of counts: from rows, from a plan, beside what was published before."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
import yaml

import hushu
from hushu.anonymize.planfile import plan_text
from hushu.anonymize.privacy.cells import count_table
from hushu.anonymize.privacy.differencing import joint_audit, small_differences
from hushu.anonymize.privacy.linked import Wanted, suppress_linked
from hushu.anonymize.privacy.published import earlier
from hushu.anonymize.privacy.tabulating import tabulate
from hushu.errors import ConfigError, KeyMaterialError, PolicyError
from hushu.io.ledger import append
from hushu.io.ledger import verify as verify_ledger
from hushu.rules.purposes import parse_purpose

pytest.importorskip("scipy")
KEY = bytes(range(32))


def town(rows: int = 600, seed: int = 0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "district": rng.choice(list("abcdef"), rows, p=[0.4, 0.3, 0.2, 0.05, 0.04, 0.01]),
            "sex": rng.choice(["m", "f"], rows),
            "job": rng.choice(list("wxyz"), rows, p=[0.6, 0.3, 0.08, 0.02]),
        }
    )


@pytest.mark.parametrize("seed", range(3))
def test_tables_one_after_another_give_nothing_away_together(tmp_path, seed):
    ledger = tmp_path / "ledger.jsonl"
    frame = town(seed=seed)
    for pair in (["district", "job"], ["district", "sex"], ["job", "sex"], ["district"]):
        made = tabulate(frame, pair, ledger=ledger)
        assert made.figures["earlier_tables"]["other_moments"] == 0
    published = earlier(ledger, "frame", "")
    assert len(published) == 4
    assert joint_audit(published) == ()
    assert small_differences(published) == ()


def test_a_hidden_total_stays_hidden_in_the_next_table(tmp_path):
    frame = pd.DataFrame({"a": ["x"] * 40 + ["y"] * 30 + ["z"] * 3, "b": ["p", "q"] * 36 + ["p"]})
    ledger = tmp_path / "ledger.jsonl"
    first = tabulate(frame, ["a"], ledger=ledger).frame
    second = tabulate(frame, ["a", "b"], ledger=ledger).frame
    hidden = set(first[first["n"].isna()]["a"])
    assert "z" in hidden
    totals = second[second["b"] == "合计"]
    assert set(totals[totals["n"].isna()]["a"]) == hidden


def test_a_month_later_small_differences_are_hidden(tmp_path):
    ledger = tmp_path / "ledger.jsonl"
    frame = town()
    tabulate(frame, ["district"], ledger=ledger)
    later = tabulate(frame.iloc[2:], ["district"], ledger=ledger)
    assert later.figures["differencing"] > 0
    assert later.figures["earlier_tables"] == {"same_persons": 0, "other_moments": 1}
    one, other = earlier(ledger, "frame", "")
    assert small_differences([one, other]) == ()


def test_the_ledger_keeps_no_category(tmp_path):
    ledger = tmp_path / "ledger.jsonl"
    tabulate(pd.DataFrame({"job": ["国家秘密局"] * 9 + ["医生"] * 8}), ["job"], ledger=ledger)
    text = ledger.read_text("utf-8")
    assert "医生" not in text
    assert verify_ledger(ledger).ok


def test_what_is_public_already_cannot_be_hidden():
    counts = count_table(pd.DataFrame({"a": ["x"] * 3 + ["y"] * 20}), ["a"])
    shown = suppress_linked([Wanted(counts, counts.counts < 2, 2, 2.0)])
    with pytest.raises(PolicyError, match="HS-E361"):
        suppress_linked([Wanted(counts, counts.counts < 5, 5, 5.0)], shown)


def test_rounded_and_noisy_tables(tmp_path):
    frame, ledger = town(), tmp_path / "ledger.jsonl"
    rounded = tabulate(frame, ["district", "job"], rounding=5, key=KEY)
    assert (rounded.frame["n"] % 5 == 0).all()
    with pytest.raises(KeyMaterialError, match="HS-E401"):
        tabulate(frame, ["district"], rounding=5)
    pytest.importorskip("opendp")
    asked = {"epsilon": "0.4", "budget": "1", "categories": {"district": list("abcdefg")}}
    for left in ("0.6", "0.2"):
        assert tabulate(frame, ["district"], ledger=ledger, **asked).figures["budget_left"] == left
    with pytest.raises(PolicyError, match="HS-E363"):
        tabulate(frame, ["district"], ledger=ledger, **asked)
    with pytest.raises(ConfigError, match="HS-E169"):
        tabulate(frame, ["district"], **asked)


@pytest.mark.parametrize(
    "options",
    [
        {"minimum": 1},
        {"minimum": 4, "rounding": 5},
        {"width": 0},
        {"epsilon": "0"},
        {"epsilon": "1"},
        {"epsilon": "1", "budget": "1", "categories": {}},
        {"rounding": 1},
        {"zeros": "show"},
    ],
)
def test_wrong_options_are_refused(options):
    with pytest.raises(ConfigError, match="HS-E169"):
        tabulate(town(), ["district"], **options)


def test_bad_columns_are_refused():
    with pytest.raises(ConfigError, match="HS-E162"):
        tabulate(town(), ["nothing"])
    with pytest.raises(ConfigError, match="HS-E169"):
        tabulate(town(), ["sex", "sex"])
    with pytest.raises(ConfigError, match="HS-E169"):
        tabulate(town(), [])


PURPOSE = """
id: disease
title: 疾病统计
matter: 公共卫生
provider: 甲
recipient: 乙
basis: 政务数据共享条例第二十一条
scenario: 统计
scope: 全市
mode: 批量交换
until: 2027-12-31
use: open
items:
  - {item: szqx, grain: district, 输出名称: 区}
  - {item: xb, grain: count}
  - {item: jbmc, grain: count}
privacy:
  counts:
    - {维度: [区, jbmc], 最小单元: 5, 区间宽度: 6, 名称: 区病}
    - {dimensions: [xb, jbmc], minimum: 5}
    - {dimensions: [区, xb], rounding: 5}
"""


def patients() -> pd.DataFrame:
    rng, n = np.random.default_rng(1), 2000
    return pd.DataFrame(
        {
            "xm": [f"张{'伟芳娜敏静丽强'[i % 7]}" for i in range(n)],
            "xb": rng.choice(["男", "女"], n),
            "szqx": rng.choice(["浦东新区", "徐汇区", "松江区", "崇明区"], n, p=[0.5, 0.3, 0.19, 0.01]),
            "jbmc": rng.choice(["高血压", "糖尿病", "艾滋病", "肺结核"], n, p=[0.6, 0.3, 0.005, 0.095]),
        }
    )


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    path = tmp_path_factory.mktemp("patients") / "t_person.csv"
    patients().to_csv(path, index=False)
    return path, hushu.scan(str(path))


def test_a_plan_lets_counts_leave_and_no_row(source, tmp_path):
    path, inventory = source
    plan = hushu.plan(inventory, parse_purpose(PURPOSE))
    (tmp_path / "plan.yaml").write_text(plan_text(plan), "utf-8")
    ledger, out = tmp_path / "ledger.jsonl", tmp_path / "release"
    release = hushu.apply(tmp_path / "plan.yaml", str(path), out=out, ledger=ledger, key=KEY)
    assert sorted(p.name for p in out.iterdir()) == [
        "certificate.json", "data.t_person.2.csv", "data.t_person.3.csv", "data.区病.csv",
    ]  # fmt: skip
    first, _, third = release.certificate["counts"]
    assert first["primary"] > 0
    assert first["secondary"] > 0
    assert first["audit"] == {"holds": True, "audited": first["primary"] + first["secondary"]}
    assert first["narrowest"] >= first["width"] == 6
    assert third["base"] == 5
    assert "张" not in "".join(p.read_text("utf-8") for p in out.iterdir())
    assert hushu.verify(out, tmp_path / "plan.yaml", ledger=ledger).holds
    assert hushu.verify(out).holds
    again = hushu.apply(plan, str(path), out=tmp_path / "again", ledger=ledger, key=KEY)
    assert again.certificate["counts"][0]["earlier_tables"]["same_persons"] == 2
    for lang, said in (("zh", "首要隐去"), ("en", "Narrowest interval")):
        target = tmp_path / f"report.{lang}.md"
        hushu.report(inventory, plan=plan, release=release, lang=lang).save(target)
        assert said in target.read_text("utf-8")


def test_a_published_count_put_back_is_found(source, tmp_path):
    path, inventory = source
    plan = hushu.plan(inventory, parse_purpose(PURPOSE))
    out = tmp_path / "release"
    release = hushu.apply(plan, str(path), out=out, key=KEY)
    hidden = pd.read_csv(out / "data.区病.csv")
    hidden["n"] = hidden["n"].fillna(6)
    hidden.to_csv(out / "data.区病.csv", index=False)
    checks = hushu.verify(out).checks
    assert not all(check.holds for check in checks if check.name == "sha256")
    file = json.loads((out / "certificate.json").read_text("utf-8"))
    assert file["counts"] == json.loads(json.dumps(release.certificate["counts"]))


def test_a_frame_gives_a_frame_of_counts():
    text = yaml.safe_load(PURPOSE)
    text["privacy"] = {"counts": {"dimensions": ["xb"]}}
    frame = patients()
    plan = hushu.plan(hushu.scan(frame), text)
    made = hushu.apply(plan, frame)
    assert made.frame["n"].tolist()[-1] == len(frame)
    assert list(made.frame.columns) == ["xb", "n"]


def test_several_counts_are_no_frame():
    frame = patients()
    plan = hushu.plan(hushu.scan(frame), parse_purpose(PURPOSE))
    with pytest.raises(ConfigError, match="HS-E138"):
        hushu.apply(plan, frame, key=KEY)


def test_a_category_that_is_a_name_of_the_table_does_not_leave(source, tmp_path):
    _, inventory = source
    frame = patients()
    frame.loc[:40, "jbmc"] = frame.loc[0, "xm"]
    frame.to_csv(tmp_path / "t_person.csv", index=False)
    with pytest.raises(PolicyError, match="own identifiers"):
        hushu.apply(
            hushu.plan(inventory, parse_purpose(PURPOSE)),
            str(tmp_path / "t_person.csv"),
            out=tmp_path / "release",
            key=KEY,
        )
    assert not (tmp_path / "release").exists()


def test_counts_hold_in_memory_what_they_are_made_of(source, tmp_path):
    path, inventory = source
    plan = hushu.plan(inventory, parse_purpose(PURPOSE))
    made = hushu.apply(plan, str(path), out=tmp_path / "release", key=KEY).certificate["output"]
    assert [table["name"] for table in made["tables"]] == [file["table"] for file in made["files"]]
    assert all(set(table["held_in_memory"]) == {"区", "xb", "jbmc"} for table in made["tables"])


def test_counts_are_audited_from_the_file_whatever_the_certificate_says(source, tmp_path):
    from hushu.anonymize.certificates import as_json, seal
    from hushu.io.digest import file_sha256

    path, inventory = source
    out = tmp_path / "release"
    hushu.apply(hushu.plan(inventory, parse_purpose(PURPOSE)), str(path), out=out, key=KEY)
    shown = pd.read_csv(out / "data.区病.csv")
    shown["n"] = shown["n"].fillna(3).astype(int)
    shown.to_csv(out / "data.区病.csv", index=False)
    file = json.loads((out / "certificate.json").read_text("utf-8"))
    for entry in file["output"]["files"]:
        entry["sha256"] = file_sha256(out / entry["name"])
    file["sha256"] = seal(file)
    (out / "certificate.json").write_bytes(as_json(file))
    failed = {check.name for check in hushu.verify(out).checks if not check.holds}
    assert failed == {"small counts"}


def test_taking_the_counts_out_of_the_plan_hands_out_no_rows(source, tmp_path):
    path, inventory = source
    data = yaml.safe_load(plan_text(hushu.plan(inventory, parse_purpose(PURPOSE))))
    for edit in ({}, {"k": 2}):
        data["privacy"] = edit
        (tmp_path / "plan.yaml").write_text(yaml.safe_dump(data, allow_unicode=True), "utf-8")
        with pytest.raises(PolicyError, match="HS-E311"):
            hushu.apply(tmp_path / "plan.yaml", str(path), out=tmp_path / "release")
    assert not (tmp_path / "release").exists()


def test_a_count_by_name_is_a_list_of_persons(source):
    _, inventory = source
    data = yaml.safe_load(PURPOSE)
    data["use"], data["items"] = "share", [{"item": "xm", "grain": "count"}]
    data["privacy"] = {"counts": [{"dimensions": ["xm"]}]}
    with pytest.raises(PolicyError, match="HS-E364"):
        hushu.plan(inventory, data)


@pytest.mark.parametrize(
    ("counts", "code"),
    [
        ([{"dimensions": ["nothing"]}], "HS-E132"),
        ([{"dimensions": ["xb"], "table": "t_other"}], "HS-E132"),
        ([{"dimensions": []}], "HS-E140"),
        ([{"dimensions": ["xb"], "minimum": 3, "epsilon": 1}], "HS-E140"),
        ([], "HS-E140"),
    ],
)
def test_wrong_counts_in_a_purpose_are_refused(source, counts, code):
    _, inventory = source
    data = yaml.safe_load(PURPOSE)
    data["privacy"] = {"counts": counts}
    with pytest.raises(ConfigError, match=code):
        hushu.plan(inventory, data)


def test_a_spent_budget_publishes_nothing(source, tmp_path):
    pytest.importorskip("opendp")
    path, inventory = source
    data = yaml.safe_load(PURPOSE)
    noise = {"epsilon": 0.5, "budget": 1, "categories": {"xb": ["男", "女"]}}
    data["privacy"] = {"counts": [{"dimensions": ["xb"], **noise}]}
    plan = hushu.plan(inventory, data)
    ledger = tmp_path / "ledger.jsonl"
    append(ledger, {"kind": "privacy-budget", "scope": "t_person", "epsilon": "0.3"})
    release = hushu.apply(plan, str(path), out=tmp_path / "one", ledger=ledger)
    assert release.certificate["counts"][0]["budget_left"] == "0.2"
    assert hushu.verify(tmp_path / "one").holds
    with pytest.raises(PolicyError, match="HS-E363"):
        hushu.apply(plan, str(path), out=tmp_path / "two", ledger=ledger)
    assert not (tmp_path / "two").exists()
