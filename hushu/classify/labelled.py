"""Identifiers that only their label gives away: 「住院号：00381274」, ``password: …``.

The rules are data (``rules/labelled.yaml``), each with examples on both sides.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from hushu.model import Span
from hushu.rules.shipped import shipped

# Between label and value: 号码, 是, a colon, a bracket, a space; nothing that could begin another clause.
_BRIDGE = r"(?:号码|号|编号|为|是|叫|系|就是|[:：=#＝>]|[(（\[【「\"“'‘]|[ \t\u3000]|\bis\b|\bno\.?){0,4}"
_SCORE = 0.9


@dataclass(frozen=True, slots=True)
class LabelledRule:
    """One compiled rule: its type, and the pattern whose group 1 is the value.

    ``heads`` is a pattern quick to search for, without which ``pattern`` finds nothing.
    """

    type: str
    floor: bool
    heads: re.Pattern[str]
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
    gate = _gate()
    own = tuple(rule for rule in rules() if not rule.floor)
    return [_in(text, own) if gate.search(text) else [] for text in texts]


def floors(texts: Sequence[str]) -> list[list[Span]]:
    """Return, per text, what the rules find that speak only where the model is silent.

    Example:
        >>> floors(["诊断：直肠癌"])[0][0].type
        'DIAGNOSIS'
    """
    gate = _gate()
    own = tuple(rule for rule in rules() if rule.floor)
    return [_in(text, own) if gate.search(text) else [] for text in texts]


def _in(text: str, chosen: Sequence[LabelledRule]) -> list[Span]:
    found = [
        Span(start=hit.start(1), end=hit.end(1), type=rule.type, score=_SCORE)
        for rule in chosen
        if rule.heads.search(text)
        for hit in rule.pattern.finditer(text)
        if hit.end(1) > hit.start(1)
    ]
    return sorted(found, key=lambda span: (span.start, -span.end))


@lru_cache(maxsize=1)
def rules() -> tuple[LabelledRule, ...]:
    """Return every rule of ``labelled.yaml``, compiled."""
    data = shipped("hushu.rules", "labelled.yaml")
    return tuple(
        LabelledRule(
            type=item["type"],
            floor=item.get("floor", False),
            heads=re.compile(_heads(item["labels"])),
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
    words = "|".join(re.escape(word) for word in sorted(labels, key=len, reverse=True))
    return rf"(?:(?<![A-Za-z])(?=[A-Za-z])|(?=[^A-Za-z户])|(?<![门账帐用客商])(?=户))(?:{words}){_BRIDGE}"


def _heads(labels: Sequence[str]) -> str:
    """Return an alternation over how the labels begin; it matches anywhere when there is no label."""
    return "|".join(map(re.escape, sorted({label[:2] for label in labels})))


@lru_cache(maxsize=1)
def _gate() -> re.Pattern[str]:
    """One alternation over all labels: most texts hold none and cost one search."""
    data = shipped("hushu.rules", "labelled.yaml")
    return re.compile(_heads([label for item in data for label in item["labels"]]) + "|[日月年0-9] ?出?生")
