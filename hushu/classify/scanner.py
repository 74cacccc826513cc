"""The reference scanner: every place of a folded text that could be a structured identifier.

The C kernel does the same, statement by statement, on bytes. A *token* is a maximal run of ASCII
letters and digits, so nothing inside a longer number is ever taken, and Han characters on both sides
do not matter. Tokens that one kind of separator joins (``6222 0200 …``, ``310101-19000101-0011``) are
read as one number when the groups look like groups.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from hushu.classify import anchored
from hushu.classify.candidates import PLAUSIBLE, WEAK, Verdict, area_and_number, of_alnum
from hushu.rules.validators import mobile

MAX_JOINED = 28
MAX_GROUPS = 7
_TOKEN = re.compile(r"[0-9A-Za-z]+")
_LABELLED = re.compile(
    r"(?:tel|phone|mobile|mob|cell|id|idno|no|imei|vin|card|sfz|sj|dh)(?=\d{8,}x?$)", re.IGNORECASE
)
_GAPS = {" ": " ", "  ": " ", "-": "-", ".": ".", "·": "·"}
_MONEY_BEFORE = "$¥￥€£"
_UNIT_AFTER = "%元万亿件吨千"


class Candidate(NamedTuple):
    """A stretch of the folded text and what it could be."""

    start: int
    end: int
    type: str
    strength: int


class Token(NamedTuple):
    """A run of ASCII letters and digits, in capitals."""

    start: int
    end: int
    text: str

    @property
    def numeric(self) -> bool:
        """Whether it consists of digits only."""
        return self.text.isdigit()


def candidates(text: str) -> list[Candidate]:
    """Return every candidate of a folded text, unresolved, in the order of the tokens they begin at."""
    tokens = _tokens(text)
    found: list[Candidate] = []
    for index in range(len(tokens)):
        found += _at(text, tokens, index)
    found += anchored.emails(text)
    found += anchored.addresses(text)
    found += anchored.plates(text)
    found += anchored.documents(text)
    found += anchored.coordinates(text)
    found += anchored.credentials(text)
    return [found_at if isinstance(found_at, Candidate) else Candidate(*found_at) for found_at in found]


def _tokens(text: str) -> list[Token]:
    found = []
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        if label := _LABELLED.match(match[0]):
            start += label.end()
        found.append(Token(start, end, text[start:end].upper()))
    return found


def _at(text: str, tokens: list[Token], first: int) -> Iterator[Candidate]:
    """Yield what the token ``first``, alone or joined with those that follow, can be."""
    joined, gap = "", ""
    for last in range(first, min(len(tokens), first + MAX_JOINED)):
        if last > first:
            between = _GAPS.get(text[tokens[last - 1].end : tokens[last].start], "")
            if not between or (gap and between != gap):
                break
            gap = between
        joined += tokens[last].text
        if len(joined) > MAX_JOINED:
            break
        if len(joined) < 8:
            continue
        groups = [len(token.text) for token in tokens[first : last + 1]]
        if not _grouped(groups, gap, tokens[first].numeric):
            continue
        verdicts = of_alnum(joined)
        yield from _bounded(text, tokens, first, last, gap, verdicts)
    yield from _telephone(text, tokens, first)


def _grouped(groups: list[int], gap: str, numeric: bool) -> bool:
    """Return whether the lengths of joined tokens look like the groups of one number."""
    if len(groups) == 1 or all(size == 1 for size in groups):
        return True
    inner = groups[1:-1] if not numeric else groups[:-1]
    return min(inner, default=2) >= 2 and len(groups) <= MAX_GROUPS and (gap != "." or len(groups) >= 3)


def _bounded(
    text: str, tokens: list[Token], first: int, last: int, gap: str, verdicts: list[Verdict]
) -> Iterator[Candidate]:
    if not verdicts:
        return
    allowed = _edges(text, tokens, first, last, gap)
    for kind, strength in verdicts:
        if strength > allowed:
            yield Candidate(tokens[first].start, tokens[last].end, kind, strength)


def _edges(text: str, tokens: list[Token], first: int, last: int, gap: str) -> int:
    """Return the strength that the neighbours rule out: 0 none, 2 all but the proven, 3 all."""
    start, end = tokens[first].start, tokens[last].end
    before, after = text[start - 1 : start], text[end : end + 1]
    if before == "*" or after == "*":
        return 3
    ruled_out = 0
    if before and before in _MONEY_BEFORE or after and after in _UNIT_AFTER:
        ruled_out = 2
    if before and before in "+-" and not text[: start - 1].strip():
        ruled_out = 2
    if first > 0:
        ruled_out = max(ruled_out, _neighbour(text, tokens[first - 1], tokens[first - 1].end, start, gap))
    if last + 1 < len(tokens) and not _zero_decimals(text, tokens, last):
        ruled_out = max(ruled_out, _neighbour(text, tokens[last + 1], end, tokens[last + 1].start, gap))
    return ruled_out


def _zero_decimals(text: str, tokens: list[Token], last: int) -> bool:
    return text[tokens[last].end :].strip() == ".0"


def _neighbour(text: str, token: Token, left: int, right: int, gap: str) -> int:
    between = text[left:right]
    if not token.numeric:
        return 2 if between == "_" and any(map(str.isdigit, token.text)) else 0
    if between == ".":
        return 3
    if between in ("-", "_"):
        return 2 if not mobile(token.text) and len(token.text) < 15 else 0
    # The same blank goes on before or after: a group of a longer number.
    return 3 if gap and _GAPS.get(between) == gap and len(token.text) <= 4 else 0


def _telephone(text: str, tokens: list[Token], first: int) -> Iterator[Candidate]:
    """Yield telephone numbers with a country code, an area code, a bracket or an extension."""
    match = anchored.TELEPHONE.match(text, tokens[first].start)
    start = tokens[first].start
    if not match or (first and _neighbour(text, tokens[first - 1], tokens[first - 1].end, start, "")):
        return
    parts = match.groupdict()
    country, mobile_part, area, number = parts["country"], parts["mobile"], parts["area"], parts["number"]
    digits = re.sub(r"\D", "", mobile_part or number or "")
    if mobile_part:
        if not mobile(digits):
            return
    elif not area_and_number("0" + area.lstrip("0") + digits) or not (country or area[0] == "0"):
        return
    if country and text[start - 1 : start] in ("+", "("):
        start -= 2 if text[start - 2 : start] == "(+" else 1
    strength = PLAUSIBLE if country or parts["gap"] or not number else WEAK
    yield Candidate(start, match.end(), "PHONE_NUMBER", strength)
