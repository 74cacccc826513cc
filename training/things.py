"""Invented organisations, diseases, occupations, numbers and secrets."""

from __future__ import annotations

import string
from random import Random

from training import names
from training.words import words

CORE = words("firm_core")
TRADE = words("firm_trade")
FORM = words("firm_form")
PLACE = words("firm_place")
SHOP = words("shop")
DISTRICT = words("district")
DISEASE = words("disease")
DISEASE_EN = words("disease_en")
JOB = words("job")
EN_CORE = words("en_core")
EN_TRADE = words("en_trade")
EN_FORM = words("en_form")


SITES = words("sites")
LESIONS = words("lesions")
BEFORE = words("disease_before")
AFTER = words("disease_after")
PLAIN = words("disease_plain")


def disease(rng: Random) -> str:
    """Return a disease or finding, as doctors and as lay people write it."""
    chance = rng.random()
    if chance < 0.3:
        return rng.choice(DISEASE)
    if chance < 0.55:
        return rng.choice(PLAIN)
    if chance < 0.62:
        return rng.choice(BEFORE) + rng.choice(PLAIN)
    if chance < 0.7:
        return rng.choice(PLAIN) + rng.choice(
            (rng.choice(AFTER), "伴" + rng.choice(PLAIN), "合并" + rng.choice(PLAIN))
        )
    body = rng.choice(SITES) + rng.choice(LESIONS)
    if rng.random() < 0.3:
        body = rng.choice(BEFORE) + body
    if rng.random() < 0.25:
        body += rng.choice(AFTER)
    return body


def core(rng: Random) -> str:
    """Return the distinguishing part of a firm's name."""
    if rng.random() < 0.6:
        return rng.choice(CORE)
    return "".join(rng.sample(names.GIVEN, 2))


def organization(rng: Random) -> str:
    """Return the name of a firm, school, hospital, shop or bank branch."""
    chance = rng.random()
    if chance < 0.45:
        form = rng.choice(FORM)
        head = "" if form.startswith("（") else rng.choice(PLACE)
        return head + core(rng) + rng.choice(TRADE) + form
    if chance < 0.58:
        owner = rng.choice(
            (
                core(rng),
                names.surname(rng) + "记",
                "老" + names.surname(rng),
                rng.choice(DISTRICT) + core(rng),
            )
        )
        return (
            owner
            + rng.choice(SHOP)
            + rng.choice(("", "", "", f"（{rng.choice(DISTRICT)}店）", f"({rng.choice(DISTRICT)}路店)"))
        )
    if chance < 0.72:
        school = rng.choice(
            (
                "小学",
                "中学",
                "幼儿园",
                "实验学校",
                "外国语学校",
                "第二小学",
                "第一中学",
                "职业技术学校",
                "附属小学",
                "大学",
            )
        )
        return rng.choice(("", "上海市", rng.choice(DISTRICT) + "区")) + core(rng) + school
    if chance < 0.84:
        kind = rng.choice(
            (
                "医院",
                "第三人民医院",
                "社区卫生服务中心",
                "护理院",
                "养老院",
                "口腔门诊部",
                "中医院",
                "妇幼保健院",
                "康复医院",
            )
        )
        return rng.choice(("", "上海", rng.choice(DISTRICT) + "区")) + core(rng) + kind
    if chance < 0.9:
        bank = rng.choice(
            ["中国工商银行", "招商银行", "上海农商银行", "中国建设银行", "交通银行", "浦发银行"]
        )
        return bank + rng.choice(("", "上海市", "上海")) + rng.choice(DISTRICT) + "支行"
    return core(rng) + rng.choice(
        [
            "律师事务所",
            "合作社",
            "居委会",
            "业主委员会",
            "派出所",
            "服务社",
            "敬老院",
            "研究所",
            "俱乐部",
            "商店",
            "酒店",
            "宾馆",
            "大药房",
            "批发市场",
            "拍卖行",
            "印刷厂",
            "织带厂",
        ]
    )


def english_organization(rng: Random) -> str:
    """Return the English name of a firm."""
    if rng.random() < 0.15:
        return (
            rng.choice(EN_CORE)
            + " "
            + rng.choice(("International School", "Hospital", "Bilingual School", "Clinic", "Hotel"))
        )
    return f"{rng.choice(EN_CORE)} {rng.choice(EN_TRADE)} {rng.choice(EN_FORM)}"


def reshaped(surface: str, rng: Random) -> str:
    """Return another string of the same shape: digits for digits, letters for letters."""
    out = []
    for place, char in enumerate(surface):
        if char.isascii() and char.isdigit():
            keep = place == 0 or rng.random() < 0.08
            out.append(char if keep else rng.choice(string.digits))
        elif "０" <= char <= "９":
            out.append(chr(0xFF10 + rng.randrange(10)))
        elif char in string.ascii_uppercase:
            out.append(char if rng.random() < 0.4 else rng.choice(string.ascii_uppercase))
        elif char in string.ascii_lowercase:
            out.append(char if rng.random() < 0.5 else rng.choice(string.ascii_lowercase))
        elif char in "零〇一二三四五六七八九幺" and len(surface) > 6:
            out.append(rng.choice("零一二三四五六七八九幺"))
        else:
            out.append(char)
    return "".join(out)


def phone(rng: Random) -> str:
    """Return a mobile or landline number in one of the ways people write it."""
    mobile = "1" + rng.choice("3456789") + "".join(rng.choices(string.digits, k=9))
    chance = rng.random()
    if chance < 0.55:
        return mobile
    if chance < 0.63:
        gap = rng.choice(" -")
        return gap.join((mobile[:3], mobile[3:7], mobile[7:]))
    if chance < 0.66:
        return " ".join(mobile)
    if chance < 0.7:
        spoken = "".join(
            rng.choice(("零一二三四五六七八九", "零幺二三四五六七八九"))[int(digit)] for digit in mobile
        )
        return (
            spoken
            if rng.random() < 0.4
            else rng.choice((",", "，", "、", " ")).join((spoken[:3], spoken[3:7], spoken[7:]))
        )
    if chance < 0.74:
        return mobile.translate(str.maketrans(string.digits, "０１２３４５６７８９"))
    if chance < 0.78:
        return f"+86 {mobile[:3]} {mobile[3:7]} {mobile[7:]}"
    land = rng.choice("356") + "".join(rng.choices(string.digits, k=7))
    return rng.choice(
        (
            land,
            f"021-{land}",
            f"(021){land}",
            f"021 {land[:4]} {land[4:]}",
            f"021-{land}转{rng.randint(100, 9999)}",
            land,
        )
    )


def masked_phone(rng: Random) -> str:
    """Return a number with its middle or end hidden."""
    mobile = "1" + rng.choice("3456789") + digits(rng, 9)
    land = rng.choice("356") + digits(rng, 7)
    return rng.choice((f"{mobile[:3]}****{mobile[7:]}", f"{land[:4]}****", f"{mobile[:3]}xxxx{mobile[7:]}"))


def digits(rng: Random, size: int) -> str:
    """Return ``size`` random digits."""
    return "".join(rng.choices(string.digits, k=size))


def resident_id(rng: Random) -> str:
    """Return the shape of an identity number; the check digit is left to chance."""
    area = rng.choice(("310", "320", "341", "330", "510", "410", "632", "650")) + digits(rng, 3)
    born = f"{rng.randint(1930, 2019)}{rng.randint(1, 12):02d}{rng.randint(1, 28):02d}"
    full = area + born + digits(rng, 3) + rng.choice("0123456789X")
    return rng.choice((full, full, full, f"{full[:6]} {full[6:14]} {full[14:]}", full.lower()))


def birth_date(rng: Random) -> str:
    """Return a date of birth in one of the usual forms."""
    year, month, day = rng.randint(1930, 2022), rng.randint(1, 12), rng.randint(1, 28)
    return rng.choice(
        (
            f"{year}年{month}月{day}日",
            f"{year}-{month:02d}-{day:02d}",
            f"{year}.{month}.{day}",
            f"{year}年{month}月",
            f"{year}/{month}/{day}",
            f"{year}{month:02d}{day:02d}",
            f"{year % 100:02d}年{month}月",
            f"{year}年",
            f"{year}年腊月初九",
        )
    )


def english_date(rng: Random) -> str:
    """Return a date of birth as written in English."""
    year, month, day = rng.randint(1935, 2015), rng.randint(1, 12), rng.randint(1, 28)
    name = words("months_en")[month - 1]
    return rng.choice((f"{day} {name} {year}", f"{name} {day}, {year}", f"{day:02d}/{month:02d}/{year}"))


def plate(rng: Random) -> str:
    """Return a licence plate."""
    tail = "".join(rng.choices("ABCDEFGHJKLMNPQRSTUVWXYZ" + string.digits * 3, k=5))
    return (
        rng.choice("沪沪沪苏皖浙京粤鲁豫")
        + rng.choice("ABCDEFG")
        + rng.choice(("", "", "·"))
        + tail
        + rng.choice(("", "", "", "8"))
    )


def handle(rng: Random) -> str:
    """Return a user name, as in log-ins and messengers."""
    base = "".join(rng.sample(names.SYLLABLES, 2))
    return rng.choice(
        (
            f"{base}_{rng.randint(1, 9999)}",
            f"{base}{rng.randint(60, 2020)}",
            f"{base}.{rng.choice(names.SYLLABLES)}",
            f"{base}_{rng.choice(names.SYLLABLES)}",
            f"{rng.choice(names.PINYIN)}{rng.randint(1, 999)}",
            f"wx{digits(rng, 6)}",
        )
    )


def secret(rng: Random) -> str:
    """Return a password or token."""
    alphabet = string.ascii_letters + string.digits
    token = "".join(rng.choices(alphabet, k=rng.choice((8, 10, 12, 20, 32, 40))))
    return rng.choice(
        (
            token,
            f"{rng.choice(names.SYLLABLES).capitalize()}@{rng.randint(1990, 2025)}",
            f"{handle(rng)}!{rng.randint(1, 99)}",
            f"sk-{token}",
            f"{digits(rng, 6)}",
            f"{rng.choice(names.PINYIN)}#{digits(rng, 4)}",
            f"AKIA{token[:8].upper()}",
            f"{token[:6]}$%{digits(rng, 3)}",
        )
    )


def email(rng: Random) -> str:
    """Return an e-mail address in a reserved or invented domain."""
    return f"{handle(rng)}@{rng.choice(words('mail_domains'))}"
