"""The reference scanner: every place of a folded text that could be a structured identifier.

The C kernel does the same, step by step, on bytes. Nothing inside a longer number is ever taken, since a
token is a maximal run, and Han characters on both sides do not matter. Tokens that one kind of separator
joins (``6222 0200 …``, ``310101-19000101-0011``) are read as one number when the groups look like groups.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from hushu.classify import anchored, telephone
from hushu.classify.candidates import of_alnum
from hushu.classify.context import NOT, named
from hushu.classify.tokens import NAMED, PLAUSIBLE, Candidate, Token, edges, gap, tokens_of

MAX_JOINED = 28
MAX_GROUPS = 7
SHORTEST = 7
Label = Callable[[int], str]


def candidates(text: str, label: Label) -> list[Candidate]:
    """Return every candidate of a folded text, unresolved.

    Args:
        text: a folded text.
        label: for an offset of ``text``, the type that the words before it speak for.
    """
    tokens = tokens_of(text)
    found: list[Candidate] = []
    for index in range(len(tokens)):
        found += _numbers(text, tokens, index, label)
        found += telephone.at(text, tokens, index, label)
        found += anchored.at(text, tokens, index, label)
    return found + anchored.in_text(text)


def _numbers(text: str, tokens: list[Token], first: int, label: Label) -> Iterator[Candidate]:
    """Yield what the token ``first``, alone or joined with those that follow, can be."""
    joined, joint = "", ""
    if not _may_begin(text, tokens[first]):
        return
    for last in range(first, min(len(tokens), first + MAX_JOINED)):
        if last > first:
            between = gap(text, tokens, last - 1)
            if not between or (joint and between != joint):
                return
            joint = between
        joined += tokens[last].text
        if len(joined) > MAX_JOINED:
            return
        if len(joined) >= SHORTEST and _grouped(tokens[first : last + 1], joint):
            yield from _verdicts(text, tokens, first, last, joint, joined, label)


def _may_begin(text: str, token: Token) -> bool:
    # Without a digit only a short group of capitals begins a number (LFAK EAAA …), never a word.
    word = not any("0" <= char <= "9" for char in token.text)
    return not word or (len(token.text) <= 4 and text[token.start : token.end] == token.text)


def _verdicts(
    text: str, tokens: list[Token], first: int, last: int, joint: str, joined: str, label: Label
) -> Iterator[Candidate]:
    start, end = tokens[first].start, tokens[last].end
    verdicts = of_alnum(joined)
    if not any("0" <= char <= "9" for char in joined):
        return
    ruled_out = edges(text, tokens, first, last, joint)
    group = tokens[first : last + 1]
    verdicts = [(kind, strength) for kind, strength in verdicts if _suits(kind, group, joint)]
    for kind, strength in verdicts:
        if strength > ruled_out:
            yield Candidate(start, end, kind, strength)
    if ruled_out or any(strength >= PLAUSIBLE for _, strength in verdicts):
        return
    if last > first and text[start:end].upper() != text[start:end]:
        return
    kind = named(label(start), joined)
    if kind and _suits(kind, group, joint) and all(kind != other for other, _ in verdicts):
        yield Candidate(start, end, kind, NAMED)


def _grouped(tokens: list[Token], joint: str) -> bool:
    """Return whether the lengths of joined tokens look like the groups of one number."""
    sizes = [token.end - token.start for token in tokens]
    if joint == "." and (len(sizes) < 3 or max(sizes) < 4):
        return False
    if len(sizes) == 1 or max(sizes) == 1:
        return True
    inner = sizes[:-1] if tokens[0].numeric else sizes[1:-1]
    return min(inner, default=2) >= 2 and len(sizes) <= MAX_GROUPS


def _suits(kind: str, tokens: list[Token], joint: str) -> bool:
    # Organisation codes take one dash before the check character; passports and permits only blanks.
    if kind == "CN_ORG_CODE" and joint:
        return joint == "-" and len(tokens) == 2 and len(tokens[1].text) == 1
    return joint in ("", " ") or kind not in ("CN_PASSPORT", "CN_TRAVEL_PERMIT")


def stands(hit: Candidate, label: str) -> bool:
    """Return whether a candidate holds in running text, given what the words before it speak for."""
    if hit.strength >= PLAUSIBLE:
        return hit.strength > PLAUSIBLE or label != NOT
    return hit.strength == NAMED or label == hit.type or (label == "DOCUMENT" and hit.type in _DOCUMENTS)


_DOCUMENTS = frozenset(
    {"CN_RESIDENT_ID", "CN_FOREIGNER_ID", "CN_PASSPORT", "CN_TRAVEL_PERMIT", "CN_MILITARY_ID"}
)
