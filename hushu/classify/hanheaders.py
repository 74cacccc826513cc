"""Reading a Chinese header: the longest known word at its end counts, what stands before it may bend it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from hushu.classify import headerwords
from hushu.classify.headerwords import has_han, index
from hushu.classify.heading import (
    COUNTERED,
    ENDING_BELOW,
    FLAGGED,
    NOT_LAST,
    SPECIAL,
    SURE,
    UNNAMED,
    Found,
    Heading,
)
from hushu.rules.vocabulary import load

NUMBERS = ("号", "号码", "编号", "单号", "序号", "编码", "代码", "条码", "流水")
FLAGS = ("是否", "有无")
STAFF_NUMBER = re.compile("(.+?)(?:编号|编码|代码|代号|号码|号|id)")
STAFF_NUMBERED = 0.72  # 收银员编号: the number of who works there
GENERIC_SPECIAL = 0.7
GENERIC_HAN = frozenset(["卡号", "证件号", "证件号码", "账号", "编号", "名称"])


def read_han(text: str) -> Heading:
    """Return what a Chinese header (without blanks and brackets) says."""
    words = index()
    whole = text.rstrip("0123456789")
    if any(whole.endswith(c) for c in words.counts if has_han(c)) and not _counts_itself(whole):
        return Heading(clear=True, derived=True)
    outside = _outside(whole)
    if outside:
        return Heading(clear=True, outside=outside)
    found: Found = {}
    against: dict[str, str] = {}
    for tail in _han_tails(whole):
        for size in range(min(words.longest_han, len(tail)), 0, -1):
            word, rest = tail[-size:], tail[:-size]
            if word not in words.han or (size == 1 and rest and rest not in words.roles):
                continue
            for type_id, weight in words.han[word].items():
                _judge_han(type_id, weight, word, rest, found, against)
            break
        if found and max(w for w, _ in found.values()) > 0.5:
            break
    _suffixed(whole, found, against)
    _staff(whole, found)
    if max((w for w, _ in found.values()), default=0.0) < ENDING_BELOW and not (
        whole in words.han or whole in words.everyday
    ):
        _endings(whole, found, against)
    if not found:
        found = {t: (w * NOT_LAST, word) for t, (w, word) in _inside(whole).items()}
    return Heading(
        weights={t: w for t, (w, _) in found.items() if w > 0.02},
        words={t: word for t, (_, word) in found.items()},
        against=against,
        clear=True,
        number=whole.endswith(NUMBERS),
        derived=whole.startswith(("平均", "合计")),
    )


def _outside(text: str) -> str:
    """Return the word for what lies outside that the header ends with, unless a longer one is known."""
    words = index()
    stem = text.removesuffix("名称")
    told = (w for w in words.outside if has_han(w) and text.endswith((w, w + "名称")))
    found = max(told, key=len, default="")
    if not found:
        return ""
    longer = range(len(found) + 1, min(words.longest_han, len(stem)) + 1)
    known = any(stem[-size:] in words.han for size in longer)
    return "" if known else found


def _counts_itself(text: str) -> bool:
    """Return whether a word of the vocabulary at the end of the header is itself a count (五年内逾期次数)."""
    words = index()
    for size in range(min(words.longest_han, len(text)), 1, -1):
        if text[-size:] in words.han:
            return any(text[-size:].endswith(c) and text[-size:] != c for c in words.counts)
    return False


def _staff(text: str, found: Found) -> None:
    """Add that the number of who works there is a staff number."""
    match = STAFF_NUMBER.fullmatch(text)
    if match and any(match[1][-size:] in index().staff for size in range(2, min(5, len(match[1])) + 1)):
        found["EMPLOYEE_NO"] = max(found.get("EMPLOYEE_NO", (0.0, "")), (STAFF_NUMBERED, text))


def _endings(text: str, found: Found, against: dict[str, str]) -> None:
    """Add what the last characters of an unknown word say: 保管员 is a person, 征收机关 an organisation."""
    if text.startswith(FLAGS):
        return
    for size in (3, 2, 1):
        weights = index().endings.get(text[-size:], {}) if len(text) > (2 if size == 1 else size - 1) else {}
        for type_id, weight in weights.items():
            if found.get(type_id, (0.0, ""))[0] < weight:
                found[type_id] = (weight, text[-size:])
        if weights:
            break


def _han_tails(text: str) -> Iterator[str]:
    """Yield the text, then the text without the neutral words at its end (姓名信息: 姓名)."""
    yield text
    changed = True
    while changed:
        changed = False
        for word in index().neutral:
            if len(word) < len(text) and text.endswith(word) and (has_han(word) or has_han(text)):
                text = text[: -len(word)]
                changed = True
                yield text
        if len(text) > 2 and text[-1] in "一二三四五甲乙12345" and text[-2:] not in ("十二",):
            text = text[:-1]
            changed = True
            yield text


def _judge_han(
    type_id: str,
    weight: float,
    word: str,
    rest: str,
    found: Found,
    against: dict[str, str],
) -> None:
    entry = load()[type_id]
    han, latin = headerwords.counters(entry)
    counter = next((c for c in han if c in rest), "") or next(
        (c for c in latin if len(c) > 1 and c in rest), ""
    )
    if counter:
        against[type_id] = counter
        weight *= COUNTERED
    elif rest and weight < SURE and not whose(rest):
        weight *= GENERIC_SPECIAL if word in GENERIC_HAN else SPECIAL
    if rest.startswith(FLAGS) and entry.identifies != "sensitive":
        weight *= UNNAMED if entry.identifies == "direct" else FLAGGED
    if weight > found.get(type_id, (0.0, ""))[0]:
        found[type_id] = (weight, word)


def whose(rest: str) -> bool:
    """Return whether a header begins with a role, known or told by its end (犬主 + 证件号)."""
    words = index()
    return any(
        rest[-size:] in words.roles
        or "PERSON" in words.endings.get(rest[-size:], {})
        or words.han.get(rest[-size:], {}).get("PERSON", 0) > SURE
        for size in range(1, min(5, len(rest)) + 1)
    )


def _suffixed(text: str, found: Found, against: dict[str, str]) -> None:
    """Add the words that a suffix of their own type follows (民族 + 代码)."""
    words = index()
    for suffix, types in words.suffixes.items():
        if not text.endswith(suffix) or len(suffix) >= len(text):
            continue
        for type_id in types:
            _suffixed_by(type_id, text[: -len(suffix)], len(suffix), found, against)


def _suffixed_by(type_id: str, stem: str, suffix: int, found: Found, against: dict[str, str]) -> None:
    words = index()
    for size in range(min(words.longest_han, len(stem)), 1, -1):
        weight = words.han.get(stem[-size:], {}).get(type_id, 0.0)
        if weight:
            if not any(len(w) > size + suffix for t, (_, w) in found.items() if t != type_id):
                _judge_han(type_id, weight * 0.97, stem[-size:], stem[:-size], found, against)
            return


def _inside(text: str) -> Found:
    words = index()
    found: Found = {}
    for start in range(len(text)):
        for size in range(min(words.longest_han, len(text) - start), 1, -1):
            for type_id, weight in words.han.get(text[start : start + size], {}).items():
                found.setdefault(type_id, (weight, text[start : start + size]))
    return found
