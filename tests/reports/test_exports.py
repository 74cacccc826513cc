"""Exports say what other tools can read, hold no more than the inventory, and quote whatever names come."""

from __future__ import annotations

import json
import re
import sqlite3
from dataclasses import replace
from typing import Any

import jsonschema
import pytest
import yaml

from hushu.errors import ConfigError
from hushu.model import (
    Column,
    Content,
    Finding,
    Inventory,
    NotExamined,
    Plan,
    PlanColumn,
    PlanTable,
    Table,
)
from hushu.reports.exports import TARGETS, export
from hushu.rules import vocabulary

RELATIVE = r"^(?=[^./~])(?!file:)((?!/\.\./)(?!\\)(?!://).)*$"

# The rules of Data Package v2 that our file could break.
PACKAGE: dict[str, Any] = {
    "type": "object",
    "required": ["resources"],
    "properties": {
        "$schema": {"type": "string", "format": "uri"},
        "resources": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["name", "path", "schema"],
                "properties": {
                    "path": {
                        "type": "string",
                        "pattern": r"^(?=[^./~])(?!file:)((?!/\.\./)(?!\\)(?!:\/\/).)*$",
                    },
                    "schema": {
                        "type": "object",
                        "required": ["fields"],
                        "properties": {
                            "fields": {
                                "type": "array",
                                "minItems": 1,
                                "items": {
                                    "type": "object",
                                    "required": ["name"],
                                    "properties": {
                                        "type": {
                                            "enum": [
                                                "string",
                                                "number",
                                                "integer",
                                                "date",
                                                "time",
                                                "datetime",
                                                "boolean",
                                                "any",
                                            ]
                                        }
                                    },
                                },
                            }
                        },
                    },
                },
            },
        },
    },
}
JSON_TARGETS = ("frictionless", "dcat", "dpv", "openmetadata", "datahub", "openlineage")


@pytest.mark.parametrize("target", list(TARGETS))
def test_every_target_exports_the_case_and_the_same_each_time(
    inventory: Inventory, plan: Plan, target: str
) -> None:
    assert export(inventory, target, plan) == export(inventory, target, plan)


@pytest.mark.parametrize("target", JSON_TARGETS)
def test_json_targets_are_json(inventory: Inventory, target: str) -> None:
    assert json.loads(export(inventory, target))
    assert json.loads(export(Inventory(), target)) is not None


@pytest.mark.parametrize("target", ["frictionless", "dcat", "dpv", "openmetadata", "dbt", "pg-anonymizer"])
def test_targets_with_a_place_for_it_say_what_was_not_examined(inventory: Inventory, target: str) -> None:
    shown = export(inventory, target)
    assert all(item.what in shown for item in inventory.not_examined)


def test_a_data_package_keeps_to_its_profile(inventory: Inventory) -> None:
    package = json.loads(export(inventory, "frictionless"))
    jsonschema.validate(package, PACKAGE)
    fields = {f["name"]: f for f in package["resources"][0]["schema"]["fields"]}
    assert fields["sfzh"]["hushu:levels"]["cn-national"] == "G4"
    assert package["resources"][0]["schema"]["primaryKey"] == ["id"]
    names = [r["name"] for r in package["resources"]]
    assert package["resources"][1]["schema"]["foreignKeys"][0]["reference"]["resource"] in names


@pytest.mark.parametrize("target", ["frictionless", "dbt"])
def test_a_remembered_article_keeps_its_mark(inventory: Inventory, target: str) -> None:
    assert "待核" in export(inventory, target)


def test_dcat_calls_nothing_public_that_is_not_graded_so(inventory: Inventory) -> None:
    datasets = {d["dct:identifier"]: d for d in json.loads(export(inventory, "dcat"))["dcat:dataset"]}
    assert datasets["t_resident"]["dct:accessRights"]["@id"].endswith("/NON_PUBLIC")
    assert datasets["t_camera"]["dct:accessRights"]["@id"].endswith("/PUBLIC")
    bare = inventory.with_tables(tuple(replace(t, grades={}) for t in inventory.tables))
    assert "accessRights" not in export(bare, "dcat")


def test_every_dpv_term_belongs_to_a_type() -> None:
    from hushu.reports.exports.dpv import terms

    assert set(terms()) <= set(vocabulary.load())


def test_openmetadata_confirms_only_what_people_decided(inventory: Inventory) -> None:
    patch = json.loads(export(inventory, "openmetadata"))["tables"][0]["patch"]
    states: dict[str, set[str]] = {}
    current = "table"
    for operation in patch:
        if operation["op"] == "test":
            current = operation["value"]
        else:
            states.setdefault(current, set()).add(operation["value"]["state"])
    assert states["sfzh"] == states["mz"] == {"Confirmed"}
    assert states["xm"] == states["table"] == {"Suggested"}


def test_dbt_reads_no_jinja_from_the_data() -> None:
    table = Table(name="t", comment="{{ env_var('X') }}", columns=(Column(name="a", comment="{% raw %}"),))
    text = export(Inventory(tables=(table,)), "dbt")
    assert "{{" not in text
    assert "{%" not in text
    assert yaml.safe_load(text)["sources"][0]["tables"][0]["columns"][0]["name"] == "a"


def test_openlineage_says_what_the_plan_masks(inventory: Inventory, plan: Plan) -> None:
    events = json.loads(export(inventory, "openlineage", plan))
    fields = events[-1]["dataset"]["facets"]["columnLineage"]["fields"]
    masking = {name: f["inputFields"][0]["transformations"][0]["masking"] for name, f in fields.items()}
    assert masking == {"person_token": True, "age_band": True, "registered": False}


def test_labels_mask_every_personal_column_and_quote_names() -> None:
    columns = (
        Column(name='a"; DROP TABLE t; --', data_type="TEXT", finding=Finding(type="CN_RESIDENT_ID")),
        Column(name="100%", data_type="varchar(20)", finding=Finding(type="PHONE_NUMBER")),
        Column(name="note", data_type="text", finding=Finding(type="FREE_TEXT")),
        Column(name="n", data_type="int"),
    )
    script = export(Inventory(tables=(Table(name="s.t", columns=columns),)), "pg-anonymizer")
    lines = [line for line in script.splitlines() if line.startswith("SECURITY")]
    assert len(lines) == 3
    assert lines[0].startswith('SECURITY LABEL FOR anon ON COLUMN "s"."t"."a""; DROP TABLE t; --" IS')
    assert 'anon.partial("100%", 3' in lines[1]


def test_labels_follow_a_plan_by_default_deny(inventory: Inventory, plan: Plan) -> None:
    script = export(inventory, "pg-anonymizer", plan)
    labelled = set(re.findall(r'COLUMN "t_resident"\."(\w+)"', script))
    assert labelled == {c.name for c in plan.tables[0].columns if c.action != "keep"}


def test_views_run_and_show_no_more_than_the_plan(plan: Plan) -> None:
    def transformed(name: str, operator: str, grain: str = "band", **params: Any) -> PlanColumn:
        return PlanColumn(
            name=name, type=None, action="transform", operator=operator, grain=grain, params=params
        )

    table = PlanTable(
        name="t",
        columns=(
            PlanColumn(name="secret", type=None, action="drop"),
            PlanColumn(name='a"b', type=None, action="keep", output="kept"),
            transformed("born", "date_part", "year"),
            transformed("age", "bucket", width=10),
            transformed("pay", "yes_no", "yes_no", at_least=5000),
            transformed("id", "pseudonym", "pseudonym"),
        ),
    )
    script = export(Inventory(source="x.sqlite"), "sql-views", replace(plan, tables=(table,)))
    assert "id: pseudonym" in script
    with sqlite3.connect(":memory:") as base:
        base.execute('CREATE TABLE t (secret TEXT, "a""b" TEXT, born TEXT, age INT, pay INT, id TEXT)')
        base.execute("INSERT INTO t VALUES ('x', 'y', '1990-03-07', 34, 4999, 'z')")
        base.executescript(script)
        shown = base.execute("SELECT * FROM v_t")
        names = [column[0] for column in shown.description]
        assert dict(zip(names, shown.fetchone(), strict=True)) == {
            "kept": "y",
            "born": 1990,
            "age": 30,
            "pay": "否",
        }


def test_without_a_plan_views_show_only_columns_without_personal_data(inventory: Inventory) -> None:
    columns = (
        Column(name="xm", finding=Finding(type="PERSON")),
        Column(name="bz", finding=Finding(type="FREE_TEXT")),
        Column(name="dw", finding=Finding(contains=(Content(type="PHONE_NUMBER", count=1, share=0.1),))),
        Column(name="photo"),
        Column(name="zt", data_type="int"),
    )
    tables = (Table(name="t", examined=9, columns=columns), Table(name="unread", columns=columns))
    hidden = (NotExamined(what="t.photo", why="binary\ncolumn"),)
    script = export(Inventory(source="x.sqlite", tables=tables, not_examined=hidden), "sql-views")
    assert "--plan" in script
    assert "-- not examined: t.photo: binary column" in script
    with sqlite3.connect(":memory:") as base:
        base.execute("CREATE TABLE t (xm, bz, dw, photo, zt)")
        base.executescript(script)
        assert [column[0] for column in base.execute("SELECT * FROM v_t").description] == ["zt"]
    assert "v_unread" not in script


def test_important_data_is_in_no_view_without_a_plan(inventory: Inventory) -> None:
    script = export(inventory, "sql-views")
    assert "djzt" in script
    assert "total" not in script


def test_an_unknown_target_has_its_code(inventory: Inventory) -> None:
    with pytest.raises(ConfigError) as unknown:
        export(inventory, "atlas")
    assert unknown.value.code == "HS-E181"
