"""Every way in which a cell may be of a type, as the vocabulary says it: patterns, judges, code lists.

Most of them cannot fit most values; :func:`worth_trying` leaves out those of which that is plain to see.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from hushu.classify.judges import JUDGES, SCRIPTS
from hushu.classify.screens import Screen, screen, traits
from hushu.rules import codelists
from hushu.rules.validators import VALIDATORS
from hushu.rules.vocabulary import TypeEntry, load

CHECKED = frozenset(["IMEI", "BANK_CARD", "CN_ORG_CODE", "CN_BUSINESS_REG_NO", "VIN"])

Scores = Callable[[Sequence[str]], list[float]]


@dataclass(frozen=True, slots=True)
class Matcher:
    """One way a cell may be of a type; ``scores`` says for each value how far it fits, 0..1."""

    type: str
    name: str
    trust: float
    scores: Scores
    kind: str = ""  # "ascii", "han" or "masked": the only kind of value it can fit
    coded: bool = False
    checked: bool = False
    screen: Screen | None = None  # what a pattern cannot fit


@lru_cache(maxsize=1)
def matchers() -> tuple[Matcher, ...]:
    """Return every matcher of the vocabulary, type by type, the surest of each type first."""
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
            screen=screen(p.regex),
        )
        for p in entry.patterns
    ]
    for cell in entry.cells:
        scores = JUDGES[cell.judge] if cell.judge else _pattern(cell.regex, "")
        kind = SCRIPTS.get(cell.judge, "") if cell.judge else _script(cell.regex)
        found.append(
            Matcher(
                entry.id,
                cell.name,
                cell.score,
                scores,
                "masked" if cell.name == "masked" else kind,
                screen=None if cell.judge else screen(cell.regex),
            )
        )
    if entry.codes:
        found.append(Matcher(entry.id, entry.codes, 1.0, _codes(entry.codes), coded=True))
    return found


def _script(regex: str) -> str:
    """Return ``ascii`` for a regular expression that cannot match a Chinese character, else nothing."""
    bare = re.sub(r"\\\.|\[[^\]^]*\]", "", regex)  # escaped dots and plain classes match what they say
    wild = any(mark in bare for mark in (".", "[^", "\\D", "\\W")) or "\\S" in regex or "\\u" in regex
    return "" if wild or not regex.isascii() else "ascii"


def _pattern(regex: str, validator: str) -> Scores:
    match, valid = re.compile(regex, re.ASCII).fullmatch, VALIDATORS.get(validator)
    if valid is None:
        return lambda values: [1.0 if match(v) else 0.0 for v in values]
    return lambda values: [1.0 if match(v) and valid(v) else 0.0 for v in values]


def _codes(name: str) -> Scores:
    known = codelists.scores(name)
    return lambda values: [known.get(v) or known.get(v.lower(), 0.0) for v in values]


def worth_trying(look: Sequence[str]) -> list[Matcher]:
    """Return the matchers that may fit one of a few values, in their order.

    Example:
        >>> "VIN" in {m.type for m in worth_trying(["138"])}, "AGE" in {m.type for m in worth_trying(["138"])}
        (False, True)
    """
    kinds, open_ = _kinds(look), _coded(look)
    for length, first, among in set(map(traits, look)):
        for number, shortest, longest in _admitting(first, among):
            if shortest <= length <= longest:
                open_.add(number)
    every = matchers()
    return [every[number] for number in sorted(open_) if every[number].kind in kinds]


def _kinds(look: Sequence[str]) -> set[str]:
    ascii_only = [v.isascii() for v in look]
    kinds = {""} | ({"ascii"} if any(ascii_only) else set()) | ({"han"} if not all(ascii_only) else set())
    return kinds | ({"masked"} if any("*" in v or "•" in v or "xx" in v.lower() for v in look) else set())


def _coded(look: Sequence[str]) -> set[int]:
    """Return the numbers of the judges, and of the code lists in which one of the values stands."""
    known, found = _code_lists(), set(_judges())
    for value in look:
        found.update(known.get(value, ()), known.get(value.lower(), ()))
    return found


@lru_cache(maxsize=1)
def _judges() -> frozenset[int]:
    return frozenset(number for number, m in enumerate(matchers()) if m.screen is None and not m.coded)


@lru_cache(maxsize=1)
def _code_lists() -> Mapping[str, tuple[int, ...]]:
    """Return for each value of a code list the numbers of the matchers that know it."""
    known: dict[str, tuple[int, ...]] = {}
    for number, matcher in enumerate(matchers()):
        for value in codelists.scores(matcher.name) if matcher.coded else ():
            known[value] = (*known.get(value, ()), number)
    return known


@lru_cache(maxsize=1 << 12)
def _admitting(first: int, kinds: frozenset[int]) -> tuple[tuple[int, int, int], ...]:
    """Return the patterns that may fit a value of such bytes: number, least and greatest length."""
    return tuple(
        (number, m.screen.shortest, m.screen.longest)
        for number, m in enumerate(matchers())
        if m.screen is not None and m.screen.admits(first, kinds)
    )
