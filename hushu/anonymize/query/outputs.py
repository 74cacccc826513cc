"""What the outermost select may hand out: group keys, and aggregates that keep persons apart."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from hushu.anonymize.query.conditions import CONDITIONAL, PREDICATES
from hushu.anonymize.query.grammar import AGGREGATES, INNER_ONLY, refused


def aggregated(select: exp.Select) -> bool:
    """Tell whether a select hands out groups rather than rows."""
    return bool(
        select.args.get("group") or select.args.get("distinct") or any(True for _ in _own_aggregates(select))
    )


def _own_aggregates(select: exp.Select) -> Iterator[exp.Expr]:
    for projection in select.selects:
        for node in projection.find_all(*AGGREGATES, *INNER_ONLY):
            if node.find_ancestor(exp.Select) is select:
                yield node


def group_keys(root: exp.Select) -> tuple[str, ...] | None:
    """Return the outputs that label groups; None when the query returns rows."""
    if not aggregated(root):
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
    for node in (
        *root.selects,
        *([having] if having else []),
        *([root.args["order"]] if root.args.get("order") else []),
    ):
        if node.find(*INNER_ONLY):
            raise refused("HS-E606", "MIN and MAX hand out one person's value")
    order = root.args.get("order")
    if order is not None:
        _safe_output(order, root, whole=False, keys=by)
    return tuple(keys)


def _no_subquery(root: exp.Select) -> None:
    for projection in root.selects:
        for inner in projection.find_all(exp.Select):
            if not _is_total(inner):
                raise refused("HS-E606", "a subquery in the select list, other than a plain total")


def _is_total(select: exp.Select) -> bool:
    plain = not any(select.args.get(k) for k in ("where", "joins", "group", "having", "order", "limit"))
    return plain and len(select.selects) == 1 and isinstance(select.selects[0].unalias(), exp.Count)


def _safe_output(
    node: exp.Expr, root: exp.Select, *, whole: bool = True, keys: set[str] | None = None
) -> None:
    """Every column of an output stands in an aggregate whose argument keeps no person apart."""
    for aggregate in node.find_all(*AGGREGATES):
        _safe_argument(aggregate, conditional=whole)
    for column in node.find_all(exp.Column):
        if column.find_ancestor(exp.Select) is not root or column.find_ancestor(*AGGREGATES, exp.Filter):
            continue
        if not column.table or (keys and column.sql() in keys) or _is_key(column, root):
            continue
        raise refused("HS-E606", f"{column.name} stands outside an aggregate and is no group key")


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
        raise refused("HS-E606", "a subquery inside an aggregate")
    if any(inner is not aggregate for inner in aggregate.find_all(*AGGREGATES)):
        raise refused("HS-E606", "an aggregate inside an aggregate")
    if not conditional and (aggregate.find(*CONDITIONAL) or isinstance(aggregate.parent, exp.Filter)):
        raise refused("HS-E606", "a condition inside an aggregate of HAVING or ORDER BY")
    _no_threshold(aggregate)
    for product in aggregate.find_all(exp.Mul):
        if isinstance(product.parent, exp.Mul) and all(f.find(exp.Column) for f in product.flatten()):
            raise refused("HS-E606", "a product of three columns inside an aggregate")
        left = {c.sql() for c in product.left.find_all(exp.Column)}
        right = {c.sql() for c in product.right.find_all(exp.Column)}
        if left & right:
            # k moments of a group of k give away every value in it.
            raise refused("HS-E606", "powers of a column inside an aggregate")


_STEPS = (exp.Floor, exp.Ceil, exp.Round, exp.Abs, exp.Cast)


def _no_threshold(aggregate: exp.Expr) -> None:
    """Refuse steps at a chosen value: FLOOR(age / 97) counts who is 97 without a condition."""
    for node in aggregate.find_all(*_STEPS):
        if _within_condition(node, aggregate) or not node.find(exp.Column):
            continue
        digits = node.args.get("decimals")
        if not isinstance(node.this.unnest(), exp.Column) or isinstance(digits, exp.Neg):
            raise refused("HS-E606", "a rounding, a cast or ABS of an expression inside an aggregate")
    for division in aggregate.find_all(exp.Div):
        divisor = division.expression.unnest()
        whole = isinstance(divisor, exp.Literal) and not divisor.is_string and "." not in divisor.this
        if whole and not _within_condition(division, aggregate):
            raise refused(
                "HS-E606",
                "a division by a whole number inside an aggregate, which may cut off the remainder",
                "divide the aggregate instead: SUM(x) / 100.0",
            )


def _within_condition(node: exp.Expr, aggregate: exp.Expr) -> bool:
    parent = node.parent
    while parent is not None and parent is not aggregate.parent:
        if isinstance(parent, PREDICATES):
            return True
        parent = parent.parent
    return False
