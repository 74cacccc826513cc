"""What the SQL rules need to know of a column: its type, whose it is, the finest grain that may leave."""

from __future__ import annotations

from hushu.anonymize.query import lineage
from hushu.errors import ConfigError
from hushu.model import Column, Inventory, Purpose, Table
from hushu.rules import limits, vocabulary


def protections(inventory: Inventory, purpose: Purpose) -> lineage.Columns:
    """Return, for every column of the inventory, what the SQL rules need to know about it."""
    declared = _not_persons(inventory, purpose)
    return {
        table.name: {
            column.name: _protection(column, table, purpose, table.name not in declared) for column in table
        }
        for table in inventory
    }


def _not_persons(inventory: Inventory, purpose: Purpose) -> frozenset[str]:
    """Return the tables whose rows the purpose declares, with a reason, to be no persons."""
    declared = purpose.privacy.get("not_persons") or {}
    known = {table.name: table for table in inventory}
    for name, reason in declared.items():
        problem = ""
        if name not in known:
            problem = "there is no such table"
        elif not str(reason or "").strip():
            problem = "no reason is given"
        elif found := [c.name for c in known[name] if _is_of_a_person(c)]:
            problem = f"it holds personal data: {', '.join(found)}"
        if problem:
            raise ConfigError(
                "a table cannot be declared to be about no persons",
                where=f"purpose: privacy.not_persons.{name}",
                why=problem,
                fix="leave it out; its rows then count as persons",
                code="HS-E174",
            )
    return frozenset(declared)


def _is_of_a_person(column: Column) -> bool:
    types = vocabulary.load()
    found = [
        types[name] for name in (column.type, *(c.type for c in column.contains)) if name and name in types
    ]
    return any(
        entry.kind == "personal" and entry.identifies in {"direct", "sensitive", "quasi"} for entry in found
    )


def _protection(column: Column, table: Table, purpose: Purpose, persons: bool) -> lineage.Protection:
    entry = vocabulary.load().get(column.type or "")
    grain = next((item.grain for item in purpose.items if _names(item.item, column, table)), None)
    if purpose.tables and table.name not in purpose.tables:
        grain = None
    if grain is not None:
        limit, _ = limits.finest([column.type] if column.type else [], purpose.use)
        grain = min(grain, limit, key=limits.rank)
    distinct, rows = column.finding.distinct or 0, table.examined or 1
    holds_people = any(
        known.identifies == "direct" for c in column.contains if (known := vocabulary.load().get(c.type))
    )
    return lineage.Protection(
        type=column.type,
        direct=bool(entry and entry.kind == "personal" and entry.identifies == "direct") or holds_people,
        personal=persons,
        recognised=bool(entry and entry.kind == "personal" and column.type not in {"REGION", "POSTAL_CODE"})
        or holds_people,
        grain=grain,
        unique_share=distinct / rows,
        rows=table.rows or table.examined,
    )


def _names(item: str, column: Column, table: Table) -> bool:
    entry = vocabulary.load().get(column.type or "")
    names = {f"{table.name}.{column.name}", column.name, column.type}
    return (
        item in names
        or (entry is not None and item == entry.zh)
        or bool(column.comment and item == column.comment)
    )
