"""Whose rows stand behind a number: the units that are counted, and their names for comparing answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlglot import exp
from sqlglot.optimizer.scope import Scope

from hushu.anonymize.query.grammar import AGGREGATES, refused
from hushu.anonymize.query.lineage import (
    Columns,
    base_columns,
    code_tables,
    equalities,
    is_personal,
    person_column,
    select_of,
    table_name,
)
from hushu.anonymize.query.rules import CheckedQuery


@dataclass(frozen=True, slots=True)
class Unit:
    """What is counted behind a group: the rows of one source; ``optional`` ones come through an outer join.

    ``person`` tells, where the table says so, whose row it is: many rows may be one person's.
    What adds attributes to another unit's rows, and never rows, is none: a subquery grouped by exactly
    what it is joined on, a code table.
    """

    alias: str
    key: exp.Expr
    optional: bool
    source: exp.Table | Scope
    person: exp.Expr | None = None


def units_of(query: CheckedQuery, columns: Columns, keys: Mapping[str, tuple[str, ...]]) -> tuple[Unit, ...]:
    """Return the units of a query.

    Raises:
        QueryRefused: HS-E607, a table has nothing that makes its rows unique, or no row counts.
    """
    joined = {join.alias_or_name: join for join in query.tree.args.get("joins") or ()}
    found: list[Unit] = []
    persons = False
    for alias, source in query.scope.selected_sources.items():
        inner = source[1] if isinstance(source, tuple) else source
        if not is_personal(inner, columns):
            continue
        persons = True
        join = joined.get(alias)
        if isinstance(inner, exp.Table):
            adds_only = _is_code_table(alias, query, columns)
        else:
            adds_only = (
                join is not None
                and not _is_summed(alias, query.tree)
                and _is_functional(join, inner, query.tree, columns)
            )
        if not adds_only:
            optional = join is not None and join.side.upper() == "LEFT"
            key = _key(alias, inner, keys)
            found.append(Unit(alias, key, optional, inner, _person(alias, inner, key, columns)))
    if persons and not found:
        raise refused("HS-E607", "it joins attributes to attributes; no row of it counts as a person")
    return tuple(found)


def chief(units: tuple[Unit, ...]) -> tuple[Unit, ...]:
    """Return the units whose number makes an aggregate safe: those that every row of the group has."""
    return tuple(u for u in units if not u.optional) or units


def row_key(alias: str, table: exp.Table, keys: Mapping[str, tuple[str, ...]]) -> exp.Expr:
    """Return what makes the rows of a base table unique (HS-E607 when nothing does)."""
    names = keys.get(table_name(table), ())
    if not names:
        raise refused(
            "HS-E607",
            f"{table_name(table)} has no key that makes its rows unique",
            "give the table a primary key",
        )
    return _joined([exp.column(name, table=alias, quoted=name not in {"rowid", "ctid"}) for name in names])


def _person(alias: str, source: exp.Table | Scope, key: exp.Expr, columns: Columns) -> exp.Expr | None:
    name = person_column(table_name(source), columns) if isinstance(source, exp.Table) else None
    if name is None:
        return None
    own = exp.cast(exp.column(name, table=alias, quoted=True), "text")
    return exp.Coalesce(this=own, expressions=[exp.cast(key.copy(), "text")])


def group_outputs(select: exp.Select) -> list[str]:
    """Return the outputs by which a select groups."""
    group = select.args.get("group")
    by = {key.sql() for key in group.expressions} if group else set()
    return [p.alias_or_name for p in select.selects if p.unalias().sql() in by]


def _key(alias: str, source: exp.Table | Scope, keys: Mapping[str, tuple[str, ...]]) -> exp.Expr:
    if isinstance(source, exp.Table):
        return row_key(alias, source, keys)
    inner = select_of(source)
    names = tuple(group_outputs(inner)) or tuple(p.alias_or_name for p in inner.selects)
    return _joined([exp.column(name, table=alias, quoted=True) for name in names])


def _joined(parts: list[exp.Expr]) -> exp.Expr:
    if len(parts) == 1:
        return parts[0]
    text: list[exp.Expr] = []
    for part in parts:
        text += [exp.cast(part, "text"), exp.Literal.string("|")]
    return exp.Concat(expressions=text[:-1], safe=False, coalesce=False)


def _is_code_table(alias: str, query: CheckedQuery, columns: Columns) -> bool:
    pairs = [
        (left, right, base_columns(left, query.scope), base_columns(right, query.scope))
        for left, right in equalities(query.tree)
    ]
    return alias in code_tables(pairs, columns)


def _is_summed(alias: str, select: exp.Select) -> bool:
    """What an aggregate adds up of a subquery is a number about the subquery's own rows."""
    return any(
        column.table == alias
        for aggregate in select.find_all(*AGGREGATES)
        if aggregate.find_ancestor(exp.Select) is select
        for column in aggregate.find_all(exp.Column)
    )


def _is_functional(join: exp.Join, source: Scope, select: exp.Select, columns: Columns) -> bool:
    """Grouped by just the identifiers it is joined on: it adds attributes to rows, never rows."""
    inner = select_of(source)
    outputs = group_outputs(inner)
    group = inner.args.get("group")
    if not outputs or group is None or len(outputs) != len(group.expressions):
        return False
    linked = {side.name for pair in equalities(select) for side in pair if side.table == join.alias_or_name}
    keys = [p.unalias() for p in inner.selects if p.alias_or_name in outputs]
    bases = [base for key in keys if isinstance(key, exp.Column) for base in base_columns(key, source)]
    links = bool(bases) and any(columns[table][name].links for table, name in bases)
    return links and set(outputs) <= linked
