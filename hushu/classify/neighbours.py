"""What the columns of one table say about each other."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from hushu.classify.score import Tally
from hushu.classify.tablekind import TableKind
from hushu.classify.tableview import ColumnView
from hushu.model import Evidence
from hushu.rules.vocabulary import TypeEntry, load

PAIRED = 3.0
ABSORBED = 1.5


def consider(columns: Sequence[ColumnView], tallies: Sequence[dict[str, Tally]], table: TableKind) -> None:
    """Add what neighbours say to the tallies, in place."""
    _coordinates(columns, tallies)
    for tally in tallies:
        _absorb(tally, table)


def _coordinates(columns: Sequence[ColumnView], tallies: Sequence[dict[str, Tally]]) -> None:
    """A longitude beside a latitude supports both."""
    kinds = [_axis(c, t) for c, t in zip(columns, tallies, strict=True)]
    for left in range(len(kinds) - 1):
        if {kinds[left], kinds[left + 1]} == {"longitude", "latitude"}:
            for at in (left, left + 1):
                tallies[at]["GEO_COORDINATE"].add(
                    Evidence(kind="combination", rule="pair", weight=PAIRED, note="longitude beside latitude")
                )


def _axis(column: ColumnView, tally: dict[str, Tally]) -> str:
    one = tally.get("GEO_COORDINATE")
    if one is None or not any(e.kind == "value" and e.rule == "single" for e in one.evidence):
        return ""
    numbers = sorted(float(v) for v in column.cells if v.replace(".", "", 1).isdigit())
    if not numbers:
        return ""
    return "longitude" if numbers[len(numbers) // 2] >= 73 else "latitude"


def _absorb(tally: dict[str, Tally], table: TableKind) -> None:
    """In a register of facilities their coordinates and addresses are what the facility's type says."""
    for entry in _absorbing():
        support, word = table.support.get(entry.id, (0.0, ""))
        if support < 0.3 or table.about == "person":
            continue
        best = max((tally[t].score for t in entry.absorbs if t in tally), default=0.0)
        if best <= 0:
            continue
        one = tally.setdefault(entry.id, Tally(entry.id))
        if one.score < best + ABSORBED:
            one.add(Evidence(kind="table", rule="absorbs", weight=round(best + ABSORBED - one.score, 3), note=word))


@lru_cache(maxsize=1)
def _absorbing() -> tuple[TypeEntry, ...]:
    return tuple(entry for entry in load().values() if entry.absorbs)
