"""Answers that are safe alone and not together: sums of groups may leave a few persons over.

Every published number speaks of a set of units. Whoever adds and subtracts such numbers learns a
number for every combination of the sets, so a new number is withheld when some combination speaks
of at least one and fewer than the minimum of units, whichever way round and in however many steps.

Source: auditing of sum queries, Chin, Özsoyoğlu 1982; Hundepool et al., Statistical Disclosure
Control (2012), section 4.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

Sets = Mapping[str, frozenset[str]]
_Matrix = npt.NDArray[np.float64]

_ZERO = 1e-7
# Beyond so many sets the combinations take too long; then pairs, and wholes less their parts, are judged.
MAX_SETS = 2_000


def unsafe(new: Sets, published: Sequence[Sets], minimum: int) -> frozenset[str]:
    """Return the names of new sets that must not be published.

    Args:
        new: name of a number → the units it speaks of.
        published: the same for every earlier answer on the same units.
        minimum: least number of units that any combination may speak of.

    Example:
        >>> everyone = frozenset("abcdefghij")
        >>> sorted(unsafe({"all but a": everyone - {"a"}}, [{"all": everyone}], 5))
        ['all but a']
    """
    known = {units for old in published for units in old.values() if units}
    # What was told already tells nothing new, and one set under two names is one number.
    fresh = {units for units in new.values() if units} - known
    held: set[frozenset[str]] = set()
    if len(known) + len(fresh) > MAX_SETS:
        held = _by_pairs(fresh, known, minimum)
    while fresh - held:
        worst = _revealing(sorted(fresh - held, key=_order), sorted(known, key=_order), minimum)
        if worst is None:
            break
        held.add(worst)
        if len(known) + len(fresh) > MAX_SETS:
            break
    return frozenset(name for name, units in new.items() if units in held)


def _order(units: frozenset[str]) -> tuple[int, str]:
    return len(units), min(units)


def _revealing(
    fresh: Sequence[frozenset[str]], known: Sequence[frozenset[str]], minimum: int
) -> frozenset[str] | None:
    """Return the smallest new set that takes part in a combination that speaks of too few; None if none."""
    sets = [*fresh, *known]
    if len(sets) > MAX_SETS:
        return None
    matrix, sizes = _atoms(sets)
    small = sizes < minimum
    if not small.any():
        return None
    combinations = _left_null_space(matrix[:, ~small])
    reduced = _reduced(np.hstack([combinations @ matrix[:, small], combinations]), int(small.sum()))
    for row in reduced:
        told = np.abs(row[: small.sum()]) > _ZERO
        if told.any() and sizes[small][told].sum() < minimum:
            taking_part = np.flatnonzero(np.abs(row[small.sum() :]) > _ZERO)
            first = int(taking_part.min())
            if first < len(fresh):
                return fresh[first]
    return None


def _atoms(sets: Sequence[frozenset[str]]) -> tuple[_Matrix, npt.NDArray[np.int64]]:
    """Return sets x atoms (1 where a set holds the atom) and the units of each atom.

    An atom is all units that stand in the same sets.
    """
    signature: dict[str, list[int]] = defaultdict(list)
    for number, units in enumerate(sets):
        for unit in units:
            signature[unit].append(number)
    found = Counter(map(tuple, signature.values()))
    matrix = np.zeros((len(sets), len(found)))
    for place, members in enumerate(found):
        matrix[list(members), place] = 1.0
    return matrix, np.array(list(found.values()), dtype=np.int64)


def _left_null_space(matrix: _Matrix) -> _Matrix:
    """Return the combinations of rows that cancel out, one a row."""
    if not matrix.shape[1]:
        return np.eye(len(matrix))
    values, vectors = np.linalg.eigh(matrix @ matrix.T)
    nothing = values < _ZERO * max(1.0, float(values[-1]))
    found: _Matrix = vectors[:, nothing].T
    return found


def _reduced(rows: _Matrix, columns: int) -> _Matrix:
    """Return the reduced row echelon form by the first columns; rows that are zero there are left out.

    A unit vector within the span is a row of it.
    """
    rows = rows.copy()
    done = 0
    for column in range(columns):
        if done == len(rows):
            break
        pivot = done + int(np.argmax(np.abs(rows[done:, column])))
        if abs(rows[pivot, column]) < _ZERO:
            continue
        rows[[done, pivot]] = rows[[pivot, done]]
        rows[done] /= rows[done, column]
        others = np.abs(rows[:, column]) > _ZERO / 100
        others[done] = False
        rows[others] -= np.outer(rows[others, column], rows[done])
        done += 1
    return rows[:done]


def _by_pairs(fresh: set[frozenset[str]], known: set[frozenset[str]], minimum: int) -> set[frozenset[str]]:
    """Return the new sets that stick out of another, or another out of them, by too few."""
    where: dict[str, list[frozenset[str]]] = defaultdict(list)
    held: set[frozenset[str]] = set()
    for units in (*known, *sorted(fresh, key=_order, reverse=True)):
        shared = Counter(other for unit in units for other in where[unit])
        reveals = any(
            both == min(len(units), len(other)) and 0 < abs(len(units) - len(other)) < minimum
            for other, both in shared.items()
        )
        if reveals and units in fresh:
            held.add(units)
            continue
        for unit in units:
            where[unit].append(units)
    return held
