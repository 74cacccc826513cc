"""``hushu query``: the algorithm goes to the data; only safe aggregates come back.

The SQL is checked against purpose and grades (:mod:`hushu.anonymize.query.rules`), runs read-only
in the source with its protecting counts (:mod:`hushu.anonymize.query.rewrite`), and each number
must stand by itself and beside every earlier answer (:mod:`hushu.anonymize.query.differences`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hushu.anonymize.query import differences, lineage, rewrite, rules
from hushu.errors import ConfigError, QueryRefused
from hushu.model import Column, Inventory, Purpose, Table
from hushu.rules import limits, vocabulary

DEFAULT_MINIMUM = 5
_DOMINANCE = 0.8
_DIALECTS = {"postgresql": "postgres", "mysql": "mysql", "mariadb": "mysql", "sqlite": "sqlite"}


@dataclass(frozen=True, slots=True)
class QueryAnswer:
    """What may be told.

    ``rows`` holds None where a number was withheld; ``groups_withheld`` counts whole groups, and
    ``numbers_withheld`` single numbers. ``protection`` says in words what was done.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    groups_withheld: int
    numbers_withheld: int
    minimum: int
    protection: str

    def to_dict(self) -> dict[str, Any]:
        """Return the answer as JSON-ready data."""
        return {
            "columns": list(self.columns),
            "rows": [list(row) for row in self.rows],
            "groups_withheld": self.groups_withheld,
            "numbers_withheld": self.numbers_withheld,
            "minimum": self.minimum,
            "protection": self.protection,
        }


def query(
    source: Any,
    sql: str,
    purpose: Purpose | str | Path,
    *,
    ledger: str | Path | None = None,
    inventory: Inventory | None = None,
) -> QueryAnswer:
    """Return the answer to an analytic query, up to the stated protection.

    Args:
        source: a database URL or a SQLite file; other sources are read into memory first.
        sql: one SELECT in the dialect of the source.
        purpose: names every column that the query may use; ``privacy.k`` is the least number of
            persons (rows) behind any number, 5 unless told; ``privacy.not_persons`` names, with a
            reason each, the tables whose rows are no persons; ``privacy.answers: list`` grants rows
            of items named at grain ``exact``.
        ledger: earlier answers are read from it and this one is recorded.
        inventory: what the source holds; scanned when not given.

    Raises:
        QueryRefused: HS-E601 to HS-E608, the query could hand out more than safe aggregates.
        ConfigError: HS-E1xx, the purpose is wrong; HS-E174, a table with personal data is declared
            to be about no persons.

    Example:
        >>> sql = "SELECT block, COUNT(*) FROM resident GROUP BY block"
        >>> query("town.sqlite", sql, "purpose.yaml")  # doctest: +SKIP
    """
    from hushu.anonymize.query.source import open_queryable
    from hushu.rules.purposes import read_purpose

    wanted = purpose if isinstance(purpose, Purpose) else read_purpose(purpose)
    minimum = _minimum(wanted)
    with open_queryable(source) as database:
        found = inventory or database.inventory()
        columns = protections(found, wanted)
        checked = rules.check(
            sql,
            columns,
            _DIALECTS[database.dialect],
            lists_granted=wanted.privacy.get("answers") == "list",
        )
        if checked.rowwise:
            return _listed(database, checked, wanted, ledger)
        guarded = rewrite.guard(checked, columns, database.keys())
        rows = database.run(guarded.sql)
        safe = [_protected(row, guarded, minimum) for row in rows]
        history = _earlier(ledger, database, wanted)
        cells = _cells(database.run(guarded.members_sql), guarded.key_count) if guarded.members_sql else {}
        held = differences.unsafe(cells, [entry for entry in history if entry], minimum)
    answer = _assembled(guarded, checked, safe, held, minimum)
    if ledger is not None:
        _record(ledger, wanted, guarded, cells, held, answer, database.label)
    return answer


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
    found = [types[name] for name in (column.type, *(c.type for c in column.contains)) if name and name in types]
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
        recognised=bool(
            entry and entry.kind in {"personal", "mixed"} and column.type not in {"REGION", "POSTAL_CODE"}
        ),
        grain=grain,
        unique_share=distinct / rows,
    )


def _names(item: str, column: Column, table: Table) -> bool:
    entry = vocabulary.load().get(column.type or "")
    names = {f"{table.name}.{column.name}", column.name, column.type}
    return (
        item in names
        or (entry is not None and item == entry.zh)
        or bool(column.comment and item == column.comment)
    )


def _minimum(purpose: Purpose) -> int:
    asked = purpose.privacy.get("k", DEFAULT_MINIMUM)
    if not isinstance(asked, int) or asked < 2:
        raise ConfigError(
            "the minimum group is too small",
            where="purpose: privacy.k",
            why="2 persons at least",
            code="HS-E134",
        )
    return asked


def _protected(row: tuple[Any, ...], guarded: rewrite.Guarded, minimum: int) -> tuple[Any, ...] | None:
    """Return the asked outputs with unsafe numbers as None; None for a group that is too small."""
    mandatory = [row[place] for place in guarded.units]
    if any(count < minimum for count in mandatory):
        return None
    if any(0 < row[place] < minimum for place in guarded.optional_units):
        return None
    if not mandatory and any(row[place] < minimum for place in guarded.optional_units):
        return None
    out = list(row[: len(guarded.outputs)])
    least = min(mandatory, default=0)
    for place in range(len(out)):
        if not _supported([row[p] for p in guarded.supports[place]], least, minimum) or _dominated(
            row, guarded, place
        ):
            out[place] = None
    return tuple(out)


def _supported(counts: list[int], units: int, minimum: int) -> bool:
    # The complement counts too: 19 of 20 tells of the one who is not.
    return all(count >= minimum and not 0 < units - count < minimum for count in counts)


def _dominated(row: tuple[Any, ...], guarded: rewrite.Guarded, place: int) -> bool:
    return any(
        row[total] and row[largest] is not None and float(row[largest]) > _DOMINANCE * float(row[total])
        for largest, total in guarded.shares[place]
    )


def _cells(members: list[tuple[Any, ...]], width: int) -> dict[str, frozenset[str]]:
    """Return the set of units behind every number: of a group, and of a condition within a group.

    A member is a unit, the ``width`` keys of its group, and a flag for each condition.
    """
    sets: dict[str, set[str]] = {}
    for unit, *rest in members:
        label = _digest([str(value) for value in rest[:width]])
        sets.setdefault(label, set()).add(str(unit))
        for place, contributes in enumerate(rest[width:]):
            if contributes:
                sets.setdefault(f"{label}/{place}", set()).add(str(unit))
    return {name: frozenset(units) for name, units in sets.items()}


def _digest(values: list[str]) -> str:
    return hashlib.sha256(json.dumps(values, ensure_ascii=False).encode()).hexdigest()[:24]


def _assembled(
    guarded: rewrite.Guarded,
    checked: rules.CheckedQuery,
    safe: list[tuple[Any, ...] | None],
    held: frozenset[str],
    minimum: int,
) -> QueryAnswer:
    rows: list[tuple[Any, ...]] = []
    withheld = numbers = 0
    places = [guarded.outputs.index(key) for key in checked.keys]
    for row in safe:
        if row is None:
            withheld += 1
            continue
        label = _digest([str(row[p]) for p in places])
        if label in held:
            withheld += 1
            continue
        if any(name.startswith(f"{label}/") for name in held):
            row = tuple(value if p in places else None for p, value in enumerate(row))
        numbers += sum(value is None for p, value in enumerate(row) if p not in places)
        rows.append(row)
    if guarded.limit is not None:
        rows = rows[: guarded.limit]
    return QueryAnswer(
        columns=guarded.outputs,
        rows=tuple(rows),
        groups_withheld=withheld,
        numbers_withheld=numbers,
        minimum=minimum,
        protection=(
            f"at least {minimum} persons behind every number and every difference with earlier answers; "
            f"no contribution above {_DOMINANCE:.0%} of a sum"
        ),
    )


def _listed(
    database: Any, checked: rules.CheckedQuery, purpose: Purpose, ledger: str | Path | None
) -> QueryAnswer:
    rows = database.run(checked.tree.sql(checked.dialect))
    answer = QueryAnswer(
        columns=tuple(p.alias_or_name for p in checked.tree.selects),
        rows=tuple(tuple(row) for row in rows),
        groups_withheld=0,
        numbers_withheld=0,
        minimum=1,
        protection="a list that the purpose grants, item by item",
    )
    if ledger is not None:
        from hushu.io.ledger import append

        append(
            ledger,
            {"kind": "query", "what": purpose.id, "source": database.label, "listed": len(rows), "cells": []},
        )
    return answer


def _earlier(
    ledger: str | Path | None, database: Any, purpose: Purpose
) -> list[Mapping[str, frozenset[str]]]:
    """Return the sets of every earlier answer of this source, rebuilt from the source itself."""
    if ledger is None or not Path(ledger).exists():
        return []
    from hushu.io.ledger import entries

    found: list[Mapping[str, frozenset[str]]] = []
    for entry in entries(ledger):
        if entry.get("kind") != "query" or entry.get("source") != database.label or not entry.get("members"):
            continue
        width, published = int(entry["keys"]), set(entry["cells"])
        try:
            members = database.run(entry["members"])
        except QueryRefused:
            continue
        found.append({name: units for name, units in _cells(members, width).items() if name in published})
    return found


def _record(
    ledger: str | Path,
    purpose: Purpose,
    guarded: rewrite.Guarded,
    cells: Mapping[str, frozenset[str]],
    held: frozenset[str],
    answer: QueryAnswer,
    label: str,
) -> None:
    from hushu.io.ledger import append

    published = sorted(
        name for name, units in cells.items() if name not in held and len(units) >= answer.minimum
    )
    append(
        ledger,
        {
            "kind": "query",
            "what": purpose.id,
            "recipient": purpose.recipient,
            "source": label,
            "members": guarded.members_sql,
            "keys": guarded.key_count,
            "cells": published,
            "rows": len(answer.rows),
            "groups_withheld": answer.groups_withheld,
            "numbers_withheld": answer.numbers_withheld,
        },
    )
