"""Data Package v2 (datapackage.org): one resource a table, every field with its level.

Fields carry ``hushu:type``, ``hushu:levels``, ``hushu:status`` and ``hushu:basis``; a table says what
of it was not examined. ``path`` is the name under which the table would be published.
"""

from __future__ import annotations

import re
from typing import Any

from hushu.model import Column, Inventory, Plan, Table
from hushu.reports.exports.tags import as_json, facts, slug

PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
_TYPES = (
    ("datetime", re.compile(r"timestamp|datetime", re.I)),
    ("date", re.compile(r"^date", re.I)),
    ("time", re.compile(r"^time", re.I)),
    ("boolean", re.compile(r"bool", re.I)),
    ("integer", re.compile(r"int|serial", re.I)),
    ("number", re.compile(r"dec|num|float|double|real|money", re.I)),
    ("string", re.compile(r"char|text|clob|string|enum|uuid", re.I)),
)


def export(inventory: Inventory, plan: Plan | None) -> str:
    """Return ``datapackage.json``; the plan has no place in it."""
    document = {
        "$schema": PROFILE,
        "name": slug(inventory.source or "source"),
        "created": inventory.scanned_at,
        "resources": [_resource(table) for table in inventory.tables],
        "hushu:packs": [{"id": p.id, "version": p.version, "sha256": p.sha256} for p in inventory.packs],
        "hushu:notExamined": [{"what": n.what, "why": n.why} for n in inventory.not_examined],
    }
    return as_json(document)


def _resource(table: Table) -> dict[str, Any]:
    schema: dict[str, Any] = {"fields": [_field(column) for column in table.columns]}
    keys = [column.name for column in table.columns if column.primary_key]
    if keys:
        schema["primaryKey"] = keys
    links = [_link(column) for column in table.columns if "." in column.references]
    if links:
        schema["foreignKeys"] = links
    resource: dict[str, Any] = {
        "name": slug(table.name),
        "type": "table",
        "title": table.comment or table.name,
        "path": f"{slug(table.name)}.csv",
        "schema": schema,
        "hushu:levels": {pack: grade.level for pack, grade in table.grades.items()},
        "hushu:examined": table.examined,
    }
    if table.bound:
        resource["hushu:bound"] = table.bound
    return resource


def _field(column: Column) -> dict[str, Any]:
    field: dict[str, Any] = {"name": column.name, "type": _type(column.data_type)}
    if column.comment:
        field["title"] = column.comment
    return field | {f"hushu:{key}": value for key, value in facts(column).items()}


def _type(data_type: str) -> str:
    return next((name for name, shape in _TYPES if shape.search(data_type)), "any")


def _link(column: Column) -> dict[str, Any]:
    table, _, target = column.references.rpartition(".")
    return {"fields": [column.name], "reference": {"resource": slug(table), "fields": [target]}}
