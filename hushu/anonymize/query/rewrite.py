"""The query that is really run: the one that was asked, with what protects it counted beside.

For every group the rewritten query also counts the distinct units (rows that count as persons)
behind it, for every aggregate the units that contribute to it and take each of its branches, and for
sums the share of the largest contribution. What does not reach the minimum never leaves
:mod:`hushu.anonymize.query.answering`. HAVING is told for every group and judged after the
protection: which groups fulfil it would tell what a withheld number is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlglot import exp

from hushu.anonymize.query.conditions import CONDITIONAL, branches, contribution, measured
from hushu.anonymize.query.grammar import AGGREGATES, refused
from hushu.anonymize.query.lineage import Columns
from hushu.anonymize.query.members import Members, members
from hushu.anonymize.query.rules import CheckedQuery
from hushu.anonymize.query.units import Unit, chief, units_of

_PREFIX = "hushu_"


@dataclass(frozen=True, slots=True)
class Support:
    """What must hold for one number: places of counts, and which sets of units it speaks of.

    ``counts`` reach the minimum and leave none or a minimum over; ``floors`` reach the minimum;
    ``rests`` are none or a minimum;
    ``shares`` are places of (largest contribution, sum of contributions); ``flags`` are numbers of
    the flags of :class:`Members`.
    """

    counts: tuple[int, ...] = ()
    rests: tuple[int, ...] = ()
    floors: tuple[int, ...] = ()
    shares: tuple[tuple[int, int], ...] = ()
    flags: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Guarded:
    """The rewritten query: asked outputs first, then the counts that protect them.

    ``persons`` are places of how many persons the rows of ``units`` belong to, where the tables say so.
    ``supports`` holds what each output needs, by its place; ``whole`` what HAVING and ORDER BY need,
    without which the group itself is withheld; ``fulfils`` is the place of HAVING's outcome.
    """

    sql: str
    outputs: tuple[str, ...]
    units: tuple[int, ...]
    persons: tuple[int, ...]
    optional_units: tuple[int, ...]
    supports: Mapping[int, Support]
    whole: Support
    fulfils: int | None
    limit: int | None
    members: Members | None


def guard(query: CheckedQuery, columns: Columns, row_keys: Mapping[str, tuple[str, ...]]) -> Guarded:
    """Return the query with its protecting counts.

    Args:
        query: a checked query.
        columns: what is known about every base column.
        row_keys: base table → columns that make a row unique (``("rowid",)`` in SQLite).

    Raises:
        QueryRefused: HS-E607, a table has nothing that makes its rows unique; HS-E602, a grouped
            subquery draws on another.
    """
    units = units_of(query, columns, row_keys)
    tree = query.tree.copy()
    limit = _taken_limit(tree)
    if tree.args.get("distinct"):
        _group_instead_of_distinct(tree)
    outputs = tuple(p.alias_or_name for p in tree.selects)
    hidden = _Hidden(tree, len(outputs))
    mandatory = tuple(hidden.add(_distinct(u.key)) for u in units if not u.optional)
    optional = tuple(hidden.add(_distinct(u.key)) for u in units if u.optional)
    persons = tuple(hidden.add(_distinct(u.person)) for u in units if not u.optional and u.person)
    flags: list[exp.Expr] = []
    supports = {
        place: _support(projection, query.tree, chief(units), hidden, flags)
        for place, projection in enumerate(query.tree.selects)
    }
    having, order = query.tree.args.get("having"), query.tree.args.get("order")
    parts = [part for part in (having, order) if part is not None]
    whole = [_support(part, query.tree, chief(units), hidden, flags) for part in parts]
    keys = [p for p in query.tree.selects if p.alias_or_name in query.keys]
    named = [_parted(key, chief(units), hidden) for key in keys]
    fulfils = None
    if having is not None:
        tree.set("having", None)
        yes, no = exp.Literal.number(1), exp.Literal.number(0)
        fulfils = hidden.add(exp.Case(ifs=[exp.If(this=having.this.copy(), true=yes)], default=no))
    return Guarded(
        sql=tree.sql(query.dialect),
        outputs=outputs,
        units=mandatory,
        persons=persons,
        optional_units=optional,
        supports=supports,
        whole=Support(
            counts=tuple(place for one in whole for place in one.counts),
            rests=tuple(place for one in (*whole, *named) for place in one.rests),
            floors=tuple(place for one in whole for place in one.floors),
            shares=tuple(pair for one in whole for pair in one.shares),
        ),
        fulfils=fulfils,
        limit=limit,
        members=members(query, units, flags, columns, row_keys),
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


def _support(
    part: exp.Expr, select: exp.Select, units: tuple[Unit, ...], hidden: _Hidden, flags: list[exp.Expr]
) -> Support:
    """Return what the aggregates in one part of the query need."""
    counts: list[exp.Expr] = []
    rests: list[exp.Expr] = []
    floors: list[exp.Expr] = []
    shares: list[tuple[int, int]] = []
    for aggregate in part.find_all(*AGGREGATES):
        if aggregate.find_ancestor(exp.Select) is not select:
            continue
        contributes = contribution(aggregate)
        if contributes is not None and _counts_missing(aggregate):
            counts.append(contributes)
        elif contributes is not None:
            floors.append(contributes)
        for branch in branches(aggregate.this):
            (rests if branch.rest else counts).append(branch.when)
        if isinstance(aggregate, exp.Sum | exp.Avg):
            value = exp.Abs(this=measured(aggregate))
            shares.append((hidden.add(exp.Max(this=value)), hidden.add(exp.Sum(this=value.copy()))))
    return Support(
        counts=tuple(hidden.add(_distinct(_when(c, unit.key))) for c in counts for unit in units),
        rests=tuple(hidden.add(_distinct(_when(c, unit.key))) for c in rests for unit in units),
        floors=tuple(
            hidden.add(_distinct(_when(c, key)))
            for c, keys in [*((f, (u.key for u in units)) for f in floors), *((c, ()) for c in counts)]
            for key in (*keys, *(u.person for u in units if u.person))
        ),
        shares=tuple(shares),
        flags=tuple(_flag(condition, flags) for condition in (*counts, *rests)),
    )


def _counts_missing(aggregate: exp.Expr) -> bool:
    """A count of values, or of what a condition picks, tells how many are left; a plain sum does not."""
    return (
        isinstance(aggregate, exp.Count)
        or isinstance(aggregate.parent, exp.Filter)
        or aggregate.this.find(*CONDITIONAL) is not None
    )


def _parted(key: exp.Expr, units: tuple[Unit, ...], hidden: _Hidden) -> Support:
    """Return what a group's key needs: a branch of it that few take would hide them among others."""
    parts = [branch.when for branch in branches(key.unalias())]
    return Support(rests=tuple(hidden.add(_distinct(_when(c, unit.key))) for c in parts for unit in units))


def _flag(condition: exp.Expr, flags: list[exp.Expr]) -> int:
    if condition not in flags:
        flags.append(condition)
    return flags.index(condition)


def _distinct(expression: exp.Expr) -> exp.Expr:
    return exp.Count(this=exp.Distinct(expressions=[expression.copy()]))


def _when(condition: exp.Expr, key: exp.Expr) -> exp.Expr:
    return exp.Case(ifs=[exp.If(this=condition.copy(), true=key.copy())])


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
