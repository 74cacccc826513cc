"""The query that is really run: the one that was asked, with what protects it counted beside.

For every group the rewritten query also counts the distinct units (rows of each table about
persons) behind it, for every aggregate the units that contribute to it, and for sums the share
of the largest contribution. What does not reach the minimum never leaves
:mod:`hushu.anonymize.query.answering`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlglot import exp
from sqlglot.optimizer.scope import Scope

from hushu.anonymize.query.grammar import AGGREGATES, refused
from hushu.anonymize.query.lineage import (
    Columns,
    base_columns,
    is_personal,
    names_groups,
    select_of,
    table_name,
)
from hushu.anonymize.query.rules import CheckedQuery

_PREFIX = "hushu_"
_CONDITIONS = (
    exp.Case,
    exp.If,
    exp.EQ,
    exp.NEQ,
    exp.GT,
    exp.GTE,
    exp.LT,
    exp.LTE,
    exp.Between,
    exp.In,
    exp.Is,
    exp.Like,
)


@dataclass(frozen=True, slots=True)
class Unit:
    """What is counted behind a group: the rows of one source; ``optional`` ones come through an outer join.

    What adds attributes to another unit's rows, and never rows, is none: a subquery grouped by exactly
    what it is joined on, a code table.
    """

    alias: str
    key: exp.Expr
    optional: bool


@dataclass(frozen=True, slots=True)
class Guarded:
    """The rewritten query: asked outputs first, then the counts that protect them.

    ``supports`` maps an output's place to the places of its contributing units; ``shares`` maps
    an output's place to the places of (largest contribution, sum of contributions).
    """

    sql: str
    outputs: tuple[str, ...]
    units: tuple[int, ...]
    optional_units: tuple[int, ...]
    supports: Mapping[int, tuple[int, ...]]
    shares: Mapping[int, tuple[tuple[int, int], ...]]
    limit: int | None
    members_sql: str
    key_count: int


def guard(query: CheckedQuery, columns: Columns, keys: Mapping[str, tuple[str, ...]]) -> Guarded:
    """Return the query with its protecting counts.

    Args:
        query: a checked query.
        columns: what is known about every base column.
        keys: base table → columns that make a row unique (``("rowid",)`` in SQLite).

    Raises:
        QueryRefused: HS-E607, a table about persons has nothing that makes its rows unique.
    """
    units = _units(query, columns, keys)
    tree = query.tree.copy()
    limit = _taken_limit(tree)
    if tree.args.get("distinct"):
        _group_instead_of_distinct(tree)
    outputs = tuple(p.alias_or_name for p in tree.selects)
    hidden = _Hidden(tree, len(outputs))
    mandatory = tuple(hidden.add(_distinct(u.key)) for u in units if not u.optional)
    optional = tuple(hidden.add(_distinct(u.key)) for u in units if u.optional)
    supports: dict[int, tuple[int, ...]] = {}
    shares: dict[int, tuple[tuple[int, int], ...]] = {}
    for place, projection in enumerate(query.tree.selects):
        counted = [a for a in projection.find_all(*AGGREGATES) if a.find_ancestor(exp.Select) is query.tree]
        supports[place] = tuple(
            hidden.add(_distinct(_when(contributes, unit.key)))
            for aggregate in counted
            if (contributes := _contribution(aggregate)) is not None
            for unit in _chief(units)
        )
        shares[place] = tuple(
            (hidden.add(exp.Max(this=exp.Abs(this=value))), hidden.add(exp.Sum(this=exp.Abs(this=value))))
            for aggregate in counted
            if isinstance(aggregate, exp.Sum | exp.Avg) and not isinstance(aggregate.parent, exp.Filter)
            for value in [aggregate.this.copy()]
            if not value.find(*_CONDITIONS)
        )
    return Guarded(
        sql=tree.sql(query.dialect),
        outputs=outputs,
        units=mandatory,
        optional_units=optional,
        supports=supports,
        shares=shares,
        limit=limit,
        members_sql=_members(query, units),
        key_count=len(query.keys),
    )


class _Hidden:
    """Appends hidden outputs to a select; the same count is asked for once."""

    def __init__(self, tree: exp.Select, start: int) -> None:
        self._tree = tree
        self._places: dict[str, int] = {}
        self._next = start

    def add(self, expression: exp.Expr) -> int:
        text = expression.sql()
        if text not in self._places:
            self._tree.select(exp.alias_(expression, f"{_PREFIX}{self._next}"), copy=False)
            self._places[text] = self._next
            self._next += 1
        return self._places[text]


def _units(query: CheckedQuery, columns: Columns, keys: Mapping[str, tuple[str, ...]]) -> tuple[Unit, ...]:
    select = query.tree
    joined = {join.alias_or_name: join for join in select.args.get("joins") or ()}
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
            adds_only = join is not None and _is_functional(join, inner, select, columns)
        if not adds_only:
            optional = join is not None and join.side.upper() == "LEFT"
            found.append(Unit(alias=alias, key=_key(alias, inner, keys), optional=optional))
    if persons and not found:
        raise refused("HS-E607", "it joins attributes to attributes; no row of it counts as a person")
    return tuple(found)


def _is_code_table(alias: str, query: CheckedQuery, columns: Columns) -> bool:
    """Joined by its key to a table that refers to it often: it names groups, it adds no persons."""
    select = query.tree
    conditions = [join.args.get("on") for join in select.args.get("joins") or ()]
    if select.args.get("where"):
        conditions.append(select.args["where"])
    for condition in conditions:
        for equality in condition.find_all(exp.EQ) if condition else ():
            if equality.find_ancestor(exp.Select) is not select:
                continue
            for own, other in ((equality.left, equality.right), (equality.right, equality.left)):
                if (
                    isinstance(own, exp.Column)
                    and isinstance(other, exp.Column)
                    and own.table == alias != other.table
                    and names_groups(
                        base_columns(own, query.scope), base_columns(other, query.scope), columns
                    )
                ):
                    return True
    return False


def _key(alias: str, source: exp.Table | Scope, keys: Mapping[str, tuple[str, ...]]) -> exp.Expr:
    if isinstance(source, exp.Table):
        names = keys.get(table_name(source), ())
        if not names:
            raise refused(
                "HS-E607",
                f"{table_name(source)} has no key that makes its rows unique",
                "give the table a primary key",
            )
        return _joined(
            [exp.column(name, table=alias, quoted=name not in {"rowid", "ctid"}) for name in names]
        )
    inner = select_of(source)
    names = tuple(_group_outputs(inner)) or tuple(p.alias_or_name for p in inner.selects)
    return _joined([exp.column(name, table=alias, quoted=True) for name in names])


def _group_outputs(select: exp.Select) -> list[str]:
    group = select.args.get("group")
    by = {key.sql() for key in group.expressions} if group else set()
    return [p.alias_or_name for p in select.selects if p.unalias().sql() in by]


def _joined(parts: list[exp.Expr]) -> exp.Expr:
    if len(parts) == 1:
        return parts[0]
    text: list[exp.Expr] = []
    for part in parts:
        text += [exp.cast(part, "text"), exp.Literal.string("|")]
    return exp.Concat(expressions=text[:-1], safe=False, coalesce=False)


def _is_functional(join: exp.Join, source: Scope, select: exp.Select, columns: Columns) -> bool:
    """Grouped by just the identifiers it is joined on: it adds attributes to rows, never rows."""
    inner = select_of(source)
    outputs = _group_outputs(inner)
    group = inner.args.get("group")
    if not outputs or group is None or len(outputs) != len(group.expressions):
        return False
    conditions = [c for c in (join.args.get("on"), select.args.get("where")) if c is not None]
    linked = {
        side.name
        for condition in conditions
        for equality in condition.find_all(exp.EQ)
        for side in (equality.left, equality.right)
        if isinstance(side, exp.Column) and side.table == join.alias_or_name
    }
    keys = [p.unalias() for p in inner.selects if p.alias_or_name in outputs]
    bases = [base for key in keys if isinstance(key, exp.Column) for base in base_columns(key, source)]
    links = bool(bases) and any(columns[table][name].links for table, name in bases)
    return links and set(outputs) <= linked


def _chief(units: tuple[Unit, ...]) -> tuple[Unit, ...]:
    """The units whose number makes an aggregate safe: those that every row of the group has."""
    return tuple(u for u in units if not u.optional) or units


def _distinct(expression: exp.Expr) -> exp.Expr:
    return exp.Count(this=exp.Distinct(expressions=[expression.copy()]))


def _when(condition: exp.Expr, key: exp.Expr) -> exp.Expr:
    return exp.Case(ifs=[exp.If(this=condition, true=key.copy())])


def _contribution(aggregate: exp.Expr) -> exp.Expr | None:
    """Return when a row contributes to the aggregate; None when every row does."""
    condition: exp.Expr | None = None
    if isinstance(aggregate.parent, exp.Filter):
        condition = aggregate.parent.expression.this.copy()
    value = aggregate.this
    if isinstance(value, exp.Distinct):
        value = value.expressions[0]
    if not isinstance(value, exp.Star) and value is not None and value.find(exp.Column):
        own: exp.Expr = exp.Not(this=exp.Is(this=exp.paren(value.copy()), expression=exp.Null()))
        if value.find(*_CONDITIONS) and not isinstance(aggregate, exp.Count):
            own = exp.and_(own, exp.NEQ(this=exp.paren(value.copy()), expression=exp.Literal.number(0)))
        condition = own if condition is None else exp.and_(condition, own)
    return condition


def _taken_limit(tree: exp.Select) -> int | None:
    """The limit is applied after the protection, or the protection would show through its gaps."""
    limit = tree.args.get("limit")
    if tree.args.get("offset"):
        raise refused("HS-E602", "OFFSET walks a result row by row")
    if limit is None:
        return None
    tree.set("limit", None)
    return int(limit.expression.this)


def _group_instead_of_distinct(tree: exp.Select) -> None:
    tree.set("distinct", None)
    if not tree.args.get("group"):
        tree.set("group", exp.Group(expressions=[p.unalias().copy() for p in tree.selects]))


def _members(query: CheckedQuery, units: tuple[Unit, ...]) -> str:
    """The SQL that lists which unit stands in which cell, for comparing answers with earlier ones."""
    tree = query.tree.copy()
    for part in ("order", "limit", "having", "group", "distinct"):
        tree.set(part, None)
    chief = _chief(units)
    if not chief:
        return ""
    cells = [p.unalias().copy() for p in query.tree.selects if p.alias_or_name in query.keys]
    conditions = [
        condition
        for projection in query.tree.selects
        for aggregate in projection.find_all(*AGGREGATES)
        if aggregate.find_ancestor(exp.Select) is query.tree
        and (isinstance(aggregate.parent, exp.Filter) or aggregate.find(*_CONDITIONS))
        and (condition := _contribution(aggregate)) is not None
    ]
    selected: list[exp.Expr] = [
        exp.cast(chief[0].key.copy(), "text"),
        *cells,
        *(_flag(c) for c in conditions),
    ]
    named = [exp.alias_(e, f"{_PREFIX}m{i}") for i, e in enumerate(selected)]
    tree.set("expressions", named)
    tree.set("distinct", exp.Distinct())
    return str(tree.sql(query.dialect))


def _flag(condition: exp.Expr) -> exp.Expr:
    return exp.Case(ifs=[exp.If(this=condition, true=exp.Literal.number(1))], default=exp.Literal.number(0))
