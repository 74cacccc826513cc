"""Invented addresses, Chinese and English, from real divisions and invented roads."""

from __future__ import annotations

from functools import cache
from random import Random

from training import MODELS
from training.words import words

STEMS = words("stems")
KINDS = words("kinds")
ESTATES = words("estates")
ESTATE_HEAD = words("estate_head")
ESTATE_TAIL = words("estate_tail")
VILLAGES = words("villages")
HAMLETS = words("hamlets")
NUMERALS = "一二三四五六七八九十"
EN_ROADS = words("en_roads")
EN_DISTRICTS = words("en_districts")
EN_FOREIGN = words("en_foreign")
EN_CITIES = words("en_cities")


@cache
def divisions() -> list[str]:
    """Names of the administrative divisions that the package ships."""
    return (MODELS / "divisions.txt").read_text(encoding="utf-8").split()


@cache
def _by_tail() -> dict[str, list[str]]:
    tails = ("省", "市", "区", "县", "镇", "乡", "街道")
    return {tail: [name for name in divisions() if name.endswith(tail)] for tail in tails}


def road(rng: Random) -> str:
    """Return a road name."""
    stem = rng.choice(STEMS)
    if rng.random() < 0.3:
        stem = rng.choice(STEMS)[0] + rng.choice(STEMS)[-1]
    return stem + rng.choice(KINDS)


def estate(rng: Random) -> str:
    """Return the name of a housing estate or building."""
    if rng.random() < 0.5:
        return rng.choice(ESTATES)
    return rng.choice(ESTATE_HEAD) + rng.choice(ESTATE_HEAD) + rng.choice(ESTATE_TAIL)


def region(rng: Random) -> str:
    """Return a division, sometimes two levels."""
    chance = rng.random()
    tails = _by_tail()
    if chance < 0.5:
        return rng.choice(tails["区"] + tails["县"])
    if chance < 0.75:
        return rng.choice(tails["省"] + tails["市"]) + rng.choice(tails["区"] + tails["县"])
    if chance < 0.9:
        return rng.choice(tails["市"])
    return rng.choice([name for name in rng.choices(divisions(), k=20) if len(name) == 2] or ["凤阳"])


def number(rng: Random, low: int, high: int) -> str:
    """Return a house number, sometimes in full-width digits or Chinese numerals."""
    value = str(rng.randint(low, high))
    chance = rng.random()
    if chance < 0.02:
        return value.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    if chance < 0.04 and len(value) <= 3:
        return "".join("零一二三四五六七八九"[int(digit)] for digit in value)
    return value


def unit(rng: Random) -> str:
    """Return building, door and room, as people write them."""
    room = f"{rng.randint(1, 33)}{rng.choice(('01', '02', '03', '04', '05', '06', '12'))}"
    house = number(rng, 1, 160)
    return rng.choice(
        (
            f"{house}号{room}室",
            f"{house}号{room}",
            f"{house}号{room}室",
            f"{house}号楼{room}",
            f"{house}号",
            f"{house}号楼{rng.randint(1, 4)}单元{room}",
            f"{house}幢{room}室",
            f"{house}栋{rng.randint(1, 3)}单元{room}",
            f"{house}号甲{room}",
            f"{house}-{room}",
            f"{house}#{room}",
            f"{house}号{rng.randint(1, 6)}楼",
            f"{house}号后客堂",
            f"{rng.choice('ABCD')}座{room}",
            f"{house}号底层",
            f"{house}幢",
            f"{house}号楼",
            f"{house}号 {room} 室",
            f"{house}号{rng.choice('东西南北')}间",
            f"{house}号三层阁",
            f"{house}号地下一层B{rng.randint(1, 30)}铺",
        )
    )


def _street_address(rng: Random) -> str:
    line = road(rng)
    chance = rng.random()
    if chance < 0.45:
        line += number(rng, 1, 3600) + "弄"
        if rng.random() < 0.1:
            line += number(rng, 1, 20) + "支弄"
        if rng.random() < 0.15:
            line += estate(rng)
        if rng.random() < 0.85:
            line += unit(rng)
    else:
        line += number(rng, 1, 5600) + "号"
        if rng.random() < 0.15:
            line += estate(rng)
        if rng.random() < 0.5:
            room = f"{rng.randint(1, 26)}{rng.randint(1, 18):02d}"
            line += rng.choice(
                (
                    f"{room}室",
                    f"{room}",
                    f"{rng.randint(1, 20)}号楼{room}室",
                    f"{rng.randint(1, 9)}幢{room}室",
                    f"{rng.randint(1, 20)}楼",
                    f"B座{room}",
                    f"{rng.randint(1, 9)}号库",
                    f"{rng.randint(1, 6)}层",
                )
            )
    return line


def _village_address(rng: Random) -> str:
    group = rng.choice((str(rng.randint(1, 28)), rng.choice(NUMERALS)))
    hamlet = rng.choice(HAMLETS)
    return rng.choice(
        (
            f"{hamlet}村{group}组{rng.randint(1, 200)}号",
            f"{hamlet}村{group}组",
            f"{hamlet}宅{rng.randint(1, 99)}号",
            f"{hamlet}村{group}队",
            f"{hamlet}村{rng.randint(100, 9100)}号",
            f"{hamlet}村{rng.choice(HAMLETS)}宅{rng.randint(1, 99)}号",
            f"{hamlet}村村委会{group}组",
        )
    )


def address(rng: Random) -> str:
    """Return a Chinese address down to at least a house, lane or group number."""
    chance, tails = rng.random(), _by_tail()
    if chance < 0.1:
        return rng.choice(("", rng.choice(ESTATES))) + rng.choice(
            (
                f"{rng.randint(1, 40)}-{rng.randint(1, 4)}-{rng.randint(1, 28)}0{rng.randint(1, 4)}",
                f"{rng.randint(1, 60)}号楼{rng.randint(1, 30)}0{rng.randint(1, 6)}",
                f"{rng.randint(1, 60)}#{rng.randint(1, 30)}0{rng.randint(1, 6)}",
                f"{rng.randint(1, 40)}栋{rng.randint(1, 3)}单元{rng.randint(1, 18)}0{rng.randint(1, 4)}",
                f"{rng.randint(1, 90)}号{rng.randint(1, 18)}0{rng.randint(1, 4)}",
            )
        )
    if chance < 0.2:
        line = rng.choice(VILLAGES) + rng.choice(NUMERALS[:8] + "新") + "村" + unit(rng)
    elif chance < 0.3:
        line = rng.choice(tails["镇"] + tails["乡"]) + _village_address(rng)
        if rng.random() < 0.5:
            line = rng.choice(tails["县"] + tails["区"]) + line
    elif chance < 0.38:
        line = estate(rng) + unit(rng)
    else:
        line = _street_address(rng)
    if rng.random() < 0.4:
        line = (
            rng.choice(tails["区"])
            + rng.choice(("", "", rng.choice(tails["街道"]), rng.choice(tails["镇"])))
            + line
        )
        if rng.random() < 0.4:
            line = rng.choice(tails["市"]) + line
        if rng.random() < 0.1:
            line = rng.choice(tails["省"]) + line
    if rng.random() < 0.02:
        line = line.replace("号", " 号 ").strip()
    return line


def english_address(rng: Random) -> str:
    """Return an address in English, in Shanghai or abroad."""
    if rng.random() < 0.2:
        return f"{rng.randint(1, 400)} {rng.choice(EN_FOREIGN)}, {rng.choice(EN_CITIES)}"
    way = (
        rng.choice(EN_ROADS)
        + " "
        + rng.choice(("Road", "Road", "Rd", "Rd.", "Avenue", "Street", "Middle Road"))
    )
    house, lane = rng.randint(1, 2800), rng.randint(1, 2600)
    room = f"{rng.randint(1, 33)}0{rng.randint(1, 6)}"
    line = rng.choice(
        (
            f"Room {room}, Tower {rng.randint(1, 9)}, {house} {way}",
            f"Unit {room}, {rng.randint(1, 30)}/F, No. {house} {way}",
            f"No. {rng.randint(1, 90)}, Lane {lane} {way}",
            f"Lane {lane} {way}, No. {rng.randint(1, 99)}, Room {room}",
            f"{house} {way}",
            f"Apt {room}, Building {rng.randint(1, 30)}, {house} {way}",
            f"Rm {room}, No. {house} {way}",
            f"flat {room} at Lane {lane} {way}",
            f"Suite {room}, {house} {way}",
        )
    )
    if rng.random() < 0.55:
        line += ", " + rng.choice(EN_DISTRICTS)
        if rng.random() < 0.4:
            line += ", Shanghai"
    return line
