"""The verdict on every column of a table: what it *is*, and what it *contains*."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from hushu.classify import contents, headers, neighbours
from hushu.classify.calibration import calibrated
from hushu.classify.columnfacts import facts, warnings
from hushu.classify.score import Tally, probabilities, tally
from hushu.classify.tablekind import read_table
from hushu.classify.tableview import ColumnView, TableView
from hushu.classify.values import Fit, fits
from hushu.model import Evidence, Finding, Span

Reader = Callable[[Sequence[str]], list[list[Span]]]

ACCEPTED = 0.5  # probability that a column is something at all
LEADING = 0.4  # share of that which its type must hold
CONFIDENT = 0.9
TOLD = 3  # types whose evidence is told


def examine(table: TableView, reader: Reader | None = None) -> tuple[Finding, ...]:
    """Return one finding for each column of a table, in order.

    Args:
        table: the table as :class:`hushu.classify.accumulate.TableAccumulator` gathered it; 0 rows will do.
        reader: finds names, addresses and the like in texts; used on columns of free text, within a budget.

    Example:
        >>> column = ColumnView("xb", sample={"1": 3, "2": 4})
        >>> examine(TableView("t_ry", rows=7, columns=(column,)))[0].type
        'GENDER'
    """
    headings = [headers.read_column(c.name, c.comment) for c in table.columns]
    values = [fits(c) for c in table.columns]
    cells = [sum(c.cells.values()) for c in table.columns]
    plain = read_table(table.name, table.comment)
    tallies = [tally(h, f, n, plain) for h, f, n in zip(headings, values, cells, strict=True)]
    kind = read_table(table.name, table.comment, _confident(tallies))
    if kind.about != plain.about:
        tallies = [tally(h, f, n, kind) for h, f, n in zip(headings, values, cells, strict=True)]
    neighbours.consider(table.columns, tallies, kind)
    return tuple(
        _finding(column, scored, fit, headings[at], reader)
        for at, (column, scored, fit) in enumerate(zip(table.columns, tallies, values, strict=True))
    )


def _confident(tallies: Sequence[Mapping[str, Tally]]) -> list[str]:
    return [t for one in tallies for t, p in probabilities(one).items() if p >= CONFIDENT]


def verdict(tallies: Mapping[str, Tally]) -> tuple[str | None, float, str | None]:
    """Return the type a column is (or None), how probable that is, and the next best type."""
    chances = probabilities(tallies)
    ranked = sorted(chances, key=lambda t: (-chances[t], t))
    something = sum(chances.values())
    if not ranked or something < ACCEPTED or chances[ranked[0]] < LEADING * something:
        return None, 1.0 - something, ranked[0] if ranked and chances[ranked[0]] > 0.05 else None
    runner_up = ranked[1] if len(ranked) > 1 and chances[ranked[1]] > 0.01 else None
    return ranked[0], chances[ranked[0]], runner_up


def _finding(
    column: ColumnView,
    tallies: Mapping[str, Tally],
    fit: Mapping[str, Fit],
    heading: headers.Heading,
    reader: Reader | None,
) -> Finding:
    type_id, chance, runner_up = verdict(tallies)
    return Finding(
        type=type_id,
        confidence=calibrated(chance) if type_id else chance,
        contains=contents.contains(column, type_id, fit, heading, reader),
        evidence=_told(tallies, type_id),
        nulls=column.profile.nulls + column.profile.blank,
        distinct=column.distinct or len(column.sample),
        runner_up=runner_up,
        warnings=warnings(column, type_id),
        facts=facts(column, type_id, heading),
    )


def _told(tallies: Mapping[str, Tally], type_id: str | None) -> tuple[Evidence, ...]:
    """Return the evidence of the verdict, or of the types that came nearest to one."""
    if type_id is not None:
        return tuple(tallies[type_id].evidence)
    near = sorted(tallies.values(), key=lambda one: (-one.score, one.type))[:TOLD]
    return tuple(
        Evidence(
            kind=e.kind, rule=f"{one.type}:{e.rule}", matched=e.matched, of=e.of, weight=e.weight, note=e.note
        )
        for one in near
        if one.score > -4
        for e in one.evidence
    )
