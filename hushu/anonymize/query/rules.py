"""What a query may mean: direct identifiers join tables and are counted, nothing else.

The outermost select hands out aggregates; what is inside may be relational, never ordered,
limited or windowed; a subquery in a condition follows identifiers from row to row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlglot import exp
from sqlglot.optimizer.merge_subqueries import merge_subqueries
from sqlglot.optimizer.scope import Scope, build_scope, traverse_scope

from hushu.anonymize.query.grammar import INNER_ONLY, allow_listed, qualified, refused, single_select
from hushu.anonymize.query.lineage import (
    Columns,
    Pair,
    base_columns,
    bases_of,
    code_tables,
    conjuncts,
    equalities,
    is_key,
    is_personal,
    names_groups,
    select_of,
    table_name,
)
from hushu.anonymize.query.outputs import aggregated, group_keys


@dataclass(frozen=True, slots=True)
class CheckedQuery:
    """A query that may be rewritten and run.

    ``tree`` is qualified and its simple subqueries are merged; ``keys`` are the outputs that
    label a group; ``rowwise`` is true for a list that the purpose was granted.
    """

    tree: exp.Select
    scope: Scope
    keys: tuple[str, ...]
    rowwise: bool
    dialect: str


def check(sql: str, columns: Columns, dialect: str, *, lists_granted: bool = False) -> CheckedQuery:
    """Return the query when everything it says is harmless.

    Args:
        sql: one SELECT.
        columns: table → column → what is known about it.
        dialect: sqlglot's name of the source's dialect.
        lists_granted: the purpose may have rows, of items it names at grain ``exact``.

    Raises:
        QueryRefused: HS-E601 not one SELECT; HS-E602 a construct outside the allow-list; HS-E603 an
            unknown table or column; HS-E604 a column that the purpose does not name; HS-E605 a
            direct identifier used for more than joining and counting; HS-E606 rows instead of aggregates.
    """
    try:
        return _checked(sql, columns, dialect, lists_granted)
    except RecursionError:
        raise refused("HS-E601", "it is too long or too deeply nested", "send a simpler SELECT") from None


def _checked(sql: str, columns: Columns, dialect: str, lists_granted: bool) -> CheckedQuery:
    tree = qualified(single_select(sql, dialect), columns, dialect)
    for table in tree.find_all(exp.Table):
        _purpose_uses(table, columns)
    for scope in traverse_scope(tree):
        if not isinstance(scope.expression, exp.Select):
            raise refused("HS-E602", type(scope.expression).__name__.upper())
    allow_listed(tree)
    merged = merge_subqueries(tree)
    root = build_scope(merged)
    if root is None or not isinstance(merged, exp.Select) or not root.sources:
        raise refused("HS-E601", "the statement does not select from a table", "name a table")
    scopes = {id(scope.expression): scope for scope in traverse_scope(merged)}
    for column in merged.find_all(exp.Column):
        bases = bases_of(column, scopes)
        _purpose_names(bases, columns)
        if any(columns[table][name].keyed for table, name in bases) and not _harmless_use(
            column, merged, scopes, columns
        ):
            names = ", ".join(f"{table}.{name}" for table, name in sorted(bases))
            raise refused(
                "HS-E605", f"{names} identifies persons: it may join tables and be counted, no more"
            )
    for nested in merged.find_all(exp.Select):
        if nested is not merged and nested.find_ancestor(exp.Where, exp.Having, exp.Join, exp.Case):
            _nested_condition(nested, scopes, columns)
    for scope in scopes.values():
        _inner_is_plain(scope, merged)
        _joins_follow_identifiers(scope, scopes, columns)
        _extremes_are_of_one_person(scope, scopes, columns)
    keys = group_keys(merged)
    if keys is None:
        _list_is_granted(root, columns, lists_granted)
    return CheckedQuery(merged, root, keys or (), keys is None, dialect)


def _purpose_uses(table: exp.Table, columns: Columns) -> None:
    """Even how many rows a table has is told only when the purpose names something of it."""
    known = columns.get(table_name(table))
    if known is not None and all(column.grain in {None, "drop"} for column in known.values()):
        raise refused(
            "HS-E604",
            f"the purpose names no column of {table_name(table)}",
            "ask for what the purpose names, or have the purpose extended",
        )


def _purpose_names(bases: frozenset[tuple[str, str]], columns: Columns) -> None:
    for table, name in sorted(bases):
        known = columns.get(table, {}).get(name)
        if known is None or known.grain in {None, "drop"}:
            raise refused(
                "HS-E604",
                f"the purpose does not name {table}.{name}",
                "ask for what the purpose names, or have the purpose extended",
            )


def _harmless_use(
    column: exp.Column, root: exp.Select, scopes: Mapping[int, Scope], columns: Columns
) -> bool:
    parent = column.parent
    if isinstance(parent, exp.EQ):
        other = parent.right if parent.left is column else parent.left
        if not isinstance(other, exp.Column):
            return False
        # A constant can hide behind a subquery's column; an identifier joins with identifiers alone.
        bases = bases_of(other, scopes)
        return bool(bases) and all(columns[table][name].direct for table, name in bases)
    if isinstance(parent, exp.Distinct):
        return isinstance(parent.parent, exp.Count) or _inside(parent.parent, root)
    if isinstance(parent, exp.Is):
        return isinstance(parent.expression, exp.Null)
    if isinstance(parent, exp.In):
        return parent.this is column and parent.args.get("query") is not None
    if isinstance(parent, exp.Count):
        return True
    if isinstance(parent, exp.Group | exp.Select):
        return _inside(parent, root)
    if isinstance(parent, exp.Alias):
        # A list names identifiers in its select; whether it may is decided by _list_is_granted.
        select = parent.find_ancestor(exp.Select)
        return select is not root or not aggregated(root)
    return False


def _inside(node: exp.Expr | None, root: exp.Select) -> bool:
    select = node if isinstance(node, exp.Select) else node.find_ancestor(exp.Select) if node else None
    return select is not None and select is not root


def _inner_is_plain(scope: Scope, root: exp.Select) -> None:
    select = scope.expression
    if select is root:
        return
    if select.args.get("order") or select.args.get("limit") or select.args.get("offset"):
        raise refused("HS-E602", "ORDER BY or LIMIT inside a subquery picks single rows")


def _nested_condition(nested: exp.Select, scopes: Mapping[int, Scope], columns: Columns) -> None:
    """A subquery in a condition may follow identifiers from row to row, or be a plain total.

    Anything else asks of the whole table whether one person exists in it.
    """
    scope = scopes.get(id(nested))
    holder = nested.parent
    while isinstance(holder, exp.Subquery | exp.Paren):
        holder = holder.parent
    if isinstance(holder, exp.From | exp.Join | exp.CTE):
        return
    if _is_plain_mean(nested) or scope is None or not is_personal(scope, columns):
        return
    pairs: list[tuple[exp.Expr, exp.Expr]] = []
    if isinstance(holder, exp.In) and len(nested.selects) == 1:
        pairs.append((holder.this, nested.selects[0].unalias()))
    if isinstance(holder, exp.EQ) and len(nested.selects) == 1:
        other = holder.right if holder.left.find(exp.Select) is nested else holder.left
        pairs.append((other, nested.selects[0].unalias()))
    if isinstance(holder, exp.Exists | exp.In) and nested.args.get("where"):
        terms = conjuncts(nested.args["where"])
        pairs += [(e.left.unnest(), e.right.unnest()) for e in terms if isinstance(e, exp.EQ)]
    for left, right in pairs:
        if isinstance(left, exp.Column) and isinstance(right, exp.Column):
            sides = [[columns[t][n] for t, n in bases_of(side, scopes)] for side in (left, right)]
            crosses = (left.table in scope.sources) != (right.table in scope.sources)
            if crosses and all(side and all(k.links for k in side) for side in sides):
                return
            outer, inner = (left, right) if right.table in scope.sources else (right, left)
            if crosses and names_groups(bases_of(inner, scopes), bases_of(outer, scopes), columns):
                return
    raise refused("HS-E602", "a subquery in a condition that does not follow an identifier")


def _is_plain_mean(select: exp.Select) -> bool:
    plain = not any(select.args.get(k) for k in ("where", "joins", "group", "having", "order", "limit"))
    inner = select.selects[0].unalias() if len(select.selects) == 1 else None
    return plain and isinstance(inner, exp.Count | exp.Avg | exp.Sum) and not inner.find(exp.Case, exp.If)


def _joins_follow_identifiers(scope: Scope, scopes: Mapping[int, Scope], columns: Columns) -> None:
    """Sources about persons are joined row to row: by what ties single persons, or by a key.

    Joined by district, one person's row would switch a whole district on and off; joined by nothing, it
    would multiply rows. A code table may be joined to anything, and ties nothing together.
    """
    select = select_of(scope)
    about = {
        alias
        for alias, source in scope.sources.items()
        if alias in scope.selected_sources and is_personal(source, columns)
    }
    pairs = [
        (left, right, bases_of(left, scopes), bases_of(right, scopes))
        for left, right in equalities(select)
        if left.table != right.table
    ]
    codes = code_tables(pairs, columns)
    together = {alias: alias for alias in about - codes}
    for left, right, one, other in pairs:
        ties = all(bases and all(columns[t][n].links for t, n in bases) for bases in (one, other))
        if {left.table, right.table} <= set(together) and (
            ties or is_key(one, columns) or is_key(other, columns)
        ):
            joined, into = together[right.table], together[left.table]
            together = {alias: into if group == joined else group for alias, group in together.items()}
    loose = about & codes if not together else set(together)
    if len(set(together.values())) > 1 or _crossed(about, pairs):
        names = ", ".join(sorted(loose))
        raise refused("HS-E602", f"the join of {names} has no equality that ties single rows")


def _crossed(about: set[str], pairs: Sequence[Pair]) -> bool:
    """Tell whether a source is joined by no equality at all."""
    tied = {side.table for pair in pairs for side in pair[:2]}
    return len(about) > 1 and bool(about - tied)


def _extremes_are_of_one_person(scope: Scope, scopes: Mapping[int, Scope], columns: Columns) -> None:
    """MIN and MAX of a person's own rows are that person's; of a district's rows they single somebody out."""
    select = scope.expression
    if not any(node.find_ancestor(exp.Select) is select for node in select.find_all(*INNER_ONLY)):
        return
    group = select.args.get("group")
    keys = [key for key in (group.expressions if group else ()) if isinstance(key, exp.Column)]
    if not any(
        (bases := bases_of(key, scopes)) and all(columns[t][n].links for t, n in bases) for key in keys
    ):
        raise refused("HS-E606", "MIN and MAX over more than one person's rows hand out one person's value")


def _list_is_granted(root: Scope, columns: Columns, granted: bool) -> None:
    if not granted:
        # A row without any column is a row too: how many there are tells how many fit.
        named = [c for p in select_of(root).selects for c in p.find_all(exp.Column)]
        bases = sorted({f"{t}.{n}" for c in named for t, n in base_columns(c, root)})
        raise refused(
            "HS-E606",
            f"it returns rows, and the purpose grants no list of {', '.join(bases) or 'anything'}",
            "aggregate with GROUP BY, or have the purpose grant the list (privacy.answers: list)",
        )
    for projection in select_of(root).selects:
        for column in projection.find_all(exp.Column):
            for table, name in base_columns(column, root):
                if columns[table][name].grain != "exact":
                    raise refused(
                        "HS-E606",
                        f"it returns rows, and the purpose grants no list of {table}.{name}",
                        "aggregate with GROUP BY, or have the purpose grant the list (privacy.answers: list)",
                    )
    if root.expression.find(exp.Select) is not root.expression:
        raise refused("HS-E606", "a list must be a single select")
