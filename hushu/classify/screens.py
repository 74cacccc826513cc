"""What a regular expression cannot match, told without running it: by length, first character and kinds.

A column is tried with more than a hundred patterns, nearly all in vain. Which of them a value may match
follows from few of its traits, and most values of all columns share these. What cannot be told is admitted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import reduce
from importlib import import_module
from operator import and_
from typing import Any, NamedTuple

Bytes = frozenset[int]

_BEYOND = 0x80  # stands for all bytes of characters that are not ASCII
_KIND = bytes(
    ord("0") if chr(b).isdigit() else ord("a") if chr(b).isalpha() else b for b in range(_BEYOND)
) + bytes([_BEYOND] * _BEYOND)
_NONE: Bytes = frozenset()
_ANY: Bytes = frozenset(range(_BEYOND + 1))
_CATEGORIES: dict[str, Bytes] = {
    "CATEGORY_DIGIT": frozenset(b"0123456789"),
    "CATEGORY_SPACE": frozenset(b" \t\n\r\f\v"),
    "CATEGORY_WORD": frozenset(b for b in range(_BEYOND) if chr(b).isalnum()) | {ord("_")},
}


class Traits(NamedTuple):
    """Of a value: length, first byte, and the kinds of its bytes; digits are one kind, letters another."""

    length: int
    first: int
    kinds: Bytes


@dataclass(frozen=True, slots=True)
class Screen:
    """How long a match may be, the bytes it may begin with, the kinds it may hold and those it must."""

    shortest: int
    longest: int
    first: Bytes
    takes: Bytes
    needs: Bytes

    def admits(self, first: int, kinds: Bytes) -> bool:
        """Return whether a value of such bytes may match, if its length allows."""
        return first in self.first and self.needs <= kinds <= self.takes


def traits(value: str) -> Traits:
    """Return what screens look at.

    Example:
        >>> length, first, kinds = traits("310-沪")
        >>> length, chr(first), sorted(kinds)
        (5, '3', [45, 48, 128])
    """
    data = value.encode("utf-8", "surrogatepass")
    return Traits(len(value), min(data[0], _BEYOND) if data else _BEYOND, frozenset(data.translate(_KIND)))


def screen(regex: str) -> Screen:
    r"""Return the screen of a regular expression that has to match a whole value, with the flag ``ASCII``.

    Example:
        >>> found = screen(r"1[3-9]\d{9}|使\d{6}")
        >>> found.shortest, found.longest
        (7, 11)
        >>> [found.admits(*traits(v)[1:]) for v in ("13800138000", "使123456", "138-0013-80", "23800138000")]
        [True, True, False, False]
    """
    tree = import_module("re._parser").parse(regex, re.ASCII)
    shortest, longest = tree.getwidth()
    if re.search(r"\(\?[a-zA-Z]*i", regex):  # letters stand for their capitals as well
        return Screen(shortest, longest, _ANY, _ANY, _NONE)
    return Screen(shortest, longest, _first(tree), _kinds(_all(tree)), _needs(tree))


def _kinds(some: Bytes) -> Bytes:
    return frozenset(bytes(some).translate(_KIND))


def _first(items: Any) -> Bytes:
    """Return the bytes with which what a sequence matches may begin: any, when that may be nothing."""
    found = _NONE
    for at, (kind, what) in enumerate(items):
        parts = list(_parts(str(kind), what))
        found |= _NONE.union(*map(_first, parts)) if parts else _taken(str(kind), what)
        if items[at : at + 1].getwidth()[0]:
            return found
    return _ANY


def _all(items: Any) -> Bytes:
    """Return the bytes of which what a sequence matches may consist."""
    found = _NONE
    for kind, what in items:
        parts = list(_parts(str(kind), what))
        found |= _NONE.union(*map(_all, parts)) if parts else _taken(str(kind), what)
    return found


def _needs(items: Any) -> Bytes:
    """Return kinds of bytes that stand in whatever a sequence matches."""
    found = _NONE
    for at, (kind, what) in enumerate(items):
        if not items[at : at + 1].getwidth()[0]:
            continue
        if parts := list(_parts(str(kind), what)):
            found |= reduce(and_, map(_needs, parts))
        elif len(only := _kinds(_taken(str(kind), what))) == 1:
            found |= only
    return found


def _parts(kind: str, what: Any) -> Iterator[Any]:
    """Yield the sequences of which an item is made, one of which it matches."""
    match kind:
        case "BRANCH":
            yield from what[1]
        case "SUBPATTERN":
            yield what[3]
        case "MAX_REPEAT" | "MIN_REPEAT":
            yield what[2]


def _taken(kind: str, what: Any) -> Bytes:
    """Return the bytes that an item without parts may take."""
    match kind:
        case "LITERAL":
            return frozenset((min(what, _BEYOND),))
        case "IN":
            return _one_of(what)
        case "AT" | "ASSERT" | "ASSERT_NOT":
            return _NONE
        case _:
            return _ANY


def _one_of(items: Iterable[tuple[Any, Any]]) -> Bytes:
    found = _NONE
    for kind, what in items:
        match str(kind):
            case "LITERAL":
                found |= {min(what, _BEYOND)}
            case "RANGE":
                found |= frozenset(range(min(what[0], _BEYOND), min(what[1], _BEYOND) + 1))
            case "CATEGORY":
                found |= _CATEGORIES.get(str(what), _ANY)
            case _:
                return _ANY
    return found
