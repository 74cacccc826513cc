"""Values that somebody has already masked in part: ``310101********0011``, ``138****0000``, ``张*``.

A masked column is still a column of personal data, and some forms leave enough to single people out.
"""

from __future__ import annotations

import re

from hushu.rules.formats import PROVINCES

_MARKS = re.compile("[×✱●■█]|[xX]{3,}")
_HINT = re.compile("[*×✱●■█某]|[xX]{3}")
_BLANKS = re.compile("[ -]")
_RUN = re.compile(r"([0-9A-Z]*)(\*+)([0-9A-Z]*)")
_PLATE = re.compile(rf"[{PROVINCES}][A-Z*][0-9A-Z]{{0,5}}\*{{1,5}}[0-9A-Z]{{0,4}}")
_EMAIL = re.compile(r"[0-9A-Z._%+-]*\*[0-9A-Z._%+*-]*@[0-9A-Z.*-]+\.[A-Z]{2,24}")
_PERSON = re.compile(r"[\u4e00-\u9fa5]{1,2}(?:\*{1,3}|某{1,2})[\u4e00-\u9fa5]?|\*{1,2}[\u4e00-\u9fa5]{1,2}")
_UPPER = {lower: lower - 32 for lower in range(ord("a"), ord("z") + 1)}
LONGEST = 64


def masked(text: str) -> str:
    """Return the type of which the folded ``text`` is a part-masked value, or nothing.

    Example:
        >>> masked("138****0000"), masked("张*"), masked("13800000000")
        ('PHONE_NUMBER', 'PERSON', '')
    """
    if len(text) > LONGEST or not _HINT.search(text):
        return ""
    plain = _BLANKS.sub("", _MARKS.sub(lambda run: "*" * len(run[0]), text)).translate(_UPPER)
    if "*" not in plain and "某" not in plain:
        return ""
    if run := _RUN.fullmatch(plain):
        return _number(run[1], len(run[2]), run[3])
    if 7 <= len(plain) <= 8 and _PLATE.fullmatch(plain):
        return "LICENSE_PLATE"
    if _EMAIL.fullmatch(plain):
        return "EMAIL_ADDRESS"
    return "PERSON" if _PERSON.fullmatch(plain) else ""


def _number(head: str, stars: int, tail: str) -> str:
    """Return the type of ``head``, ``stars`` marks and ``tail``."""
    if head and not head.isdigit():
        return ""
    length = len(head) + stars + len(tail)
    numeric = not tail or tail.isdigit()
    if length == 11 and len(head) >= 2 and head[0] == "1" and head[1] > "2" and stars >= 3 and numeric:
        return "PHONE_NUMBER"
    if head[:1] == "0" and 3 <= len(head) <= 8 and 2 <= stars <= 6 and 10 <= length <= 12 and numeric:
        return "PHONE_NUMBER"
    closed = numeric or (tail[-1] == "X" and tail[:-1].isdigit() and len(tail) > 1)
    if length == 18 and head and head[0] > "0" and stars >= 4 and len(tail) <= 6 and closed:
        return "CN_RESIDENT_ID"
    if length == 15 and len(head) >= 3 and stars >= 4 and len(tail) <= 4 and numeric:
        return "CN_RESIDENT_ID"
    if 16 <= length <= 19 and len(head) >= 4 and stars >= 4 and len(tail) <= 4 and numeric:
        return "BANK_CARD"
    return "BANK_CARD" if not head and 4 <= stars <= 15 and len(tail) == 4 and numeric else ""
