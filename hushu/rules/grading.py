"""Grading an inventory: every column, every table and the whole source, under each pack, on one day.

Grading reads the inventory alone, so re-grading needs no re-scan.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Any

from hushu.model import Column, Grade, Inventory, PackRef, Table
from hushu.rules import vocabulary
from hushu.rules.conditions import FREE_TEXT, Subject, TableView, asks_about_joins, marks, patterns
from hushu.rules.engine import Engine
from hushu.rules.links import joinable_types, types_of
from hushu.rules.pack import Pack
from hushu.rules.packload import DEFAULT, load_packs

__all__ = ["DEFAULT", "Adjust", "grade", "load_packs", "table_view"]

Grades = Mapping[str, Grade]
Adjust = Callable[[Table, Column | None, Grades], Grades]


def grade(
    inventory: Inventory,
    packs: str | Sequence[str] | Sequence[Pack] = DEFAULT,
    *,
    as_of: date | None = None,
    adjust: Adjust | None = None,
) -> Inventory:
    """Return the inventory with every column, table and the source graded under ``packs``.

    Args:
        inventory: what a scan found; earlier grades of it are replaced.
        packs: ids, paths or loaded packs, or a single id. A plan takes the strictest of them.
        as_of: the day whose law counts; today unless told.
        adjust: lets people's decisions change what the rules gave a column (or a table, when the column
            is None) before it counts for the whole.

    Raises:
        ConfigError: as :func:`hushu.rules.packload.load_packs`.

    Example:
        >>> from hushu.model import Finding
        >>> column = Column(name="sfzh", finding=Finding(type="CN_RESIDENT_ID"))
        >>> table = Table(name="t", rows=1, examined=1, columns=(column,))
        >>> grade(Inventory(tables=(table,)), ["cn-national"])["t"]["sfzh"].grades["cn-national"].level
        'G4'
    """
    day = as_of or date.today()
    return _Grading(_loaded(packs), day, inventory, adjust or _as_graded).run()


def _as_graded(_table: Table, _column: Column | None, grades: Grades) -> Grades:
    return grades


def _loaded(packs: str | Sequence[str] | Sequence[Pack]) -> tuple[Pack, ...]:
    given = [packs] if isinstance(packs, str) else packs
    ready = tuple(pack for pack in given if isinstance(pack, Pack))
    return ready if len(ready) == len(given) else load_packs([str(pack) for pack in given])


class _Grading:
    """One pass over an inventory; equal columns of like tables are graded once."""

    def __init__(self, packs: tuple[Pack, ...], day: date, inventory: Inventory, adjust: Adjust) -> None:
        self._inventory = inventory
        self._adjust = adjust
        self._day = day
        self._packs = packs
        self._engines = [Engine(pack, day) for pack in packs]
        self._patterns = frozenset().union(*(patterns(pack) for pack in packs))
        self._facts = frozenset().union(*(engine.fact_names for engine in self._engines))
        self._joined = joinable_types(inventory) if any(map(asks_about_joins, packs)) else {}
        self._unseen = frozenset(place.what for place in inventory.not_examined)
        self._masks: dict[Subject, tuple[int, ...]] = {}

    def run(self) -> Inventory:
        tables = tuple(self._table(table) for table in self._inventory.tables)
        whole = source_view(self._inventory)
        grades = {
            engine.pack.id: engine.source(engine.mask(whole), _by_name(tables, engine.pack.id))
            for engine in self._engines
        }
        refs = tuple(PackRef(id=p.id, version=p.version, sha256=p.sha256) for p in self._packs)
        return replace(self._inventory, tables=tables, grades=grades, packs=refs, as_of=self._day.isoformat())

    def _table(self, table: Table) -> Table:
        view = table_view(table, self._patterns, self._joined.get(table.name, frozenset()))
        masks = tuple(engine.mask(view) for engine in self._engines)
        columns = tuple(
            replace(
                column,
                grades=self._adjust(table, column, self._column(self._subject(column, table), masks)),
            )
            for column in table.columns
        )
        grades = {
            engine.pack.id: engine.table(mask, _by_name(columns, engine.pack.id))
            for engine, mask in zip(self._engines, masks, strict=True)
        }
        return replace(table, columns=columns, grades=self._adjust(table, None, grades))

    def _column(self, subject: Subject, tables: tuple[int, ...]) -> Grades:
        columns = self._masks.get(subject)
        if columns is None:
            columns = self._masks[subject] = tuple(engine.column_mask(subject) for engine in self._engines)
        return {
            engine.pack.id: engine.column(column, table)
            for engine, column, table in zip(self._engines, columns, tables, strict=True)
        }

    def _subject(self, column: Column, table: Table) -> Subject:
        finding = column.finding
        facts = tuple(
            (name, _hashable(value)) for name, value in finding.facts.items() if name in self._facts
        )
        return Subject(
            type=finding.type,
            contents=frozenset(content.type for content in finding.contains),
            state=self._state(column, table),
            facts=facts,
            marks=marks(f"{column.name} {column.comment}", self._patterns),
        )

    def _state(self, column: Column, table: Table) -> frozenset[str]:
        finding = column.finding
        unseen = (
            table.examined == 0
            or finding.nulls >= table.examined
            or (bool(self._unseen) and f"{table.name}.{column.name}" in self._unseen)
        )
        if finding.type == FREE_TEXT:
            states = {"text", "unexamined"} if unseen else {"text"}
            return frozenset(states if finding.contains or unseen else {*states, "text_without_findings"})
        if finding.type is None and not finding.contains:
            return frozenset({"unexamined" if unseen else "unknown"})
        return frozenset()


def _by_name(parts: Sequence[Column | Table], pack: str) -> Grades:
    named = {part.name: part.grades[pack] for part in parts}
    if len(named) == len(parts):
        return named
    # Two columns of a file may bear one name; neither may hide the other's grade.
    return {f"{part.name}#{place}": part.grades[pack] for place, part in enumerate(parts, 1)}


def table_view(
    table: Table, wanted: frozenset[str] = frozenset(), joined: frozenset[str] = frozenset()
) -> TableView:
    """Reduce a table to what packs ask about it.

    ``persons`` is the table's own fact, else the distinct identity numbers of a table read in full, else
    the rows as the upper bound when the table holds personal data. Ages found in columns count for the whole
    table.

    Args:
        table: a scanned table.
        wanted: the patterns to look for in its name and comment.
        joined: the types of the tables that it can be joined with.
    """
    types = types_of(table)
    facts = dict(table.facts)
    ages = [c.finding.facts["min_age"] for c in table.columns if "min_age" in c.finding.facts]
    if ages and "min_age" not in facts:
        facts["min_age"] = min(ages)
    persons = facts.get("persons", _counted(table))
    if persons is None and _personal().intersection(types):
        persons = table.rows
    return TableView(
        types=types,
        joined=joined,
        rows=table.rows,
        persons=persons,
        facts=facts,
        marks=marks(f"{table.name} {table.comment}", wanted),
    )


def source_view(inventory: Inventory) -> TableView:
    """Reduce a whole source to what packs ask about it; rows and persons add up to an upper bound."""
    views = [table_view(table) for table in inventory.tables]
    return TableView(
        types=frozenset().union(*(view.types for view in views)),
        rows=sum(view.rows or 0 for view in views),
        persons=sum(view.persons or 0 for view in views),
    )


def _counted(table: Table) -> int | None:
    """Return how many persons a fully read table tells apart by a number of theirs, if it has one."""
    if table.rows is None or table.examined < table.rows:
        return None
    counts = [
        column.finding.facts["distinct_persons"] + column.finding.nulls
        for column in table.columns
        # Names repeat, so a count of names would come out too low; a row without a number may be one more.
        if "distinct_persons" in column.finding.facts and column.type != "PERSON"
    ]
    return max(counts, default=None)


@lru_cache(maxsize=1)
def _personal() -> frozenset[str]:
    return frozenset(entry.id for entry in vocabulary.load().values() if entry.kind == "personal")


def _hashable(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
