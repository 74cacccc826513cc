"""Adding evidence up: one log-odds score for each type, every summand kept so that it can be told.

A type starts at :data:`PRIOR` (most columns are nothing), gains by words of the header and by values that
fit, loses by values that do not and by words that speak against it. The probability of a type is its share
among all types and *nothing* at odds 1.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from hushu.classify.headers import Heading
from hushu.classify.tablekind import TableKind
from hushu.classify.values import Fit
from hushu.model import Evidence
from hushu.rules.vocabulary import TypeEntry, load

PRIOR = -5.0
HEADER = 9.0  # log-odds of a header word of weight 1
VALUES = 10.0  # log-odds of values that all fit with trust 1
TABLE = 10.0
CLEAR = 0.9
OTHERWISE = (
    -1.2
)  # the header clearly says something else, against values that only look like a number of the type
OTHER_NUMBER = -1.5  # and it says that these are numbers of something else (票号, waybill_no)
TOLD_BY_VALUES = 0.65  # trust from which the table may add to what only the values say
PROVEN = 0.75  # trust from which values need no header
FEW = 0.4  # n cells count n / (n + FEW)
DISAGREE = 0.4  # share of fitting cells below which values speak against the type
COUNTED = -7.0  # the header names a count, a sum or a mean
OUTSIDE = -9.0  # the header names what lies outside (产地), and values only look like the type
NO_HEADER = -4.0  # the type needs its header and has none
HEADER_NEEDED = 0.35


@dataclass(slots=True)
class Tally:
    """The score of one type of one column, and the evidence it is made of."""

    type: str
    score: float = PRIOR
    evidence: list[Evidence] = field(default_factory=list)

    def add(self, evidence: Evidence) -> None:
        """Add one piece of evidence, unless it weighs nothing."""
        if abs(evidence.weight) >= 0.05:
            self.score += evidence.weight
            self.evidence.append(evidence)


def tally(heading: Heading, fits: Mapping[str, Fit], cells: int, table: TableKind) -> dict[str, Tally]:
    """Return the score of every type that header or values speak for.

    Args:
        heading: what header and comment say.
        fits: what the values say.
        cells: non-blank values seen, 0 when there are none.
        table: what the table is about.
    """
    tallies: dict[str, Tally] = {}
    for type_id in heading.weights.keys() | fits.keys():
        entry = load()[type_id]
        one = tallies[type_id] = Tally(type_id)
        _header(one, entry, heading, fits.get(type_id))
        _values(one, entry, fits.get(type_id), cells)
        _table(one, entry, heading, fits.get(type_id), table)
        if heading.derived:
            one.add(
                Evidence(
                    kind="header", rule="aggregate", weight=COUNTED, note="names a count, a sum or a mean"
                )
            )
    return tallies


def _header(one: Tally, entry: TypeEntry, heading: Heading, fit: Fit | None) -> None:
    weight = heading.weights.get(entry.id, 0.0)
    if weight:
        word = heading.words.get(entry.id, "")
        against = heading.against.get(entry.id, "")
        note = f"{word}, but {against}" if against else word
        one.add(Evidence(kind="header", rule="word", weight=round(HEADER * weight, 3), note=note))
    if not weight and heading.clear and fit and fit.trust < PROVEN:
        other = OTHERWISE + (OTHER_NUMBER if heading.number else 0)
        one.add(
            Evidence(kind="header", rule="otherwise", weight=other, note="the header says something else")
        )
    if heading.outside and not weight and fit and not entry.patterns:
        one.add(Evidence(kind="header", rule="outside", weight=OUTSIDE, note=heading.outside))
    if entry.header.required and weight < HEADER_NEEDED:
        one.add(Evidence(kind="header", rule="required", weight=NO_HEADER, note="values alone never suffice"))


def _values(one: Tally, entry: TypeEntry, fit: Fit | None, cells: int) -> None:
    if not cells:
        return
    share = fit.share if fit else 0.0
    if fit and fit.share > 0.02:
        agreement = min(1.0, share / entry.accept.proportion) ** 2
        weight = VALUES * fit.trust * agreement * cells / (cells + FEW)
        one.add(
            Evidence(kind="value", rule=fit.rule, matched=fit.matched, of=fit.of, weight=round(weight, 3))
        )
    if share < DISAGREE and entry.absence:
        weight = -VALUES * entry.absence * (1 - share / DISAGREE) * cells / (cells + FEW)
        matched, of = (fit.matched, fit.of) if fit else (0, cells)
        one.add(Evidence(kind="value", rule="absence", matched=matched, of=of, weight=round(weight, 3)))


def _table(one: Tally, entry: TypeEntry, heading: Heading, fit: Fit | None, table: TableKind) -> None:
    if heading.weights.get(entry.id, 0.0) < 0.25 and not (
        fit and fit.share > 0.5 and fit.trust > TOLD_BY_VALUES
    ):
        return
    support, word = table.support.get(entry.id, (0.0, ""))
    if support < 0:  # a clear header outranks what the table seems to be about
        support *= max(0.0, 1 - heading.weights.get(entry.id, 0.0) / CLEAR)
    if support:
        one.add(Evidence(kind="table", rule="word", weight=round(TABLE * support, 3), note=word))


def probabilities(tallies: Mapping[str, Tally]) -> dict[str, float]:
    """Return the probability of each type; what is missing to 1 is that of *nothing*."""
    odds = {t: math.exp(min(30.0, one.score)) for t, one in tallies.items()}
    total = 1.0 + sum(odds.values())
    return {t: o / total for t, o in odds.items()}
