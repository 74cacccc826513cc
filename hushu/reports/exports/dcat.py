"""DCAT 3 as JSON-LD: one dataset a table, with its access right where the open type is graded.

Source: W3C Data Catalog Vocabulary, version 3; access rights of the EU Publications Office.
"""

from __future__ import annotations

from typing import Any

from hushu.model import Inventory, Plan, Table
from hushu.reports.exports.tags import as_json, basis, labels, slug

_RIGHTS = "http://publications.europa.eu/resource/authority/access-right/"
_OPENING = {"open": "PUBLIC", "conditional": "RESTRICTED", "closed": "NON_PUBLIC"}
_CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "hushu": "urn:hushu:",
}


def export(inventory: Inventory, plan: Plan | None) -> str:
    """Return the catalogue as JSON-LD; the plan has no place in it."""
    catalogue = {
        "@context": _CONTEXT,
        "@id": f"urn:hushu:catalog:{slug(inventory.source or 'source')}",
        "@type": "dcat:Catalog",
        "dct:title": inventory.source,
        "dct:issued": inventory.scanned_at,
        "dcat:dataset": [_dataset(inventory, table) for table in inventory.tables],
        "hushu:notExamined": [f"{item.what}: {item.why}" for item in inventory.not_examined],
    }
    return as_json(catalogue)


def _dataset(inventory: Inventory, table: Table) -> dict[str, Any]:
    dataset: dict[str, Any] = {
        "@id": f"urn:hushu:dataset:{slug(inventory.source or 'source')}:{slug(table.name)}",
        "@type": "dcat:Dataset",
        "dct:identifier": table.name,
        "dct:title": {"@value": table.comment or table.name, "@language": "zh"},
        "dcat:keyword": labels(table),
        "hushu:columns": [column.comment or column.name for column in table.columns],
    }
    # Only a local open type says who may see it; nothing is called public by default.
    opening = table.grades.get("cn-shanghai")
    if opening is not None and opening.level in _OPENING:
        dataset["dct:accessRights"] = {
            "@id": _RIGHTS + _OPENING[opening.level],
            "rdfs:label": opening.level,
            "hushu:basis": basis({"cn-shanghai": opening}),
        }
    return dataset
