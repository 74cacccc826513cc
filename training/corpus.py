"""Annotated texts: the markup of ``data/text/GUIDELINE.md``, and UNER sentences, in pieces.

An item is a list of :class:`Piece`; joining the surfaces gives the text. Augmentation replaces surfaces, so
spans never have to be moved by hand.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

HEAD = re.compile(r"^# (zh|en|mixed) (\w+)$")
SPAN = re.compile(r"\[([^\[\]|]+)\|([A-Z_/]+)(\?)?\]")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text; ``types`` is empty outside spans, and lists the accepted types inside."""

    surface: str
    types: tuple[str, ...] = ()
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Gold:
    """One annotated span, half-open character offsets."""

    start: int
    end: int
    types: tuple[str, ...]
    optional: bool


@dataclass(frozen=True, slots=True)
class Item:
    """One text; ``news`` marks UNER sentences, whose labels follow another convention."""

    pieces: tuple[Piece, ...]
    lang: str = "zh"
    group: str = ""
    source: str = ""
    news: bool = False

    @property
    def text(self) -> str:
        """The text without markup."""
        return "".join(piece.surface for piece in self.pieces)

    @property
    def spans(self) -> list[Gold]:
        """The annotated spans in order."""
        out, place = [], 0
        for piece in self.pieces:
            end = place + len(piece.surface)
            if piece.types:
                out.append(Gold(place, end, piece.types, piece.optional))
            place = end
        return out


def parse(body: str) -> tuple[Piece, ...]:
    """Read the markup of one item: ``[text|TYPE]``, ``[text|A/B]``, ``[text|TYPE?]``; a backslash escapes."""
    pieces: list[Piece] = []
    plain: list[str] = []
    place = 0
    while place < len(body):
        if body[place] == "\\" and body[place + 1 : place + 2] in ("[", "]", "|"):
            plain.append(body[place + 1])
            place += 2
            continue
        match = SPAN.match(body, place) if body[place] == "[" else None
        if match is None:
            plain.append(body[place])
            place += 1
            continue
        if plain:
            pieces.append(Piece("".join(plain)))
            plain = []
        pieces.append(Piece(match[1], tuple(match[2].split("/")), bool(match[3])))
        place = match.end()
    if plain:
        pieces.append(Piece("".join(plain)))
    return tuple(pieces)


def read_markup(path: Path) -> list[Item]:
    """Read a file of annotated items."""
    items: list[tuple[str, str, list[str]]] = []
    for line in path.read_text(encoding="utf-8").split("\n"):
        head = HEAD.match(line)
        if head:
            items.append((head[1], head[2], []))
        elif items:
            items[-1][2].append(line)
    return [Item(parse("\n".join(lines).strip("\n")), lang, group, path.stem) for lang, group, lines in items]


def read_uner(path: Path) -> list[Item]:
    """Read UNER sentences (``{"text", "ents": [[start, end, label]]}`` a line)."""
    out = []
    for line in path.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        pieces, place = [], 0
        for start, end, label in sorted(record["ents"]):
            if start > place:
                pieces.append(Piece(record["text"][place:start]))
            pieces.append(Piece(record["text"][start:end], (label,)))
            place = end
        if place < len(record["text"]):
            pieces.append(Piece(record["text"][place:]))
        out.append(Item(tuple(pieces), "zh", "news", "uner", news=True))
    return out
