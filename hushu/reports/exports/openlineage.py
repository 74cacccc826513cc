"""OpenLineage: dataset events with schema and tags; with a plan also what of the output is masked.

Source: OpenLineage specification 2-0-2, facets SchemaDatasetFacet 1-1-1, TagsDatasetFacet 1-0-0 and
ColumnLineageDatasetFacet 1-2-0, whose transformations carry ``masking``.
"""

from __future__ import annotations

from typing import Any

from hushu import __version__
from hushu.model import Inventory, Plan, PlanTable, Table
from hushu.reports.exports.tags import as_json, database, platform

_SPEC = "https://openlineage.io/spec/"
_EVENT = f"{_SPEC}2-0-2/OpenLineage.json#/$defs/DatasetEvent"
PRODUCER = f"urn:hushu:{__version__}"


def export(inventory: Inventory, plan: Plan | None) -> str:
    """Return the events as a JSON list, one a table, and one an output of the plan."""
    space = f"{platform(inventory)}:{database(inventory)}"
    events = [_event(inventory, space, t.name, _facets(t)) for t in inventory.tables]
    for table in plan.tables if plan else ():
        lineage = {
            "columnLineage": _facet("ColumnLineageDatasetFacet", "1-2-0", fields=_lineage(space, table))
        }
        events.append(_event(inventory, "hushu:release", table.name, lineage))
    return as_json(events)


def _event(inventory: Inventory, space: str, name: str, facets: dict[str, Any]) -> dict[str, Any]:
    return {
        "eventTime": inventory.scanned_at,
        "producer": PRODUCER,
        "schemaURL": _EVENT,
        "dataset": {"namespace": space, "name": name, "facets": facets},
    }


def _facet(name: str, version: str, **content: Any) -> dict[str, Any]:
    return {"_producer": PRODUCER, "_schemaURL": f"{_SPEC}facets/{version}/{name}.json", **content}


def _facets(table: Table) -> dict[str, Any]:
    fields = [
        {"name": c.name, "type": c.data_type, "description": c.comment or c.name} for c in table.columns
    ]
    tags = [
        {"key": f"hushu.{pack}", "value": grade.level, "source": "HUSHU"}
        for pack, grade in table.grades.items()
    ]
    tags += [
        {"key": f"hushu.{pack}", "value": grade.level, "source": "HUSHU", "field": column.name}
        for column in table.columns
        for pack, grade in column.grades.items()
    ]
    return {
        "schema": _facet("SchemaDatasetFacet", "1-1-1", fields=fields),
        "tags": _facet("TagsDatasetFacet", "1-0-0", tags=tags),
    }


def _lineage(space: str, table: PlanTable) -> dict[str, Any]:
    return {
        column.output or column.name: {
            "inputFields": [
                {
                    "namespace": space,
                    "name": table.name,
                    "field": column.name,
                    "transformations": [
                        {
                            "type": "DIRECT",
                            "subtype": "IDENTITY" if column.action == "keep" else "TRANSFORMATION",
                            "description": column.operator,
                            "masking": column.action == "transform",
                        }
                    ],
                }
            ]
        }
        for column in table.columns
        if column.action != "drop"
    }
