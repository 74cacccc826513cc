"""From a purpose to a plan, and what a hand edit may and may not do."""

from __future__ import annotations

from dataclasses import replace

import pytest
import yaml

from hushu.anonymize.planfile import plan_text, read_plan, write_plan
from hushu.anonymize.planning import plan
from hushu.errors import ConfigError, PolicyError
from hushu.model import (
    Column,
    Content,
    Finding,
    Inventory,
    Plan,
    PlanColumn,
    PlanTable,
    Purpose,
    PurposeItem,
    Table,
)


def column(name, kind=None, contains=()):
    found = tuple(Content(type=t, count=1, share=0.1) for t in contains)
    return Column(name=name, finding=Finding(type=kind, confidence=0.9, contains=found))


INVENTORY = Inventory(
    tables=(
        Table(
            name="people",
            columns=(
                column("xm", "PERSON"), column("sfzh", "CN_RESIDENT_ID"), column("csrq", "BIRTH_DATE"),
                column("mm", "CREDENTIAL"), column("bz", "FREE_TEXT", ["PHONE_NUMBER"]), column("zt"), column("zb", "DIAGNOSIS"),
            ),
        ),
        Table(name="other", columns=(column("lxdh", "PHONE_NUMBER"),)),
    )
)  # fmt: skip


def purpose(*items, use="share", **more):
    return Purpose(
        id="p", title="t", matter="m", provider="a", recipient="b", basis="x", scenario="s", scope="c", mode="服务接口",
        until="2027-01-01", use=use, items=tuple(PurposeItem(item=i, grain=g) for i, g in items), **more,
    )  # fmt: skip


def fates(made, table="people"):
    (found,) = [t for t in made.tables if t.name == table]
    return {c.name: c for c in found.columns}


def test_what_nobody_asked_for_is_dropped_with_its_article():
    made = plan(INVENTORY, purpose(("people.zt", "exact")))
    for name, fate in fates(made).items():
        assert fate.action == ("keep" if name == "zt" else "drop")
        assert fate.because
        assert fate.because[0].article
    assert [t.name for t in made.tables] == ["people"]


def test_an_item_is_met_at_its_grain_and_no_finer():
    made = fates(
        plan(
            INVENTORY, purpose(("people.sfzh", "pseudonym"), ("BIRTH_DATE", "year"), ("people.xm", "masked"))
        )
    )
    assert (made["sfzh"].operator, made["csrq"].operator, made["xm"].operator) == (
        "pseudonym",
        "date_part",
        "mask",
    )
    assert made["csrq"].params == {"part": "year"}


def test_text_never_leaves_unread():
    assert fates(plan(INVENTORY, purpose(("people.bz", "exact"))))["bz"].operator == "redact_text"


def test_an_item_that_is_not_there_is_told_with_a_guess():
    with pytest.raises(ConfigError) as told:
        plan(INVENTORY, purpose(("people.sfzhh", "exact")))
    assert told.value.code == "HS-E132"
    assert "people.sfzh" in told.value.fix


@pytest.mark.parametrize(
    ("item", "grain", "use"),
    [
        ("people.mm", "pseudonym", "share"),
        ("people.sfzh", "pseudonym", "open"),
        ("people.zb", "exact", "open"),
        ("people.csrq", "exact", "open"),
    ],
)
def test_what_the_law_forbids_is_refused_with_its_article(item, grain, use):
    with pytest.raises(PolicyError) as refusal:
        plan(INVENTORY, purpose((item, grain), use=use))
    assert refusal.value.code == "HS-E310"
    assert "第" in refusal.value.why


def edited(tmp_path, made, change):
    path = tmp_path / "plan.yaml"
    write_plan(made, path)
    data = yaml.safe_load(path.read_text("utf-8"))
    change({c["name"]: c for c in data["tables"][0]["columns"]})
    path.write_text(yaml.safe_dump(data, allow_unicode=True), "utf-8")
    return path


MADE = [("people.sfzh", "pseudonym"), ("people.csrq", "year"), ("people.zt", "exact")]


def test_a_plan_survives_its_file(tmp_path):
    made = plan(INVENTORY, purpose(*MADE, privacy={"k": 5}))
    write_plan(made, tmp_path / "plan.yaml")
    assert read_plan(tmp_path / "plan.yaml") == made
    assert plan_text(read_plan(tmp_path / "plan.yaml")) == plan_text(made)


def test_loosening_without_a_reason_is_refused(tmp_path):
    made = plan(INVENTORY, purpose(*MADE))
    path = edited(tmp_path, made, lambda c: c["xm"].update(action="keep"))
    with pytest.raises(PolicyError) as refusal:
        read_plan(path)
    assert refusal.value.code == "HS-E311"
    assert "people.xm" in refusal.value.where


def test_loosening_with_a_reason_is_marked(tmp_path):
    made = plan(INVENTORY, purpose(*MADE))
    path = edited(
        tmp_path, made, lambda c: c["xm"].update(action="keep", reason="核对需要姓名，经负责人同意")
    )
    fate = fates(read_plan(path))["xm"]
    assert (fate.action, fate.grain, bool(fate.reason)) == ("keep", "exact", True)


def test_loosening_beyond_the_law_is_refused_even_with_a_reason(tmp_path):
    made = plan(INVENTORY, purpose(*MADE))
    path = edited(tmp_path, made, lambda c: c["mm"].update(action="keep", reason="please"))
    with pytest.raises(PolicyError) as refusal:
        read_plan(path)
    assert refusal.value.code == "HS-E310"


def test_tightening_needs_no_reason_and_takes_its_operator(tmp_path):
    made = plan(INVENTORY, purpose(*MADE))
    path = edited(
        tmp_path, made, lambda c: (c["sfzh"].update(action="drop"), c["csrq"].update(grain="decade"))
    )
    found = fates(read_plan(path))
    assert found["sfzh"].action == "drop"
    assert found["csrq"].params == {"part": "decade"}


def test_an_operator_changed_by_hand_needs_a_reason(tmp_path):
    made = plan(INVENTORY, purpose(*MADE))
    path = edited(tmp_path, made, lambda c: c["sfzh"].update(operator="mask_screen"))
    with pytest.raises(PolicyError):
        read_plan(path)


@pytest.mark.parametrize("text", ["", "[]", "schema: hushu.plan/1", "a: [", "schema: other/1\ntables: []"])
def test_a_broken_plan_is_one_clear_error(tmp_path, text):
    (tmp_path / "plan.yaml").write_text(text)
    with pytest.raises(ConfigError) as told:
        read_plan(tmp_path / "plan.yaml")
    assert told.value.code == "HS-E133"


def test_an_unknown_grain_in_a_purpose_is_told():
    with pytest.raises(ConfigError) as told:
        plan(INVENTORY, purpose(("people.zt", "roughly")))
    assert told.value.code == "HS-E131"


def test_plans_of_several_tables_name_only_what_is_touched():
    made = plan(INVENTORY, replace(purpose(("PHONE_NUMBER", "pseudonym")), tables=()))
    assert [t.name for t in made.tables] == ["other"]


def test_group_targets_and_purpose_are_loosened_with_a_reason_only(tmp_path):
    purpose = Purpose(
        id="x", title="t", matter="m", provider="a", recipient="b", basis="x", scenario="s", scope="c",
        mode="服务接口", until="2027-01-01", use="open", items=(), privacy={"k": 20, "quasi_identifiers": ["a"]},
    )  # fmt: skip
    columns = (PlanColumn(name="a", type="BIRTH_DATE", action="transform", grain="decade", proposed="decade",
                          operator="date_part", params={"part": "decade"}, output="a"),)  # fmt: skip
    made = Plan(
        purpose=purpose, packs=(), tables=(PlanTable(name="t", columns=columns),), privacy=purpose.privacy
    )
    write_plan(made, tmp_path / "plan.yaml")
    whole = (tmp_path / "plan.yaml").read_text("utf-8")

    def read(**changes):
        data = yaml.safe_load(whole)
        for key, value in changes.items():
            place = (
                data["purpose"]
                if key == "use"
                else data["tables"][0]["columns"][0]
                if key == "type"
                else data
            )
            place[key] = value
        (tmp_path / "edited.yaml").write_text(yaml.safe_dump(data, allow_unicode=True), "utf-8")
        return read_plan(tmp_path / "edited.yaml")

    assert read() == made
    assert read(privacy={"k": 30, "quasi_identifiers": ["a", "b"]}).privacy["k"] == 30
    for loosened in (
        {"privacy": {}}, {"privacy": {"k": 2, "quasi_identifiers": ["a"]}}, {"privacy": {"k": 20}},
        {"use": "share"}, {"privacy": {"k": 20, "quasi_identifiers": ["a"], "max_suppression": 2}},
        {"privacy": {}, "proposed_privacy": {}}, {"seal": ""},
    ):  # fmt: skip
        with pytest.raises(PolicyError) as refused:
            read(**loosened)
        assert refused.value.code == "HS-E311"
        assert "样本少" in " ".join(read(**loosened, reason="样本少").warnings)
    for untyped in (None, "DISTRICT"):
        with pytest.raises(PolicyError) as refused:
            read(type=untyped, reason="x")
        assert refused.value.code == "HS-E311"
