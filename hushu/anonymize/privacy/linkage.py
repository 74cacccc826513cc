"""What several releases about the same people give away together (order 809, article 25)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from hushu.anonymize.privacy.classes import Ints, combine
from hushu.anonymize.privacy.columns import as_codes, read_table
from hushu.errors import ConfigError, InputError


@dataclass(frozen=True, slots=True)
class PastRelease:
    """A release with the column that tells its owner (never its reader) which person a row is.

    Attributes:
        data: the released table with the person's column, anything that can be read.
        quasi_identifiers: the columns by which a person could be found in it.
        person: the owner's column of persons.
        sensitive: the column to be learned, or empty.
    """

    data: Any
    quasi_identifiers: tuple[str, ...]
    person: str
    sensitive: str = ""


@dataclass(frozen=True, slots=True)
class OverlapReport:
    """What releases of the same people give away together.

    Attributes:
        people: persons who are in all of them.
        k_each: the smallest class of each release, among these persons.
        k: the smallest set of persons who agree in all releases; what is left when rows of the
            releases can be matched (by a shared pseudonym, or a column published unchanged).
        unique_share: the share of these persons who are then alone.
        learned_share: the share whose sensitive value is the only one common to their classes in
            all releases, although no release alone gives it away; None without sensitive columns.
    """

    people: int
    k_each: tuple[int, ...]
    k: int
    unique_share: float
    learned_share: float | None

    def to_dict(self) -> dict[str, Any]:
        """Return the figures as JSON-ready values."""
        return asdict(self)


def overlap(releases: Sequence[PastRelease]) -> OverlapReport:
    """Measure what two or more releases of the same people give away together.

    Args:
        releases: at least two; a person stands in each at most once.

    Raises:
        ConfigError: HS-E160, fewer than two releases; HS-E162, a column is missing.
        InputError: HS-E264, nobody is in all of them, or somebody stands in one twice.

    Source: Ganta, Kasiviswanathan, Smith 2008 (composition attack).

    Example:
        >>> a = pa.table({"id": [1, 2, 3, 4], "age": ["3*", "3*", "4*", "4*"]})
        >>> b = pa.table({"id": [1, 2, 3, 4], "job": ["x", "y", "x", "y"]})
        >>> report = overlap([PastRelease(a, ("age",), "id"), PastRelease(b, ("job",), "id")])
        >>> report.k_each, report.k
        ((2, 2), 1)
    """
    if len(releases) < 2:
        raise ConfigError(
            "one release overlaps with nothing", where="releases", fix="give two", code="HS-E160"
        )
    people, classes, values = _aligned(releases)
    joint, number = combine(classes, [int(c.max()) + 1 for c in classes])
    sizes = np.bincount(joint, minlength=number)
    learned = None
    if all(release.sensitive for release in releases):
        learned = _learned(classes, values)
    return OverlapReport(
        people=people,
        k_each=tuple(int(np.bincount(c)[c].min()) for c in classes),
        k=int(sizes.min()),
        unique_share=float((sizes == 1).sum() / people),
        learned_share=learned,
    )


def _aligned(releases: Sequence[PastRelease]) -> tuple[int, list[Ints], list[Ints]]:
    """Return each release's class and sensitive value of every common person, persons in one order."""
    tables, persons = [], []
    for release in releases:
        extra = [release.sensitive] if release.sensitive else []
        table = read_table(release.data, [release.person, *release.quasi_identifiers, *extra])
        code, names = as_codes(table[release.person])
        if len(names) < table.num_rows:
            raise _no_overlap("a person stands in a release twice", "give one row per person")
        tables.append(table)
        persons.append({name: row for row, name in enumerate(names) if name is not None})
    common = sorted(set.intersection(*(set(p) for p in persons)))
    if not common:
        raise _no_overlap("nobody is in all releases", "check the columns of persons")
    texts: dict[str | None, int] = {}
    classes, values = [], []
    for release, table, row_of in zip(releases, tables, persons, strict=True):
        table = table.take(pa.array([row_of[name] for name in common]))
        codes = [as_codes(table[name])[0] for name in release.quasi_identifiers]
        classes.append(combine(codes, [int(c.max()) + 1 for c in codes])[0])
        if release.sensitive:
            code, found = as_codes(table[release.sensitive])
            values.append(np.array([texts.setdefault(v, len(texts)) for v in found])[code])
    return len(common), classes, values


def _no_overlap(why: str, fix: str) -> InputError:
    return InputError("the releases cannot be compared", where="person", why=why, fix=fix, code="HS-E264")


def _learned(classes: Sequence[Ints], values: Sequence[Ints]) -> float:
    """Return the share of persons for whom the classes' value sets have one value in common."""
    sets = []
    for klass, value in zip(classes, values, strict=True):
        of: dict[int, set[int]] = {}
        for k, v in set(zip(klass.tolist(), value.tolist(), strict=True)):
            of.setdefault(k, set()).add(v)
        sets.append(of)
    learned = 0
    tuples, count = np.unique(np.stack(classes, axis=1), axis=0, return_counts=True)
    for row, n in zip(tuples.tolist(), count.tolist(), strict=True):
        known = [of[k] for of, k in zip(sets, row, strict=True)]
        if all(len(one) > 1 for one in known) and len(set.intersection(*known)) == 1:
            learned += n
    return learned / len(classes[0])
