"""A scan as SARIF 2.1.0, so that code platforms show it where they show findings of other tools.

Source: OASIS Static Analysis Results Interchange Format, version 2.1.0. A column of a database is a
logical location; the file or script that was scanned is the physical one.
"""

from __future__ import annotations

import hashlib
from typing import Any
from urllib.parse import quote

from hushu import __version__
from hushu.model import Column, Inventory, Reason, Table
from hushu.reports.names import Names
from hushu.rules.citation import cite

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_UNGRADED = Reason(
    rule="hushu/found", text="识别出个人信息，尚未定级", source="", article="", verified="fulltext",
    text_en="Personal information was recognised and is not graded yet",
)  # fmt: skip


def sarif(inventory: Inventory, names: Names) -> dict[str, Any]:
    """Return the scan as a SARIF log; what was not examined stands among the notifications.

    Args:
        inventory: what the scan found.
        names: the names in the language of the messages.

    Returns:
        JSON-ready data. Columns in which nothing was found are not results.
    """
    rules: dict[str, Reason] = {}
    results = []
    for table in inventory.tables:
        for column in table.columns:
            if column.type or column.contains:
                reason = _reason(column, names)
                rules.setdefault(reason.rule, reason)
                index = list(rules).index(reason.rule)
                results.append(_result(inventory, table, column, reason, index, names))
    run: dict[str, Any] = {
        "tool": {"driver": _driver(rules, names)},
        "results": results,
        "invocations": [_invocation(inventory)],
        "columnKind": "unicodeCodePoints",
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _driver(rules: dict[str, Reason], names: Names) -> dict[str, Any]:
    return {
        "name": "hushu",
        "version": __version__,
        "rules": [
            {
                "id": reason.rule,
                "shortDescription": {"text": names.citation(reason).text},
                "fullDescription": {
                    "text": f"{names.citation(reason).text} {cite(reason, names.lang)}".strip()
                },
                "help": {"text": f"hushu rules show {reason.rule}"},
            }
            for reason in rules.values()
        ],
    }


def _reason(column: Column, names: Names) -> Reason:
    grade = column.grades.get(names.packs[0]) if names.packs else None
    return grade.because[0] if grade and grade.because else _UNGRADED


def _result(
    inventory: Inventory, table: Table, column: Column, reason: Reason, index: int, names: Names
) -> dict[str, Any]:
    place = f"{table.name}.{column.name}"
    levels = ", ".join(f"{p}: {g.level}" for p, g in column.grades.items())
    found = names.type(column.type) if column.type else ", ".join(names.type(c.type) for c in column.contains)
    result: dict[str, Any] = {
        "ruleId": reason.rule,
        "ruleIndex": index,
        "level": _severity(column, names),
        "message": {"text": f"{place}: {found} ({levels}) {cite(reason, names.lang)}".strip()},
        "locations": [_location(inventory, place)],
        "partialFingerprints": {"hushu/v1": hashlib.sha256(f"{place}\n{reason.rule}".encode()).hexdigest()},
    }
    if column.status != "suggested":
        justification = names.say(f"decided.{column.status}")
        result["suppressions"] = [{"kind": "external", "status": "accepted", "justification": justification}]
    return result


def _location(inventory: Inventory, place: str) -> dict[str, Any]:
    location: dict[str, Any] = {"logicalLocations": [{"fullyQualifiedName": place, "kind": "member"}]}
    if inventory.source and "://" not in inventory.source:
        location["physicalLocation"] = {
            "artifactLocation": {"uri": quote(inventory.source.replace("\\", "/"))}
        }
    return location


def _severity(column: Column, names: Names) -> str:
    ranks = [names.rank(p, g.level) for p, g in column.grades.items() if p == names.packs[0]]
    rank = max(ranks, default=0.0)
    return "error" if rank >= 0.6 else "warning" if rank > 0 else "note"


def _invocation(inventory: Inventory) -> dict[str, Any]:
    missed = [
        {"level": "warning", "message": {"text": f"not examined: {item.what}: {item.why}"}}
        for item in inventory.not_examined
    ]
    conflicts = [{"level": "warning", "message": {"text": text}} for text in inventory.conflicts]
    return {"executionSuccessful": True, "toolExecutionNotifications": [*missed, *conflicts]}
