"""How tables can be joined: by the same identifying type, by a reference, or by a key of one name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from hushu.model import Column, Inventory, Table
from hushu.rules import vocabulary

# Column names that are keys by custom: person_id, personId, order_no, rybh for 人员编号.
_KEY_NAME = re.compile(r"(?:^|_)(?:id|no|bh)$|[a-z](?:Id|ID)$|[a-z]bh$", re.ASCII)
_GENERIC_NAMES = {"xh", "bh", "id", "no", "code", "uuid", "guid", "key", "name", "type", "status"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One way to join two tables: the columns, and whether by ``type``, ``reference`` or ``name``."""

    left: str
    right: str
    by: str


def links(left: Table, right: Table) -> tuple[Link, ...]:
    """Return every way to join two tables.

    Example:
        >>> from hushu.model import Finding
        >>> phone = Column(name="tel", finding=Finding(type="PHONE_NUMBER"))
        >>> links(Table(name="a", columns=(phone,)), Table(name="b", columns=(phone,)))[0].by
        'type'
    """
    mine, theirs = keys(left), keys(right)
    return tuple(
        Link(left=f"{left.name}.{mine[key]}", right=f"{right.name}.{theirs[key]}", by=key[0])
        for key in mine
        if key in theirs
    )


def keys(table: Table) -> dict[tuple[str, str], str]:
    """Return what a table can be joined by, and through which of its columns."""
    found: dict[tuple[str, str], str] = {}
    for column in table.columns:
        for key in _keys_of(column, table.name):
            found.setdefault(key, column.name)
    return found


def _keys_of(column: Column, table: str) -> Iterator[tuple[str, str]]:
    if column.type in _identifying():
        yield "type", str(column.type)
    if column.references:
        yield "reference", column.references.lower()
    if column.primary_key:
        yield "reference", f"{table}.{column.name}".lower()
    name = column.name.lower()
    keyed = column.primary_key or _KEY_NAME.search(column.name)
    if column.type is None and keyed and name not in _GENERIC_NAMES:
        yield "name", name


@lru_cache(maxsize=1)
def _identifying() -> frozenset[str]:
    return frozenset(
        entry.id
        for entry in vocabulary.load().values()
        if entry.identifies == "direct"
        and entry.kind in {"personal", "organisation"}
        and entry.id != "CREDENTIAL"
    )


def joinable_types(inventory: Inventory) -> Mapping[str, frozenset[str]]:
    """Return for each table the types that stand in other tables it can be joined with directly."""
    reach: dict[tuple[str, str], Counter[str]] = {}
    own: dict[str, frozenset[str]] = {}
    by_table: dict[str, tuple[tuple[str, str], ...]] = {}
    for table in inventory.tables:
        own[table.name] = types_of(table)
        by_table[table.name] = tuple(keys(table))
        for key in by_table[table.name]:
            reach.setdefault(key, Counter()).update(own[table.name])
    return {
        name: frozenset(
            found
            for key in table_keys
            for found, count in reach[key].items()
            if count > (1 if found in own[name] else 0)
        )
        for name, table_keys in by_table.items()
    }


def types_of(table: Table) -> frozenset[str]:
    """Return every type that a column of ``table`` is or contains."""
    found = {column.type for column in table.columns if column.type is not None}
    found.update(content.type for column in table.columns for content in column.contains)
    return frozenset(found)
