"""PostgreSQL Anonymizer: SECURITY LABEL statements that mask columns for masked roles.

With a plan, a dropped column shows NULL and a column that leaves as it is has no label. Without one,
every column that is or holds personal data is masked. Masking for a role inside the database is not
de-identification: the rows stay, one a person.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hushu.model import Column, Inventory, Plan, PlanColumn, Table
from hushu.reports.exports.tags import labels
from hushu.rules import vocabulary

NOTHING = "MASKED WITH VALUE NULL"
# What stays readable on a screen, by custom; every other type shows nothing.
_PARTIAL = {
    "PERSON": "MASKED WITH FUNCTION anon.partial({column}, 1, '**', 0)",
    "PHONE_NUMBER": "MASKED WITH FUNCTION anon.partial({column}, 3, '****', 4)",
    "EMAIL_ADDRESS": "MASKED WITH FUNCTION anon.partial_email({column})",
}


def export(inventory: Inventory, plan: Plan | None) -> str:
    """Return the statements as one script, ready for ``psql -f``."""
    lines = [
        "-- Labels for PostgreSQL Anonymizer, made by hushu; needs CREATE EXTENSION anon.",
        "-- A NOT NULL column cannot show NULL: give such a column a VALUE of your own.",
    ]
    hidden = (f"{_comment(item.what)}: {_comment(item.why)}" for item in inventory.not_examined)
    lines += [f"-- not examined: {text}" for text in hidden]
    fates = {(t.name, c.name): c for t in (plan.tables if plan else ()) for c in t.columns}
    for table in inventory.tables:
        lines += _labels(table, fates, planned=plan is not None)
    return "\n".join(lines) + "\n"


def _labels(table: Table, fates: dict[tuple[str, str], PlanColumn], *, planned: bool) -> Iterator[str]:
    for column in table.columns:
        fate = fates.get((table.name, column.name))
        rule = _planned(column, fate) if planned else _by_type(column)
        if rule is not None:
            place = ".".join(_quoted(part) for part in (*table.name.split("."), column.name))
            reason = _comment(", ".join(labels(column)))
            yield f"SECURITY LABEL FOR anon ON COLUMN {place} IS {_literal(rule)};  -- {reason}"


def _planned(column: Column, fate: PlanColumn | None) -> str | None:
    if fate is not None and fate.action == "keep":
        return None
    # Only hushu apply can do the other operators; a view inside the database shows nothing instead.
    return NOTHING


def _by_type(column: Column) -> str | None:
    types = vocabulary.load()
    found = [t for t in (column.type or "", *(c.type for c in column.contains)) if t in types]
    # Free text in which nothing was found is masked too: unknown is not clean.
    if not any(types[t].kind in {"personal", "mixed"} for t in found):
        return None
    textual = any(word in column.data_type.lower() for word in ("char", "text"))
    if column.type in _PARTIAL and textual:
        return _PARTIAL[column.type].format(column=_quoted(column.name))
    return NOTHING


def _quoted(name: str) -> str:
    from sqlalchemy.dialects.postgresql.base import PGDialect

    # A script is no format string: with the default paramstyle "%" would be doubled.
    make: Any = PGDialect
    return str(make(paramstyle="named").identifier_preparer.quote_identifier(name))


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _comment(text: str) -> str:
    return " ".join(text.split())
