"""dbt: a ``sources`` file whose columns carry meta and tags under ``config`` (dbt 1.10 and later)."""

from __future__ import annotations

from typing import Any

from hushu.model import Column, Inventory, Plan, Table
from hushu.reports.exports.tags import database, facts, labels, slug


def export(inventory: Inventory, plan: Plan | None) -> str:
    """Return ``schema.yml``; the plan has no place in it."""
    import yaml

    source = {
        "name": slug(database(inventory)),
        "description": _untouched(inventory.source),
        "tables": [_table(table) for table in inventory.tables],
        "config": {"meta": {"hushu": {"not_examined": [_untouched(n.what) for n in inventory.not_examined]}}},
    }
    document = {"version": 2, "sources": [source]}
    text: str = yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=110)
    return text


def _table(table: Table) -> dict[str, Any]:
    levels = {pack: grade.level for pack, grade in table.grades.items()}
    return {
        "name": _untouched(table.name),
        "description": _untouched(table.comment),
        "config": {"meta": {"hushu": {"levels": levels}}, "tags": labels(table)},
        "columns": [_column(column) for column in table.columns],
    }


def _column(column: Column) -> dict[str, Any]:
    return {
        "name": _untouched(column.name),
        "description": _untouched(column.comment),
        "config": {"meta": {"hushu": facts(column)}, "tags": labels(column)},
    }


def _untouched(text: str) -> str:
    """Return text that dbt does not render: it reads ``{{`` in any string as Jinja."""
    return text.replace("{{", "{ {").replace("{%", "{ %").replace("{#", "{ #")
