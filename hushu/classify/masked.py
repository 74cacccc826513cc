"""Values that somebody has already masked in part: ``310101********0011``, ``138****0000``, ``张*``.

A masked column is still a column of personal data, and some forms leave enough to single people out.
"""

from __future__ import annotations

import re

from hushu.rules.validators import PROVINCES

_MARKS = re.compile("[*×✱＊●■█]|(?<=[0-9*])[xX](?=[xX*])|(?<=[xX])[xX]")
_BLANKS = re.compile(r"[ -]")
_FORMS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("PHONE_NUMBER", re.compile(r"(?=.{11}$)1[3-9]\d?\*{3,8}\d{1,5}|(?=.{11}$)1[3-9]\d\d{0,4}\*{3,8}|0\d{2,3}\d{1,4}\*{2,6}\d{0,4}")),
    ("CN_RESIDENT_ID", re.compile(r"(?=.{18}$)[1-9]\d{0,13}\*{2,17}[\dX]{0,6}|(?=.{15}$)[1-9]\d{2,7}\*{4,12}\d{0,4}")),
    ("BANK_CARD", re.compile(r"(?=.{16,19}$)[3-69]\d{3,9}\*{4,12}\d{0,4}|\*{4,15}\d{4}")),
    ("LICENSE_PLATE", re.compile(rf"(?=.{{7,8}}$)[{PROVINCES}][A-Z\*][0-9A-Z]{{0,4}}\*{{1,5}}[0-9A-Z]{{0,4}}")),
    ("EMAIL_ADDRESS", re.compile(r"(?=[^@]*\*)[0-9A-Z._%+-]*\*+[0-9A-Z._%+-]*@(?:[0-9A-Z\*-]+\.)+[A-Z]{2,24}")),
    ("PERSON", re.compile(r"[\u4e00-\u9fa5]{1,2}(?:\*{1,3}|某{1,2})[\u4e00-\u9fa5]?|\*{1,2}[\u4e00-\u9fa5]{1,2}")),
)  # fmt: skip


def masked(text: str) -> str | None:
    """Return the type of which the folded ``text`` is a part-masked value, or None.

    Example:
        >>> masked("138****0000"), masked("张*"), masked("13800000000")
        ('PHONE_NUMBER', 'PERSON', None)
    """
    plain = _BLANKS.sub("", _MARKS.sub("*", text)).upper()
    if "*" not in plain and "某" not in plain:
        return None
    return next((kind for kind, form in _FORMS if form.fullmatch(plain)), None)
