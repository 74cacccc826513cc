"""Candidates that a character or a word anchors: ``@``, a province before a plate, a bracketed year, ``号``."""

from __future__ import annotations

import re
from collections.abc import Iterator

from hushu.classify.candidates import PLAUSIBLE, PROVEN, WEAK
from hushu.rules import validators as v

Found = tuple[int, int, str, int]

TELEPHONE = re.compile(
    r"(?:(?P<country>(?:00)?86)\)?[ -]{0,2})?"
    r"(?:(?P<mobile>1[3-9]\d[ -]?\d{4}[ -]?\d{4})"
    r"|(?P<area>0?(?:10|2[0-57-9]|[3-9]\d\d))(?P<gap>\)?[ -]{0,2})(?P<number>[2-8]\d{2,3}[ -]?\d{4}))"
    r"(?:(?:转|轉| ?ext\.? ?|-)\d{1,6})?(?![0-9A-Za-z*])",
    re.IGNORECASE,
)
_EMAIL = re.compile(
    r"(?<![0-9A-Za-z._%+-])[0-9A-Za-z][0-9A-Za-z._%+-]{0,63}@(?:[0-9A-Za-z](?:[0-9A-Za-z-]{0,61}[0-9A-Za-z])?\.)+[A-Za-z]{2,24}"
    r"(?![0-9A-Za-z])"
)
_FILE_ENDINGS = frozenset("png jpg jpeg gif svg webp css js ts json html py so jar".split())  # noqa: SIM905
_IPV4 = re.compile(r"(?<![0-9A-Za-z.])(?:\d{1,3}\.){3}\d{1,3}(?![0-9A-Za-z]|\.\d)")
_IPV6 = re.compile(
    r"(?<![0-9A-Za-z:.])[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}(?::\d{1,3}(?:\.\d{1,3}){3})?(?![0-9A-Za-z:])"
)
_MAC = re.compile(
    r"(?<![0-9A-Za-z:-])[0-9A-Fa-f]{2}([:-])[0-9A-Fa-f]{2}(?:\1[0-9A-Fa-f]{2}){4}(?![0-9A-Za-z]|[:-][0-9A-Fa-f]{2}(?![0-9A-Za-z]))"
    r"|(?<![0-9A-Za-z.])[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}(?![0-9A-Za-z]|\.[0-9A-Za-z])"
)
_HEAD = rf"[{v.PROVINCES}]"
_PLATE = re.compile(
    rf"{_HEAD} ?[A-HJ-NP-Za-hj-np-z][ ·.-]?(?:[0-9A-Za-z]{{4,6}}|[0-9A-Za-z](?: [0-9A-Za-z]){{4,5}})(?![0-9A-Za-z])[警学挂试超领港澳]?"
    r"|使\d{6}(?![0-9A-Za-z])|(?<![0-9A-Za-z])\d{6}使"
)
_TAIL = re.compile(
    r"(?=(?:\d*[A-Z]){0,2}\d*$)[A-HJ-NP-Z0-9]{5}|[A-HJK][A-HJ-NP-Z0-9]\d{4}|\d{5}[A-HJK]|[A-HJ-NP-Z0-9]{4}[警学挂试超]|\d{4}领"
)
_CASE = re.compile(
    r"[(\[〔](?:19|20)\d\d[)\]〕] ?[\u4e00-\u9fa5]{1,4}\d{0,4}[\u4e00-\u9fa5()]{1,12}第?\d{1,6}(?:之[一二三四五六七八九十\d]{1,3})?号"
)
_CASE_WORD = re.compile("[民刑行执赔破诉调保清知财辖申再终初仲商]")
_CERTIFICATE = re.compile(
    rf"{_HEAD}[(〔\[](?:19|20)\d\d[)〕\]][\u4e00-\u9fa5]{{1,12}}不动产(?:权|证明|权证明)第\d{{1,10}}号"
    rf"|{_HEAD}?房(?:地|权证|产证)?[\u4e00-\u9fa5]{{0,6}}字?(?:[(〔](?:19|20)\d\d[)〕])?字?第\d{{4,10}}号"
)
_MILITARY = re.compile(r"[\u4e00-\u9fa5]字第?\d{6,9}号?")
_NUMBER = re.compile(r"(?<![0-9A-Za-z.])(\d{1,3}\.\d{4,15})(?![0-9A-Za-z]|\.\d)")
_PAIR_GAP = re.compile(r" ?[,;、 /] ?")


def emails(text: str) -> Iterator[Found]:
    """Yield e-mail addresses; not the user part of a URL, nor a file name."""
    if "@" not in text:
        return
    for match in _EMAIL.finditer(text):
        url = text.rfind("://", max(0, match.start() - 64), match.start())
        if match[0].rsplit(".", 1)[1].lower() in _FILE_ENDINGS or (
            url >= 0 and " " not in text[url : match.start()]
        ):
            continue
        if v.email(match[0]):
            yield match.start(), match.end(), "EMAIL_ADDRESS", PROVEN


def addresses(text: str) -> Iterator[Found]:
    """Yield IP and MAC addresses."""
    for match in _IPV4.finditer(text):
        if v.ipv4(match[0]):
            octets = [int(part) for part in match[0].split(".")]
            section = max(octets) <= 30 and octets[0] != 10
            yield match.start(), match.end(), "IP_ADDRESS", WEAK if section else PLAUSIBLE
    if ":" in text:
        for match in _IPV6.finditer(text):
            if v.ipv6(match[0]) and any(map(str.isdigit, match[0])):
                yield match.start(), match.end(), "IP_ADDRESS", PROVEN if len(match[0]) > 7 else WEAK
    for match in _MAC.finditer(text):
        lettered = any(map(str.isalpha, match[0]))
        yield match.start(), match.end(), "MAC_ADDRESS", PROVEN if lettered or ":" in match[0] else WEAK


def plates(text: str) -> Iterator[Found]:
    """Yield motor-vehicle plates."""
    for match in _PLATE.finditer(text):
        end = match.end()
        if text[match.start()] == "使" or match[0].endswith("使"):
            yield match.start(), end, "LICENSE_PLATE", WEAK
            continue
        plain = re.sub(r"[ ·.-]", "", match[0]).upper()
        if plain[:2] == "粤Z" and re.fullmatch(r"[A-HJ-NP-Z0-9]{4}[港澳]", plain[2:]):
            yield match.start(), end, "LICENSE_PLATE", PROVEN
            continue
        special = plain[-1] in "警学挂试超领港澳"
        if _TAIL.fullmatch(plain[2:]):
            yield match.start(), end, "LICENSE_PLATE", PROVEN
        elif special and _TAIL.fullmatch(plain[2:-1]) and "\u4e00" <= text[end : end + 1] <= "\u9fa5":
            yield match.start(), end - 1, "LICENSE_PLATE", PROVEN


def documents(text: str) -> Iterator[Found]:
    """Yield court case numbers, real-estate certificate numbers and military certificate numbers."""
    if "号" not in text and "字" not in text:
        return
    for match in _CASE.finditer(text):
        if _CASE_WORD.search(match[0]) and "不动产" not in match[0]:
            yield match.start(), match.end(), "COURT_CASE_NO", PROVEN
    for match in _CERTIFICATE.finditer(text):
        yield match.start(), match.end(), "REAL_ESTATE_NO", PROVEN
    for match in _MILITARY.finditer(text):
        yield match.start(), match.end(), "CN_MILITARY_ID", WEAK


def coordinates(text: str) -> Iterator[Found]:
    """Yield pairs of longitude and latitude within China, in either order, and single ones (weak)."""
    hits = list(_NUMBER.finditer(text))
    for index, match in enumerate(hits):
        if index + 1 < len(hits):
            after = hits[index + 1]
            pair = (v.longitude(match[0]) and v.latitude(after[0])) or (
                v.latitude(match[0]) and v.longitude(after[0])
            )
            if pair and _PAIR_GAP.fullmatch(text[match.end() : after.start()]):
                yield match.start(), after.end(), "GEO_COORDINATE", PLAUSIBLE
        if v.longitude(match[0]) or v.latitude(match[0]):
            yield match.start(), match.end(), "GEO_COORDINATE", WEAK


def credentials(text: str) -> Iterator[Found]:
    """Yield tokens, keys and password hashes, and what stands behind ``password=``."""
    for match in v.CREDENTIALS.finditer(text):
        name = match.lastgroup
        yield match.start("secret") if name == "secret" else match.start(), match.end(), "CREDENTIAL", PROVEN
