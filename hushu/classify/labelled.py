"""Identifiers that only their label gives away: 「住院号：00381274」, ``password: …``.

The rules are data (``rules/labelled.yaml``), each with examples on both sides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import add

from hushu.model import Span
from hushu.rules.shipped import shipped

# Between label and value: 号码, 是, a colon, a bracket, a space; nothing that could begin another clause.
_SAID = "分别|还是|号码|号|编号|为|是|叫|系|就是"
_BRIDGE = rf"(?:{_SAID}|[:：=#＝>]|[(（\[【「\"“'‘]|[ \t\u3000]|\bis\b|\bno\b\.?){{0,4}}"
_SCORE = 0.9
_DIGIT, _LETTER = re.compile("[0-9]"), re.compile("[A-Za-z]")
_LATIN = re.compile("[A-Za-z_ ]{2,}")
_LEAST_DIGITS = 4  # of a number that may be followed by others like it


@dataclass(frozen=True, slots=True)
class LabelledRule:
    """One compiled rule: its type, and the pattern whose group 1 is the value.

    ``heads`` are pairs of characters one of which stands in every text where it finds something.
    """

    type: str
    floor: bool
    heads: frozenset[str]
    pattern: re.Pattern[str]
    match: tuple[tuple[str, str], ...]
    no_match: tuple[str, ...]


def labelled(texts: Sequence[str]) -> list[list[Span]]:
    """Return the values that stand behind a label, per text.

    Args:
        texts: n texts.

    Returns:
        n lists of spans, sorted by start; offsets in characters of the text given.

    Example:
        >>> [s.type for s in labelled(["住院号：00381274"])[0]]
        ['MEDICAL_RECORD_NO']
    """
    heads = _heads(floor=False)
    return [_in(text, heads) for text in texts]


def floors(texts: Sequence[str]) -> list[list[Span]]:
    """Return, per text, what the rules find that speak only where the model is silent.

    Example:
        >>> floors(["诊断：直肠癌"])[0][0].type
        'DIAGNOSIS'
    """
    heads = _heads(floor=True)
    return [_in(text, heads) for text in texts]


def _in(text: str, heads: Mapping[str, Sequence[LabelledRule]]) -> list[Span]:
    """Ask the rules one of whose labels may stand in the text: few texts hold any, none holds many."""
    pairs = heads.keys() & set(map(add, text, text[1:]))
    asked = {id(rule): rule for pair in pairs for rule in heads[pair]}
    found = [
        Span(start=start, end=end, type=rule.type, score=_SCORE)
        for rule in asked.values()
        for hit in rule.pattern.finditer(text)
        if hit.end(1) > hit.start(1)
        for start, end in (hit.span(1), *_alike(text, *hit.span(1)))
    ]
    return sorted(found, key=lambda span: (span.start, -span.end, span.type))


def _alike(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the numbers of the same form that follow one in a list: one label serves them all."""
    value = text[start:end]
    if not value.isascii() or sum(map(str.isdigit, value)) < _LEAST_DIGITS:
        return
    form = _next_of_form(_DIGIT.sub("0", _LETTER.sub("a", value)))
    while hit := form.match(text, end):
        end = hit.end(1)
        yield hit.span(1)


@lru_cache(maxsize=1024)
def _next_of_form(skeleton: str) -> re.Pattern[str]:
    """Return the pattern of a further value with digits (0) and letters (a) in the same places."""
    form = "".join("[0-9]" if c == "0" else "[A-Za-z]" if c == "a" else re.escape(c) for c in skeleton)
    return re.compile(rf"[ \t]*(?:、|,|，|/|和|与|及)[ \t]*({form})(?![0-9A-Za-z])")


@lru_cache(maxsize=1)
def rules() -> tuple[LabelledRule, ...]:
    """Return every rule of ``labelled.yaml``, compiled."""
    data = shipped("hushu.rules", "labelled.yaml")
    return tuple(
        LabelledRule(
            type=item["type"],
            floor=item.get("floor", False),
            heads=frozenset(item.get("heads") or (label[:2] for label in item["labels"])),
            pattern=re.compile(_left(item["labels"]) + f"({item['value']})"),
            match=tuple((text, value) for text, value in item["match"]),
            no_match=tuple(item["no_match"]),
        )
        for item in data
    )


def _left(labels: Sequence[str]) -> str:
    """A Latin label must not be the tail of a longer word, nor 户号 that of 门户号 or 账户号."""
    if not labels:
        return r"(?<![0-9])"
    words = "|".join(map(_label, sorted(labels, key=len, reverse=True)))
    return rf"(?:(?<![A-Za-z])(?=[A-Za-z])|(?=[^A-Za-z户])|(?<![门账帐用客商])(?=户))(?:{words}){_BRIDGE}"


def _label(word: str) -> str:
    """A Latin word is a label only as a whole: passport is no pass, pwd_hash no pwd."""
    whole = r"(?![A-Za-z_])" if _LATIN.fullmatch(word) else ""
    return re.escape(word) + whole


@lru_cache(maxsize=2)
def _heads(*, floor: bool) -> dict[str, tuple[LabelledRule, ...]]:
    """Return the rules by the first two characters of their labels."""
    heads: dict[str, list[LabelledRule]] = {}
    for rule in rules():
        if rule.floor == floor:
            for head in rule.heads:
                heads.setdefault(head, []).append(rule)
    return {head: tuple(found) for head, found in heads.items()}
