"""Citing, duties, deadlines, the mosaic, side by side, purposes."""

import re
from dataclasses import replace
from datetime import date

import pytest

from hushu.errors import ConfigError
from hushu.model import Column, Finding, Inventory, Reason, Table
from hushu.rules.citation import cite
from hushu.rules.deadlines import due, working_days_after
from hushu.rules.duties import duties
from hushu.rules.grading import grade
from hushu.rules.handbook import handbook
from hushu.rules.mosaic import mosaic
from hushu.rules.packload import load_pack, pack_ids
from hushu.rules.pages import page
from hushu.rules.purposes import parse_purpose, purpose_document
from hushu.rules.sidebyside import side_by_side
from hushu.rules.vocabulary import load

DAY = date(2026, 11, 21)


def table(name, *types, rows=1000, **more):
    columns = tuple(Column(name=f"c{i}", finding=Finding(type=t)) for i, t in enumerate(types))
    return Table(name=name, rows=rows, examined=rows, columns=columns, **more)


def everything():
    """A source with every type, alone and in company."""
    types = list(load())
    return Inventory(
        tables=(
            *(table(f"alone_{t}", t) for t in types),
            table("all", *types, None),
            table(
                "people", "PERSON", "CN_RESIDENT_ID", None, "FREE_TEXT", facts={"min_age": 3}, rows=20_000_000
            ),
            table("empty", None, rows=0),
            table("秘密★", None),
        )
    )


def reasons(inventory):
    for holder in (inventory, *inventory.tables, *(c for t in inventory for c in t)):
        for pack, given in holder.grades.items():
            yield from ((pack, reason) for reason in given.because)


def test_every_reason_resolves_to_a_rule_and_its_article():
    packs = {name: load_pack(name) for name in pack_ids()}
    graded = grade(everything(), tuple(packs.values()), as_of=DAY)
    seen = list(reasons(graded))
    assert len(seen) > 1000
    for pack, reason in seen:
        owner, _, name = reason.rule.partition("/")
        rules = [rule for rule in packs[owner].rules if rule.id == name]
        assert owner == pack
        assert reason.article in {rule.article for rule in rules}
        assert reason.source


def test_every_column_of_every_pack_has_a_reason():
    graded = grade(everything(), pack_ids(), as_of=DAY)
    assert all(c.grades[p].because for t in graded for c in t for p in c.grades)


def test_no_sensitive_type_is_graded_low():
    graded = grade(everything(), ["cn-national"], as_of=DAY)
    for entry in load().values():
        if (entry.kind, entry.identifies) == ("personal", "sensitive"):
            assert graded[f"alone_{entry.id}"]["c0"].grades["cn-national"].level == "G4", entry.id


def test_memory_is_always_marked():
    for name in pack_ids():
        pack = load_pack(name)
        for statement in (*pack.rules, *pack.duties, *pack.deadlines, *pack.fields):
            if statement.verified == "memory":
                assert "〔待核：仅凭记忆〕" in page(f"{name}/{statement.id}", "zh")
                assert "[unverified: from memory]" in page(f"{name}/{statement.id}", "en")
    memory = Reason(rule="r", text="", source="GB/T 1", article="2", verified="memory")
    assert cite(memory).endswith("〔待核：仅凭记忆〕")
    assert cite(replace(memory, verified="guessed")).endswith("〔待核：仅凭记忆〕")


def test_the_handbook_in_the_docs_is_current():
    from pathlib import Path

    assert (Path(__file__).parents[2] / "docs" / "rules.md").read_text("utf-8") == handbook()
    rows = [line for line in handbook().splitlines() if line.startswith("| `")]
    assert sum("〔待核" in row for row in rows) > 20


def test_scale_raises_the_table():
    levels = [
        grade(Inventory(tables=(table("t", "PERSON", rows=rows),)), ["cn-national"], as_of=DAY)["t"].grades[
            "cn-national"
        ]
        for rows in (99_999, 100_000, 1_000_000, 10_000_000)
    ]
    assert [g.level for g in levels] == ["G2", "G3", "G4", "G4"]
    assert "persons-10m" in levels[3].flags
    assert levels[3].review


def test_marks_of_secrecy_stop():
    graded = grade(Inventory(tables=(table("t", None, comment="机密★5年"),)), ["cn-sharing-809"], as_of=DAY)
    assert graded.grades["cn-sharing-809"].level == "withheld"
    assert "state-secret-stop" in graded.grades["cn-sharing-809"].flags


def test_duties_depend_on_use_and_content():
    people = Inventory(tables=(table("t", "PERSON", "DIAGNOSIS"),))
    sharing = {d.id for d in duties(people, "share", ["cn-national"], as_of=DAY)}
    opening = {d.id for d in duties(people, "open", ["cn-national"], as_of=DAY)}
    assert {"pipl-55-sensitive", "pipl-55-share", "o790-12-contract-records"} <= sharing
    assert "pipl-25-publish" in opening - sharing
    firms = Inventory(tables=(table("t", "CN_USCC"),))
    assert not any(d.id.startswith("pipl") for d in duties(firms, "share", ["cn-national"], as_of=DAY))
    with pytest.raises(ConfigError, match="use"):
        duties(people, "sell")


def test_every_duty_says_what_can_be_shown():
    found = duties(everything(), "share", pack_ids(), as_of=DAY)
    assert all(d.trigger and d.evidence and d.article and cite(d.reason()) for d in found)


def test_working_days_skip_holidays_and_count_swapped_weekends():
    assert working_days_after(date(2025, 9, 30), 1).day == date(2025, 10, 9)
    assert working_days_after(date(2025, 9, 26), 1).day == date(2025, 9, 28)  # a Sunday that is worked
    unknown = working_days_after(date(2098, 1, 1), 3)
    assert not unknown.certain
    assert "2098" in unknown.note


def test_deadlines_of_sharing():
    by_id = {deadline.id: deadline for deadline in load_pack("cn-sharing-809").deadlines}
    answer = by_id["o809-answer-conditional"]
    assert due(answer, date(2025, 8, 1)).day == date(2025, 8, 15)
    assert due(answer, date(2025, 8, 1), extended=True).day == date(2025, 8, 29)
    assert due(by_id["o809-keep-log"], date(2024, 2, 29)).day == date(2027, 2, 28)


def test_a_join_that_raises_is_named():
    people = table("people", "PERSON", "PHONE_NUMBER")
    visits = table("visits", "PHONE_NUMBER", "DIAGNOSIS")
    stock = table("stock", "CN_USCC", None)
    found = mosaic(Inventory(tables=(people, visits, stock)), ["cn-national"], as_of=DAY)
    assert [(j.left, j.right) for j in found.joins] == [("people", "visits")]
    rises = {rise.column: (rise.before, rise.after) for rise in found.joins[0].columns}
    assert rises["people.c0"] == ("G2", "G3")
    assert found.joins[0].basis.article == "第25条"


def test_a_mosaic_that_was_cut_says_so():
    many = Inventory(tables=tuple(table(f"t{i}", "PHONE_NUMBER") for i in range(5)))
    found = mosaic(many, ["cn-national"], as_of=DAY, max_pairs=3)
    assert found.pairs == 3
    assert "7 pairs" in found.not_examined[0].what


def test_the_two_standards_differ_on_the_identity_number():
    found = side_by_side(
        Inventory(tables=(table("t", "CN_RESIDENT_ID", "PERSON"),)), ["cn-gbt35273", "cn-gbt45574"]
    )
    assert [d.column for d in found] == ["t.c0"]
    assert re.search(r"cn-gbt45574: L3 .*未列入敏感个人信息.*附录A〔据摘录〕", found[0].explain())


PURPOSE = """\
id: p
title: 核对
matter: 登记
provider: 甲
recipient: 乙
basis: 《政务数据共享条例》第二十条
scenario: 走访
scope: 本镇
mode: service
until: 2027-12-31
items: [t.a, {item: t.b, grain: 年}]
"""


def test_a_purpose_in_english_or_in_the_words_of_the_form():
    words = {"id": "编号", "title": "名称", "matter": "事项", "provider": "提供单位", "recipient": "使用单位",
             "basis": "使用依据", "scenario": "使用场景", "scope": "使用范围", "mode": "共享方式",
             "until": "使用时限", "items": "数据项"}  # fmt: skip
    chinese = "\n".join(re.sub(r"^\w+", lambda m: words[m[0]], line) for line in PURPOSE.strip().splitlines())
    purpose = parse_purpose(PURPOSE)
    assert parse_purpose(chinese) == purpose
    assert (purpose.mode, purpose.items[1].grain) == ("服务接口", "year")
    assert purpose_document(purpose)["items"][1] == {"item": "t.b", "grain": "year"}


@pytest.mark.parametrize("field", ["basis", "scenario", "scope", "mode", "until"])
def test_each_field_of_the_request_is_required(field):
    lines = [line for line in PURPOSE.splitlines() if not line.startswith(field)]
    with pytest.raises(ConfigError) as told:
        parse_purpose("\n".join(lines), "p.yaml")
    assert told.value.code == "HS-E140"
    assert field in told.value.why
    assert told.value.where.startswith("p.yaml:")
