"""Candidates that a character anchors: ``@``, a colon, a point, a province before a plate."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import pairwise

from hushu.classify import documents
from hushu.classify.tokens import NAMED, PLAUSIBLE, PROVEN, WEAK, Candidate, Token, gap
from hushu.rules import validators as v
from hushu.rules.formats import CREDENTIALS, PROVINCES

_EMAIL = re.compile(
    r"(?<![0-9A-Za-z._%+-])[0-9A-Za-z][0-9A-Za-z._%+-]{0,63}"
    r"@(?:[0-9A-Za-z](?:[0-9A-Za-z-]{0,61}[0-9A-Za-z])?\.)+[A-Za-z]{2,24}(?![0-9A-Za-z])"
)
_FILES = frozenset(["png", "jpg", "jpeg", "gif", "svg", "webp", "css", "js", "ts", "html", "py", "so", "jar"])
_HEX_RUN = re.compile(r"[0-9A-Fa-f:]*:[0-9A-Fa-f:]*")
_NEW_ENERGY = re.compile(r"[A-HJK][A-HJ-NP-Z0-9]\d{4}|\d{5}[A-HJK]", re.ASCII)
_NUMBER = re.compile(r"(?<![0-9A-Za-z.])\d{1,3}\.\d{4,15}(?![0-9A-Za-z]|\.\d)", re.ASCII)
_SECRET_HINT = re.compile(r"[=:$]|[0-9A-Za-z_.-]{15}|-----")
_PAIR_GAP = re.compile(r" ?[,;、 /] ?")
_SPECIAL = "警学挂试超"
_PLATE_LETTERS = frozenset("ABCDEFGHJKLMNPQRSTUVWXYZ")


def at(text: str, tokens: list[Token], first: int, label: Callable[[int], str]) -> Iterator[Candidate]:
    """Yield addresses and plates that begin with token ``first``."""
    yield from _ipv4(text, tokens, first)
    yield from _mac(text, tokens, first)
    yield from _plate(text, tokens, first, label)


def in_text(text: str) -> list[Candidate]:
    """Return the candidates that are anchored by a character of their own."""
    found: list[Candidate] = []
    if "@" in text:
        found += _emails(text)
    if ":" in text:
        found += _ipv6(text)
    if "号" in text or "字" in text:
        found += documents.in_text(text)
    if "." in text:
        found += _coordinates(text)
    return found + list(_credentials(text)) if _SECRET_HINT.search(text) else found


def _emails(text: str) -> Iterator[Candidate]:
    for match in _EMAIL.finditer(text):
        url = text.rfind("://", max(0, match.start() - 64), match.start())
        if match[0].rsplit(".", 1)[1].lower() in _FILES or (
            url >= 0 and " " not in text[url : match.start()]
        ):
            continue
        if v.email(match[0]):
            yield Candidate(match.start(), match.end(), "EMAIL_ADDRESS", PROVEN)


def _ipv4(text: str, tokens: list[Token], first: int) -> Iterator[Candidate]:
    four = tokens[first : first + 4]
    if len(four) < 4 or any(gap(text, tokens, first + step) != "." for step in range(3)):
        return
    if gap(text, tokens, first - 1) == "." or gap(text, tokens, first + 3) == ".":
        return
    if not v.ipv4(".".join(token.text for token in four)):
        return
    octets = [int(token.text) for token in four]
    personal = octets[0] not in (0, 127, 255) and (max(octets) > 30 or octets[0] == 10)
    yield Candidate(four[0].start, four[3].end, "IP_ADDRESS", PLAUSIBLE if personal else WEAK)


def _mac(text: str, tokens: list[Token], first: int) -> Iterator[Candidate]:
    size = len(tokens[first].text)
    count = {2: 6, 4: 3}.get(size, 0)
    group = tokens[first : first + count]
    if not count or len(group) < count or any(not _hexadecimal(t.text, size) for t in group):
        return
    joints = {text[a.end : b.start] for a, b in pairwise(group)}
    joint = joints.pop()
    if joints or joint not in ((":", "-") if size == 2 else (".",)):
        return
    for outer, between in _outside(text, tokens, first, first + count - 1):
        if between == joint and _hexadecimal(outer.text, size):
            return
    lettered = any(token.text.isalpha() or not token.numeric for token in group)
    strength = PROVEN if lettered else PLAUSIBLE if joint == ":" else WEAK
    yield Candidate(group[0].start, group[-1].end, "MAC_ADDRESS", strength)


def _hexadecimal(text: str, size: int) -> bool:
    return len(text) == size and all(char in "0123456789ABCDEF" for char in text)


def _outside(text: str, tokens: list[Token], first: int, last: int) -> Iterator[tuple[Token, str]]:
    if first:
        yield tokens[first - 1], text[tokens[first - 1].end : tokens[first].start]
    if last + 1 < len(tokens):
        yield tokens[last + 1], text[tokens[last].end : tokens[last + 1].start]


def _plate(text: str, tokens: list[Token], first: int, label: Callable[[int], str]) -> Iterator[Candidate]:
    token = tokens[first]
    head = token.start - 1
    if head > 0 and text[head] == " ":
        head -= 1
    if head < 0:
        head = token.start
    if len(token.text) == 6 and token.numeric:
        yield from _embassy(text, token)
    if text[head] not in PROVINCES:
        return
    last = _plate_end(text, tokens, first)
    body = "".join(t.text for t in tokens[first : last + 1])
    end = tokens[last].end
    if text[end : end + 1] == "*" or not body or body[0] not in _PLATE_LETTERS or not 5 <= len(body) <= 8:
        return
    suffix = text[end : end + 1]
    taken, strength = _plate_form(text[head] + body[0], body[1:], suffix)
    if (
        strength == PROVEN
        and not taken
        and suffix
        and suffix in "警学挂试超领港澳"
        and not _han(text, end + 1)
    ):
        return
    if strength < NAMED or (strength == NAMED and label(head) != "LICENSE_PLATE"):
        return
    yield Candidate(head, end + taken, "LICENSE_PLATE", strength)


def _embassy(text: str, token: Token) -> Iterator[Candidate]:
    if token.start and text[token.start - 1] == "使":
        yield Candidate(token.start - 1, token.end, "LICENSE_PLATE", WEAK)
    elif text[token.end : token.end + 1] == "使":
        yield Candidate(token.start, token.end + 1, "LICENSE_PLATE", WEAK)


def _han(text: str, index: int) -> bool:
    return "\u4e00" <= text[index : index + 1] <= "\u9fa5"


def _plate_end(text: str, tokens: list[Token], first: int) -> int:
    """Return the last token of a plate: one run, one or two letters and the rest, or all spelled out."""
    last = first
    if len(tokens[first].text) == 1:
        while gap(text, tokens, last) == " " and len(tokens[last + 1].text) == 1 and last - first < 7:
            last += 1
        if last > first:
            return last
    if len(tokens[first].text) <= 2 and gap(text, tokens, first):
        return first + 1
    return first


def _plate_form(head: str, tail: str, suffix: str) -> tuple[int, int]:
    """Return how many characters after the tail belong to the plate, and the strength."""
    letters = sum(char > "9" for char in tail)
    usable = all(char <= "9" or char in _PLATE_LETTERS for char in tail)
    if len(tail) == 4 and usable and letters < 4:  # a plate without a digit is a word
        if head == "粤Z" and suffix and suffix in "港澳":
            return 1, PROVEN
        if suffix and (suffix in _SPECIAL or (suffix == "领" and not letters)):
            return 1, PROVEN
    if len(tail) == 5 and usable and letters <= 2:
        return 0, PROVEN
    if len(tail) == 6 and _NEW_ENERGY.fullmatch(tail):
        return 0, PROVEN
    return 0, NAMED if len(tail) - letters >= 3 else -1


def _ipv6(text: str) -> Iterator[Candidate]:
    for match in _HEX_RUN.finditer(text):
        start, end = match.span()
        if start and text[start - 1].isascii() and text[start - 1].isalnum():
            start = text.index(":", start) + 1
        if end < len(text) and text[end].isascii() and text[end].isalnum():
            end = text.rindex(":", 0, end)
        if text.startswith(":", start) and not text.startswith("::", start):
            start += 1
        if text.endswith(":", start, end) and not text.endswith("::", start, end):
            end -= 1
        run = text[start:end]
        if any("0" <= char <= "9" for char in run) and run.count(":") >= 2 and v.ipv6(run):
            yield Candidate(start, end, "IP_ADDRESS", PROVEN if len(run) > 7 else WEAK)


def _coordinates(text: str) -> Iterator[Candidate]:
    hits = list(_NUMBER.finditer(text))
    for index, match in enumerate(hits):
        east, north = v.longitude(match[0]), v.latitude(match[0])
        if index + 1 < len(hits) and _PAIR_GAP.fullmatch(text[match.end() : hits[index + 1].start()]):
            other = hits[index + 1]
            if (east and v.latitude(other[0])) or (north and v.longitude(other[0])):
                yield Candidate(match.start(), other.end(), "GEO_COORDINATE", PLAUSIBLE)
        if east or north:
            yield Candidate(match.start(), match.end(), "GEO_COORDINATE", WEAK)


def _credentials(text: str) -> Iterator[Candidate]:
    for match in CREDENTIALS.finditer(text):
        start = match.start("secret") if match["secret"] else match.start()
        yield Candidate(start, match.end(), "CREDENTIAL", PROVEN)
