"""Answers that are safe alone and not together: the difference of two groups may be one person.

Every published number speaks of a set of units. A new number is withheld when it, and numbers
published before, leave a remainder of at least one and fewer than the minimum: directly (a set
inside another) or through the parts of a whole (a set covered by several published ones).

Source: the "differencing" problem of statistical disclosure control, e.g. Hundepool et al.,
Statistical Disclosure Control (2012), section 4.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

Sets = Mapping[str, frozenset[str]]


def unsafe(new: Sets, published: Sequence[Sets], minimum: int) -> frozenset[str]:
    """Return the names of new sets that must not be published.

    Args:
        new: name of a number → the units it speaks of.
        published: the same for every earlier answer on the same units.
        minimum: least number of units that any difference may speak of.

    Example:
        >>> everyone = frozenset("abcdefghij")
        >>> sorted(unsafe({"all but a": everyone - {"a"}}, [{"all": everyone}], 5))
        ['all but a']
    """
    held: set[str] = set()
    for old in published:
        held |= _against(new, old, minimum)
    return frozenset(held)


def _against(new: Sets, old: Sets, minimum: int) -> set[str]:
    shared = _overlaps(new, old)
    held = {
        name
        for (name, other), both in shared.items()
        if _reveals(len(new[name]), len(old[other]), both, minimum)
    }
    for name, units in new.items():
        parts = [old[o] for (n, o), both in shared.items() if n == name and both == len(old[o])]
        if _remains(units, parts, minimum):
            held.add(name)
    for other, units in old.items():
        parts_by_name = {
            n: new[n]
            for (n, o), both in shared.items()
            if o == other and both == len(new[n]) and n not in held
        }
        held |= _thinned(units, parts_by_name, minimum)
    return held


def _overlaps(new: Sets, old: Sets) -> Counter[tuple[str, str]]:
    where: dict[str, list[str]] = {}
    for name, units in old.items():
        for unit in units:
            where.setdefault(unit, []).append(name)
    return Counter(
        (name, other) for name, units in new.items() for unit in units for other in where.get(unit, ())
    )


def _reveals(first: int, second: int, both: int, minimum: int) -> bool:
    """One set lies inside the other, and what sticks out is small."""
    if both == min(first, second):
        return 0 < abs(first - second) < minimum
    return False


def _remains(whole: Collection[str], parts: Iterable[Collection[str]], minimum: int) -> bool:
    left = set(whole)
    seen = False
    for part in parts:
        left.difference_update(part)
        seen = True
    return seen and 0 < len(left) < minimum


def _thinned(whole: Collection[str], parts: Mapping[str, frozenset[str]], minimum: int) -> set[str]:
    """Withhold the smallest parts until what they leave of a published whole is large enough."""
    kept = dict(sorted(parts.items(), key=lambda item: (len(item[1]), item[0])))
    held: set[str] = set()
    while kept and _remains(whole, kept.values(), minimum):
        smallest = next(iter(kept))
        held.add(smallest)
        del kept[smallest]
    return held
