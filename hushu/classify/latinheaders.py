"""Reading a Latin header: phrases of whole words, and Chinese words in pinyin or by initials."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from hushu.classify import headerwords
from hushu.classify.headerwords import canonical, index
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
from hushu.classify.latinwords import boundaries, is_pinyin, split, spread
from hushu.rules.vocabulary import load

AS_SUFFIX = 0.9  # initials behind initials that we know (hz+xm)
AS_LOOSE_SUFFIX = 0.75
AS_CODE = 0.95
MISTYPED = 0.85
UNMISTAKABLE = 0.92
GENERIC = frozenset(["card", "cert", "no", "id", "code", "name", "number", "account"])
NEUTRAL_LAST = 0.6
AGENT = re.compile(r"[a-z]{4,}(?:er|or|ant|ist|ee)")  # booker, arbitrator, claimant: perhaps a person
AGENT_WEIGHT = 0.5
AGENT_NAMED = 0.82  # checker_name: of nothing but a person is the agent named
WHO_BY_INITIALS = re.compile("[b-df-hj-np-tv-z]{2,5}r")  # bsr, mfr, bfzrr: some 人
BY_INITIALS = 0.42
BY_LONG_INITIALS = 0.57
STAFF_NUMBERED = 0.72  # nurse_code, courier_no: the number of who works there
NO_ROLES = frozenset(
    [
     "attr", "addr", "ptr", "ctr", "hdr", "nbr", "str", "yr", "hr", "qtr", "thr", "clr", "cur", "tmr", "pwr",
     "spr", "ctrl", "gnr", "bmr", "cpr", "dscr", "descr", "crr", "mtr", "ltr", "kmr",
    ]
)  # fmt: skip
NUMBERS = frozenset(["no", "number", "code", "id", "sn", "serial", "uuid", "bianhao", "danhao", "haoma"])
STAFF_NUMBERS = frozenset(["no", "id", "code"])
CODED = frozenset(["dm", "mc", "bm", "cd", "code", "daima", "mingcheng"])  # xb_dm: the code of xb
PREPOSITIONS = frozenset(["of", "to", "with", "for"])
COMMONPLACE = 0.48  # town_name, device_id
MEANINGLESS = frozenset(
    [
     "col", "fld", "field", "column", "var", "attr", "attribute", "item",
     "data", "value", "val", "str", "txt", "text", "num", "unnamed",
    ]
)  # fmt: skip
_VOWEL = re.compile("[aeiou]")


def read_latin(raw: Sequence[str]) -> Heading:
    """Return what the tokens of a Latin header say, in lower case."""
    words = index()
    tokens = [t for t in raw if not t.isdigit()]
    if not tokens:
        return Heading()
    if tokens[-1] in words.outside or "".join(tokens) in words.outside:
        return Heading(clear=True, outside=tokens[-1])
    found: Found = {}
    against: dict[str, str] = {}
    for candidate in _latin_tails(tokens):
        _phrases(candidate, found, against)
        _chinese_in_latin(candidate, found)
        _tailed(candidate, found)
        if found and max(w for w, _ in found.values()) > 0.5:
            best_word = max(found.values())[1]
            if best_word not in words.neutral or candidate == tokens[:1]:
                break
            for type_id, (weight, word) in found.items():  # name_text: text says less than name
                found[type_id] = (weight * NEUTRAL_LAST, word)
    glued = "".join(tokens)
    if not found and len(tokens) > 1 and len(glued) > 3:
        _chinese_in_latin([glued], found)
        if glued in words.words:
            _phrases([glued], found, against)
    if not found:
        for type_id, (weight, word) in _latin_inside(tokens).items():
            found[type_id] = (weight * NOT_LAST, word)
    if not found and WHO_BY_INITIALS.fullmatch(tokens[-1]) and tokens[-1] not in NO_ROLES | words.words:
        found["PERSON"] = (BY_INITIALS if len(tokens[-1]) < 4 else BY_LONG_INITIALS, tokens[-1])
    clear = any(
        len(t) > 2 and t not in MEANINGLESS and (t in words.words or t in words.joined or split(t))
        for t in tokens
    )
    best = max(found.values(), default=(0.0, ""))
    told = set(best[1].split()) if best[0] > 0.5 else set()
    derived = any(t in words.counts and not told & {t, *canonical([t])} for t in tokens)
    return Heading(
        weights={t: w for t, (w, _) in found.items() if w > 0.02},
        words={t: word for t, (_, word) in found.items()},
        against=against,
        clear=clear or bool(found),
        number=canonical(tokens)[-1] in NUMBERS or tokens[-1].endswith(("bh", "lsh", "ddh")),
        derived=derived,
    )


def _latin_tails(tokens: Sequence[str]) -> Iterator[list[str]]:
    cut = next((at for at, token in enumerate(tokens) if at and token in PREPOSITIONS), 0)
    if cut and not any(set(phrase) & PREPOSITIONS for phrase in _known_phrases(tokens)):
        yield list(tokens[:cut])  # relation_to_victim is a relation
    tail = list(tokens)
    yield tail
    while len(tail) > 1 and (tail[-1] in index().neutral or (len(tail[-1]) == 1 and tail[-1] not in "xyz")):
        tail = tail[:-1]
        yield tail


def _known_phrases(tokens: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Yield the phrases of the vocabulary that the header ends with (date of birth)."""
    chain = canonical(tokens)
    for start in range(len(chain)):
        if chain[start:] in index().phrases:
            yield chain[start:]


def _phrases(tokens: Sequence[str], found: Found, against: dict[str, str]) -> None:
    """Add the longest phrase of whole words at the end of the header."""
    words = index()
    spelled = [w for t in tokens for w in spread(t)]
    mistyped = any(w.startswith("~") for w in spelled)
    chain = canonical([w.lstrip("~") for w in spelled])
    factor = MISTYPED if mistyped else 1.0
    for size in range(min(words.longest_phrase, len(chain)), 0, -1):
        phrase, rest = chain[-size:], chain[:-size]
        if phrase in words.phrases and not (size == 1 and len(phrase[0]) < 2 and rest):
            for type_id, weight in words.phrases[phrase].items():
                _judge_latin(type_id, weight * factor, phrase, rest, found, against)
            break
    if max((w for w, _ in found.values()), default=0.0) < ENDING_BELOW:
        for type_id, weight in words.endings.get(chain[-1], {}).items():
            if len(chain) > 1 or (type_id == "PERSON" and len(chain[0]) > 3):
                _judge_latin(type_id, weight * factor, chain[-1:], chain[:-1], found, against)
    if not found and _agent(tokens[-1]):
        found["PERSON"] = (AGENT_WEIGHT, tokens[-1])
    _of_agents(chain, found)
    for type_id in words.suffixes.get(chain[-1], ()):
        for size in range(min(words.longest_phrase, len(chain) - 1), 0, -1):
            weight = words.phrases.get(chain[-1 - size : -1], {}).get(type_id, 0.0)
            if weight:
                _judge_latin(
                    type_id,
                    weight * factor * 0.97,
                    chain[-1 - size : -1],
                    chain[: -1 - size],
                    found,
                    against,
                )
                break


def _agent(word: str) -> bool:
    """Return whether a word names by its form who does something, and is not known to mean anything else."""
    words = index()
    return AGENT.fullmatch(word) is not None and (
        word not in words.words or word in words.roles | words.staff
    )


def _of_agents(chain: Sequence[str], found: Found) -> None:
    """Add what the name or the number of an agent is: checker_name, nurse_code."""
    if len(chain) < 2:
        return
    who, told = chain[-2], " ".join(chain[-2:])
    if chain[-1] == "name" and (who in index().staff or _agent(who)):
        found["PERSON"] = max(found.get("PERSON", (0.0, "")), (AGENT_NAMED, told))
    if chain[-1] in STAFF_NUMBERS and who in index().staff:
        found["EMPLOYEE_NO"] = max(found.get("EMPLOYEE_NO", (0.0, "")), (STAFF_NUMBERED, told))


def _judge_latin(
    type_id: str,
    weight: float,
    phrase: Sequence[str],
    rest: Sequence[str],
    found: Found,
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
        weight *= UNNAMED if load()[type_id].identifies == "direct" else FLAGGED
    if weight > found.get(type_id, (0.0, ""))[0]:
        found[type_id] = (weight, " ".join(phrase))


def _chinese_in_latin(tokens: Sequence[str], found: Found) -> None:
    """Add pinyin and initials: the last token, whole or behind a role (``hzxm``, ``lxr_dh``)."""
    words = index()
    whole = "".join(tokens)
    for token in dict.fromkeys(
        [tokens[-1], whole] if whole in words.joined or all(map(is_pinyin, tokens)) else [tokens[-1]]
    ):
        if token in words.everyday or (token,) in words.phrases:
            continue
        for cut in range(len(token)):
            suffix, rest = token[cut:], token[:cut]
            weights = words.joined.get(suffix)
            if not weights or len(suffix) < 2:
                continue
            factor = _suffix_factor(suffix, rest, max(weights.values()))
            for type_id, weight in weights.items():
                if factor and weight * factor > found.get(type_id, (0.0, ""))[0]:
                    found[type_id] = (weight * factor, suffix)
            if factor == 1 and max(weights.values()) > 0.5:
                break


def _tailed(tokens: Sequence[str], found: Found) -> None:
    """Add initials with a tail of their own (``xb_dm``, ``sbk_no``), for types whose words may have it."""
    if len(tokens) < 2:
        return
    code, tail = tokens[-1] in CODED, canonical(tokens[-1:])[-1]
    may = index().suffixes.get(tail, ())
    if not code and not may:
        return
    stem: Found = {}
    _phrases(tokens[:-1], stem, {})
    _chinese_in_latin(tokens[:-1], stem)
    for type_id, (weight, word) in stem.items():
        if not (type_id in may or (code and load()[type_id].codes)):
            continue
        if weight * AS_CODE > found.get(type_id, (0.0, ""))[0]:
            found[type_id] = (weight * AS_CODE, f"{word} {tokens[-1]}")


def _suffix_factor(suffix: str, rest: str, weight: float) -> float:
    if not rest:
        return 1.0
    if rest in index().roles or (
        WHO_BY_INITIALS.fullmatch(rest) and rest not in NO_ROLES and suffix[0] != "y"  # jzry: 人员
    ):
        return AS_SUFFIX
    if rest in index().counts:
        return 0.0
    if len(suffix) > (4 if weight > SURE else 5) and len(rest) in boundaries(rest + suffix):
        return AS_SUFFIX if len(suffix) > 8 else AS_LOOSE_SUFFIX
    known = len(suffix) > 3 or (len(suffix) == 3 and weight >= UNMISTAKABLE)
    return AS_LOOSE_SUFFIX if known and not _VOWEL.search(suffix) and len(rest) < 6 else 0.0


def _latin_inside(tokens: Sequence[str]) -> Found:
    words = index()
    found: Found = {}
    chain = canonical([w.lstrip("~") for t in tokens for w in spread(t)])
    for start in range(len(chain)):
        for size in range(min(words.longest_phrase, len(chain) - start), 0, -1):
            for type_id, weight in words.phrases.get(chain[start : start + size], {}).items():
                found.setdefault(type_id, (weight, " ".join(chain[start : start + size])))
    return found
