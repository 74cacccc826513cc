"""What occurs in part of a column's cells, whatever the column is."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from hushu.classify.headers import Heading
from hushu.classify.judges import person_name
from hushu.classify.tableview import ColumnView
from hushu.classify.values import Fit
from hushu.model import Content, Span

BUDGET = 400  # distinct texts a reader is given of one column
CHANCE = {  # share of random digit strings of the right length that pass the check
    "BANK_CARD": 0.1, "IMEI": 0.1, "CN_ORG_CODE": 0.1, "CN_BUSINESS_REG_NO": 0.1, "PHONE_NUMBER": 0.06,
    "VIN": 0.1, "CN_USCC": 0.04, "CN_RESIDENT_ID": 0.03, "CN_PASSPORT": 0.3,
    "CN_TRAVEL_PERMIT": 0.3, "GEO_COORDINATE": 1.0,
}  # fmt: skip
UNCHECKED = {"PHONE_NUMBER": 11, "CN_RESIDENT_ID": 15}  # length of the digit strings that chance makes valid
GUESSED = frozenset(["PERSON", "ORGANIZATION", "ADDRESS", "REGION", "DIAGNOSIS", "OCCUPATION"])
PLAUSIBLE = 0.3  # header weight from which a bare name is believed
REMARKS = 0.5  # header weight from which short cells are read as remarks
MINORITY = 0.4  # share of cells in Chinese up to which the column is one of codes
MOSTLY = 0.7
FULL_NAME = 0.75
_HAN = re.compile("[\u3400-\u9fff]")
NOT_WITHIN = frozenset(["GEO_COORDINATE", "CN_ORG_CODE", "CN_TRAVEL_PERMIT"])


def contains(
    column: ColumnView,
    type_id: str | None,
    fits: Mapping[str, Fit],
    heading: Heading,
    reader: Callable[[Sequence[str]], list[list[Span]]] | None,
) -> tuple[Content, ...]:
    """Return the types that occur in some cells of a column, apart from what the column is.

    Counts of structured types are exact: one valid hit counts, unless chance explains it. Bare names and
    the like count when the header makes them plausible and at least two distinct ones occur, or when the
    ``reader`` finds them in running text.
    """
    cells = max(column.profile.values, sum(column.cells.values()))
    if not cells:
        return ()
    counts = _structured(column, type_id, cells)
    counts |= {t: n for t, n in _guessed(column, type_id, fits, heading).items() if t not in counts}
    if type_id != "PERSON" and (strays := _stray_names(column, cells)):
        counts["PERSON"] = max(counts.get("PERSON", 0), strays)
    remarks = heading.weights.get("FREE_TEXT", 0.0) >= REMARKS
    if reader is not None and (type_id == "FREE_TEXT" or remarks or _long(column)):
        for found, count in _read(column, reader, cells).items():
            counts[found] = max(counts.get(found, 0), count)
    counts.pop(type_id or "", None)
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Content(type=t, count=n, share=round(n / cells, 6)) for t, n in ranked if n)


def _structured(column: ColumnView, type_id: str | None, cells: int) -> dict[str, int]:
    profile, counts = column.profile, {}
    for name in profile.whole.keys() | profile.within.keys() | profile.masked.keys():
        whole = profile.whole.get(name, 0)
        if (
            whole <= 3 * CHANCE.get(name, 0.0) * cells
            and (whole < 0.5 * cells)
            and _is_chance(column, name, whole)
        ):
            whole = 0
        within = 0 if name in NOT_WITHIN and type_id != "FREE_TEXT" else profile.within.get(name, 0)
        masked = profile.masked.get(name, 0)
        if type_id is not None and whole + profile.whole.get(type_id, 0) > 1.02 * cells:
            whole = 0  # another reading of the very values that made the column what it is
        if name == "PERSON":
            within, masked = 0, 0
        counts[name] = whole + within + masked
    return {t: n for t, n in counts.items() if n}


def _is_chance(column: ColumnView, name: str, whole: int) -> bool:
    """Return whether so few whole hits are what chance yields among values of the same form."""
    rate = CHANCE.get(name, 0.0)
    if not rate or not whole:
        return False
    shape = column.profile.shape
    length = UNCHECKED.get(name)
    alike = shape.lengths.get(length, 0) if length else shape.digits + shape.alnum + shape.decimal
    return alike > 0 and whole <= max(3 * rate * alike, 2 if alike > 10 else 0)


def _guessed(
    column: ColumnView, type_id: str | None, fits: Mapping[str, Fit], heading: Heading
) -> dict[str, int]:
    counts = {}
    for name in GUESSED & fits.keys():
        fit = fits[name]
        plausible = heading.weights.get(name, 0.0) >= PLAUSIBLE or (
            type_id in GUESSED and {type_id, name} == {"PERSON", "ORGANIZATION"}
        )
        if name != type_id and plausible and fit.trust >= 0.3 and fit.matched >= 2 and fit.share >= 0.05:
            scale = column.profile.values / fit.of if fit.of and column.profile.values > fit.of else 1.0
            counts[name] = round(fit.matched * scale)
    return counts


def _stray_names(column: ColumnView, cells: int) -> int:
    """Return how many cells among codes are full names: nearly all that is written in Chinese there.

    A column of words in Chinese (岗位, 菜名) has no strays: there a name proves nothing.
    """
    written = {v: n for v, n in column.cells.items() if not v.isascii() and _HAN.search(v)}
    total = sum(column.cells.values())
    if len(written) < 2 or sum(written.values()) > MINORITY * total:
        return 0
    scores = person_name(list(written))
    names = {v: n for (v, n), score in zip(written.items(), scores, strict=True) if score >= FULL_NAME}
    if len(names) < 2 or sum(names.values()) < MOSTLY * sum(written.values()):
        return 0
    return max(1, round(sum(names.values()) * cells / total))


def _long(column: ColumnView) -> bool:
    shape = column.profile.shape
    return shape.values > 0 and shape.long > 0.3 * shape.values and shape.mostly_han > 0.3 * shape.values


def _read(
    column: ColumnView, reader: Callable[[Sequence[str]], list[list[Span]]], cells: int
) -> dict[str, int]:
    """Return, from a sample of the texts, in how many cells the reader finds each type."""
    texts = list(column.sample)[:BUDGET]
    found: Counter[str] = Counter()
    seen = 0
    for text, spans in zip(texts, reader(texts), strict=True):
        weight = column.sample[text]
        seen += weight
        for name in {s.type for s in spans}:
            found[name] += weight
    return {t: max(1, round(n * cells / seen)) for t, n in found.items() if seen}
