"""Rewrite annotated texts: other persons, places, firms and numbers in the same sentences, other typography.

The annotated texts are few; their sentences are worth more than their names. Each epoch sees every
sentence with other surfaces, so that the network has to read the context.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from random import Random

from training import names, places, swap, things
from training.corpus import Item, Piece

Maker = Callable[[Random], str]
HAN = re.compile(r"^[\u4e00-\u9fff\u3400-\u4dbf]+$")
LATIN = re.compile(r"^[A-Za-zÀ-ž .,'’\-]+$")
TITLED = re.compile(r"^(.{1,2}?)(" + "|".join(names.TITLES) + r")$")
WIDE = str.maketrans({chr(c): chr(c + 0xFEE0) for c in range(0x21, 0x7F)})
ASCII_POINTS = str.maketrans("，：；？！（）", ",:;?!()")
FULL_POINTS = str.maketrans(",:;?!()", "，：；？！（）")
FREE_TYPES = frozenset(
    (
        "OCCUPATION",
        "MEDICATION",
        "TEST_RESULT",
        "NATIONALITY",
        "ETHNICITY",
        "EDUCATION",
        "DISABILITY",
        "NATIVE_PLACE",
        "FAMILY_RELATION",
        "GENDER",
        "MARITAL_STATUS",
    )
)


class Rewriter:
    """Rewrites items; the pools hold the surfaces of the training items alone, never of the held-out file."""

    def __init__(self, items: Sequence[Item], strength: float = 1.0) -> None:
        self.strength = strength
        self.pools: dict[str, list[str]] = defaultdict(list)
        for item in items:
            for piece in item.pieces:
                if piece.types and not item.news:
                    self.pools[piece.types[0]].append(piece.surface)

    def rewrite(self, item: Item, rng: Random) -> Item:
        """Return ``item`` with other surfaces and typography; news sentences only get typography."""
        if item.news:
            pieces = [self._news(piece, rng) for piece in item.pieces]
        else:
            known: dict[str, str] = {}
            pieces = [self._piece(piece, item.lang, known, rng) for piece in item.pieces]
        if item.lang != "en" and rng.random() < 0.5 * self.strength:
            share = rng.choice((0.06, 0.12, 0.2))
            pieces = [p if p.types else Piece(swap.swapped(p.surface, share, rng)) for p in pieces]
        return Item(tuple(_typography(pieces, rng)), item.lang, item.group, item.source, item.news)

    def _news(self, piece: Piece, rng: Random) -> Piece:
        if piece.types == ("PER",) and HAN.match(piece.surface) and rng.random() < 0.4 * self.strength:
            return Piece(names.person(rng), piece.types)
        return piece

    def _piece(self, piece: Piece, lang: str, known: dict[str, str], rng: Random) -> Piece:
        if not piece.types:
            return piece
        if piece.surface in known and rng.random() < 0.85:
            return Piece(known[piece.surface], piece.types, piece.optional)
        surface = self._surface(piece, lang, rng)
        known[piece.surface] = surface
        return Piece(surface, piece.types, piece.optional)

    def _surface(self, piece: Piece, lang: str, rng: Random) -> str:
        kind, old = piece.types[0], piece.surface
        chance = rng.random() / max(self.strength, 1e-9)
        if kind == "PERSON":
            return _person(old, piece.optional, rng) if chance < 0.75 else old
        if kind == "ADDRESS":
            return _address(old, piece.optional, rng, chance)
        if kind == "ORGANIZATION":
            if chance < 0.35 and not piece.optional:
                return things.organization(rng) if not LATIN.match(old) else things.english_organization(rng)
            return self._same_script(kind, old, rng) if chance < 0.6 and not piece.optional else old
        if kind == "DIAGNOSIS":
            if chance < 0.3:
                return rng.choice(things.DISEASE_EN) if LATIN.match(old) else things.disease(rng)
            return self._same_script(kind, old, rng) if chance < 0.6 else old
        if kind == "REGION":
            return places.region(rng) if chance < 0.5 and HAN.match(old) else old
        if kind in FREE_TYPES:
            return self._same_script(kind, old, rng) if chance < 0.4 else old
        if kind == "PHONE_NUMBER" and chance < 0.25 and not piece.optional:
            return things.phone(rng)
        if kind in ("USERNAME", "WECHAT_ID", "CREDENTIAL") and chance < 0.35 and old.isascii():
            return things.secret(rng) if kind == "CREDENTIAL" else things.handle(rng)
        if kind == "BIRTH_DATE" and chance < 0.3 and "年" in old:
            return things.birth_date(rng)
        return things.reshaped(old, rng) if chance < 0.8 else old

    def _same_script(self, kind: str, old: str, rng: Random) -> str:
        latin = bool(LATIN.match(old))
        for _ in range(6):
            other = rng.choice(self.pools[kind])
            if bool(LATIN.match(other)) == latin:
                return other
        return old


def _person(old: str, optional: bool, rng: Random) -> str:
    if optional:
        titled = TITLED.match(old)
        if titled:
            return names.surname(rng) + (titled[2] if rng.random() < 0.6 else rng.choice(names.TITLES))
        if len(old) == 2 and old[0] in "小老阿":
            return old[0] + names.surname(rng)[:1]
        return names.surname(rng) if len(old) == 1 and HAN.match(old) else old
    if "·" in old and not old.isascii():
        return names.minority(rng) if rng.random() < 0.7 else names.translated(rng)
    if LATIN.match(old):
        fresh = names.latin(rng)
        return fresh.upper() if old.isupper() else fresh
    if re.match(r"^.( {1,2}|　).", old):
        gap = re.sub(r"\S", "", old)[:1] or " "
        return gap.join(names.han_name(rng))
    return names.person(rng) if HAN.match(old) else old


ROADLIKE = re.compile(
    r"([\u4e00-\u9fff]{2,4}?)(?=(?:[东南西北中]?[一二三四]?路|大道|公路|街)(?:\d|$|[\u4e00-\u9fff]))"
)


def _address(old: str, optional: bool, rng: Random, chance: float) -> str:
    if LATIN.match(old.translate(str.maketrans("", "", "0123456789#/"))):
        if chance < 0.35 and not optional and re.search(r"\d", old):
            return places.english_address(rng)
        return things.reshaped(old, rng) if chance < 0.7 and not optional else old
    if optional:
        if chance < 0.4 and re.fullmatch(r"[\u4e00-\u9fff]{2,6}路", old):
            return places.road(rng)
        return things.reshaped(old, rng) if chance < 0.8 else old
    if chance < 0.35 and len(old) > 8:
        return places.address(rng)
    if chance < 0.45 and len(old) <= 8 and not re.search(r"[路街道]", old):
        return places.address(rng)
    if chance < 0.85:
        fresh = re.sub(r"\d+", lambda match: _house(match[0], rng), old)
        road = re.search(r"[\u4e00-\u9fff]{2}(?=(?:[东南西北中])?路\d)", fresh)
        if road and rng.random() < 0.6:
            fresh = fresh[: road.start()] + rng.choice(places.STEMS)[-2:] + fresh[road.end() :]
        return fresh
    return old


def _house(digits: str, rng: Random) -> str:
    if len(digits) >= 3 and rng.random() < 0.3:
        return str(rng.randint(1, 3999))
    return str(rng.randint(10 ** (len(digits) - 1), 10 ** len(digits) - 1))


def _typography(pieces: Sequence[Piece], rng: Random) -> list[Piece]:
    """Change punctuation, widths, spaces and line ends, now and then, the same way in the whole text."""
    changes: list[Callable[[str], str]] = []
    if rng.random() < 0.12:
        changes.append(lambda text: text.translate(ASCII_POINTS))
    elif rng.random() < 0.1:
        changes.append(lambda text: text.translate(FULL_POINTS))
    if rng.random() < 0.03:
        changes.append(lambda text: text.translate(WIDE))
    if rng.random() < 0.06:
        changes.append(lambda text: text.replace("\n", rng.choice((" ", "  ", "；", "，"))))
    out = list(pieces)
    for change in changes:
        out = [Piece(change(piece.surface), piece.types, piece.optional) for piece in out]
    if rng.random() < 0.06:
        marks = rng.choice(("，。、；：！？", "，。", "：", "。\n", "，"))
        out = [
            piece if piece.types else Piece("".join(c for c in piece.surface if c not in marks))
            for piece in out
        ]
    return [piece for piece in out if piece.surface]


def cropped(item: Item, rng: Random) -> Item:
    """Return a stretch of consecutive pieces: the tagger must not need a whole text."""
    if len(item.pieces) < 4 or item.news:
        return item
    size = rng.randint(2, len(item.pieces))
    start = rng.randint(0, len(item.pieces) - size)
    return Item(item.pieces[start : start + size], item.lang, item.group, item.source)


def joined(one: Item, two: Item, rng: Random) -> Item:
    """Return two items as one text."""
    glue = Piece(rng.choice(("\n", "\n\n", " ", "。", "；")))
    return Item((*one.pieces, glue, *two.pieces), one.lang, one.group, one.source)
