"""Numbers of court cases, real-estate certificates and military certificates."""

from __future__ import annotations

import re
from collections.abc import Iterator

from hushu.classify.tokens import PROVEN, WEAK, Candidate
from hushu.rules.formats import PROVINCES

_CASE = re.compile(
    r"[(\[〔](?:19|20)\d\d[)\]〕][\u4e00-\u9fa5]{1,4}\d{0,4}[\u4e00-\u9fa5()]{1,12}\d{1,6}号"
    r"(?:之[一二三四五六七八九十]{1,3})?",
    re.ASCII,
)
_CASE_WORD = re.compile("[民刑行执赔破诉调保清知财辖申再终初仲商]")
_CERTIFICATE = re.compile(
    rf"[{PROVINCES}][(\[〔](?:19|20)\d\d[)\]〕][\u4e00-\u9fa5]{{1,12}}不动产(?:权|证明|权证明)第\d{{1,10}}号",
    re.ASCII,
)
_OLD_CERTIFICATE = re.compile(
    rf"[{PROVINCES}]房[\u4e00-\u9fa5]{{0,6}}(?:[(\[〔](?:19|20)\d\d[)\]〕])?字?第\d{{4,10}}号",
    re.ASCII,
)
_MILITARY = re.compile(r"[\u4e00-\u9fa5]字第?\d{6,9}(?![0-9A-Za-z])(?:号(?!\d))?", re.ASCII)


def in_text(text: str) -> Iterator[Candidate]:
    """Yield the document numbers of a folded text."""
    for match in _CASE.finditer(text):
        if _CASE_WORD.search(match[0]):
            yield Candidate(match.start(), match.end(), "COURT_CASE_NO", PROVEN)
    for pattern in (_CERTIFICATE, _OLD_CERTIFICATE):
        for match in pattern.finditer(text):
            yield Candidate(match.start(), match.end(), "REAL_ESTATE_NO", PROVEN)
    for match in _MILITARY.finditer(text):
        yield Candidate(match.start(), match.end(), "CN_MILITARY_ID", WEAK)
