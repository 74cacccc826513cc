"""The words of headers, indexed: Chinese words, phrases of Latin words, pinyin and initials.

Everything is derived from the header words of the vocabulary, so a new type needs no change here: a
Chinese word also stands for its pinyin (``shenfenzheng``) and for its initials (``sfz``), which count for
less the shorter they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import product
from typing import TypeVar

from hushu.rules import codelists
from hushu.rules.vocabulary import TypeEntry, load

PINYIN = 0.95
INITIALS: Mapping[int, float] = {2: 0.4, 3: 0.52, 4: 0.6, 5: 0.85}  # by length; longer counts as 5
COMMON_TAILS = ("bh", "dm", "mc", "je", "lx", "zt", "jg", "xx", "ms", "hm", "lb", "bz", "zh")
"""Initials that end half of all headers (编号, 代码, 名称): what stands before them must tell."""
SEVERAL = "行长重率"  # characters that headers use in two readings
TWO_LETTERS = 0.72  # weight of a word from which two initials may stand for it
CLAIMED = 0.5
COMMON = 0.55  # initials that an everyday word shares (sj: 手机, 时间)

_HAN = re.compile("[\u3400-\u9fff]")

Weights = Mapping[str, float]
K = TypeVar("K")


@dataclass(frozen=True, slots=True)
class HeaderIndex:
    """Every word a header may hold; each maps to the types it speaks for, with weights 0..1.

    ``han`` holds words with Chinese characters, ``phrases`` tuples of canonical Latin words, ``joined``
    single Latin words that stand for Chinese ones (pinyin, initials).
    """

    han: Mapping[str, Weights]
    phrases: Mapping[tuple[str, ...], Weights]
    joined: Mapping[str, Weights]
    endings: Mapping[str, Weights]
    suffixes: Mapping[str, tuple[str, ...]]  # word → types whose words it may follow
    words: frozenset[str]
    neutral: frozenset[str]
    roles: frozenset[str]
    staff: frozenset[str]  # who has a number as an employee (nurse, 收银员)
    counts: frozenset[str]
    everyday: frozenset[str]  # headers that name nothing of the vocabulary, also in pinyin
    outside: frozenset[str]  # headers of what lies outside, whatever the values look like (产地, 户型)
    longest_han: int
    longest_phrase: int


def has_han(text: str) -> bool:
    """Return whether any character is Chinese."""
    return _HAN.search(text) is not None


def canonical(tokens: Iterable[str]) -> tuple[str, ...]:
    """Return tokens with their abbreviations written out.

    Example:
        >>> canonical(["cust", "nm"])
        ('customer', 'name')
    """
    known = codelists.column("abbreviations", "word")
    return tuple(word for token in tokens for word in known.get(token, token).split())


@lru_cache(maxsize=1)
def index() -> HeaderIndex:
    """Return the index of the whole vocabulary, built once (about 60 ms)."""
    han: dict[str, dict[str, float]] = {}
    phrases: dict[tuple[str, ...], dict[str, float]] = {}
    given: dict[str, dict[str, float]] = {}
    for entry in load().values():
        for word, weight in entry.header.words.items():
            if has_han(word):
                _keep(han, word.replace(" ", ""), entry.id, weight)
            else:
                _keep(phrases, canonical(word.split()), entry.id, weight)
                if " " not in word:
                    _keep(given, word, entry.id, weight)
    kinds = codelists.column("headerwords", "kind")
    by_kind = {k: frozenset(w for w, kind in kinds.items() if kind == k) for k in set(kinds.values())}
    joined = _joined(_suffixed(han), given, by_kind["generic"])
    return HeaderIndex(
        han=han,
        phrases=phrases,
        joined=joined,
        endings=_endings(),
        suffixes=_suffixes(),
        words=_english(phrases, given),
        neutral=by_kind["neutral"],
        roles=by_kind["role"]
        | by_kind["who"]
        | _spellings(by_kind["role"])
        | frozenset(s for s in _spellings(by_kind["who"]) if len(s) > 2),
        staff=frozenset(codelists.column("staffwords", "kind")),
        counts=by_kind["count"]
        | by_kind["sum"]
        | frozenset(p for w in by_kind["count"] if has_han(w) for p in _pinyin(w)),
        everyday=by_kind["generic"]
        | frozenset(p for w in by_kind["generic"] for p in _pinyin(w))
        | _elsewhere(by_kind["generic"], joined),
        outside=by_kind["outside"] | _elsewhere(by_kind["outside"], joined),
        longest_han=max(map(len, han)),
        longest_phrase=max(map(len, phrases)),
    )


def _elsewhere(outside: frozenset[str], joined: Mapping[str, Weights]) -> frozenset[str]:
    """Return how words for what lies outside are spelled, unless a type claims that (ypmc: 药品名称)."""
    spelled = {s for w in outside for s in _pinyin(w) | _initials(w) if len(s) > 3}
    return frozenset(s for s in spelled if max(joined.get(s, {}).values(), default=0) < CLAIMED)


def _keep(table: dict[K, dict[str, float]], key: K, type_id: str, weight: float) -> None:
    weights = table.setdefault(key, {})
    weights[type_id] = max(weights.get(type_id, 0.0), weight)


def _suffixes() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for entry in load().values():
        for suffix in entry.header.suffixes:
            for word in [suffix] if has_han(suffix) else canonical([suffix]):
                found.setdefault(word, []).append(entry.id)
    return {word: tuple(dict.fromkeys(types)) for word, types in found.items()}


def _endings() -> dict[str, Weights]:
    endings: dict[str, dict[str, float]] = {}
    for entry in load().values():
        for word, weight in entry.header.endings.items():
            _keep(endings, word, entry.id, weight)
    return dict(endings)


def _suffixed(han: Mapping[str, Weights]) -> dict[str, Weights]:
    """Return the Chinese words and, a little weaker, what they are with a suffix of their type (民族代码)."""
    longer: dict[str, dict[str, float]] = {word: dict(weights) for word, weights in han.items()}
    for word, weights in han.items():
        for type_id, weight in weights.items():
            for suffix in load()[type_id].header.suffixes:
                if has_han(suffix) and weight >= 0.8 and not word.endswith(suffix):
                    _keep(longer, word + suffix, type_id, weight * 0.85)
    return dict(longer)


def _joined(
    han: Mapping[str, Weights], given: Mapping[str, Weights], generic: frozenset[str]
) -> dict[str, Weights]:
    common = {initials for word in generic for initials in _initials(word)}
    derived: dict[str, dict[str, float]] = {}
    for word, weights in han.items():
        spelled = [(p, PINYIN) for p in _pinyin(word)]
        spelled += [
            (i, INITIALS[_told(i)] * (COMMON if i in common else 1)) for i in _initials(word) if len(i) > 1
        ]
        for spelling, factor in spelled:
            for type_id, weight in weights.items():
                if weight >= (0.6 if len(spelling) > 2 else TWO_LETTERS):
                    _keep(derived, spelling, type_id, weight * factor)
    joined: dict[str, Weights] = {}
    for spelling in derived.keys() | given.keys():
        weights = dict(derived.get(spelling, {}))
        stated = given.get(spelling, {})
        if stated:  # what the vocabulary states outranks what is derived
            weights = {t: w * 0.5 for t, w in weights.items()} | dict(stated)
        joined[spelling] = weights
    return joined


def _told(initials: str) -> int:
    """Return how many initials count, at most 5: of four with a common tail the others tell little."""
    return 3 if len(initials) == 4 and initials.endswith(COMMON_TAILS) else min(len(initials), 5)


def _english(phrases: Mapping[tuple[str, ...], Weights], given: Mapping[str, Weights]) -> frozenset[str]:
    words = {word for phrase in phrases if len(phrase) > 1 for word in phrase}
    words |= set(codelists.column("abbreviations", "word"))
    words |= {w for w in given if len(w) > 4}
    for entry in load().values():
        words |= {c for c in (*entry.header.counter, *entry.header.suffixes) if not has_han(c)}
    words |= {w for w in codelists.column("headerwords", "kind") if not has_han(w)}
    return frozenset(w for w in words if len(w) > 1)


@cache
def _readings(char: str) -> tuple[str, ...]:
    sounds = codelists.column("pinyin", "pinyin").get(char)
    return (char,) if sounds is None else tuple(sounds.split()[: None if char in SEVERAL else 1])


def _pinyin(word: str) -> set[str]:
    return set(map("".join, product(*map(_readings, word))))


def _initials(word: str) -> set[str]:
    return set(map("".join, product(*([sound[0] for sound in _readings(c)] for c in word))))


def _spellings(words: frozenset[str]) -> frozenset[str]:
    return frozenset(s for w in words if has_han(w) for s in _pinyin(w) | _initials(w))


@lru_cache(maxsize=1)
def syllables() -> frozenset[str]:
    """Return every syllable of pinyin."""
    return frozenset(s for reading in codelists.column("pinyin", "pinyin").values() for s in reading.split())


def counters(entry: TypeEntry) -> tuple[Sequence[str], frozenset[str]]:
    """Return the Chinese and the Latin words that speak against a type."""
    han = [c for c in entry.header.counter if has_han(c)]
    return han, frozenset(canonical(w for c in entry.header.counter if not has_han(c) for w in [c]))
