"""OpenMetadata: a classification with one tag a level, and a JSON Patch a table that sets the tags.

Nothing is sent: the patches are for ``PATCH /api/v1/tables/{id}`` (RFC 6902). A suggestion stays
``Automated`` and ``Suggested``; only a person's decision becomes ``Manual`` and ``Confirmed``.
"""

from __future__ import annotations

from typing import Any

from hushu.model import Column, Inventory, Plan, Table
from hushu.reports.exports.tags import CONFIRMED, as_json, basis, database
from hushu.reports.names import names_for


def export(inventory: Inventory, plan: Plan | None) -> str:
    """Return classifications, tags and patches; the plan has no place in them."""
    names = names_for(inventory, "en")
    packs = [
        {"name": _class(pack), "description": names.pack(pack), "mutuallyExclusive": True}
        for pack in names.packs
    ]
    graded = [table.grades for table in inventory.tables]
    graded += [column.grades for table in inventory.tables for column in table.columns]
    levels = {(pack, grade.level) for grades in graded for pack, grade in grades.items()}
    tags = [
        {"classification": _class(pack), "name": level, "description": names.level(pack, level)}
        for pack, level in sorted(levels)
    ]
    document = {
        "classifications": packs,
        "tags": tags,
        "tables": [{"name": f"{database(inventory)}.{t.name}", "patch": _patch(t)} for t in inventory.tables],
        "notExamined": [{"what": n.what, "why": n.why} for n in inventory.not_examined],
    }
    return as_json(document)


def _class(pack: str) -> str:
    return f"hushu-{pack}"


def _patch(table: Table) -> list[dict[str, Any]]:
    operations = [_add("/tags/-", tag) for tag in _tags(table)]
    # Columns are addressed by place: the patch is for the table as it was scanned.
    for place, column in enumerate(table.columns):
        operations.append({"op": "test", "path": f"/columns/{place}/name", "value": column.name})
        operations += [_add(f"/columns/{place}/tags/-", tag) for tag in _tags(column)]
    return operations


def _add(path: str, value: dict[str, Any]) -> dict[str, Any]:
    return {"op": "add", "path": path, "value": value}


def _tags(part: Table | Column) -> list[dict[str, Any]]:
    decided = isinstance(part, Column) and part.status in CONFIRMED
    return [
        {
            "tagFQN": f"{_class(pack)}.{grade.level}",
            "source": "Classification",
            "labelType": "Manual" if decided else "Automated",
            "state": "Confirmed" if decided else "Suggested",
            "reason": "；".join(basis({pack: grade})),
        }
        for pack, grade in part.grades.items()
    ]
