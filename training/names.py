"""Invented names of persons: Chinese of two to four characters, words as names, minority and foreign."""

from __future__ import annotations

from functools import cache
from random import Random

from training import MODELS, lac
from training.words import words

GIVEN = words("given")
LOCAL = words("local")
TURKIC = words("turkic")
TIBETAN = words("tibetan")
MONGOL = words("mongol")
YI = words("yi")
MANCHU = words("manchu")
TRANSLATED_GIVEN = words("translated_given")
TRANSLATED_LAST = words("translated_last")
JAPANESE = words("japanese")
JAPANESE_GIVEN = words("japanese_given")
FIRST = words("first")
LAST = words("last")
PINYIN = words("pinyin")
SYLLABLES = words("syllables")
TITLES = words("titles")


@cache
def surnames() -> tuple[list[str], list[int], list[str]]:
    """Single surnames with falling weights, and the compound ones."""
    names = (MODELS / "surnames.txt").read_text(encoding="utf-8").split()
    single = [name for name in names if len(name) == 1]
    # Flatter than life: half of the drawn surnames are rare, because rare ones are what a tagger misses.
    weights = [max(300 - rank, 40) for rank in range(len(single))]
    return single, weights, [name for name in names if len(name) == 2]


@cache
def word_names() -> tuple[list[str], list[str]]:
    """Common words of two and of three characters that begin with a surname: 高兴, 毕业, 黄金周."""
    single = set(surnames()[0][:500])
    han = [word for word in lac.vocabulary() if all("\u4e00" <= char <= "\u9fff" for char in word)]
    return (
        [word for word in han if len(word) == 2 and word[0] in single],
        [word for word in han if len(word) == 3 and word[0] in single],
    )


def given(rng: Random, size: int) -> str:
    """Return a given name of ``size`` characters."""
    if size == 2 and rng.random() < 0.12:
        return rng.choice(LOCAL)
    if size == 2 and rng.random() < 0.25:
        return rng.choice([word for word in rng.choices(lac.vocabulary(), k=60) if _han(word, 2)] or ["小满"])
    return "".join(rng.choice(GIVEN) for _ in range(size))


def _han(word: str, size: int) -> bool:
    return len(word) == size and all("\u4e00" <= char <= "\u9fff" for char in word)


def surname(rng: Random) -> str:
    """Return a surname, compound in one of fourteen."""
    single, weights, compound = surnames()
    return rng.choice(compound) if rng.random() < 0.07 else rng.choices(single, weights)[0]


def han_name(rng: Random) -> str:
    """Return a Chinese name of two to four characters."""
    chance = rng.random()
    if chance < 0.16:
        return rng.choice(word_names()[0])
    if chance < 0.19:
        return rng.choice(word_names()[1])
    if chance < 0.23:
        return surname(rng)[:1] + surname(rng)[:1] + given(rng, rng.choice((1, 2)))
    return surname(rng) + given(rng, 1 if rng.random() < 0.36 else 2)


def minority(rng: Random) -> str:
    """Return a name of one of the larger minorities, as written in Chinese."""
    chance = rng.random()
    if chance < 0.4:
        return rng.choice(TURKIC) + "·" + rng.choice(TURKIC)
    if chance < 0.5:
        return rng.choice(TURKIC)
    if chance < 0.68:
        return "".join(rng.sample(TIBETAN, rng.choice((1, 2, 2))))
    if chance < 0.82:
        return rng.choice(MONGOL)
    if chance < 0.94:
        return rng.choice(YI)
    return rng.choice(MANCHU) + "·" + given(rng, 2)


def translated(rng: Random) -> str:
    """Return a foreign name in Chinese characters."""
    if rng.random() < 0.4:
        return rng.choice(JAPANESE) + rng.choice(JAPANESE_GIVEN)
    return rng.choice(TRANSLATED_GIVEN) + "·" + rng.choice(TRANSLATED_LAST)


def latin(rng: Random) -> str:
    """Return a name in Latin letters: Western, or Chinese in pinyin."""
    if rng.random() < 0.3:
        last = rng.choice(PINYIN)
        first = "".join(rng.sample(SYLLABLES, rng.choice((1, 2, 2)))).capitalize()
        return rng.choice(
            (f"{last} {first}", f"{first} {last}", f"{last.upper()} {first}", f"{last}, {first}")
        )
    first, last = rng.choice(FIRST), rng.choice(LAST).replace("_", " ")
    middle = rng.choice(("", "", "", rng.choice("ABCDEFGHJKLMNPRSTW") + ". ", rng.choice(FIRST) + " "))
    full = f"{first} {middle}{last}"
    chance = rng.random()
    if chance < 0.08:
        return full.upper()
    if chance < 0.14:
        return f"{last.upper()} {first}"
    if chance < 0.2:
        return f"{first[0]}. {last}"
    return full


def person(rng: Random) -> str:
    """Return any name in Chinese characters."""
    chance = rng.random()
    if chance < 0.06:
        return minority(rng)
    return translated(rng) if chance < 0.08 else han_name(rng)
