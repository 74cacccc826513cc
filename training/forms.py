"""Forms, tables, logs and sentences made of labelled fields: numbers whose kind only their label tells."""

from __future__ import annotations

from random import Random

from training import names
from training.corpus import Piece
from training.fields import FIELDS, NOBODYS, QUASI


def _drawn(rng: Random) -> tuple[str, Piece]:
    """Return a label and the field's value, marked or not."""
    chance = rng.random()
    if chance < 0.26:
        labels, plain = rng.choice(NOBODYS)
        return rng.choice(labels), Piece(plain(rng))
    if chance < 0.4:
        kind, labels, make = rng.choice(QUASI)
        return rng.choice(labels), Piece(make(rng), (kind,), optional=True)
    weights = [6 if field[0] in ("PERSON", "ADDRESS", "ORGANIZATION", "DIAGNOSIS") else 2 for field in FIELDS]
    kind, labels, make = rng.choices(FIELDS, weights)[0]
    return rng.choice(labels), Piece(make(rng), (kind,))


def form(rng: Random) -> tuple[Piece, ...]:
    """Return a form of two to nine fields in one of the usual layouts."""
    between, after = rng.choice(
        (
            ("：", "\n"),
            ("：", "；"),
            (":", "\n"),
            ("：", "，"),
            ("", "，"),
            ("", " "),
            ("=", "&"),
            (": ", ", "),
            (" | ", "\n"),
            ("：", "　"),
            ("\t", "\n"),
            ('":"', '","'),
            ("=", " "),
            ("】", "\n"),
            (" ", "\n"),
            ("是", "，"),
            ("为", "，"),
            ("(", ")、"),
            (" ", "  "),
        )
    )
    pieces: list[Piece] = []
    for row in range(rng.randint(2, 9)):
        label, value = _drawn(rng)
        lead = f"{row + 1}." if between == "：" and after == "\n" and rng.random() < 0.2 else ""
        pieces += [Piece(lead + ("【" if between == "】" else "") + label + between), value, Piece(after)]
    return tuple(pieces[:-1] if rng.random() < 0.8 else pieces)


def table(rng: Random) -> tuple[Piece, ...]:
    """Return a small table: a line of labels, then rows."""
    gap = rng.choice((",", "\t", "|", "，", " | ", "  ", "、"))
    fields = [*rng.sample(FIELDS, rng.randint(2, 4)), FIELDS[0]]
    rng.shuffle(fields)
    pieces = [Piece(gap.join(rng.choice(labels) for _, labels, _ in fields) + "\n")]
    for _ in range(rng.randint(1, 4)):
        for place, (kind, _, make) in enumerate(fields):
            pieces += [Piece(make(rng), (kind,)), Piece(gap if place < len(fields) - 1 else "\n")]
    return tuple(pieces)


LINKS = (
    "他的{}是",
    "{}为",
    "报的{}",
    "我的{}：",
    "登记的{}是",
    "{}",
    "{}：",
    "{}写的是",
    "附{}",
    "她说{}是",
    "（{}",
    "核对{}",
    "请记一下{}",
    "现{}",
    "原{}",
    "对方{}",
)
TAILS = (
    "。",
    "，请核实。",
    "，麻烦查一下。",
    "，已登记。",
    "，有误请联系。",
    "）已核对。",
    "，谢谢！",
    "，别外传。",
    "",
    "，和系统里的不一致。",
    "，打不通。",
    "对不上。",
    "，没有反应。",
)


def sentence(rng: Random) -> tuple[Piece, ...]:
    """Return a sentence with one or two labelled fields."""
    pieces: list[Piece] = []
    if rng.random() < 0.6:
        pieces += [
            Piece(names.person(rng), ("PERSON",)),
            Piece(rng.choice(("，", "来电，", "说", "反映", "（", "，", "的", ""))),
        ]
    for _ in range(rng.choice((1, 1, 2))):
        label, value = _drawn(rng)
        pieces += [Piece(rng.choice(LINKS).format(label)), value, Piece(rng.choice(("，", "，", "；")))]
    pieces[-1] = Piece(rng.choice(TAILS))
    return tuple(piece for piece in pieces if piece.surface)
