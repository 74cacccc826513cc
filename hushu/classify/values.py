"""What the values of a column say, type by type: how many fit, and how far such a fit may be trusted.

Every matcher comes from the vocabulary: patterns with their validators, whole-cell forms, judges and code
lists. Distinct values count, each a little more the more often it occurs, so that one frequent filler
neither makes nor hides a type.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from hushu.classify.judges import JUDGES
from hushu.classify.tableview import ColumnView
from hushu.rules import codelists
from hushu.rules.validators import VALIDATORS
from hushu.rules.vocabulary import TypeEntry, load

LOOK = 24  # values tried with every matcher; a matcher that fits none of them is not tried further
ENOUGH = 300  # distinct values judged: more would not change a proportion
_LIST = re.compile(r"[、,，;；|/\n]+")
_ITEM = 20


@dataclass(frozen=True, slots=True)
class Fit:
    """How the values fit one type: share of cells 0..1, mean trust of those that fit, cells, and the rule."""

    share: float
    trust: float
    matched: int
    of: int
    rule: str


@dataclass(frozen=True, slots=True)
class Matcher:
    """One way a cell may be of a type; ``scores`` says for each value how far it fits, 0..1."""

    type: str
    name: str
    trust: float
    scores: Callable[[Sequence[str]], list[float]]


@lru_cache(maxsize=1)
def matchers() -> tuple[Matcher, ...]:
    """Return every matcher of the vocabulary, the surest of each type first."""
    return tuple(m for entry in load().values() for m in sorted(_of(entry), key=lambda m: -m.trust))


def _of(entry: TypeEntry) -> list[Matcher]:
    found = [Matcher(entry.id, p.name, p.score, _pattern(p.regex, p.validator)) for p in entry.patterns]
    for cell in entry.cells:
        scores = JUDGES[cell.judge] if cell.judge else _pattern(cell.regex, "")
        found.append(Matcher(entry.id, cell.name, cell.score, scores))
    if entry.codes:
        found.append(Matcher(entry.id, entry.codes, 1.0, _codes(entry.codes)))
    return found


def _pattern(regex: str, validator: str) -> Callable[[Sequence[str]], list[float]]:
    match, valid = re.compile(regex, re.ASCII).fullmatch, VALIDATORS.get(validator)
    if valid is None:
        return lambda values: [1.0 if match(v) else 0.0 for v in values]
    return lambda values: [1.0 if match(v) and valid(v) else 0.0 for v in values]


def _codes(name: str) -> Callable[[Sequence[str]], list[float]]:
    known = codelists.scores(name)
    return lambda values: [known.get(v, 0.0) for v in values]


def fits(column: ColumnView) -> dict[str, Fit]:
    """Return how the values of a column fit each type that any of them fits at all.

    Example:
        >>> fits(ColumnView("c1", sample={"男": 5, "女": 4}))["GENDER"].share
        1.0
    """
    cells = parts(column.cells)
    if not cells:
        return {}
    values = [v for v in list(cells)[:ENOUGH] if len(v) <= 4000]
    if not values:
        return {}
    weights = [1.0 + math.log2(cells[v]) for v in values]
    look = values[:LOOK]
    best: dict[str, list[tuple[float, float]]] = {}
    rules: dict[str, dict[str, float]] = {}
    for matcher in matchers():
        first = matcher.scores(look)
        if not any(first):
            continue
        scores = first if len(values) <= LOOK else matcher.scores(values)
        _raise(best.setdefault(matcher.type, [(0.0, 0.0)] * len(values)), scores, matcher.trust)
        tally = rules.setdefault(matcher.type, {})
        tally[matcher.name] = sum(w for w, s in zip(weights, scores, strict=True) if s) * matcher.trust
    counts = [cells[v] for v in values]
    return {t: _fit(scored, weights, counts, rules[t]) for t, scored in best.items()}


def _raise(best: list[tuple[float, float]], scores: Sequence[float], trust: float) -> None:
    for i, score in enumerate(scores):
        if score * trust > best[i][0] * best[i][1]:
            # A score of a code list is its trust; a judge's score tells how much of the cell fits.
            best[i] = (1.0, score) if trust == 1.0 and score < 1.0 else (score, trust)


def _fit(
    scored: Sequence[tuple[float, float]], weights: Sequence[float], counts: Sequence[int], rules: Mapping[str, float]
) -> Fit:
    total = sum(weights)
    fit = sum(w * s for w, (s, _) in zip(weights, scored, strict=True))
    trust = sum(w * s * t for w, (s, t) in zip(weights, scored, strict=True)) / fit if fit else 0.0
    matched = sum(n for n, (s, _) in zip(counts, scored, strict=True) if s >= 0.5)
    return Fit(fit / total, trust, matched, sum(counts), max(rules, key=lambda r: (rules[r], r)))


def parts(cells: Mapping[str, int]) -> dict[str, int]:
    """Return the values of a column whose cells hold lists (张三、李四; ["a", "b"]) one by one, else as they are."""
    head = list(cells)[:ENOUGH]
    split = {v: _parts(v) for v in head}
    several = sum(len(p) > 1 for p in split.values())
    if not several or several < 0.3 * len(head):
        return dict(cells) if isinstance(cells, dict) else dict(cells.items())
    lone: dict[str, int] = {}
    for value, pieces in split.items():
        for piece in pieces or [value]:
            lone[piece] = lone.get(piece, 0) + cells[value]
    return lone


def _parts(value: str) -> list[str]:
    if value[:1] == "[" and value[-1:] == "]" and '"' in value:
        try:
            items = json.loads(value)
        except ValueError:
            return [value]
        return [str(i) for i in items if isinstance(i, str | int)] if isinstance(items, list) else [value]
    if len(value) > 120 or value[:1] in "{[" or "。" in value:
        return [value]
    pieces = [p.strip() for p in _LIST.split(value) if p.strip()]
    if len(pieces) < 2 or max(map(len, pieces)) > _ITEM or _is_number(value) or "://" in value:
        return [value]
    return pieces if _alike(pieces) else [value]


def _is_number(value: str) -> bool:
    return all(c in "0123456789.,-/: " for c in value) and not re.search(r"\d{7}", value)


def _alike(pieces: Sequence[str]) -> bool:
    """Return whether the pieces look like items of one list: all names, or all numbers of about one length."""
    if all(p.isdigit() or p.replace("-", "").isdigit() for p in pieces):
        return min(map(len, pieces)) >= 7
    return all(2 <= len(p) <= 6 and not p.isascii() for p in pieces)
