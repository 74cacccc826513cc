"""What an analytic query may say: an allow-list over its syntax, and column lineage over its meaning.

A query is refused unless every construct is known to be harmless; there is no list of attacks
to keep up with. Direct identifiers may join tables and be counted, nothing else. The outermost
select hands out aggregates; what is inside may be relational, never ordered, limited or windowed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.merge_subqueries import merge_subqueries
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import Scope, build_scope, traverse_scope

from hushu.errors import QueryRefused

AGGREGATES = (exp.Count, exp.Sum, exp.Avg, exp.Stddev, exp.StddevPop, exp.StddevSamp, exp.Variance, exp.VariancePop)
_INNER_ONLY = (exp.Min, exp.Max)
_ALLOWED: tuple[type[exp.Expr], ...] = (
    *AGGREGATES, *_INNER_ONLY,
    exp.Select, exp.From, exp.Join, exp.Where, exp.Group, exp.Having, exp.Order, exp.Ordered, exp.Limit,
    exp.With, exp.CTE, exp.Subquery, exp.Table, exp.TableAlias, exp.Column, exp.Identifier, exp.Alias, exp.Star,
    exp.Literal, exp.Boolean, exp.Null, exp.And, exp.Or, exp.Not, exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE,
    exp.Between, exp.In, exp.Is, exp.Like, exp.Paren, exp.Tuple, exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Neg,
    exp.Case, exp.If, exp.Coalesce, exp.Nullif, exp.Cast, exp.DataType, exp.DataTypeParam, exp.Distinct, exp.Round,
    exp.Floor, exp.Ceil, exp.Abs, exp.Lower, exp.Upper, exp.Trim, exp.Substring, exp.Left, exp.Year, exp.Month,
    exp.Quarter, exp.Extract, exp.DateTrunc, exp.TimestampTrunc, exp.TimeToStr, exp.TsOrDsToTimestamp,
    exp.TsOrDsToDate, exp.Date, exp.StrToTime, exp.Var, exp.Exists, exp.Filter, exp.Interval, exp.CurrentDate,
)  # fmt: skip
# From a fifth of distinct values on, a column tells households apart (five to a household at most).
_LINK_SHARE = 0.2
_TEXT_FORMS = ("FREE_TEXT", "CREDENTIAL")


@dataclass(frozen=True, slots=True)
class Protection:
    """What is known about a base column: its type, what it holds, whether the purpose names it, at which grain."""

    type: str | None
    direct: bool
    personal: bool
    grain: str | None
    unique_share: float = 0.0

    @property
    def links(self) -> bool:
        """Whether equality on the column ties single persons or households, not whole groups."""
        return self.direct or self.unique_share >= _LINK_SHARE

    @property
    def keyed(self) -> bool:
        """Whether the column may only join and be counted."""
        return self.direct or self.type in _TEXT_FORMS


Columns = Mapping[str, Mapping[str, Protection]]


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
    tree = _qualified(_single_select(sql, dialect), columns, dialect)
    for scope in traverse_scope(tree):
        if not isinstance(scope.expression, exp.Select):
            raise _refused("HS-E602", type(scope.expression).__name__.upper())
    _allow_listed(tree)
    merged = merge_subqueries(tree)
    root = build_scope(merged)
    if root is None or not isinstance(merged, exp.Select) or not root.sources:
        raise _refused("HS-E601", "the statement does not select from a table", "name a table")
    scopes = {id(scope.expression): scope for scope in traverse_scope(merged)}
    for column in merged.find_all(exp.Column):
        bases = bases_of(column, scopes)
        _purpose_names(bases, columns)
        if any(columns[table][name].keyed for table, name in bases) and not _harmless_use(
            column, merged, scopes, columns
        ):
            names = ", ".join(f"{table}.{name}" for table, name in sorted(bases))
            raise _refused("HS-E605", f"{names} identifies persons: it may join tables and be counted, no more")
    for nested in merged.find_all(exp.Select):
        if nested is not merged and nested.find_ancestor(exp.Where, exp.Having, exp.Join, exp.Case):
            _nested_condition(nested, scopes, columns)
    for scope in scopes.values():
        _inner_is_plain(scope, merged)
        _joins_are_equalities(scope, columns)
    keys = _outer(merged)
    if keys is None:
        _list_is_granted(root, columns, lists_granted)
    return CheckedQuery(merged, root, keys or (), keys is None, dialect)


def base_columns(column: exp.Column, scope: Scope) -> frozenset[tuple[str, str]]:
    """Return the base table columns that a column of a scope is made of."""
    source = scope.sources.get(column.table)
    if isinstance(source, exp.Table):
        return frozenset({(table_name(source), column.name)})
    if not isinstance(source, Scope):
        return frozenset()
    found: set[tuple[str, str]] = set()
    for projection in select_of(source).selects:
        if projection.alias_or_name == column.name:
            for inner in projection.find_all(exp.Column):
                found |= base_columns(inner, source)
    return frozenset(found)


def bases_of(column: exp.Column, scopes: Mapping[int, Scope]) -> frozenset[tuple[str, str]]:
    """Return the base columns behind a column, also when it refers to an enclosing select."""
    select = column.find_ancestor(exp.Select)
    while select is not None:
        scope = scopes.get(id(select))
        if scope is not None and column.table in scope.sources:
            return base_columns(column, scope)
        select = select.find_ancestor(exp.Select)
    return frozenset()


def select_of(scope: Scope) -> exp.Select:
    """Return the select of a scope; :func:`check` lets no other kind of scope pass."""
    return cast(exp.Select, scope.expression)


def table_name(table: exp.Table) -> str:
    """Return ``schema.table``, or the bare name of a table of the default schema."""
    return f"{table.db}.{table.name}" if table.db else str(table.name)


def refused(code: str, why: str, fix: str = "ask for counts, sums or averages over groups") -> QueryRefused:
    """Return the refusal for a query; ``why`` names constructs and columns, never values."""
    return QueryRefused("the query is refused", where="SQL", why=why, fix=fix, code=code)


_refused = refused


def _single_select(sql: str, dialect: str) -> exp.Select:
    try:
        statements = [s for s in sqlglot.parse(sql, dialect=dialect) if s is not None]
    except SqlglotError:
        raise _refused("HS-E601", "it cannot be parsed", "check the SQL against the source's dialect") from None
    if len(statements) != 1 or not isinstance(statements[0], exp.Select):
        raise _refused("HS-E601", "exactly one SELECT is answered, nothing that writes, no UNION", "send one SELECT")
    return statements[0]


def _qualified(tree: exp.Select, columns: Columns, dialect: str) -> exp.Select:
    ctes = {cte.alias for cte in tree.find_all(exp.CTE)}
    for table in tree.find_all(exp.Table):
        if not isinstance(table.this, exp.Identifier) or table.catalog:
            raise _refused("HS-E602", "a table function or another catalogue")
        if table.name in ctes and not table.db:
            continue
        if table_name(table) not in columns:
            close = next((name for name in columns if name.lower() == table_name(table).lower()), None)
            if close is None:
                raise _refused("HS-E603", f"no table {table_name(table)}", "hushu scan lists the tables")
            table.set("this", exp.to_identifier(close.rsplit(".", 1)[-1], quoted=True))
    schema: dict[str, Any] = {}
    for name, members in columns.items():
        place = schema
        *parents, leaf = name.split(".", 1) if "." in name else [name]
        for parent in parents:
            place = place.setdefault(parent, {})
        place[leaf] = dict.fromkeys(members, "unknown")
    if len({name.count(".") for name in columns}) > 1:
        used = {table_name(t) for t in tree.find_all(exp.Table)} & set(columns)
        schema = _flat_schema(used, columns)
    try:
        qualified = qualify(tree, schema=schema, dialect=dialect)
    except SqlglotError as problem:
        raise _refused("HS-E603", _first_words(problem), "hushu scan lists tables and columns") from None
    if not isinstance(qualified, exp.Select):
        raise _refused("HS-E601", "the statement is not a SELECT")
    return qualified


def _flat_schema(used: set[str], columns: Columns) -> dict[str, Any]:
    """sqlglot wants one depth for all tables; a query that mixes depths is refused by it."""
    schema: dict[str, Any] = {}
    for name in used:
        members = dict.fromkeys(columns[name], "unknown")
        if "." in name:
            parent, leaf = name.split(".", 1)
            schema.setdefault(parent, {})[leaf] = members
        else:
            schema[name] = members
    return schema


def _first_words(problem: Exception) -> str:
    # sqlglot quotes the statement after its first line; the statement may hold a value.
    return str(problem).split("\n", 1)[0].split(". Line", 1)[0][:120]


def _allow_listed(tree: exp.Expr) -> None:
    for node in tree.walk():
        if not isinstance(node, _ALLOWED):
            raise _refused("HS-E602", f"{type(node).__name__} is not on the list of what may be asked")
        if isinstance(node, exp.With) and node.args.get("recursive"):
            raise _refused("HS-E602", "WITH RECURSIVE")
        if isinstance(node, exp.Group) and any(node.args.get(k) for k in ("rollup", "cube", "grouping_sets")):
            raise _refused("HS-E602", "ROLLUP, CUBE and GROUPING SETS")
        if isinstance(node, exp.Join) and (node.args.get("method") or node.side.upper() in {"FULL", "RIGHT"}):
            raise _refused("HS-E602", "NATURAL, FULL and RIGHT joins")
        if isinstance(node, exp.Select) and any(node.args.get(k) for k in ("locks", "into", "sample", "qualify")):
            raise _refused("HS-E602", "FOR UPDATE, INTO, TABLESAMPLE and QUALIFY")
        if isinstance(node, exp.Limit) and not isinstance(node.expression, exp.Literal):
            raise _refused("HS-E602", "a computed LIMIT")
        if isinstance(node, exp.Div) and not isinstance(node.expression.unnest(), exp.Literal):
            _division_cannot_signal(node)


def _division_cannot_signal(node: exp.Div) -> None:
    """An error is an answer too: dividing by data is left to aggregates, guarded by the engine."""
    if node.find_ancestor(exp.Where, exp.Having, exp.Join, exp.Case, *AGGREGATES):
        raise _refused("HS-E602", "a division by data in a condition or inside an aggregate")


def _purpose_names(bases: frozenset[tuple[str, str]], columns: Columns) -> None:
    for table, name in sorted(bases):
        known = columns.get(table, {}).get(name)
        if known is None or known.grain in {None, "drop"}:
            raise _refused(
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
        return select is not root or not _aggregated(root)
    return False


def _inside(node: exp.Expr | None, root: exp.Select) -> bool:
    select = node if isinstance(node, exp.Select) else node.find_ancestor(exp.Select) if node else None
    return select is not None and select is not root


def _inner_is_plain(scope: Scope, root: exp.Select) -> None:
    select = scope.expression
    if select is root:
        return
    if select.args.get("order") or select.args.get("limit") or select.args.get("offset"):
        raise _refused("HS-E602", "ORDER BY or LIMIT inside a subquery picks single rows")


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
    if isinstance(holder, exp.Exists | exp.In) and nested.args.get("where"):
        pairs += [(e.left, e.right) for e in nested.args["where"].find_all(exp.EQ)]
    for left, right in pairs:
        if isinstance(left, exp.Column) and isinstance(right, exp.Column):
            sides = [[columns[t][n] for t, n in bases_of(side, scopes)] for side in (left, right)]
            crosses = (left.table in scope.sources) != (right.table in scope.sources)
            if crosses and all(side and all(k.links for k in side) for side in sides):
                return
    raise _refused("HS-E602", "a subquery in a condition that does not follow an identifier")


def _is_plain_mean(select: exp.Select) -> bool:
    plain = not any(select.args.get(k) for k in ("where", "joins", "group", "having", "order", "limit"))
    inner = select.selects[0].unalias() if len(select.selects) == 1 else None
    return plain and isinstance(inner, exp.Count | exp.Avg | exp.Sum) and not inner.find(exp.Case, exp.If)


def _joins_are_equalities(scope: Scope, columns: Columns) -> None:
    """A join that is no equality of columns multiplies rows or tests for one person's existence."""
    select = scope.expression
    for join in select.args.get("joins") or ():
        source = scope.sources.get(join.alias_or_name)
        if source is None or not is_personal(source, columns):
            continue
        conditions = [c for c in (join.args.get("on"), select.args.get("where")) if c is not None]
        if not any(_links(equality, join.alias_or_name) for c in conditions for equality in c.find_all(exp.EQ)):
            raise _refused("HS-E602", f"the join with {join.alias_or_name} has no equality of columns")


def _links(equality: exp.EQ, alias: str) -> bool:
    left, right = equality.left, equality.right
    if not (isinstance(left, exp.Column) and isinstance(right, exp.Column)):
        return False
    return (left.table == alias) != (right.table == alias)


def is_personal(source: exp.Table | Scope, columns: Columns) -> bool:
    """Tell whether a table, or what a subquery draws on, is about persons."""
    if isinstance(source, exp.Table):
        return any(known.personal for known in columns.get(table_name(source), {}).values())
    return any(is_personal(inner, columns) for inner in source.sources.values())


def _aggregated(select: exp.Select) -> bool:
    return bool(
        select.args.get("group") or select.args.get("distinct") or any(True for _ in _own_aggregates(select))
    )


def _own_aggregates(select: exp.Select) -> Iterator[exp.Expr]:
    for projection in select.selects:
        for node in projection.find_all(*AGGREGATES, *_INNER_ONLY):
            if node.find_ancestor(exp.Select) is select:
                yield node


def _outer(root: exp.Select) -> tuple[str, ...] | None:
    """Return the outputs that label groups; None when the query returns rows."""
    if not _aggregated(root):
        return None
    group = root.args.get("group")
    by = {key.sql() for key in (group.expressions if group else ())}
    keys: list[str] = []
    for projection in root.selects:
        inner = projection.unalias()
        if inner.sql() in by or (root.args.get("distinct") and not inner.find(*AGGREGATES)):
            keys.append(projection.alias_or_name)
        else:
            _safe_output(inner, root)
    _no_subquery(root)
    having = root.args.get("having")
    if having is not None:
        _safe_output(having.this, root, whole=False)
    for node in (*root.selects, *([having] if having else []), *([root.args["order"]] if root.args.get("order") else [])):
        if node.find(*_INNER_ONLY):
            raise _refused("HS-E606", "MIN and MAX hand out one person's value")
    order = root.args.get("order")
    if order is not None:
        _safe_output(order, root, whole=False, keys=by)
    return tuple(keys)


def _no_subquery(root: exp.Select) -> None:
    for projection in root.selects:
        for inner in projection.find_all(exp.Select):
            if not _is_total(inner):
                raise _refused("HS-E606", "a subquery in the select list, other than a plain total")


def _is_total(select: exp.Select) -> bool:
    plain = not any(select.args.get(k) for k in ("where", "joins", "group", "having", "order", "limit"))
    return plain and len(select.selects) == 1 and isinstance(select.selects[0].unalias(), exp.Count)


def _safe_output(node: exp.Expr, root: exp.Select, *, whole: bool = True, keys: set[str] | None = None) -> None:
    """Every column of an output stands inside an aggregate whose argument keeps persons apart from the sum."""
    for aggregate in node.find_all(*AGGREGATES):
        _safe_argument(aggregate, conditional=whole)
    for column in node.find_all(exp.Column):
        if column.find_ancestor(exp.Select) is not root or column.find_ancestor(*AGGREGATES, exp.Filter):
            continue
        if not column.table or (keys and column.sql() in keys) or _is_key(column, root):
            continue
        raise _refused("HS-E606", f"{column.name} stands outside an aggregate and is no group key")


def _is_key(column: exp.Column, root: exp.Select) -> bool:
    group = root.args.get("group")
    node: exp.Expr | None = column
    while node is not None and not isinstance(node, exp.Select):
        if group and any(node == key for key in group.expressions):
            return True
        node = node.parent
    return False


def _safe_argument(aggregate: exp.Expr, *, conditional: bool) -> None:
    if aggregate.find(exp.Select):
        raise _refused("HS-E606", "a subquery inside an aggregate")
    if any(inner is not aggregate for inner in aggregate.find_all(*AGGREGATES)):
        raise _refused("HS-E606", "an aggregate inside an aggregate")
    if not conditional and aggregate.find(exp.Case, exp.If, exp.EQ, exp.GT, exp.LT, exp.GTE, exp.LTE, exp.Filter):
        raise _refused("HS-E606", "a condition inside an aggregate of HAVING or ORDER BY")
    for product in aggregate.find_all(exp.Mul):
        left = {c.sql() for c in product.left.find_all(exp.Column)}
        right = {c.sql() for c in product.right.find_all(exp.Column)}
        if left & right:
            # k moments of a group of k give away every value in it.
            raise _refused("HS-E606", "powers of a column inside an aggregate")


def _list_is_granted(root: Scope, columns: Columns, granted: bool) -> None:
    for projection in select_of(root).selects:
        for column in projection.find_all(exp.Column):
            for table, name in base_columns(column, root):
                if not granted or columns[table][name].grain != "exact":
                    raise _refused(
                        "HS-E606",
                        f"it returns rows, and the purpose grants no list of {table}.{name}",
                        "aggregate with GROUP BY, or have the purpose grant the list (privacy.answers: list)",
                    )
    if root.expression.find(exp.Select) is not root.expression:
        raise _refused("HS-E606", "a list must be a single select")
