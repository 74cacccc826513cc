"""Conditions inside an aggregate: whom each branch of a number speaks of.

``SUM(CASE WHEN age = 97 THEN 1000000 ELSE 1 END)`` tells how many are 97 whatever the sum hides, so
every branch must stand for enough persons, and so must ``NULLIF``, ``COALESCE`` and comparisons
that are counted with.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlglot import exp

PREDICATES = (
    exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Between, exp.In, exp.Is, exp.Like, exp.And, exp.Or,
    exp.Not,
)  # fmt: skip
CONDITIONAL = (exp.Case, exp.If, exp.Nullif, exp.Coalesce, *PREDICATES)


@dataclass(frozen=True, slots=True)
class Branch:
    """When a row takes a branch. A ``rest`` (all other rows) may be empty, a named one may not."""

    when: exp.Expr
    rest: bool


def branches(node: exp.Expr | None) -> Iterator[Branch]:
    """Yield the branches of an expression that is counted with or grouped by."""
    if node is not None:
        yield from _branches(node)


def _branches(node: exp.Expr) -> Iterator[Branch]:
    if isinstance(node, exp.Case):
        yield from _labelled(node)
        for value in [*(arm.args["true"] for arm in node.args["ifs"]), node.args.get("default")]:
            yield from branches(value)
    elif isinstance(node, exp.If):
        case = exp.Case(ifs=[exp.If(this=node.this.copy(), true=exp.Literal.number(0))])
        yield from _labelled(case)
        for value in (node.args["true"], node.args.get("false")):
            yield from branches(value)
    elif isinstance(node, PREDICATES):
        yield Branch(node.copy(), rest=False)
    elif isinstance(node, exp.Nullif):
        yield Branch(exp.EQ(this=node.this.copy(), expression=node.expression.copy()), rest=True)
        yield from _branches(node.this)
    elif isinstance(node, exp.Coalesce):
        if not all(_is_nothing(value) for value in node.expressions):
            yield Branch(exp.Is(this=exp.paren(node.this.copy()), expression=exp.Null()), rest=True)
        yield from _branches(node.this)
    else:
        for child in node.iter_expressions():
            yield from _branches(child)


def _is_nothing(value: exp.Expr) -> bool:
    return isinstance(value, exp.Null) or (
        isinstance(value, exp.Literal) and not value.is_string and float(value.this) == 0
    )


def _labelled(case: exp.Case) -> Iterator[Branch]:
    """Number the arms: a row takes the first whose condition holds, and the last number when none does."""
    arms = case.args["ifs"]
    label = case.copy()
    for number, arm in enumerate(label.args["ifs"]):
        arm.set("true", exp.Literal.number(number))
    label.set("default", exp.Literal.number(len(arms)))
    for number in range(len(arms) + 1):
        when = exp.EQ(this=exp.paren(label.copy()), expression=exp.Literal.number(number))
        yield Branch(when, rest=number == len(arms))


def contribution(aggregate: exp.Expr) -> exp.Expr | None:
    """Return when a row contributes to the aggregate; None when every row does."""
    condition: exp.Expr | None = None
    if isinstance(aggregate.parent, exp.Filter):
        condition = aggregate.parent.expression.this.copy()
    value = aggregate.this
    if isinstance(value, exp.Distinct):
        value = value.expressions[0]
    if not isinstance(value, exp.Star) and value is not None and value.find(exp.Column):
        own: exp.Expr = exp.Not(this=exp.Is(this=exp.paren(value.copy()), expression=exp.Null()))
        if value.find(*CONDITIONAL) and not isinstance(aggregate, exp.Count):
            own = exp.and_(own, exp.NEQ(this=exp.paren(value.copy()), expression=exp.Literal.number(0)))
        condition = own if condition is None else exp.and_(condition, own)
    return condition


def measured(aggregate: exp.Expr) -> exp.Expr:
    """Return what each row adds to a sum, nothing where a filter leaves it out."""
    value: exp.Expr = aggregate.this.copy()
    if isinstance(aggregate.parent, exp.Filter):
        return exp.Case(ifs=[exp.If(this=aggregate.parent.expression.this.copy(), true=value)])
    return value
