"""The syntax a query may use: an allow-list, so that there is no list of attacks to keep up with."""

from __future__ import annotations

from typing import Any

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.qualify import qualify

from hushu.anonymize.query.lineage import Columns, table_name
from hushu.errors import QueryRefused

AGGREGATES = (
    exp.Count,
    exp.Sum,
    exp.Avg,
    exp.Stddev,
    exp.StddevPop,
    exp.StddevSamp,
    exp.Variance,
    exp.VariancePop,
)
INNER_ONLY = (exp.Min, exp.Max)
_ALLOWED: tuple[type[exp.Expr], ...] = (
    *AGGREGATES, *INNER_ONLY, exp.Select, exp.From, exp.Join, exp.Where, exp.Group, exp.Having, exp.Order,
    exp.Ordered, exp.Limit, exp.With, exp.CTE, exp.Subquery, exp.Table, exp.TableAlias, exp.Column,
    exp.Identifier, exp.Alias, exp.Star, exp.Literal, exp.Boolean, exp.Null, exp.And, exp.Or, exp.Not,
    exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Between, exp.In, exp.Is, exp.Like, exp.Paren,
    exp.Tuple, exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Neg, exp.Case, exp.If, exp.Coalesce, exp.Nullif,
    exp.Cast, exp.DataType, exp.DataTypeParam, exp.Distinct, exp.Round, exp.Floor, exp.Ceil, exp.Abs,
    exp.Lower, exp.Upper, exp.Trim, exp.Substring, exp.Left, exp.Year, exp.Month, exp.Quarter,
    exp.Extract, exp.DateTrunc, exp.TimestampTrunc, exp.TimeToStr, exp.TsOrDsToTimestamp,
    exp.TsOrDsToDate, exp.Date, exp.StrToTime, exp.Var, exp.Exists, exp.Filter, exp.Interval,
    exp.CurrentDate,
)  # fmt: skip


def refused(code: str, why: str, fix: str = "ask for counts, sums or averages over groups") -> QueryRefused:
    """Return the refusal for a query; ``why`` names constructs and columns, never values."""
    return QueryRefused("the query is refused", where="SQL", why=why, fix=fix, code=code)


def single_select(sql: str, dialect: str) -> exp.Select:
    """Return the one SELECT of ``sql``; anything else is refused (HS-E601)."""
    try:
        statements = [s for s in sqlglot.parse(sql, dialect=dialect) if s is not None]
    except SqlglotError:
        raise refused(
            "HS-E601", "it cannot be parsed", "check the SQL against the source's dialect"
        ) from None
    if len(statements) != 1 or not isinstance(statements[0], exp.Select):
        raise refused(
            "HS-E601", "exactly one SELECT is answered, nothing that writes, no UNION", "send one SELECT"
        )
    return statements[0]


def qualified(tree: exp.Select, columns: Columns, dialect: str) -> exp.Select:
    """Return the tree with every column under its table and stars spelt out (HS-E602, HS-E603)."""
    ctes = {cte.alias for cte in tree.find_all(exp.CTE)}
    for table in tree.find_all(exp.Table):
        if not isinstance(table.this, exp.Identifier) or table.catalog:
            raise refused("HS-E602", "a table function or another catalogue")
        if table.name in ctes and not table.db:
            continue
        if table_name(table) not in columns:
            close = next((name for name in columns if name.lower() == table_name(table).lower()), None)
            if close is None:
                raise refused("HS-E603", f"no table {table_name(table)}", "hushu scan lists the tables")
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
        full = qualify(tree, schema=schema, dialect=dialect)
    except SqlglotError as problem:
        raise refused("HS-E603", _first_words(problem), "hushu scan lists tables and columns") from None
    if not isinstance(full, exp.Select):
        raise refused("HS-E601", "the statement is not a SELECT")
    return full


def _flat_schema(used: set[str], columns: Columns) -> dict[str, Any]:
    """Sqlglot wants one depth for all tables; a query that mixes depths is refused by it."""
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


def allow_listed(tree: exp.Expr) -> None:
    """Refuse every construct that is not known to be harmless (HS-E602)."""
    for node in tree.walk():
        if not isinstance(node, _ALLOWED):
            raise refused("HS-E602", f"{type(node).__name__} is not on the list of what may be asked")
        if isinstance(node, exp.With) and node.args.get("recursive"):
            raise refused("HS-E602", "WITH RECURSIVE")
        if isinstance(node, exp.Group) and any(node.args.get(k) for k in ("rollup", "cube", "grouping_sets")):
            raise refused("HS-E602", "ROLLUP, CUBE and GROUPING SETS")
        if isinstance(node, exp.Join) and (node.args.get("method") or node.side.upper() in {"FULL", "RIGHT"}):
            raise refused("HS-E602", "NATURAL, FULL and RIGHT joins")
        if isinstance(node, exp.Select) and any(
            node.args.get(k) for k in ("locks", "into", "sample", "qualify")
        ):
            raise refused("HS-E602", "FOR UPDATE, INTO, TABLESAMPLE and QUALIFY")
        if isinstance(node, exp.Limit) and not isinstance(node.expression, exp.Literal):
            raise refused("HS-E602", "a computed LIMIT")
        if isinstance(node, exp.Distinct) and node.args.get("on"):
            raise refused("HS-E602", "DISTINCT ON picks single rows")
        if isinstance(node, exp.Div):
            divisor = node.expression.unnest()
            if not isinstance(divisor, exp.Literal):
                _division_cannot_signal(node)
            elif not _nonzero(divisor):
                raise refused("HS-E602", "a division by zero")
        if isinstance(node, exp.Cast) and not node.find(exp.Column) and node.find_ancestor(exp.Case, exp.If):
            raise refused("HS-E602", "a cast of a constant inside a condition")


def _nonzero(literal: exp.Literal) -> bool:
    try:
        return float(literal.this) != 0
    except ValueError:
        return False


def _division_cannot_signal(node: exp.Div) -> None:
    """An error is an answer too: dividing by data is left to aggregates, guarded by the engine."""
    if node.find_ancestor(exp.Where, exp.Having, exp.Join, exp.Case, *AGGREGATES):
        raise refused("HS-E602", "a division by data in a condition or inside an aggregate")
