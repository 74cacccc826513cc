"""Reading a header: what its words say about the column, without looking at a value.

A header is a noun phrase whose last word counts: 联系人电话 is a telephone number, 电话类型 is not.
Latin headers are cut into whole words (``custPhoneNo``, ``cust_phone_no``, ``custphoneno``), their
abbreviations written out; a part of a short Latin word never suffices. Pinyin and initials are read
against the Chinese words of the vocabulary.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from hushu.classify import headerwords
from hushu.classify.headerwords import canonical, has_han, index
from hushu.rules.vocabulary import load

NOT_LAST = 0.12  # the word stands in the header, but the header is about something else
COUNTERED = 0.15
AS_SUFFIX = 0.9  # initials behind initials that we know (hz+xm)
AS_LOOSE_SUFFIX = 0.75
MISTYPED = 0.85
ENDING_BELOW = 0.56
UNMISTAKABLE = 0.92
GENERIC = frozenset("card cert no id code name number account".split())
GENERIC_HAN = frozenset("卡号 证件号 证件号码 账号 编号 名称".split())
AGENT = re.compile(r"[a-z]{4,}(?:er|or|ant|ist|ee)")  # booker, arbitrator, claimant: perhaps a person
AGENT_WEIGHT = 0.4
SURE = 0.75  # a word below it says less when an unknown word stands before it (低保 + 证件号)
SPECIAL = 0.9
GENERIC_SPECIAL = 0.7
COMMONPLACE = 0.48  # town_name, device_id
FLAGGED = 0.5  # 是否有手机 is not a telephone number
MEANINGLESS = frozenset("col fld field column var attr attribute item data value val str txt text num unnamed".split())
_VOWEL = re.compile("[aeiou]")
_BRACKETS = re.compile(r"[(\[（【〔<《][^)\]）】〕>》]*[)\]）】〕>》]?")
_INSIDE = re.compile(r"[(\[（【〔<《]([^)\]）】〕>》]*)")
_WORDS = re.compile(r"[A-Z]{2,}(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+|[\u3400-\u9fff]+")
_CLAUSE = re.compile(r"[,，;；:：。.、|/\n\r\t ]|——|--|(?<=[\u4e00-\u9fff])(?=\d)")
_TRADITIONAL = str.maketrans("號碼證別電話籍職業學歷齡婚狀況國縣區鄉鎮戶籤車牌帳賬單員編機構蹤經緯開銀貫診斷藥殘爾關係宗來紀錄動產權醫療",
                             "号码证别电话籍职业学历龄婚状况国县区乡镇户签车牌帐账单员编机构踪经纬开银贯诊断药残尔关系宗来纪录动产权医疗")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Heading:
    """What a header says: weights 0..1 by type, the word behind each, and the words that speak against.

    ``clear`` tells that the header means something to us or to a reader (it is not ``c1`` or ``F0012``);
    ``derived`` that it names a count, a sum or a mean.
    """

    weights: Mapping[str, float] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    against: Mapping[str, str] = field(default_factory=dict)
    clear: bool = False
    derived: bool = False


@lru_cache(maxsize=20_000)
def read(name: str) -> Heading:
    """Return what one header or comment says.

    Example:
        >>> read("lxrSjhm").weights["PHONE_NUMBER"] > 0.8
        True
        >>> read("phone_type").weights.get("PHONE_NUMBER", 0) < 0.2
        True
    """
    text = unicodedata.normalize("NFKC", name).translate(_TRADITIONAL)[:200]
    main = _BRACKETS.sub(" ", text).strip() or text
    best = _read_plain(main)
    if not best.weights or max(best.weights.values()) < 0.6:
        for inner in _INSIDE.findall(text):
            best = _stronger(best, _read_plain(inner), 0.85)
    return best


def read_column(name: str, comment: str = "") -> Heading:
    """Return what the header and the comment of a column say together.

    A comment outranks bare initials: ``mz`` with the comment 门诊号 is no ethnic group.
    """
    heading = read(name)
    clause = next((c for c in _CLAUSE.split(comment.strip()) if c), "")
    if not clause or clause.lower() == name.lower():
        return heading
    said = read(clause)
    if not said.weights and len(clause) < len(comment.strip()) < 40:
        said = read(comment.strip())
    if said.clear and not has_han(name):
        heading = Heading(
            weights={t: w * 0.55 for t, w in heading.weights.items() if t not in said.weights}
            | {t: w for t, w in heading.weights.items() if t in said.weights},
            words=heading.words,
            against=heading.against,
            clear=True,
            derived=heading.derived or said.derived,
        )
    return _stronger(heading, said, 0.98)


def _stronger(a: Heading, b: Heading, factor: float) -> Heading:
    weights, words = dict(a.weights), dict(a.words)
    for type_id, weight in b.weights.items():
        if weight * factor > weights.get(type_id, 0):
            weights[type_id] = weight * factor
            words[type_id] = b.words[type_id]
    return Heading(
        weights=weights,
        words=words,
        against={**b.against, **a.against},
        clear=a.clear or b.clear,
        derived=a.derived or b.derived,
    )


def _read_plain(text: str) -> Heading:
    runs = _WORDS.findall(text)
    flat = "".join(runs).lower()
    if not flat:
        return Heading()
    latin = [r.lower() for r in runs if not has_han(r)]
    reading = Heading()
    if has_han(flat):
        reading = _read_han(flat)
        if max(reading.weights.values(), default=0) < 0.6:
            for run in runs:
                if has_han(run) and run != flat:
                    reading = _stronger(reading, _read_han(run), 0.95)
        if reading.weights or not latin:
            return reading
    return _stronger(reading, _read_latin(latin), 1 if not has_han(flat) else 0.85)


def _read_han(text: str) -> Heading:
    words = index()
    whole = text.rstrip("0123456789")
    if any(whole.endswith(c) for c in words.counts if has_han(c)) and whole not in words.han:
        return Heading(clear=True, derived=True)
    found: dict[str, tuple[float, str]] = {}
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
    if max((w for w, _ in found.values()), default=0.0) < ENDING_BELOW and whole not in words.han:
        _endings(whole, found, against)
    if not found:
        found = {t: (w * NOT_LAST, word) for t, (w, word) in _inside(whole).items()}
    return Heading(
        weights={t: w for t, (w, _) in found.items() if w > 0.02},
        words={t: word for t, (_, word) in found.items()},
        against=against,
        clear=True,
        derived=whole.startswith(("平均", "累计", "合计")),
    )


def _endings(text: str, found: dict[str, tuple[float, str]], against: dict[str, str]) -> None:
    """Add what the last characters of an unknown word say: 保管员 is a person, 征收机关 an organisation."""
    for size in (3, 2, 1):
        weights = index().endings.get(text[-size:], {}) if len(text) > size + 1 - (size > 1) else {}
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
    type_id: str, weight: float, word: str, rest: str, found: dict[str, tuple[float, str]], against: dict[str, str]
) -> None:
    entry = load()[type_id]
    han, latin = headerwords.counters(entry)
    counter = next((c for c in han if c in rest), "") or next((c for c in latin if len(c) > 1 and c in rest), "")
    if counter:
        against[type_id] = counter
        weight *= COUNTERED
    elif rest and weight < SURE and rest not in index().roles:
        weight *= GENERIC_SPECIAL if word in GENERIC_HAN else SPECIAL
    if rest.startswith(("是否", "有无")) and entry.identifies != "sensitive":
        weight *= FLAGGED
    if weight > found.get(type_id, (0.0, ""))[0]:
        found[type_id] = (weight, word)


def _suffixed(text: str, found: dict[str, tuple[float, str]], against: dict[str, str]) -> None:
    """Add the words that a suffix of their own type follows (民族 + 代码)."""
    words = index()
    for entry in load().values():
        for suffix in entry.header.suffixes:
            if not text.endswith(suffix) or len(suffix) >= len(text):
                continue
            stem = text[: -len(suffix)]
            for size in range(min(words.longest_han, len(stem)), 1, -1):
                weight = words.han.get(stem[-size:], {}).get(entry.id, 0.0)
                if weight:
                    longer = any(len(w) > size + len(suffix) for t, (_, w) in found.items() if t != entry.id)
                    if not longer:
                        _judge_han(entry.id, weight * 0.97, stem[-size:], stem[:-size], found, against)
                    break


def _inside(text: str) -> dict[str, tuple[float, str]]:
    words, found = index(), {}
    for start in range(len(text)):
        for size in range(min(words.longest_han, len(text) - start), 1, -1):
            for type_id, weight in words.han.get(text[start : start + size], {}).items():
                found.setdefault(type_id, (weight, text[start : start + size]))
    return found


def _read_latin(raw: Sequence[str]) -> Heading:
    words = index()
    tokens = [t for t in raw if not t.isdigit()]
    if not tokens:
        return Heading()
    found: dict[str, tuple[float, str]] = {}
    against: dict[str, str] = {}
    for candidate in _latin_tails(tokens):
        _phrases(candidate, found, against)
        _chinese_in_latin(candidate, found)
        if found and max(w for w, _ in found.values()) > 0.5:
            break
    glued = "".join(tokens)
    if not found and len(tokens) > 1 and len(glued) > 3:
        _chinese_in_latin([glued], found)
        if glued in words.words:
            _phrases([glued], found, against)
    if not found:
        for type_id, (weight, word) in _latin_inside(tokens).items():
            found[type_id] = (weight * NOT_LAST, word)
    clear = any(len(t) > 2 and t not in MEANINGLESS and (t in words.words or t in words.joined or _split(t)) for t in tokens)
    best = max(found.values(), default=(0.0, ""))
    derived = any(t in words.counts and not (best[0] > 0.5 and t in best[1].split()) for t in tokens)
    return Heading(
        weights={t: w for t, (w, _) in found.items() if w > 0.02},
        words={t: word for t, (_, word) in found.items()},
        against=against,
        clear=clear or bool(found),
        derived=derived,
    )


def _latin_tails(tokens: Sequence[str]) -> Iterator[list[str]]:
    tail = list(tokens)
    yield tail
    while len(tail) > 1 and (tail[-1] in index().neutral or len(tail[-1]) == 1):
        tail = tail[:-1]
        yield tail


def _phrases(tokens: Sequence[str], found: dict[str, tuple[float, str]], against: dict[str, str]) -> None:
    """Add the longest phrase of whole words at the end of the header."""
    words = index()
    spread = [w for t in tokens for w in _spread(t)]
    mistyped = len(spread) and any(w.startswith("~") for w in spread)
    chain = canonical([w.lstrip("~") for w in spread])
    factor = MISTYPED if mistyped else 1.0
    for size in range(min(words.longest_phrase, len(chain)), 0, -1):
        phrase, rest = chain[-size:], chain[:-size]
        if phrase in words.phrases and not (size == 1 and len(phrase[0]) < 2 and rest):
            for type_id, weight in words.phrases[phrase].items():
                _judge_latin(type_id, weight * factor, phrase, rest, found, against)
            break
    if max((w for w, _ in found.values()), default=0.0) < ENDING_BELOW and len(chain) > 1:
        for type_id, weight in words.endings.get(chain[-1], {}).items():
            _judge_latin(type_id, weight * factor, chain[-1:], chain[:-1], found, against)
    if not found and AGENT.fullmatch(chain[-1]) and chain[-1] not in words.words:
        found["PERSON"] = (AGENT_WEIGHT, chain[-1])
    for entry in load().values():
        if chain[-1] in canonical(entry.header.suffixes):
            for size in range(min(words.longest_phrase, len(chain) - 1), 0, -1):
                weight = words.phrases.get(chain[-1 - size : -1], {}).get(entry.id, 0.0)
                if weight:
                    _judge_latin(entry.id, weight * factor * 0.97, chain[-1 - size : -1], chain[: -1 - size], found, against)
                    break


def _judge_latin(
    type_id: str,
    weight: float,
    phrase: Sequence[str],
    rest: Sequence[str],
    found: dict[str, tuple[float, str]],
    against: dict[str, str],
) -> None:
    _, latin = headerwords.counters(load()[type_id])
    counter = next((t for t in rest if t in latin), "")
    if counter:
        against[type_id] = counter
        weight *= COUNTERED
    elif rest and weight < SURE and not set(rest) <= index().roles:
        weight *= COMMONPLACE if weight <= 0.55 or set(phrase) <= GENERIC else SPECIAL
    if rest and rest[0] in ("is", "has", "if") and load()[type_id].identifies != "sensitive":
        weight *= FLAGGED
    if weight > found.get(type_id, (0.0, ""))[0]:
        found[type_id] = (weight, " ".join(phrase))


def _chinese_in_latin(tokens: Sequence[str], found: dict[str, tuple[float, str]]) -> None:
    """Add pinyin and initials: the last token, whole or behind a role (``hzxm``, ``lxr_dh``)."""
    words = index()
    whole = "".join(tokens)
    for token in dict.fromkeys([tokens[-1], whole] if whole in words.joined or all(map(_is_pinyin, tokens)) else [tokens[-1]]):
        if token in words.everyday:
            continue
        for cut in range(len(token)):
            suffix, rest = token[cut:], token[:cut]
            weights = words.joined.get(suffix)
            if not weights or len(suffix) < 2 or (not cut and (token,) in words.phrases):
                continue
            factor = _suffix_factor(suffix, rest, max(weights.values()))
            for type_id, weight in weights.items():
                if factor and weight * factor > found.get(type_id, (0.0, ""))[0]:
                    found[type_id] = (weight * factor, suffix)
            if factor == 1 and max(weights.values()) > 0.5:
                break


def _suffix_factor(suffix: str, rest: str, weight: float) -> float:
    if not rest:
        return 1.0
    if rest in index().roles:
        return AS_SUFFIX
    if rest in index().counts:
        return 0.0
    if len(suffix) > (4 if weight > SURE else 5) and len(rest) in _boundaries(rest + suffix):
        return AS_SUFFIX if len(suffix) > 8 else AS_LOOSE_SUFFIX
    known = len(suffix) > 3 or (len(suffix) == 3 and weight >= UNMISTAKABLE)
    return AS_LOOSE_SUFFIX if known and not _VOWEL.search(suffix) and len(rest) < 6 else 0.0


def _is_pinyin(text: str) -> bool:
    return len(text) > 1 and len(text) in _boundaries(text)


@lru_cache(maxsize=20_000)
def _boundaries(text: str) -> frozenset[int]:
    """Return where syllables begin and end when a text is pinyin, cut into the fewest (bian+hao, not bi+an+hao)."""
    known = headerwords.syllables()
    best: dict[int, tuple[int, ...]] = {0: (0,)}
    for end in range(1, len(text) + 1):
        for start in range(max(0, end - 6), end):
            if start in best and text[start:end] in known:
                cuts = (*best[start], end)
                if end not in best or len(cuts) < len(best[end]):
                    best[end] = cuts
    return frozenset(best.get(len(text), ()))


def _spread(token: str) -> list[str]:
    """Return a token as whole words: itself, its parts when it is glued, or the word it mistypes."""
    words = index()
    if token in words.words or token in words.joined or len(token) < 5:
        return [token]
    parts = _split(token)
    if parts:
        return list(parts)
    near = _mistyped(token)
    return ["~" + near] if near else [token]


@lru_cache(maxsize=20_000)
def _split(token: str) -> tuple[str, ...]:
    """Return the fewest known words that make up a glued token, or nothing."""
    known = index().words
    best: dict[int, tuple[str, ...]] = {0: ()}
    for end in range(1, len(token) + 1):
        for start in range(end):
            piece = token[start:end]
            if start in best and piece in known and (len(piece) > 2 or piece in ("id", "no", "nm", "cd", "ip", "qq", "dt")):
                chain = (*best[start], piece)
                if end not in best or len(chain) < len(best[end]):
                    best[end] = chain
    chain = best.get(len(token), ())
    certain = max(map(len, chain), default=0) > 3 or (chain and chain[-1] in ("no", "id", "nm", "cd", "tel"))
    return chain if 1 < len(chain) <= 5 and certain else ()


@lru_cache(maxsize=1)
def _by_letter() -> dict[str, list[str]]:
    letters: dict[str, list[str]] = {}
    for word in sorted(w for w in index().words if len(w) > 4):
        letters.setdefault(word[0], []).append(word)
    return letters


@lru_cache(maxsize=20_000)
def _mistyped(token: str) -> str:
    """Return the one known word within one edit (or swap) of a token of five letters or more."""
    if _is_pinyin(token):
        return ""
    for word in _by_letter().get(token[0], ()):
        if abs(len(word) - len(token)) < 2 and _one_edit(token, word):
            return word
    return ""


def _one_edit(a: str, b: str) -> bool:
    if len(a) > len(b):
        a, b = b, a
    at = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), len(a))
    if len(a) < len(b):
        return a[at:] == b[at + 1 :]
    return a[at + 1 :] == b[at + 1 :] or (a[at : at + 2] == b[at : at + 2][::-1] and a[at + 2 :] == b[at + 2 :])


def _latin_inside(tokens: Sequence[str]) -> dict[str, tuple[float, str]]:
    words, found = index(), {}
    chain = canonical([w.lstrip("~") for t in tokens for w in _spread(t)])
    for start in range(len(chain)):
        for size in range(min(words.longest_phrase, len(chain) - start), 0, -1):
            for type_id, weight in words.phrases.get(chain[start : start + size], {}).items():
                found.setdefault(type_id, (weight, " ".join(chain[start : start + size])))
    return found
