"""What the values of a column say, type by type: how many fit, and how far such a fit may be trusted.

Every matcher comes from the vocabulary: patterns with their validators, whole-cell forms, judges and code
lists. Distinct values count, each a little more the more often it occurs, so that one frequent filler
neither makes nor hides a type.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from hushu.classify.matchers import Matcher, Scores, matchers, worth_trying
from hushu.classify.tableview import ColumnView
from hushu.rules.vocabulary import TypeEntry

LOOK = 16  # values tried with every matcher; a matcher that fits none of them is not tried further
ENOUGH = 120  # distinct values judged: more would not change a proportion
WEAK = 0.12  # trust up to which a matcher is not worth judging every value
FEW_ENOUGH = 40
PROOF = 12  # distinct values whose check digits all fit: chance leaves one in 10**12
ALL_BUT = 0.97
PROVEN = 0.88
_LIST = re.compile(r"[、,，;；|/\n]+")
_LISTED = re.compile(r"[、,，;；|/\n\[]")
_ITEM = 40
_REACHABLE = re.compile(
    r"\d{1,3}(?:\.\d{1,3}){3}|(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}|[^@\s]+@[^@\s]+\.[a-z]+", re.ASCII
)


_Memo = dict[tuple[Scores, int], list[float]]


@dataclass(frozen=True, slots=True)
class Fit:
    """How the values fit one type: share of cells 0..1, mean trust of those that fit, cells, and the rule."""

    share: float
    trust: float
    matched: int
    of: int
    rule: str


def fits(column: ColumnView) -> dict[str, Fit]:
    """Return how the values of a column fit each type that any of them fits at all.

    Example:
        >>> fits(ColumnView("c1", sample={"男": 5, "女": 4}))["GENDER"].share
        1.0
    """
    cells = parts(column.cells)
    values = [v for v in list(cells)[:ENOUGH] if len(v) <= 4000]
    look = values[:LOOK]
    memo: _Memo = {}
    tried: list[Matcher] = []
    given: list[list[float]] = []
    for matcher in worth_trying(look):
        scores = _scores(matcher, look, memo)
        if any(scores):
            tried.append(matcher)
            given.append(_rest(matcher, values, memo) if len(values) > LOOK else scores)
    return _fits(tried, given, [cells[v] for v in values]) if tried else {}


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


def _fits(tried: Sequence[Matcher], given: Sequence[list[float]], counts: Sequence[int]) -> dict[str, Fit]:
    """Return the fit of each type: of every value the best score, and the matcher that gave most of them.

    Args:
        tried: matchers, type by type.
        given: their scores of each value.
        counts: how often each value occurs.
    """
    scores, coded = np.array(given, dtype=float), np.array([[m.coded] for m in tried])
    # The score of a code list is the trust in that code.
    trust = np.where(coded, scores, np.array([[m.trust] for m in tried]))
    scores = np.where(coded, scores > 0, scores)
    worth = scores * trust
    rows = _rows(tried)
    # Of equal matchers the first stands.
    best = np.array([at.start + worth[at].argmax(axis=0) for at in rows.values()]), np.arange(len(counts))
    weights = np.log2(np.array(counts, dtype=float)) + 1.0
    score = np.where(worth[best] > 0, scores[best], 0.0)
    fitting = (weights * score).sum(axis=1).tolist()
    trusted = (weights * score * trust[best]).sum(axis=1).tolist()
    matched = ((score >= 0.5) @ np.array(counts)).tolist()
    gains, whole, cells = worth.sum(axis=1), float(weights.sum()), sum(counts)
    found = {}
    for place, (type_id, at) in enumerate(rows.items()):
        mean = trusted[place] / fitting[place] if fitting[place] else 0.0
        if any(_is_proof(tried[row], scores[row]) for row in range(at.start, at.stop)):
            mean = max(mean, PROVEN)
        rule = tried[at.start + int(gains[at].argmax())].name
        found[type_id] = Fit(fitting[place] / whole, mean, matched[place], cells, rule)
    return found


def _rows(tried: Sequence[Matcher]) -> dict[str, slice]:
    """Return the rows of the matchers of each type, which stand together."""
    rows: dict[str, slice] = {}
    for row, matcher in enumerate(tried):
        first = rows[matcher.type].start if matcher.type in rows else row
        rows[matcher.type] = slice(first, row + 1)
    return rows


def _is_proof(matcher: Matcher, scores: Any) -> bool:
    """Return whether check digits fit so many values that it is no chance."""
    return matcher.checked and len(scores) >= PROOF and float(scores.mean()) > ALL_BUT


def trust(entry: TypeEntry, values: Sequence[str]) -> list[float]:
    """Return how far the rules of a type trust each value alone, 0..1; 0 when none fits.

    Example:
        >>> from hushu.rules.vocabulary import load
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
