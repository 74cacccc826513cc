"""Every format of ``hushu scan --format`` says what was found and what was not examined."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from typing import Any

import jsonschema
import pytest

from hushu.errors import ConfigError
from hushu.model import Column, Finding, Inventory, Table
from hushu.reports.listing import FORMATS, listing

# The parts of the SARIF 2.1.0 schema that a consumer of ours relies on.
SARIF: dict[str, Any] = {
    "type": "object",
    "required": ["version", "runs"],
    "properties": {
        "version": {"const": "2.1.0"},
        "runs": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["tool", "results"],
                "properties": {
                    "tool": {
                        "type": "object",
                        "required": ["driver"],
                        "properties": {"driver": {"type": "object", "required": ["name", "rules"]}},
                    },
                    "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                    "invocations": {
                        "type": "array",
                        "items": {"type": "object", "required": ["executionSuccessful"]},
                    },
                    "results": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "required": ["message", "ruleId", "ruleIndex", "level", "locations"],
                            "properties": {
                                "level": {"enum": ["none", "note", "warning", "error"]},
                                "message": {"type": "object", "required": ["text"]},
                                "partialFingerprints": {
                                    "type": "object",
                                    "additionalProperties": {"type": "string"},
                                },
                                "suppressions": {
                                    "type": "array",
                                    "items": {
                                        "type": "object",
                                        "required": ["kind"],
                                        "properties": {
                                            "kind": {"enum": ["inSource", "external"]},
                                            "status": {"enum": ["accepted", "underReview", "rejected"]},
                                        },
                                    },
                                },
                            },
                        },
                    },
                },
            },
        },
    },
}


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("form", ["table", "md", "json", "sarif"])
def test_every_format_lists_what_was_not_examined(inventory: Inventory, form: str, lang: str) -> None:
    shown = listing(inventory, form, lang=lang).replace("\\", "")
    for item in inventory.not_examined:
        assert item.what in shown


@pytest.mark.parametrize("form", list(FORMATS))
def test_an_empty_inventory_has_every_format(form: str) -> None:
    assert listing(Inventory(), form, lang="en")


def test_json_is_the_inventory_itself(inventory: Inventory) -> None:
    assert Inventory.from_dict(json.loads(listing(inventory, "json"))) == inventory


def test_csv_has_a_line_for_every_column_with_its_levels(inventory: Inventory) -> None:
    rows = list(csv.DictReader(io.StringIO(listing(inventory, "csv"))))
    assert len(rows) == sum(len(t.columns) for t in inventory.tables)
    found = {(r["table"], r["column"]): r for r in rows}
    assert found["t_resident", "sfzh"]["cn-national"] == "G4"
    assert found["t_visit", "remark"]["contains"].startswith("PERSON=402")


def test_no_cell_of_the_csv_is_a_formula() -> None:
    names = ("=1+1", "+A1", "-2", "@x", "\tx")
    columns = tuple(Column(name=n, finding=Finding(type="PERSON")) for n in names)
    rows = csv.reader(io.StringIO(listing(Inventory(tables=(Table(name="t", columns=columns),)), "csv")))
    assert not any(cell.startswith(("=", "+", "-", "@", "\t")) for row in rows for cell in row)


def test_sarif_has_the_shape_that_code_platforms_read(inventory: Inventory) -> None:
    log = json.loads(listing(inventory, "sarif", lang="en"))
    jsonschema.validate(log, SARIF)
    run = log["runs"][0]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    for result in run["results"]:
        assert rules[result["ruleIndex"]] == result["ruleId"]
    places = {r["locations"][0]["logicalLocations"][0]["fullyQualifiedName"]: r for r in run["results"]}
    assert "t_resident.sfzh" in places
    assert "t_resident.id" not in places
    assert places["t_resident.sfzh"]["suppressions"][0]["kind"] == "external"
    assert "suppressions" not in places["t_resident.xm"]


def test_a_password_in_a_url_never_becomes_a_location(inventory: Inventory) -> None:
    remote = replace(inventory, source="postgresql://u:***@h/db")
    results = json.loads(listing(remote, "sarif"))["runs"][0]["results"]
    assert not any("physicalLocation" in r["locations"][0] for r in results)


def test_markdown_shows_names_as_they_are() -> None:
    column = Column(name="a|b<script>", finding=Finding(type="PERSON"))
    shown = listing(Inventory(tables=(Table(name="t", columns=(column,)),)), "md")
    assert "<script>" not in shown
    assert "a\\|b" in shown


def test_an_unknown_format_is_an_error_with_a_code(inventory: Inventory) -> None:
    with pytest.raises(ConfigError) as caught:
        listing(inventory, "yaml")
    assert caught.value.code == "HS-E105"
