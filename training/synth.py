"""Synthetic texts from ``templates.txt``: filled anew every epoch, harder than life."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from random import Random

from training import HERE, forms, names, places, swap, things
from training.corpus import Item, Piece
from training.words import words

SLOT = re.compile(r"\{([a-z]+)(\d?)(\?)?\}")
PER_EPOCH = 2000
TRAPS = words("traps")
NATIONS = words("nations")
ETHNIC = words("ethnic")


@cache
def templates() -> tuple[list[str], list[str]]:
    """Read the templates: those with personal data, and those without."""
    lines = (HERE / "templates.txt").read_text(encoding="utf-8").splitlines()
    lines = [line.replace("\\n", "\n").replace("\\t", "\t") for line in lines if line and line[0] != "#"]
    return [s for s in lines if not s.startswith("@neg")], [s[5:] for s in lines if s.startswith("@neg")]


@cache
def _lures() -> list[str]:
    """Common words that begin with a surname and are no name."""
    first = set(names.surnames()[0][:500])
    return [word for pool in swap.words().values() for word in pool if word[0] in first]


def _trap(rng: Random) -> str:
    """Return a word that is no name, as a rule one that begins like one."""
    chance = rng.random()
    if chance < 0.45:
        return rng.choice(TRAPS)
    if chance < 0.8:
        return rng.choice(_lures())
    return rng.choice(swap.words()[rng.choice(("v", "a", "l", "i", "n"))])


def _titled(rng: Random) -> str:
    return rng.choice(
        (names.surname(rng) + rng.choice(names.TITLES), rng.choice("小老阿") + names.surname(rng)[:1])
    )


def _age(rng: Random) -> str:
    return f"{rng.randint(1, 96)}{rng.choice(('岁', '岁', '周岁', ''))}"


MARKED: dict[str, tuple[str, Callable[[Random], str]]] = {
    "name": ("PERSON", names.person),
    "latin": ("PERSON", names.latin),
    "sur": ("PERSON", names.surname),
    "title": ("PERSON", _titled),
    "addr": ("ADDRESS", places.address),
    "eaddr": ("ADDRESS", places.english_address),
    "road": ("ADDRESS", places.road),
    "unit": ("ADDRESS", places.unit),
    "region": ("REGION", places.region),
    "org": ("ORGANIZATION", things.organization),
    "eorg": ("ORGANIZATION", things.english_organization),
    "diag": ("DIAGNOSIS", things.disease),
    "ediag": ("DIAGNOSIS", lambda rng: rng.choice(things.DISEASE_EN)),
    "phone": ("PHONE_NUMBER", things.phone),
    "sname": ("PERSON", lambda rng: " ".join(names.han_name(rng))),
    "mac": ("MAC_ADDRESS", lambda rng: ":".join(f"{rng.randrange(256):02X}" for _ in range(6))),
    "ebirth": ("BIRTH_DATE", things.english_date),
    "enation": ("NATIONALITY", lambda rng: rng.choice(words("nations_en"))),
    "ejob": ("OCCUPATION", lambda rng: rng.choice(words("job_en"))),
    "mphone": ("PHONE_NUMBER", things.masked_phone),
    "idno": ("CN_RESIDENT_ID", things.resident_id),
    "birth": ("BIRTH_DATE", things.birth_date),
    "plate": ("LICENSE_PLATE", things.plate),
    "card": ("BANK_CARD", lambda rng: "62" + things.digits(rng, rng.choice((14, 17)))),
    "acct": ("BANK_ACCOUNT", lambda rng: rng.choice("1345") + things.digits(rng, rng.choice((14, 16, 18)))),
    "uscc": (
        "CN_USCC",
        lambda rng: (
            f"9131{things.digits(rng, 4)}MA1{things.digits(rng, 3)}"
            f"{things.reshaped('ABC', rng)}{things.digits(rng, 1)}"
        ),
    ),
    "mail": ("EMAIL_ADDRESS", things.email),
    "mrn": (
        "MEDICAL_RECORD_NO",
        lambda rng: rng.choice(("", "ZY", "E", "")) + things.digits(rng, rng.choice((6, 8, 10))),
    ),
    "ssn": ("CN_MEDICAL_INSURANCE_NO", lambda rng: rng.choice("ABC") + things.digits(rng, 8)),
    "stu": (
        "STUDENT_NO",
        lambda rng: rng.choice(("", "S", "IS", "G")) + "20" + things.digits(rng, rng.choice((6, 8))),
    ),
    "emp": (
        "EMPLOYEE_NO",
        lambda rng: rng.choice(("", "A", "SH-", "L", "GH")) + things.digits(rng, rng.choice((3, 4, 5))),
    ),
    "util": ("UTILITY_ACCOUNT_NO", lambda rng: things.digits(rng, rng.choice((8, 10, 12)))),
    "wechat": ("WECHAT_ID", things.handle),
    "user": ("USERNAME", things.handle),
    "qq": ("QQ_NUMBER", lambda rng: rng.choice("123456789") + things.digits(rng, rng.choice((6, 8, 9)))),
    "secret": ("CREDENTIAL", things.secret),
    "ip": ("IP_ADDRESS", lambda rng: f"10.{rng.randint(0, 255)}.{rng.randint(0, 255)}.{rng.randint(1, 254)}"),
    "passport": (
        "CN_PASSPORT",
        lambda rng: rng.choice(("E", "EJ", "G", "PE", "M", "CB", "Z", "")) + things.digits(rng, 7),
    ),
    "permit": ("CN_TRAVEL_PERMIT", lambda rng: rng.choice(("C", "CA", "H", "M", "")) + things.digits(rng, 8)),
    "post": ("POSTAL_CODE", lambda rng: "20" + things.digits(rng, 4)),
    "case": (
        "COURT_CASE_NO",
        lambda rng: (
            f"（20{rng.randint(10, 24)}）沪0{rng.randint(100, 120)}"
            f"{rng.choice(('民初', '执', '刑初', '行初'))}{rng.randint(1, 19999)}号"
        ),
    ),
    "gender": ("GENDER", lambda rng: rng.choice("男女")),
    "age": ("AGE", _age),
    "ethnic": ("ETHNICITY", lambda rng: rng.choice(ETHNIC)),
    "nation": ("NATIONALITY", lambda rng: rng.choice(NATIONS)),
    "job": ("OCCUPATION", lambda rng: rng.choice(things.JOB)),
    "edu": (
        "EDUCATION",
        lambda rng: rng.choice(["本科", "大专", "初中", "高中", "硕士", "博士", "小学", "中专"]),
    ),
    "income": ("INCOME", lambda rng: f"{rng.randint(1, 40) * 500}元"),
}
PLAIN: dict[str, Callable[[Random], str]] = {
    "n": lambda rng: str(rng.choice((rng.randint(1, 99), rng.randint(100, 9999)))),
    "date": lambda rng: rng.choice(
        (
            f"{rng.randint(1, 12)}月{rng.randint(1, 28)}日",
            f"20{rng.randint(18, 25)}年{rng.randint(1, 12)}月{rng.randint(1, 28)}日",
            f"20{rng.randint(18, 25)}-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}",
            "昨天",
            "今天上午",
            "周三",
        )
    ),
    "time": lambda rng: rng.choice(
        (
            f"{rng.randint(0, 23)}:{rng.randint(0, 59):02d}",
            f"{rng.randint(1, 12)}点",
            f"晚上{rng.randint(7, 11)}点半",
        )
    ),
    "order": lambda rng: (
        rng.choice(("", "", "GD", "WX", "HB", "SN-"))
        + "20"
        + things.digits(rng, rng.choice((6, 10, 12, 14, 18)))
    ),
    "trap": lambda rng: _trap(rng),
    "illness": things.disease,
    "role": lambda rng: rng.choice(words("roles")),
    "act": lambda rng: rng.choice(words("acts")),
    "famous": lambda rng: rng.choice(words("famous")),
    "office": lambda rng: rng.choice(words("offices")),
}


def fill(template: str, rng: Random) -> tuple[Piece, ...]:
    """Fill the slots of one template."""
    pieces: list[Piece] = []
    place = 0
    for slot in SLOT.finditer(template):
        if slot.start() > place:
            pieces.append(Piece(template[place : slot.start()]))
        kind = slot[1]
        if kind in PLAIN:
            pieces.append(Piece(PLAIN[kind](rng)))
        else:
            label, make = MARKED[kind]
            pieces.append(Piece(make(rng), (label,), bool(slot[3]) or kind == "sur"))
        place = slot.end()
    if place < len(template):
        pieces.append(Piece(template[place:]))
    return tuple(pieces)


def synthetic(rng: Random) -> list[Item]:
    """Return the synthetic texts of one epoch: a third without personal data, some of several sentences."""
    with_data, without = templates()
    out = []
    for _ in range(PER_EPOCH):
        chance = rng.random()
        if chance < 0.22:
            pieces = list(
                (forms.form if chance < 0.11 else forms.sentence if chance < 0.19 else forms.table)(rng)
            )
            out.append(Item(tuple(piece for piece in pieces if piece.surface), "zh", "synth", "synth"))
            continue
        clean = rng.random() < 0.36
        pool = without if clean else with_data
        pieces = []
        for row in range(rng.choice((1, 1, 1, 2, 2, 3))):
            if row:
                pieces.append(Piece(rng.choice(("", "\n", " ", "\n"))))
            source = pool if clean or rng.random() < 0.8 else without
            pieces.extend(fill(rng.choice(source), rng))
        out.append(
            Item(
                tuple(piece for piece in pieces if piece.surface), "zh", "neg" if clean else "synth", "synth"
            )
        )
    return out
