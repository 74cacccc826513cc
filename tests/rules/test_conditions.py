"""What a condition of a pack may ask, one question at a time."""

from datetime import date

import pytest
import yaml

from hushu.model import Column, Content, Finding, Inventory, Table
from hushu.rules.grading import grade
from hushu.rules.packload import load_pack
from hushu.rules.packskeleton import pack_skeleton
from hushu.rules.vocabulary import load


def fires(tmp_path, when, *columns, scope="column", unless=None, beside=(), **more):
    """Say whether a rule with that condition gives the first column (or its table) its level."""
    data = yaml.safe_load(pack_skeleton("cn-mycity"))
    rule = {**data["rules"][0], "id": "asked", "when": when, "scope": scope}
    if unless:
        rule["unless"] = unless
    data["rules"] = [rule, *data["rules"][3:]]
    data["cases"] = {}
    path = tmp_path / "p.yaml"
    path.write_text(yaml.safe_dump(data, allow_unicode=True), "utf-8")
    rows = more.pop("rows", 100)
    made = [
        column if isinstance(column, Column) else Column(name="c", finding=Finding(type=column))
        for column in columns
    ]
    tables = [
        Table(name="t", rows=rows, examined=rows if rows is not None else 1, columns=tuple(made), **more)
    ]
    if beside:
        tables.append(
            Table(
                name="u",
                rows=1,
                examined=1,
                columns=tuple(Column(name=t, finding=Finding(type=t)) for t in beside),
            )
        )
    graded = grade(Inventory(tables=tuple(tables)), [load_pack(path)], as_of=date(2099, 1, 1))["t"]
    given = graded if scope == "table" else graded.columns[0]
    return any(reason.rule == "cn-mycity/asked" for reason in given.grades["cn-mycity"].because)


def column(type_=None, *contains, name="c", **facts):
    inside = tuple(Content(type=t, count=1, share=0.1) for t in contains)
    return Column(name=name, finding=Finding(type=type_, contains=inside, facts=facts))


TEXT = column("FREE_TEXT", "PERSON")


@pytest.mark.parametrize(
    ("when", "columns", "more", "expected"),
    [
        ({"holds": "PERSON"}, ["PERSON"], {}, True),
        ({"holds": "PERSON"}, [TEXT], {}, True),
        ({"type": "PERSON"}, [TEXT], {}, False),
        ({"contains": "PERSON"}, [TEXT], {}, True),
        ({"contains": "PERSON"}, ["PERSON"], {}, False),
        ({"holds": "@personal-quasi"}, ["AGE"], {}, True),
        ({"holds": "@personal-quasi"}, ["PERSON"], {}, False),
        ({"holds": ["@money", "AGE"]}, ["INCOME"], {}, True),
        ({"beside": [["AGE", "GENDER"], ["PERSON"]]}, ["CN_USCC", "AGE", "PERSON"], {}, True),
        ({"beside": [["AGE", "GENDER"], ["PERSON"]]}, ["CN_USCC", "AGE", "GENDER"], {}, False),
        ({"rows": {"min": 100}}, ["AGE"], {"rows": 100}, True),
        ({"rows": {"under": 100}}, ["AGE"], {"rows": 100}, False),
        ({"rows": {"under": 100}}, ["AGE"], {"rows": None}, False),
        ({"missing": "rows"}, ["AGE"], {"rows": None}, True),
        ({"persons": {"min": 50}}, ["AGE"], {"facts": {"persons": 50}}, True),
        ({"persons": {"min": 50}}, ["AGE"], {"facts": {"persons": 49}}, False),
        ({"persons": {"min": 50}}, ["CN_USCC"], {}, False),
        ({"facts": {"decimals": {"under": 3}}}, [column("GEO_COORDINATE", decimals=2)], {}, True),
        ({"facts": {"decimals": {"under": 3}}}, [column("GEO_COORDINATE", decimals=3)], {}, False),
        ({"facts": {"address_depth": ["室", "号"]}}, [column("ADDRESS", address_depth="室")], {}, True),
        ({"facts": {"address_depth": ["室", "号"]}}, [column("ADDRESS", address_depth="区")], {}, False),
        ({"facts": {"aggregated": True}}, ["AGE"], {"facts": {"aggregated": True}}, True),
        ({"missing": "decimals"}, ["GEO_COORDINATE"], {}, True),
        ({"missing": "decimals"}, [column("GEO_COORDINATE", decimals=3)], {}, False),
        ({"facts": {"min_age": {"under": 14}}}, ["PERSON", column("AGE", min_age=5)], {}, True),
        ({"marked": "内部"}, [column(name="内部编号")], {}, True),
        ({"marked": "内部"}, [column()], {"comment": "内部资料"}, True),
        ({"marked": "内部"}, [column()], {}, False),
        ({"state": "unknown"}, [None], {}, True),
        ({"state": "unknown"}, ["AGE"], {}, False),
        ({"state": "unexamined"}, [None], {"rows": 0}, True),
        ({"any": [{"holds": "AGE"}, {"holds": "PERSON"}]}, ["PERSON"], {}, True),
        ({"all": [{"holds": "AGE"}, {"rows": {"min": 500}}]}, ["AGE"], {}, False),
        ({"holds": "@personal", "not": {"holds": "AGE"}}, ["AGE"], {}, False),
        ({"holds": "@personal", "not": {"holds": "AGE"}}, ["GENDER"], {}, True),
    ],
)
def test_one_question(tmp_path, when, columns, more, expected):
    assert fires(tmp_path, when, *columns, **more) is expected


def test_unless_silences(tmp_path):
    assert fires(tmp_path, {"holds": "AGE"}, "AGE", unless={"beside": [["CN_USCC"]]})
    assert not fires(tmp_path, {"holds": "AGE"}, "AGE", "CN_USCC", unless={"beside": [["CN_USCC"]]})


def test_joined_looks_one_table_further(tmp_path):
    when = {"joined": [["DIAGNOSIS"]]}
    assert fires(tmp_path, when, "PHONE_NUMBER", scope="table", beside=("PHONE_NUMBER", "DIAGNOSIS"))
    assert not fires(tmp_path, when, "PHONE_NUMBER", scope="table", beside=("CN_USCC", "DIAGNOSIS"))
    assert not fires(tmp_path, when, "PHONE_NUMBER", "DIAGNOSIS", scope="table")


def test_a_category_of_the_vocabulary_holds_what_is_below_it(tmp_path):
    filed = next(entry for entry in load().values() if "/" in entry.category)
    assert fires(tmp_path, {"category": filed.category.split("/")[0]}, filed.id)
    assert not fires(tmp_path, {"category": "no such category"}, filed.id)
