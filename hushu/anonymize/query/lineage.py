"""Where a column of a query comes from, and what is known of the base columns behind it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from sqlglot import exp
from sqlglot.optimizer.scope import Scope

# From a fifth of distinct values on, a column tells households apart (five to a household at most).
_LINK_SHARE = 0.2
# A code table names groups: few rows, each referred to ten times and more; or many, each referred to
# two hundred times: twelve months of readings refer to one household, and it is no group.
_CODE_SHARE, _CODE_ROWS = 0.1, 100
_LARGE_CODE_SHARE = 0.005
# Numbers that stand for one person each, the surest first.
_PERSON_TYPES = (
    "CN_RESIDENT_ID", "CN_SOCIAL_SECURITY_NO", "CN_MEDICAL_INSURANCE_NO", "CN_PASSPORT", "CN_FOREIGNER_ID",
    "CN_TRAVEL_PERMIT", "MEDICAL_RECORD_NO", "STUDENT_NO", "EMPLOYEE_NO",
)  # fmt: skip
_KEY_SHARE = 0.95
_TEXT_FORMS = ("FREE_TEXT", "CREDENTIAL")


@dataclass(frozen=True, slots=True)
class Protection:
    """What is known about a base column.

    ``personal``: its table's rows count as persons, which they do unless the purpose says otherwise.
    ``recognised``: its own type is personal. ``grain``: what the purpose grants of it, or None.
    ``unique_share``: distinct values by rows, 0..1. ``rows``: of its table.
    """

    type: str | None
    direct: bool
    personal: bool
    recognised: bool
    grain: str | None
    unique_share: float = 0.0
    rows: int = 0

    @property
    def links(self) -> bool:
        """Whether equality on the column ties single persons or households, not whole groups."""
        return self.direct or self.unique_share >= _LINK_SHARE

    @property
    def keyed(self) -> bool:
        """Whether the column may only join and be counted."""
        return self.direct or self.type in _TEXT_FORMS


Columns = Mapping[str, Mapping[str, Protection]]


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


def is_personal(source: exp.Table | Scope, columns: Columns) -> bool:
    """Tell whether the rows of a table, or of what a subquery draws on, count as persons."""
    if isinstance(source, exp.Table):
        return any(known.personal for known in columns.get(table_name(source), {}).values())
    return any(is_personal(inner, columns) for inner in source.sources.values())


def conjuncts(*conditions: exp.Expr | None) -> Iterator[exp.Expr]:
    """Yield what must all hold: under OR, NOT and CASE nothing must."""
    for condition in conditions:
        if isinstance(condition, exp.Where | exp.Having | exp.Paren):
            yield from conjuncts(condition.this)
        elif isinstance(condition, exp.And):
            yield from conjuncts(condition.left, condition.right)
        elif condition is not None:
            yield condition


def equalities(select: exp.Select) -> Iterator[tuple[exp.Column, exp.Column]]:
    """Yield the pairs of columns that a select's joins and WHERE make equal in every row."""
    joins = [join.args.get("on") for join in select.args.get("joins") or ()]
    for term in conjuncts(*joins, select.args.get("where")):
        if isinstance(term, exp.EQ):
            left, right = term.left.unnest(), term.right.unnest()
            if isinstance(left, exp.Column) and isinstance(right, exp.Column):
                yield left, right


def is_key(bases: frozenset[tuple[str, str]], columns: Columns) -> bool:
    """Tell whether a column has another value in every row of its one base table."""
    return len(bases) == 1 and all(columns[t][n].unique_share >= _KEY_SHARE for t, n in bases)


def names_groups(
    key: frozenset[tuple[str, str]], reference: frozenset[tuple[str, str]], columns: Columns
) -> bool:
    """Tell whether an equality ties rows to a code table: districts, kinds, estates.

    Every row of the code table has its own key, no column of it was recognised as personal, and many
    rows of the other table refer to each.

    Args:
        key: the base columns behind the code table's side.
        reference: the base columns behind the other side.
        columns: what is known about every base column.
    """
    if len(key) != 1 or len(reference) != 1:
        return False
    ((table, name),), ((other, pointer),) = key, reference
    share = columns[other][pointer].unique_share
    if table == other or any(known.recognised for known in columns[table].values()):
        return False
    few = share <= _CODE_SHARE and columns[table][name].rows <= _CODE_ROWS
    return is_key(key, columns) and (few or share <= _LARGE_CODE_SHARE)


def person_column(table: str, columns: Columns) -> str | None:
    """Return the column whose values stand for one person each; None when no row says whose it is."""
    by_type = {known.type: name for name, known in reversed(list(columns.get(table, {}).items()))}
    return next((by_type[kind] for kind in _PERSON_TYPES if kind in by_type), None)


Pair = tuple[exp.Column, exp.Column, frozenset[tuple[str, str]], frozenset[tuple[str, str]]]


def code_tables(pairs: Sequence[Pair], columns: Columns) -> frozenset[str]:
    """Return the aliases of code tables: joined by their keys, and every row that refers to them is of many.

    Args:
        pairs: equal columns, each with the base columns behind it.
        columns: what is known about every base column.
    """
    names: set[str] = set()
    plain: set[str] = set()
    for left, right, one, other in pairs:
        for own, mine, theirs in ((left, one, other), (right, other, one)):
            if names_groups(mine, theirs, columns):
                names.add(own.table)
            elif not names_groups(theirs, mine, columns):
                plain.add(own.table)
    return frozenset(names - plain)
