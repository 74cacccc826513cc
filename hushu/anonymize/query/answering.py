"""``hushu query``: the algorithm goes to the data; only safe aggregates come back.

The SQL is checked against purpose and grades (:mod:`hushu.anonymize.query.rules`), runs read-only
in the source with its protecting counts (:mod:`hushu.anonymize.query.rewrite`), and each number
must stand by itself and beside every earlier answer (:mod:`hushu.anonymize.query.differences`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from hushu.anonymize.query import differences, members, rewrite, rules
from hushu.anonymize.query.protection import protections
from hushu.errors import ConfigError, QueryRefused
from hushu.model import Inventory, Purpose

DEFAULT_MINIMUM = 5
_DOMINANCE = 0.8
_DIALECTS = {"postgresql": "postgres", "mysql": "mysql", "mariadb": "mysql", "sqlite": "sqlite"}


@dataclass(frozen=True, slots=True)
class QueryAnswer:
    """What may be told.

    ``rows`` holds None where a number was withheld, ``numbers_withheld`` of them. ``groups_withheld``
    tells that a minimum of groups or more is missing: of fewer, that there are any would tell of
    persons. ``protection`` says in words what was done.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    groups_withheld: bool
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
        cells: Mapping[str, frozenset[str]] = {}
        if guarded.members is not None:
            places = [guarded.outputs.index(key) for key in checked.keys]
            listed = _cells(database.run(guarded.members.sql), guarded.members)
            cells = _told(listed, safe, guarded, places)
        held = _held(cells, _earlier(ledger, database), minimum)
    answer = _assembled(guarded, checked, safe, held, minimum)
    if ledger is not None:
        _record(ledger, wanted, guarded, cells.keys() - held, answer, database.label)
    return answer


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


class _Verdict(Enum):
    """Why a group is not told: it may not be, or HAVING leaves it out."""

    WITHHELD = 1
    LEFT_OUT = 2


def _protected(row: tuple[Any, ...], guarded: rewrite.Guarded, minimum: int) -> tuple[Any, ...] | _Verdict:
    """Return the asked outputs with unsafe numbers as None, or why the group is not told."""
    mandatory = [row[place] for place in guarded.units]
    optional = [row[place] for place in guarded.optional_units]
    if any(row[place] < minimum for place in guarded.persons):
        return _Verdict.WITHHELD
    if any(count < minimum for count in mandatory) or any(0 < count < minimum for count in optional):
        return _Verdict.WITHHELD
    if not mandatory and any(count < minimum for count in optional):
        return _Verdict.WITHHELD
    least = min(mandatory, default=0)
    if not _holds(row, guarded.whole, least, minimum):
        return _Verdict.WITHHELD
    if guarded.fulfils is not None and not row[guarded.fulfils]:
        return _Verdict.LEFT_OUT
    return tuple(
        value if _holds(row, guarded.supports[place], least, minimum) else None
        for place, value in enumerate(row[: len(guarded.outputs)])
    )


def _holds(row: tuple[Any, ...], support: rewrite.Support, units: int, minimum: int) -> bool:
    # The complement counts too: 19 of 20 tells of the one who is not.
    enough = all(row[p] >= minimum and not 0 < units - row[p] < minimum for p in support.counts)
    return (
        enough
        and all(row[p] >= minimum for p in support.floors)
        and not any(0 < row[p] < minimum for p in support.rests)
        and not any(_dominated(row[largest], row[total]) for largest, total in support.shares)
    )


def _dominated(largest: Any, total: Any) -> bool:
    return bool(total) and largest is not None and float(largest) > _DOMINANCE * float(total)


def _cells(listed: list[tuple[Any, ...]], of: members.Members) -> dict[str, frozenset[str]]:
    """Return the set of units behind every number: of a group, and of a flag within a group.

    A name is ``table|group`` or ``table|group/flag``; units are told apart by their table.
    """
    sets: dict[str, set[str]] = {}
    width = len(of.tables)
    for line in listed:
        label = _digest([str(value) for value in line[width : width + of.keys]])
        for place, (table, unit) in enumerate(zip(of.tables, line, strict=False)):
            if unit is None:
                continue
            name = f"{table}|{label}"
            sets.setdefault(name, set()).add(str(unit))
            if place < of.chief:
                for flag, taken in enumerate(line[width + of.keys :]):
                    if taken:
                        sets.setdefault(f"{name}/{flag}", set()).add(str(unit))
    return {name: frozenset(units) for name, units in sets.items()}


def _told(
    cells: Mapping[str, frozenset[str]],
    rows: list[tuple[Any, ...] | _Verdict],
    guarded: rewrite.Guarded,
    places: Sequence[int],
) -> dict[str, frozenset[str]]:
    """Return the sets of what would be told; a group that HAVING leaves out is judged by its numbers."""
    flags: dict[str, set[str]] = {}
    for row in rows:
        if not isinstance(row, _Verdict):
            label = _digest([str(row[p]) for p in places])
            shown = (p for p, value in enumerate(row) if value is not None)
            flags[label] = {str(flag) for p in shown for flag in guarded.supports[p].flags}
    found = {}
    for name, units in cells.items():
        label, _, flag = name.partition("|")[2].partition("/")
        if label in flags and (not flag or flag in flags[label]):
            found[name] = units
    return found


def _held(
    cells: Mapping[str, frozenset[str]], history: list[Mapping[str, frozenset[str]]], minimum: int
) -> frozenset[str]:
    """Return the names of the sets that must not be told; tables are audited each by itself."""
    held: set[str] = set()
    for table in dict.fromkeys(name.partition("|")[0] for name in cells):
        own = {name: units for name, units in cells.items() if name.startswith(f"{table}|")}
        old = [{n: u for n, u in sets.items() if n.startswith(f"{table}|")} for sets in history]
        held |= differences.unsafe(own, old, minimum)
    return frozenset(held)


def _digest(values: list[str]) -> str:
    return hashlib.sha256(json.dumps(values, ensure_ascii=False).encode()).hexdigest()[:24]


def _assembled(
    guarded: rewrite.Guarded,
    checked: rules.CheckedQuery,
    safe: list[tuple[Any, ...] | _Verdict],
    held: frozenset[str],
    minimum: int,
) -> QueryAnswer:
    rows: list[tuple[Any, ...]] = []
    withheld, numbers = 0, 0
    places = [guarded.outputs.index(key) for key in checked.keys]
    whole = {name.partition("|")[2] for name in held}
    for row in safe:
        if isinstance(row, _Verdict):
            withheld += row is _Verdict.WITHHELD
            continue
        label = _digest([str(row[p]) for p in places])
        if label in whole:
            withheld += 1
            continue
        told = tuple(
            None if any(f"{label}/{flag}" in whole for flag in guarded.supports[p].flags) else value
            for p, value in enumerate(row)
        )
        numbers += sum(value is None for p, value in enumerate(told) if p not in places)
        rows.append(told)
    if guarded.limit is not None:
        rows = rows[: guarded.limit]
    return QueryAnswer(
        columns=guarded.outputs,
        rows=tuple(rows),
        groups_withheld=withheld >= minimum,
        numbers_withheld=numbers,
        minimum=minimum,
        protection=(
            f"at least {minimum} persons behind every number and every combination with earlier answers; "
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
        groups_withheld=False,
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


def _earlier(ledger: str | Path | None, database: Any) -> list[Mapping[str, frozenset[str]]]:
    """Return the sets of every earlier answer of this source, rebuilt from the source itself."""
    if ledger is None or not Path(ledger).exists():
        return []
    from hushu.io.ledger import entries

    found: list[Mapping[str, frozenset[str]]] = []
    for entry in entries(ledger):
        if entry.get("kind") != "query" or entry.get("source") != database.label or not entry.get("members"):
            continue
        listing = members.Members(
            entry["members"], tuple(entry["tables"]), int(entry["chief"]), int(entry["keys"])
        )
        told = set(entry["cells"])
        try:
            listed = database.run(listing.sql)
        except QueryRefused:
            continue
        found.append({name: units for name, units in _cells(listed, listing).items() if name in told})
    return found


def _record(
    ledger: str | Path,
    purpose: Purpose,
    guarded: rewrite.Guarded,
    told: Collection[str],
    answer: QueryAnswer,
    label: str,
) -> None:
    from hushu.io.ledger import append

    of = guarded.members
    listing = {"members": of.sql, "tables": list(of.tables), "chief": of.chief, "keys": of.keys} if of else {}
    append(
        ledger,
        {
            "kind": "query",
            "what": purpose.id,
            "recipient": purpose.recipient,
            "source": label,
            **listing,
            "cells": sorted(told),
            "rows": len(answer.rows),
            "numbers_withheld": answer.numbers_withheld,
        },
    )
