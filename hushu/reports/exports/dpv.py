"""W3C Data Privacy Vocabulary 2.3 as JSON-LD: which personal data a table holds.

PIPL's 敏感个人信息 has no concept in DPV; it is exported under an IRI of its own, never as DPV's
special category, which is another law's term.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any

from hushu.model import Column, Inventory, Plan, Table
from hushu.reports.exports.tags import as_json, facts, slug
from hushu.rules import vocabulary

_CONTEXT = {
    "dpv": "https://w3id.org/dpv#",
    "pd": "https://w3id.org/dpv/pd#",
    "dct": "http://purl.org/dc/terms/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "hushu": "urn:hushu:",
}
SENSITIVE = "hushu:cn:SensitivePersonalInformation"


def export(inventory: Inventory, plan: Plan | None) -> str:
    """Return the personal data of every table as JSON-LD; the plan has no place in it."""
    graph = [_table(inventory, table) for table in inventory.tables]
    missed = [f"{item.what}: {item.why}" for item in inventory.not_examined]
    return as_json({"@context": _CONTEXT, "@graph": graph, "hushu:notExamined": missed})


def _table(inventory: Inventory, table: Table) -> dict[str, Any]:
    types = vocabulary.load()
    personal = [
        _column(column, type_id)
        for column in table.columns
        for type_id in dict.fromkeys((column.type or "", *(c.type for c in column.contains)))
        if type_id in types and types[type_id].kind == "personal"
    ]
    return {
        "@id": f"urn:hushu:dataset:{slug(inventory.source or 'source')}:{slug(table.name)}",
        "@type": "dpv:Process",
        "dct:title": table.comment or table.name,
        "dpv:hasPersonalData": personal,
    }


def _column(column: Column, type_id: str) -> dict[str, Any]:
    entry = vocabulary.load()[type_id]
    concept = terms().get(type_id)
    kinds = [f"pd:{concept}"] if concept else ["dpv:PersonalData", f"hushu:type:{type_id}"]
    if any(grade.attributes.get("sensitive") for grade in column.grades.values()):
        kinds.append(SENSITIVE)
    return {
        "@type": kinds,
        "dct:identifier": column.name,
        "skos:prefLabel": [
            {"@value": entry.zh, "@language": "zh"},
            {"@value": entry.en, "@language": "en"},
        ],
        "hushu:facts": facts(column),
    }


@lru_cache(maxsize=1)
def terms() -> Mapping[str, str]:
    """Return the concept of DPV's extension PD for each type that has an exact one."""
    import yaml

    text = files("hushu.reports.exports").joinpath("dpv.yaml").read_text("utf-8")
    found: dict[str, str] = yaml.safe_load(text)
    return found
