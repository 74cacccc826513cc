"""Tokens of a folded text: maximal runs of ASCII letters and digits, and what stands between them."""

from __future__ import annotations

import re
from typing import NamedTuple

from hushu.rules.validators import mobile

NAMED, WEAK, PLAUSIBLE, PROVEN = 0, 1, 2, 3
"""How far a form may be trusted: only with its word before it (and never as a whole value), with a word
for it, unless a word speaks against it, alone."""

_TOKEN = re.compile(r"[0-9A-Za-z]+")
LABELS = "tel|phone|mobile|mob|cell|idno|id|no|imei|vin|card|sfz|sj|dh|ip"
"""Latin labels that people write directly before digits."""
_PREFIX = re.compile(rf"(?:{LABELS})(?=[0-9])", re.IGNORECASE | re.ASCII)
_GAPS = {" ": " ", "  ": " ", "-": "-", ".": ".", "·": "·"}
_MONEY_BEFORE = "$¥￥€£"
_UNIT_AFTER = "%元万亿件吨千"


class Token(NamedTuple):
    """A run of ASCII letters and digits, in capitals."""

    start: int
    end: int
    text: str
    numeric: bool


class Candidate(NamedTuple):
    """A stretch of the folded text and what it could be."""

    start: int
    end: int
    type: str
    strength: int


def tokens_of(text: str) -> list[Token]:
    """Return the tokens of a folded text; a Latin label before digits (``tel138…``) belongs to none."""
    found = []
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        if label := _PREFIX.match(match[0]):
            start += label.end()
        token = text[start:end].upper()
        found.append(Token(start, end, token, token.isdigit()))
    return found


def gap(text: str, tokens: list[Token], index: int) -> str:
    """Return the separator between token ``index`` and the next one, or nothing when they do not join."""
    if index < 0 or index + 1 >= len(tokens):
        return ""
    return _GAPS.get(text[tokens[index].end : tokens[index + 1].start], "")


def edges(text: str, tokens: list[Token], first: int, last: int, joint: str) -> int:
    """Return the strength that the neighbours of tokens ``first`` to ``last`` rule out: 0, 2 or 3."""
    start, end = tokens[first].start, tokens[last].end
    if text[start - 1 : start] == "*" or text[end : end + 1] == "*":
        return PROVEN
    ruled_out = PLAUSIBLE if is_amount(text, start, end) else 0
    if first > 0:
        between = text[tokens[first - 1].end : start]
        ruled_out = max(ruled_out, neighbour(tokens[first - 1], between, joint))
    if last + 1 < len(tokens) and not _closing_zero(text, end):
        between = text[end : tokens[last + 1].start]
        ruled_out = max(ruled_out, neighbour(tokens[last + 1], between, joint))
    return ruled_out


def is_amount(text: str, start: int, end: int) -> bool:
    """Return whether a sign, a currency or a unit makes the number at ``start`` to ``end`` an amount."""
    before, after = text[start - 1 : start], text[end : end + 1]
    if (before and before in _MONEY_BEFORE) or (after and after in _UNIT_AFTER):
        return True
    return before in ("+", "-") and not text[max(0, start - 40) : start - 1].strip(" ")


def goes_on(text: str, end: int) -> bool:
    """Return whether decimals follow, other than a single closing zero."""
    return (
        text[end : end + 1] == "." and "0" <= text[end + 1 : end + 2] <= "9" and not _closing_zero(text, end)
    )


def _closing_zero(text: str, end: int) -> bool:
    # Spreadsheets turn 13800138000 into 13800138000.0.
    return text.startswith(".0", end) and not text[end + 2 : end + 40].strip(" ")


def neighbour(token: Token, between: str, joint: str) -> int:
    """Return the strength that a neighbouring token rules out, given what stands between."""
    if not token.numeric:
        return PLAUSIBLE if between in ("_", "-") and any("0" <= char <= "9" for char in token.text) else 0
    if between == ".":
        return PROVEN
    if between in ("-", "_"):
        return PLAUSIBLE if not mobile(token.text) and len(token.text) < 15 else 0
    # The same blank goes on before or after: a group of a longer number.
    return PROVEN if joint and _GAPS.get(between) == joint and len(token.text) <= 4 else 0
