"""What the values of a column say, type by type: how many fit, and how far such a fit may be trusted.

Every matcher comes from the vocabulary: patterns with their validators, whole-cell forms, judges and code
lists. Distinct values count, each a little more the more often it occurs, so that one frequent filler
neither makes nor hides a type.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from hushu.classify.judges import JUDGES, SCRIPTS
from hushu.classify.tableview import ColumnView
from hushu.rules import codelists
from hushu.rules.validators import VALIDATORS
from hushu.rules.vocabulary import TypeEntry, load

LOOK = 16  # values tried with every matcher; a matcher that fits none of them is not tried further
ENOUGH = 120  # distinct values judged: more would not change a proportion
WEAK = 0.12  # trust up to which a matcher is not worth judging every value
FEW_ENOUGH = 40
CHECKED = frozenset(["IMEI", "BANK_CARD", "CN_ORG_CODE", "CN_BUSINESS_REG_NO", "VIN"])
PROOF = 12  # distinct values whose check digits all fit: chance leaves one in 10**12
ALL_BUT = 0.97
PROVEN = 0.88
_LIST = re.compile(r"[、,，;；|/\n]+")
_LISTED = re.compile(r"[、,，;；|/\n\[]")
_ITEM = 40
_REACHABLE = re.compile(
    r"\d{1,3}(?:\.\d{1,3}){3}|(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}|[^@\s]+@[^@\s]+\.[a-z]+", re.ASCII
)


_Memo = dict[tuple[Callable[[Sequence[str]], list[float]], int], list[float]]


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
    kind: str = ""  # "ascii", "han" or "masked": the only kind of value it can fit
    coded: bool = False
    checked: bool = False


@lru_cache(maxsize=1)
def matchers() -> tuple[Matcher, ...]:
    """Return every matcher of the vocabulary, the surest of each type first."""
    return tuple(m for entry in load().values() for m in sorted(_of(entry), key=lambda m: -m.trust))


def _of(entry: TypeEntry) -> list[Matcher]:
    found = [
        Matcher(
            entry.id,
            p.name,
            p.score,
            _pattern(p.regex, p.validator),
            _script(p.regex),
            checked=entry.id in CHECKED,
        )
        for p in entry.patterns
    ]
    for cell in entry.cells:
        scores = JUDGES[cell.judge] if cell.judge else _pattern(cell.regex, "")
        kind = SCRIPTS.get(cell.judge, "") if cell.judge else _script(cell.regex)
        found.append(
            Matcher(entry.id, cell.name, cell.score, scores, "masked" if cell.name == "masked" else kind)
        )
    if entry.codes:
        found.append(Matcher(entry.id, entry.codes, 1.0, _codes(entry.codes), coded=True))
    return found


def _script(regex: str) -> str:
    """Return ``ascii`` for a regular expression that cannot match a Chinese character, else nothing."""
    bare = re.sub(r"\\\.|\[[^\]^]*\]", "", regex)  # escaped dots and plain classes match what they say
    wild = any(mark in bare for mark in (".", "[^", "\\D", "\\W")) or "\\S" in regex or "\\u" in regex
    return "" if wild or not regex.isascii() else "ascii"


def _pattern(regex: str, validator: str) -> Callable[[Sequence[str]], list[float]]:
    match, valid = re.compile(regex, re.ASCII).fullmatch, VALIDATORS.get(validator)
    if valid is None:
        return lambda values: [1.0 if match(v) else 0.0 for v in values]
    return lambda values: [1.0 if match(v) and valid(v) else 0.0 for v in values]


def _codes(name: str) -> Callable[[Sequence[str]], list[float]]:
    known = codelists.scores(name)
    return lambda values: [known.get(v) or known.get(v.lower(), 0.0) for v in values]


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
    look = values[:LOOK]
    kinds = _kinds(look)
    best: dict[str, _Best] = {}
    memo: _Memo = {}
    for matcher in matchers():
        if matcher.kind not in kinds:
            continue
        scores = _scores(matcher, look, memo)
        if not any(scores):
            continue
        if len(values) > LOOK:
            scores = _rest(matcher, values, memo)
        best.setdefault(matcher.type, _Best(len(values))).take(matcher, scores)
    counts = [cells[v] for v in values]
    weights = np.log2(np.array(counts, dtype=float)) + 1.0
    return {t: found.fit(weights, counts) for t, found in best.items()}


def _kinds(look: Sequence[str]) -> set[str]:
    ascii_only = [v.isascii() for v in look]
    kinds = {""} | ({"ascii"} if any(ascii_only) else set()) | ({"han"} if not all(ascii_only) else set())
    return kinds | ({"masked"} if any("*" in v or "•" in v or "xx" in v.lower() for v in look) else set())


def _scores(matcher: Matcher, values: Sequence[str], memo: _Memo) -> list[float]:
    """Return the scores of values of one column; types that share a judge share its answer."""
    key = (matcher.scores, len(values))
    if key not in memo:
        memo[key] = matcher.scores(values)
    return memo[key]


def _rest(matcher: Matcher, values: Sequence[str], memo: _Memo) -> list[float]:
    """Return the scores of all values; a weak matcher judges a few, the others get the mean of these."""
    if matcher.trust > WEAK or len(values) <= FEW_ENOUGH or (matcher.scores, len(values)) in memo:
        return _scores(matcher, values, memo)
    few = _scores(matcher, values[:FEW_ENOUGH], memo)
    return few + [sum(few) / len(few)] * (len(values) - FEW_ENOUGH)


class _Best:
    """The best score of each value under one type, and the matcher that gave most of them."""

    def __init__(self, values: int) -> None:
        self._score, self._trust = np.zeros(values), np.zeros(values)
        self._rule, self._most = "", -1.0
        self._proven = False

    def take(self, matcher: Matcher, given: Sequence[float]) -> None:
        scores = np.array(given, dtype=float)
        if matcher.coded:  # the score of a code list is the trust in that code
            scores, trust = np.where(scores > 0, 1.0, 0.0), scores
        else:
            trust = np.full(len(scores), matcher.trust)
        self._proven |= matcher.checked and len(scores) >= PROOF and float(scores.mean()) > ALL_BUT
        better = scores * trust > self._score * self._trust
        self._score = np.where(better, scores, self._score)
        self._trust = np.where(better, trust, self._trust)
        if (gain := float((scores * trust).sum())) > self._most:
            self._rule, self._most = matcher.name, gain

    def fit(self, weights: Any, counts: Sequence[int]) -> Fit:
        fitting = float((weights * self._score).sum())
        trust = float((weights * self._score * self._trust).sum()) / fitting if fitting else 0.0
        if self._proven:
            trust = max(trust, PROVEN)
        matched = sum(n for n, s in zip(counts, self._score >= 0.5, strict=True) if s)
        return Fit(fitting / float(weights.sum()), trust, matched, sum(counts), self._rule)


def trust(entry: TypeEntry, values: Sequence[str]) -> list[float]:
    """Return how far the rules of a type trust each value alone, 0..1; 0 when none fits.

    Example:
        >>> trust(load()["CN_RESIDENT_ID"], ["310101190001010011", "42"])
        [1.0, 0.0]
    """
    own = [m for m in matchers() if m.type == entry.id]
    judged = [[s if m.coded else m.trust * (s >= 0.5) for s in m.scores(list(values))] for m in own]
    return [max(scores) for scores in zip(*judged, strict=True)] if judged else [0.0] * len(values)


def parts(cells: Mapping[str, int]) -> dict[str, int]:
    """Return the items of cells that hold lists one by one (张三、李四; ["a", "b"]), other cells whole."""
    head = list(cells)[:ENOUGH]
    if not _LISTED.search("\x00".join(v for v in head if len(v) <= 400)):
        return dict(cells)
    split = {v: _parts(v) for v in head}
    several = sum(len(p) > 1 for p in split.values())
    if not several or several < 0.3 * len(head):
        return dict(cells)
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
    if len(value) > 200 or value[:1] in "{[" or "。" in value:
        return [value]
    pieces = [p.strip() for p in _LIST.split(value) if p.strip()]
    if (
        len(pieces) < 2
        or max(map(len, pieces)) > _ITEM
        or "://" in value
        or (_is_number(value) and not all(map(_REACHABLE.fullmatch, pieces)))
    ):
        return [value]
    return pieces if _alike(pieces) else [value]


def _is_number(value: str) -> bool:
    return all(c in "0123456789.,-/: " for c in value) and not re.search(r"\d{7}", value)


def _alike(pieces: Sequence[str]) -> bool:
    """Return whether the pieces look like items of one list: names, or long numbers."""
    if all(p.isdigit() or p.replace("-", "").isdigit() for p in pieces):
        return min(map(len, pieces)) >= 7
    if all(map(_REACHABLE.fullmatch, pieces)):
        return True
    return all(2 <= len(p) <= 6 and not p.isascii() for p in pieces)
