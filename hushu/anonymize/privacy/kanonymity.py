"""k-anonymity: recode quasi-identifiers until every published row shares its values with k - 1 others.

``recoding="global"`` gives every column one level (optimal, proven); ``"local"`` gives every class
its own ancestors and loses far less. Both add l-diversity and t-closeness on request.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from numbers import Real
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from hushu.anonymize.privacy import classes as measure
from hushu.anonymize.privacy import recoding as recode
from hushu.anonymize.privacy.classes import Closeness, Diversity, Ints
from hushu.anonymize.privacy.columns import read_table, require_columns, with_columns
from hushu.anonymize.privacy.criteria import Criteria
from hushu.anonymize.privacy.hierarchy import HierarchyRows
from hushu.anonymize.privacy.scheme import Scheme, make_scheme
from hushu.errors import ConfigError, InputError

Recoding = Literal["global", "local"]


@dataclass(frozen=True, slots=True)
class Anonymized:
    """A table that satisfies k (and l, t), and what that cost.

    Attributes:
        frame: the table, of the kind that came in, rows in their order.
        k: the smallest published class (suppressed rows left out; 0 when none is published).
        information_loss: NCP, 0..1; a suppressed row counts 1.
        suppressed: how many rows are published as ``*`` in every quasi-identifier.
        levels: for global recoding the level of each column; empty for local recoding.
        l: least diversity over the sensitive columns, or None.
        t: greatest distance over the sensitive columns, or None.
        gap: how much less a recoding of the same kind could still lose; 0 when proven optimal,
            None where no bound is known (local recoding).
        recoding: ``global`` or ``local``.
        unseen: for each column how many values its hierarchy did not list.
        scheme: recodes next month's data the same way: ``result.scheme.apply(frame)``.
    """

    frame: Any = field(repr=False)
    k: int
    information_loss: float
    suppressed: int
    levels: Mapping[str, int]
    l: float | None  # noqa: E741 - the field's own name for it
    t: float | None
    gap: float | None
    recoding: Recoding
    unseen: Mapping[str, int]
    scheme: Scheme = field(repr=False)


def k_anonymize(
    frame: Any,
    quasi_identifiers: Sequence[str],
    k: int = 5,
    *,
    hierarchies: Mapping[str, HierarchyRows] | None = None,
    l: float | None = None,  # noqa: E741 - the field's own name for it
    t: float | None = None,
    sensitive: str | Sequence[str] | None = None,
    max_suppression: float = 0.0,
    recoding: Recoding = "global",
    diversity: Diversity = "distinct",
    c: float = 1.0,
    closeness: Closeness = "equal",
    weights: Mapping[str, float] | None = None,
    max_seconds: float | None = None,
) -> Anonymized:
    """Recode the quasi-identifiers of a table until it is k-anonymous.

    Args:
        frame: a pandas, polars or pyarrow frame (or anything with ``__arrow_c_stream__``).
        quasi_identifiers: the columns by which a person could be found again.
        k: least size of a class, ≥ 1.
        hierarchies: for each column rows ``[value, level 1, … level n]`` or the path of a ``;``
            file of that shape; columns left out get a hierarchy built from their values.
        l: least diversity of every sensitive column in every class.
        t: greatest distance, 0..1, of every sensitive column's distribution to the whole table's.
        sensitive: the column or columns that ``l`` and ``t`` protect.
        max_suppression: the share of rows, 0..1, that may be published as ``*``.
        recoding: ``global`` or ``local``.
        diversity: ``distinct``, ``entropy`` or ``recursive`` (with ``c``).
        c: the constant of recursive diversity.
        closeness: ``equal``, ``ordered`` or ``hierarchical`` (the sensitive column's hierarchy).
        weights: how much each column's loss counts, default 1 each.
        max_seconds: stop the search for the optimum then; the result states the gap.

    Raises:
        ConfigError: HS-E160 to HS-E164, an option, column or hierarchy is wrong, or no recoding
            can satisfy the criteria.
        InputError: HS-E260, the table is empty.
        PolicyError: HS-E360, every recoding would suppress more rows than allowed.

    Note:
        Without ``l`` and ``t`` the recoding depends on the quasi-identifiers alone. With them it also
        depends on the sensitive values: whoever knows the method may reason why a finer recoding was
        not chosen (minimality attack, Wong et al. 2007); a lower loss leaves more room for that.
        ``t`` is measured against the whole table, suppressed rows included.

    Source: Sweeney 2002; Machanavajjhala et al. 2007; Li et al. 2007; LeFevre et al. 2005, 2006;
    NCP: Xu et al. 2006.

    Example:
        >>> import pyarrow as pa
        >>> people = pa.table({"age": [31, 34, 38, 52, 55, 57]})
        >>> rows = [[a, f"{a // 10}0s", "*"] for a in range(30, 60)]
        >>> k_anonymize(people, ["age"], k=3, hierarchies={"age": rows}).frame["age"].to_pylist()
        ['30s', '30s', '30s', '50s', '50s', '50s']
    """
    names = _checked(quasi_identifiers, k, l, t, max_suppression, recoding)
    protected = (sensitive,) if isinstance(sensitive, str) else tuple(sensitive or ())
    require_columns([*names, *protected], [*names, *protected])
    if (l is not None or t is not None) and not protected:
        raise ConfigError(
            "l and t need a sensitive column",
            where="sensitive",
            fix="name the column whose values must not be inferred",
            code="HS-E160",
        )
    table = read_table(frame, [*names, *protected])
    if table.num_rows == 0:
        raise InputError("the table is empty", where="frame", fix="give at least k rows", code="HS-E260")
    if hierarchies is not None and not isinstance(hierarchies, Mapping):
        raise ConfigError(
            "the hierarchies are no mapping",
            where="hierarchies",
            why="for each column rows, or the path of a file",
            fix='{"age": [["31", "30-39", "*"], …]}',
            code="HS-E161",
        )
    encoded = recode.encode(table, names, hierarchies or {})
    rule = recode.Rule(protected, l, t, diversity, c, closeness, hierarchies)
    criteria = Criteria(k, rule.of(table))
    share = _weights(names, weights or {})
    limit = int(np.floor(max_suppression * table.num_rows + 1e-9))
    if recoding == "local" or limit == 0:
        criteria.require_feasible(table.num_rows)
    elif limit < table.num_rows:
        criteria.require_rows(table.num_rows)
    if recoding == "global":
        recoded = recode.recode_globally(encoded, criteria, share, limit, max_seconds)
    else:
        recoded = recode.recode_locally(encoded, criteria, share)
    least_k, least_l, greatest_t = _measured(criteria, recoded.klass, ~recoded.suppressed)
    return Anonymized(
        frame=with_columns(frame, recode.published(encoded, recoded)),
        k=least_k,
        information_loss=recode.information_loss(encoded, recoded, share),
        suppressed=int(recoded.suppressed.sum()),
        levels=dict(zip(names, recoded.levels, strict=False)),
        l=least_l,
        t=greatest_t,
        gap=recoded.gap,
        recoding=recoding,
        unseen={tree.column: tree.unseen for tree in encoded.trees if tree.unseen},
        scheme=make_scheme(encoded, recoded, k, rule, tuple(share)),
    )


def _checked(
    names: Sequence[str],
    k: int,
    l: float | None,  # noqa: E741
    t: float | None,
    max_suppression: float,
    recoding: str,
) -> tuple[str, ...]:
    problem = ""
    numbers = [value for value in (k, l, t, max_suppression) if value is not None]
    if k is None or any(isinstance(n, bool) or not isinstance(n, Real) for n in numbers):
        problem = "k, l, t and max_suppression must be numbers"
    elif isinstance(names, str) or not names:
        problem = "quasi_identifiers must be a list of at least one column"
    elif not 1 <= k < np.inf or int(k) != k:
        problem = "k must be a whole number ≥ 1"
    elif (l is not None and l < 1) or (t is not None and not 0 <= t <= 1):
        problem = "l must be ≥ 1, t must lie in 0..1"
    elif not 0 <= max_suppression <= 1:
        problem = "max_suppression must lie in 0..1"
    elif recoding not in ("global", "local"):
        problem = "recoding must be 'global' or 'local'"
    if problem:
        raise ConfigError(
            "an option is wrong", where="k_anonymize", why=problem, fix="correct it", code="HS-E160"
        )
    return tuple(names)


def _weights(names: Sequence[str], weights: Mapping[str, float]) -> list[float]:
    require_columns(names, list(weights))
    try:
        raw = [float(weights.get(name, 1.0)) for name in names]
    except (TypeError, ValueError):
        raw = [-1.0]
    if not min(raw) >= 0 or not 0 < sum(raw) < np.inf:
        raise ConfigError(
            "an option is wrong",
            where="weights",
            why="weights must be ≥ 0, not all 0",
            fix="correct them",
            code="HS-E160",
        )
    return [weight / sum(raw) for weight in raw]


def _measured(
    criteria: Criteria, klass: Ints, kept: npt.NDArray[np.bool_]
) -> tuple[int, float | None, float | None]:
    if not kept.any():
        return 0, None, None
    klass, number = measure.compact(klass[kept], int(klass.max()) + 1)
    ones = np.ones(len(klass), dtype=np.int64)
    k = int(np.bincount(klass).min())
    ls, ts = [], []
    for rule in criteria.sensitive:
        table = measure.contingency(klass, rule.codes[kept], ones, number, rule.width)
        ls.append(float(measure.diversity(table, rule.diversity, rule.c).min()))
        ts.append(float(measure.closeness(table, rule.closeness, rule.reference, rule.levels).max()))
    return k, min(ls, default=None), max(ts, default=None)
