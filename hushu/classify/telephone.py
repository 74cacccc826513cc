"""Telephone numbers with a country code, an area code, brackets or an extension."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from hushu.classify.candidates import area_and_number
from hushu.classify.tokens import NAMED, PLAUSIBLE, WEAK, Candidate, Token, goes_on, is_amount, neighbour
from hushu.rules.validators import mobile

_EXTENSION = r"(?:(?:转|轉| ?ext\.? ?|[-x×*])\d{1,6})?(?![0-9A-Za-z*])"
_CHINESE = re.compile(
    r"(?P<country>(?:00)?86\)?[ -]{0,2})?"
    r"(?:(?P<mobile>1[3-9]\d[ -]?\d{4}[ -]?\d{4})"
    r"|(?P<area>0?(?:10|2[0-57-9]|[3-9]\d\d))(?P<gap>\)?[ -]{0,2})(?P<number>[2-8]\d{2,3}[ -]?\d{4}))"
    + _EXTENSION,
    re.IGNORECASE | re.ASCII,
)
_LOCAL = re.compile(r"[2-8]\d{2,3}[ -]?\d{4}" + _EXTENSION, re.IGNORECASE | re.ASCII)
_FOREIGN = re.compile(r"[1-9]\d{0,2}(?:[ -](?:\(\d{1,4}\)|\d{1,7})){1,6}(?![0-9A-Za-z*])", re.ASCII)


def at(text: str, tokens: list[Token], first: int, label: Callable[[int], str]) -> Iterator[Candidate]:
    """Yield the telephone number that begins with token ``first`` (and the ``+`` or bracket before it)."""
    start = tokens[first].start
    if first and neighbour(tokens[first - 1], text[tokens[first - 1].end : start], ""):
        return
    match = _CHINESE.match(text, start)
    if match and _valid(match):
        strength = PLAUSIBLE if match["country"] or match["gap"] or not match["number"] else WEAK
        found = Candidate(_lead(text, start, match), match.end(), "PHONE_NUMBER", strength)
    elif text[start - 1 : start] == "+" and (match := _FOREIGN.match(text, start)):
        if not 8 <= sum("0" <= char <= "9" for char in match[0]) <= 15 or match[0][:2] == "86":
            return
        found = Candidate(start - 1, match.end(), "PHONE_NUMBER", PLAUSIBLE)
    elif (match := _LOCAL.match(text, start)) and label(start) == "PHONE_NUMBER":
        found = Candidate(start, match.end(), "PHONE_NUMBER", NAMED)
    else:
        return
    if not is_amount(text, found.start, found.end) and not goes_on(text, found.end):
        yield found


def _valid(match: re.Match[str]) -> bool:
    digits = re.sub("[ -]", "", match["mobile"] or match["number"])
    if match["mobile"]:
        return mobile(digits)
    area: str = match["area"]
    return bool(match["country"] or area[0] == "0") and area_and_number("0" + area.removeprefix("0") + digits)


def _lead(text: str, start: int, match: re.Match[str]) -> int:
    if match["country"] and text[start - 1 : start] == "+":
        start -= 1
    closes = ")" in text[start : match.end()]
    return start - 1 if closes and text[start - 1 : start] == "(" else start
