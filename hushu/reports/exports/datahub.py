"""DataHub: metadata change proposals for the file source (``datahub ingest``), tags on every field."""

from __future__ import annotations

from typing import Any

from hushu.model import Column, Inventory, Plan, Table
from hushu.reports.exports.tags import as_json, basis, database, labels, platform


def export(inventory: Inventory, plan: Plan | None) -> str:
    """Return the list of proposals; the plan has no place in them."""
    proposals = [p for table in inventory.tables for p in _proposals(inventory, table)]
    return as_json(proposals)


def _proposals(inventory: Inventory, table: Table) -> list[dict[str, Any]]:
    name = f"{database(inventory)}.{table.name}"
    urn = f"urn:li:dataset:(urn:li:dataPlatform:{platform(inventory)},{name},PROD)"
    fields = [_field(column) for column in table.columns]
    return [
        _proposal(urn, "editableSchemaMetadata", {"editableSchemaFieldInfo": fields}),
        _proposal(urn, "globalTags", _tags(table)),
    ]


def _proposal(urn: str, aspect: str, content: dict[str, Any]) -> dict[str, Any]:
    return {
        "entityType": "dataset",
        "entityUrn": urn,
        "changeType": "UPSERT",
        "aspectName": aspect,
        "aspect": {"json": content},
    }


def _field(column: Column) -> dict[str, Any]:
    described = "；".join(filter(None, [column.comment, *basis(column.grades)]))
    return {"fieldPath": column.name, "description": described, "globalTags": _tags(column)}


def _tags(part: Table | Column) -> dict[str, Any]:
    return {"tags": [{"tag": f"urn:li:tag:hushu.{label.replace(':', '.')}"} for label in labels(part)]}
