"""The risk that remains: how surely a person known by some columns is found again in a table.

Counts stream over batches, so that a table larger than memory works: what is kept grows with the
distinct tuples of the quasi-identifiers (and with tuples x values for each sensitive column).
Missing values count as a value of their own; rows suppressed to ``*`` in every quasi-identifier
are left out of every measure and their number is stated.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from hushu.anonymize.privacy import classes as measure
from hushu.anonymize.privacy.classes import Closeness, Diversity, Ints
from hushu.anonymize.privacy.columns import as_codes, read_batches, require_columns
from hushu.anonymize.privacy.counting import ROWS, TupleCounter
from hushu.anonymize.privacy.population import (
    PopulationMatch,
    match_population,
    unique_share_pitman,
    unique_share_zayatz,
)
from hushu.anonymize.privacy.standards import AtThreshold, Judgement, judge
from hushu.anonymize.privacy.uniques import MinimalUniques, column_risks, minimal_uniques
from hushu.errors import ConfigError

Basis = Literal["sample", "population"]
SUPPRESSED = "*"
# Classes x combinations of columns that a report searches for minimal uniques without being asked.
MOST_COMPARISONS = 20_000_000
# Bounds of the class-size histogram, as in the reports: 1, 2, 3-4, 5-9, …
HISTOGRAM = (1, 2, 3, 5, 10, 20, 50, 100, 1000)


@dataclass(frozen=True, slots=True)
class Attribute:
    """What the classes give away about one sensitive column: least ``l``, greatest ``t``."""

    column: str
    l: float  # noqa: E741 - the field's own name for it
    t: float


@dataclass(frozen=True, slots=True)
class Linkage:
    """The chance that a guess is right: at most ``max``, on average over rows ``mean``."""

    max: float
    mean: float


@dataclass(frozen=True, slots=True)
class RiskReport:
    """What :func:`risk` measured; nothing in it is a value of the data.

    Attributes:
        rows: rows of the table, suppressed ones included.
        suppressed: rows that are ``*`` in every quasi-identifier; left out below.
        quasi_identifiers: the columns compared.
        k: the smallest class; 0 for a table without published rows.
        l: least diversity over the sensitive columns, or None.
        t: greatest distance over the sensitive columns, or None.
        unique_share: the share of published rows that stand alone.
        prosecutor: the attacker knows that the person is in the table.
        journalist: the attacker does not; equal to ``prosecutor`` when no population is given.
        marketer: the share of rows that an attacker finds by guessing on all of them.
        classes: the number of classes.
        histogram: rows in classes of each size range, keyed by its least size.
        attributes: ``l`` and ``t`` of each sensitive column.
        basis: ``sample``, or ``population`` when journalist and marketer rest on a population table.
        population: k-map and δ-presence, when a population table is given.
        population_uniques: estimated share of the population that stands alone, by estimator, when
            a population size is given; ``chosen`` is Pitman's up to a tenth of the population, else
            Zayatz's (Dankar et al. 2012 found each best there).
        standards: what GB/T 42460 and GB/T 37964 say.
    """

    rows: int
    suppressed: int
    quasi_identifiers: tuple[str, ...]
    k: int
    l: float | None  # noqa: E741 - the field's own name for it
    t: float | None
    unique_share: float
    prosecutor: Linkage
    journalist: Linkage
    marketer: float
    classes: int
    histogram: Mapping[int, int]
    attributes: tuple[Attribute, ...] = ()
    basis: Basis = "sample"
    population: PopulationMatch | None = None
    population_uniques: Mapping[str, float] = field(default_factory=dict)
    standards: tuple[Judgement, ...] = ()
    _tuples: tuple[npt.NDArray[np.int32], Ints] | None = field(repr=False, compare=False, default=None)

    def minimal_uniques(self, most: int = 3) -> MinimalUniques:
        """Return which combinations of up to ``most`` columns single a row out (SUDA's minimal uniques)."""
        if self._tuples is None:
            return MinimalUniques(0, {}, {}, (), 0)
        return minimal_uniques(*self._tuples, self.quasi_identifiers, most)

    def riskiest_columns(self) -> tuple[tuple[str, float], ...]:
        """Return each column with the share of classes that vanish when it is left out, worst first."""
        if self._tuples is None:
            return ()
        return column_risks(*self._tuples, self.quasi_identifiers)

    def _searchable(self) -> int:
        """Return 3, or 2 where combinations of three columns would take longer than a reader waits."""
        return 3 if math.comb(len(self.quasi_identifiers), 3) * self.classes <= MOST_COMPARISONS else 2

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object of ``hushu risk --format json``."""
        return {
            "rows": self.rows,
            "suppressed": self.suppressed,
            "quasi_identifiers": list(self.quasi_identifiers),
            "k": self.k,
            "l": self.l,
            "t": self.t,
            "unique_share": self.unique_share,
            "prosecutor": {"max": self.prosecutor.max, "mean": self.prosecutor.mean},
            "journalist": {"max": self.journalist.max, "mean": self.journalist.mean},
            "marketer": self.marketer,
            "classes": self.classes,
            "basis": self.basis,
            "histogram": {str(size): rows for size, rows in self.histogram.items()},
            "population": None if self.population is None else asdict(self.population),
            "population_uniques": dict(self.population_uniques),
            "standards": [judgement.to_dict() for judgement in self.standards],
            "attributes": [{"column": a.column, "l": a.l, "t": a.t} for a in self.attributes],
            "riskiest_columns": [{"column": c, "share": s} for c, s in self.riskiest_columns()],
            "minimal_uniques": self.minimal_uniques(self._searchable()).to_dict(),
        }


def risk(
    data: Any,
    quasi_identifiers: Sequence[str],
    sensitive: str | Sequence[str] | None = None,
    *,
    population: Any = None,
    population_size: int | None = None,
    context: float = 1.0,
    at_threshold: AtThreshold = "fails",
    diversity: Diversity = "distinct",
    c: float = 1.0,
    closeness: Closeness | None = None,
) -> RiskReport:
    """Measure the re-identification and attribute risk of a table.

    Args:
        data: a frame of any kind, an Arrow stream or dataset, or the path of a CSV, Parquet or
            Feather file; read batch by batch.
        quasi_identifiers: the columns an attacker may know.
        sensitive: the column or columns an attacker wants to learn.
        population: a register with the same columns, generalised the same way, that holds everybody.
        population_size: persons in the population, when there is no register: uniques are estimated.
        context: probability, 0..1, that somebody tries; for the standards' controlled releases.
        at_threshold: whether a risk equal to a standard's threshold ``fails`` or ``holds``.
        diversity: what ``l`` counts.
        c: the constant of recursive diversity.
        closeness: how ``t`` measures; default ``ordered`` for numbers and dates, else ``equal``.

    Raises:
        ConfigError: HS-E160, no quasi-identifier, or an option out of range; HS-E162, a column is not
            in the data.
        InputError: HS-E260, the population is empty; HS-E262, the data cannot be read.

    Source: El Emam 2013 (prosecutor, journalist, marketer); GB/T 37964-2019 Annex B (row risk
    is 1 / class size).

    Example:
        >>> import pyarrow as pa
        >>> report = risk(pa.table({"sex": ["m", "m", "f"], "ill": ["a", "b", "a"]}), ["sex"], "ill")
        >>> report.k, report.l, report.prosecutor.max
        (1, 1.0, 1.0)
    """
    names = _names(quasi_identifiers)
    protected = (sensitive,) if isinstance(sensitive, str) else tuple(sensitive or ())
    if not 0 <= context <= 1 or (population_size is not None and not hasattr(population_size, "__index__")):
        raise ConfigError(
            "an option is wrong",
            where="risk",
            why="context must lie in 0..1, population_size be a whole number",
            fix="correct it",
            code="HS-E160",
        )
    require_columns([*names, *protected], [*names, *protected])
    counter = RiskCounter(names, protected)
    for batch in read_batches(data, [*names, *protected]):
        counter.add(batch)
    return counter.report(
        population=population,
        population_size=population_size,
        context=context,
        at_threshold=at_threshold,
        options=(diversity, c, closeness),
    )


class RiskCounter:
    """What :func:`risk` keeps of a stream of batches: the distinct tuples, once for each sensitive column."""

    def __init__(self, quasi_identifiers: Sequence[str], sensitive: Sequence[str] = ()) -> None:
        self.names = _names(quasi_identifiers)
        self.sensitive = tuple(sensitive)
        self._counters = [TupleCounter([*self.names, column]) for column in sensitive]
        self._counters = self._counters or [TupleCounter(self.names)]

    def add(self, rows: pa.Table | pa.RecordBatch) -> None:
        """Count the rows of one batch."""
        for counter in self._counters:
            counter.add(rows)

    def most(self) -> int:
        """Return no less than the number of distinct tuples that are kept."""
        return max(counter.pending for counter in self._counters)

    def merge(self) -> None:
        """Count equal tuples together now, so that :meth:`most` is exact."""
        for counter in self._counters:
            counter.merge()

    def tables(self) -> tuple[int, list[pa.Table]]:
        """Return the number of rows and the counted tuples."""
        tables = [counter.table() for counter in self._counters]
        return int(pc.sum(tables[0][ROWS]).as_py() or 0), tables

    def report(
        self,
        *,
        population: Any = None,
        population_size: int | None = None,
        context: float = 1.0,
        at_threshold: AtThreshold = "fails",
        options: tuple[Diversity, float, Closeness | None] = ("distinct", 1.0, None),
    ) -> RiskReport:
        """Return what :func:`risk` says of all rows so far; ``options`` are diversity, c and closeness."""
        rows, tables = self.tables()
        tables = [_published(table, self.names) for table in tables]
        codes, count, _ = _classes(tables[0], self.names)
        return _report(
            rows,
            self.names,
            (codes, count),
            tuple(
                _attribute(column, table, _classes(table, self.names)[2], options)
                for column, table in zip(self.sensitive, tables, strict=False)
            ),
            None if population is None else match_population(tables[0], population, self.names),
            _population_uniques(count, population_size),
            judge(count, context=context, at_threshold=at_threshold),
        )


def risk_of_sizes(rows: int, quasi_identifiers: Sequence[str], sizes: Ints) -> RiskReport:
    """Return the report of classes of which only the sizes are known; what needs their values is left out.

    Args:
        rows: rows of the table, suppressed ones included.
        quasi_identifiers: the columns compared.
        sizes: rows of each class.

    Example:
        >>> risk_of_sizes(5, ["age"], np.array([2, 3])).k
        2
    """
    return _report(rows, _names(quasi_identifiers), (None, sizes), (), None, {}, judge(sizes))


def _population_uniques(count: Ints, size: int | None) -> dict[str, float]:
    if size is None:
        return {}
    if size < count.sum():
        raise ConfigError(
            "the population is smaller than the table",
            where=f"population_size={size}, {int(count.sum())} rows",
            fix="give the number of persons the table was drawn from",
            code="HS-E160",
        )
    made = {"zayatz": unique_share_zayatz(count, size), "pitman": unique_share_pitman(count, size)}
    return {**made, "chosen": made["pitman" if count.sum() <= 0.1 * size else "zayatz"]}


def _names(quasi_identifiers: Sequence[str]) -> tuple[str, ...]:
    if isinstance(quasi_identifiers, str) or not quasi_identifiers:
        raise ConfigError(
            "no quasi-identifier is given",
            where="quasi_identifiers",
            why="risk is measured against columns that an attacker may know",
            fix="name at least one column, as a list",
            code="HS-E160",
        )
    return tuple(quasi_identifiers)


def _published(table: pa.Table, names: Sequence[str]) -> pa.Table:
    out = None
    for name in names:
        column = table[name]
        if not (
            pa.types.is_string(column.type)
            or pa.types.is_large_string(column.type)
            or pa.types.is_string_view(column.type)
        ):
            return table
        star = pc.fill_null(pc.equal(column, pa.scalar(SUPPRESSED, column.type)), False)
        out = star if out is None else pc.and_(out, star)
    return table.filter(pc.invert(out))


def _classes(table: pa.Table, names: Sequence[str]) -> tuple[npt.NDArray[np.int32], Ints, Ints]:
    """Return the distinct tuples as codes, the rows of each, and the class of each entry of the table."""
    weight = table[ROWS].to_numpy().astype(np.int64)
    parts = [as_codes(table[name])[0] for name in names]
    if not len(weight):
        return np.zeros((0, len(names)), dtype=np.int32), weight, weight
    klass, classes = measure.combine(parts, [int(part.max()) + 1 for part in parts])
    codes = np.empty((classes, len(names)), dtype=np.int32)
    for j, part in enumerate(parts):
        codes[klass, j] = part
    count = np.bincount(klass, weights=weight, minlength=classes).astype(np.int64)
    return codes, count, klass


def _attribute(
    column: str, table: pa.Table, klass: Ints, options: tuple[Diversity, float, Closeness | None]
) -> Attribute:
    kind, c, distance = options
    if not len(klass):
        return Attribute(column, 0.0, 0.0)
    values = table[column]
    code, distinct = as_codes(values)
    temporal = pa.types.is_temporal(values.type)
    number = pa.types.is_integer(values.type) or pa.types.is_floating(values.type)
    distance = distance or ("ordered" if number or temporal else "equal")
    if distance == "ordered":
        keys = pc.rank(values, sort_keys="ascending", tiebreaker="dense").to_numpy().astype(np.int64)
        code = (keys - 1).astype(np.int32)
    weight = table[ROWS].to_numpy().astype(np.int64)
    width = max(len(distinct), int(code.max()) + 1)
    pairs = measure.contingency(klass, code.astype(np.int64), weight, int(klass.max()) + 1, width)
    return Attribute(
        column,
        float(measure.diversity(pairs, kind, c).min()),
        float(measure.closeness(pairs, distance).max()),
    )


def _report(
    rows: int,
    names: tuple[str, ...],
    tuples: tuple[npt.NDArray[np.int32] | None, Ints],
    attributes: tuple[Attribute, ...],
    population: PopulationMatch | None,
    population_uniques: Mapping[str, float],
    standards: tuple[Judgement, ...],
) -> RiskReport:
    count = tuples[1]
    published = int(count.sum())
    k = int(count.min()) if published else 0
    prosecutor = Linkage(1 / k if k else 0.0, len(count) / published if published else 0.0)
    journalist = prosecutor if population is None else Linkage(population.greatest, population.mean)
    place = np.searchsorted(HISTOGRAM, count, side="right") - 1
    filled = np.bincount(place, weights=count, minlength=len(HISTOGRAM))
    return RiskReport(
        rows=rows,
        suppressed=rows - published,
        quasi_identifiers=names,
        k=k,
        l=min((a.l for a in attributes), default=None),
        t=max((a.t for a in attributes), default=None),
        unique_share=int(count[count == 1].sum()) / published if published else 0.0,
        prosecutor=prosecutor,
        journalist=journalist,
        marketer=journalist.mean,
        classes=len(count),
        histogram={size: int(n) for size, n in zip(HISTOGRAM, filled, strict=True)},
        attributes=attributes,
        basis="sample" if population is None else "population",
        population=population,
        population_uniques=population_uniques,
        standards=standards,
        _tuples=None if tuples[0] is None else (tuples[0], count),
    )
