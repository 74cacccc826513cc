"""Answers that are safe alone and not together: sums of groups may leave a few persons over.

Every published number speaks of a set of units. Whoever adds and subtracts such numbers learns a
number for every combination of the sets, so a new number is withheld when some combination speaks
of at least one and fewer than the minimum of units, whichever way round and in however many steps.

Source: auditing of sum queries, Chin, Özsoyoğlu 1982; Hundepool et al., Statistical Disclosure
Control (2012), section 4.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import numpy.typing as npt

Sets = Mapping[str, frozenset[str]]
_Matrix = npt.NDArray[np.float64]

_ZERO = 1e-6
# Beyond so many sets that hang together, what is new is withheld rather than audited for minutes.
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
    fresh = sorted({units for units in new.values() if units} - known, key=_order)
    sets = [*fresh, *sorted(known, key=_order)]
    atoms = _atoms(sets)
    alive = set(range(len(sets)))
    held: set[frozenset[str]] = set()
    while revealing := _revealing(atoms, alive, len(fresh), minimum):
        alive -= revealing
        held |= {fresh[number] for number in revealing}
    return frozenset(name for name, units in new.items() if units in held)


def _order(units: frozenset[str]) -> tuple[int, str]:
    return len(units), min(units)


def _atoms(sets: Sequence[frozenset[str]]) -> Counter[tuple[int, ...]]:
    """Return how many units stand in just these sets, for every combination of sets that occurs."""
    signature: dict[str, list[int]] = defaultdict(list)
    for number, units in enumerate(sets):
        for unit in units:
            signature[unit].append(number)
    return Counter(map(tuple, signature.values()))


def _revealing(atoms: Mapping[tuple[int, ...], int], alive: set[int], fresh: int, minimum: int) -> set[int]:
    """Return new sets, by number, that take part in combinations of too few units; empty when none do."""
    left: Counter[tuple[int, ...]] = Counter()
    for members, units in atoms.items():
        if kept := tuple(number for number in members if number in alive):
            left[kept] += units
    hanging = _hanging_together(left, alive, minimum)
    left = Counter()
    for members, units in atoms.items():
        if kept := tuple(number for number in members if number in hanging):
            left[kept] += units
    if all(units >= minimum for units in left.values()):
        return set()
    if len(hanging) > MAX_SETS:
        return {number for number in hanging if number < fresh}
    found: set[int] = set()
    for taking_part in _small_combinations(left, sorted(hanging), minimum):
        own = [number for number in taking_part if number < fresh]
        if own and not found & set(own):
            found.add(min(own))
    return found


def _hanging_together(atoms: Mapping[tuple[int, ...], int], alive: set[int], minimum: int) -> set[int]:
    """Return the sets that a combination of few units can use.

    A set that alone holds a large atom adds all of it to any combination: it takes part in none.
    """
    large = [set(members) for members, units in atoms.items() if units >= minimum]
    of: dict[int, list[set[int]]] = defaultdict(list)
    for members in large:
        for number in members:
            of[number].append(members)
    left = set(alive)
    waiting = [next(iter(members)) for members in large if len(members) == 1]
    while waiting:
        number = waiting.pop()
        if number not in left:
            continue
        left.discard(number)
        for members in of[number]:
            members.discard(number)
            if len(members) == 1:
                waiting.append(next(iter(members)))
    return left


def _small_combinations(
    atoms: Mapping[tuple[int, ...], int], sets: Sequence[int], minimum: int
) -> Iterator[list[int]]:
    """Yield, for every combination found that speaks of too few units, the sets that take part in it.

    A combination of few units lies in the span of the sets, so the projection onto the span keeps it:
    its atoms weigh at least 1 / (minimum - 1) there. Only atoms of that weight are looked at.
    """
    place = {number: row for row, number in enumerate(sets)}
    members = [[place[number] for number in atom] for atom in atoms]
    size = np.array(list(atoms.values()), dtype=np.int64)
    gram = np.zeros((len(sets), len(sets)))
    for atom in members:
        gram[np.ix_(atom, atom)] += 1.0
    values, vectors = np.linalg.eigh(gram)
    rank = values > _ZERO * max(1.0, float(values[-1]))
    # One column an atom: its coordinates within the span.
    half = vectors[:, rank] / np.sqrt(values[rank])
    chosen = []
    for number, atom in enumerate(members):
        if size[number] < minimum:
            inside = half[atom].sum(axis=0)
            if inside @ inside >= 1 / (minimum - 1) - _ZERO:
                chosen.append((number, inside))
    if not chosen:
        return
    coordinates = np.array([inside for _, inside in chosen])
    sizes = size[[number for number, _ in chosen]]
    kept, alone = np.linalg.eigh(coordinates @ coordinates.T)
    for row in _reduced(alone[:, kept > 1 - _ZERO].T):
        if 0 < sizes[np.abs(row) > _ZERO].sum() < minimum:
            parts = half @ (coordinates.T @ row)
            yield [number for number, part in zip(sets, parts, strict=True) if abs(part) > _ZERO]


def _reduced(rows: _Matrix) -> _Matrix:
    """Return the reduced row echelon form: a unit vector within the span is a row of it."""
    rows = rows.copy()
    done = 0
    for column in range(rows.shape[1]):
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
