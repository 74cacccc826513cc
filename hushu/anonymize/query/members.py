"""Which rows stand behind which number: the query that lists them, for comparing answers with each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlglot import exp
from sqlglot.optimizer.scope import Scope

from hushu.anonymize.query.grammar import refused
from hushu.anonymize.query.lineage import Columns, is_personal, select_of, table_name
from hushu.anonymize.query.rules import CheckedQuery
from hushu.anonymize.query.units import Unit, group_outputs, row_key

_PREFIX = "hushu_"


@dataclass(frozen=True, slots=True)
class Members:
    """The SQL that lists units: one column a unit of ``tables``, then the group's keys, then flags.

    ``tables`` names for each unit column the base table whose rows it lists, with ``#`` behind it where
    it lists whose rows they are; the first ``chief`` of them stand behind every number, the others
    behind groups only.
    """

    sql: str
    tables: tuple[str, ...]
    chief: int
    keys: int


def members(
    query: CheckedQuery,
    units: Sequence[Unit],
    flags: Sequence[exp.Expr],
    columns: Columns,
    keys: Mapping[str, tuple[str, ...]],
) -> Members | None:
    """Return the listing of the units behind every group and flag; None when nobody's rows are counted.

    Raises:
        QueryRefused: HS-E602, a grouped subquery draws on another grouped subquery.
    """
    if not units:
        return None
    tree = query.tree.copy()
    for part in ("order", "limit", "having", "group", "distinct"):
        tree.set(part, None)
    listed: list[tuple[str, exp.Expr]] = []
    chiefs = 0
    for unit in sorted(units, key=lambda u: u.optional):
        if isinstance(unit.source, exp.Table):
            listed.append((table_name(unit.source), unit.key.copy()))
            if unit.person is not None:
                listed.append((f"{table_name(unit.source)}#", unit.person.copy()))
        else:
            listed += _rows_behind(unit.alias, unit.source, tree, columns, keys)
        if not unit.optional:
            chiefs = len(listed)
    groups = [p.unalias().copy() for p in query.tree.selects if p.alias_or_name in query.keys]
    marks = [
        exp.Case(ifs=[exp.If(this=flag.copy(), true=exp.Literal.number(1))], default=exp.Literal.number(0))
        for flag in flags
    ]
    selected = [*(exp.cast(key, "text") for _, key in listed), *groups, *marks]
    tree.set("expressions", [exp.alias_(e, f"{_PREFIX}m{i}") for i, e in enumerate(selected)])
    tree.set("distinct", exp.Distinct())
    tables = tuple(table for table, _ in listed)
    return Members(str(tree.sql(query.dialect)), tables, chiefs or len(tables), len(groups))


def _rows_behind(
    alias: str, source: Scope, tree: exp.Select, columns: Columns, keys: Mapping[str, tuple[str, ...]]
) -> list[tuple[str, exp.Expr]]:
    """Join the rows that a subquery was made of to the tree, and return where their keys stand."""
    inner = select_of(source)
    names = group_outputs(inner) or [p.alias_or_name for p in inner.selects]
    rows = inner.copy()
    for part in ("group", "having", "order", "limit", "distinct"):
        rows.set(part, None)
    found: list[tuple[str, str, exp.Expr]] = []
    for name, below in source.selected_sources.items():
        base = below[1] if isinstance(below, tuple) else below
        if not is_personal(base, columns):
            continue
        if not isinstance(base, exp.Table):
            raise refused("HS-E602", "a grouped subquery over another grouped subquery")
        place = f"{_PREFIX}u{len(found)}"
        found.append((table_name(base), place, row_key(name, base, keys)))
    kept = [p.copy() for p in inner.selects if p.alias_or_name in names]
    rows.set("expressions", [*kept, *(exp.alias_(exp.cast(key, "text"), place) for _, place, key in found)])
    joined = f"{_PREFIX}x_{alias}"
    same = [exp.EQ(this=_comparable(name, alias), expression=_comparable(name, joined)) for name in names]
    tree.join(rows.subquery(joined), on=exp.and_(*same), join_type="left", copy=False)
    return [(table, exp.column(place, table=joined)) for table, place, _ in found]


def _comparable(name: str, table: str) -> exp.Expr:
    # A missing key is a group too, and NULL = NULL is not true.
    text = exp.cast(exp.column(name, table=table, quoted=True), "text")
    return exp.Coalesce(this=text, expressions=[exp.Literal.string("")])
