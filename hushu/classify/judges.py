"""What no pattern can say: whether a value looks like a name, an address, an organisation, a disease.

A judge takes the distinct values of a column and returns how far each looks like its kind, 0..1. It sees
all values at once, because some kinds show only together: births by the spread of their years.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType

from hushu.classify import terms, timevalues
from hushu.classify.organisations import COMMITTEE, organization
from hushu.classify.terms import stopwords
from hushu.rules import codelists
from hushu.rules.validators import postal_code as is_postal_code

Judge = Callable[[Sequence[str]], list[float]]

_HAN = re.compile(r"[\u3400-\u9fff]+")
_MASKED_NAME = re.compile(r"[\u3400-\u9fff][*＊某○]{1,3}[\u3400-\u9fff]?|[*＊]{1,2}[\u3400-\u9fff]{1,2}")
_MINORITY = re.compile(r"[\u3400-\u9fff]{1,7}[·•・．][\u3400-\u9fff]{1,10}(?:[·•・．][\u3400-\u9fff]{1,8})?")
_TITLED = re.compile(r"([\u3400-\u9fff]{1,2})(?:先生|女士|小姐|同志|老师|医生|阿姨|大爷|师傅|总|警官)")
_LATIN_NAME = re.compile(
    r"([A-Z][a-z]+|[A-Z]{2,})[ ,]{1,2}([A-Z][a-z]+(?:[ -]?[A-Za-z][a-z]+)?|[A-Z]{2,}(?: [A-Z]{2,})?)"
)
_NOT_NAME_END = tuple(
    "路街巷弄镇乡村区市县省州局部处科厂店院校所站司会心馆队室楼园桥河湖岛港场库网址号"
    "码费款额税率量价类型级型色件证书单表册册品菜汤饭面肉鱼鸡鸭虾蟹饼糕茶酒水片丸剂膏"
    "液机器车船"
)


def person_name(values: Sequence[str]) -> list[float]:
    """Return how far each value looks like the name of a person.

    Example:
        >>> [round(s, 1) for s in person_name(["张伟", "高中"])]
        [1.0, 0.0]
    """
    return [_person(v) for v in values]


def _person(value: str) -> float:
    if value.isascii():
        return _latin_name(value)
    if _HAN.fullmatch(value):
        return _chinese_name(value)
    if _MASKED_NAME.fullmatch(value):
        return 0.9
    if _MINORITY.fullmatch(value):
        return 0.95
    titled = _TITLED.fullmatch(value)
    if titled:
        return 0.9 if titled[1] in _surnames() else 0.2
    return _latin_name(value)


def _latin_name(value: str) -> float:
    latin = _LATIN_NAME.fullmatch(value)
    if not latin:
        return 0.0
    spellings = _surname_spellings()
    return 0.6 if latin[1].lower() in spellings or latin[2].lower() in spellings else 0.3


def _chinese_name(value: str) -> float:
    if not 2 <= len(value) <= 4 or value in stopwords("name"):
        return 0.0
    titled = _TITLED.fullmatch(value)
    if titled and titled[1] in _surnames():
        return 0.9
    if value in codelists.scores("regions") or value in codelists.scores("occupations"):
        return 0.05
    surname = value[:2] if value[:2] in _surnames() and len(value) > 2 else value[:1]
    frequency = _surnames().get(surname, 0.0)
    if not frequency:
        return 0.0
    given = value[len(surname) :]
    if len(given) > 2 or (len(value) == 4 and len(surname) == 1):
        return 0.15
    known = sum(c in _given() for c in given) / len(given)
    common = 1.0 if frequency >= 200 else 0.8 if frequency >= 20 else 0.5
    score = min(1.0, common * (0.3 + 0.75 * known))
    return score * 0.25 if value.endswith(_NOT_NAME_END) and len(value) > 2 else score


@lru_cache(maxsize=1)
def _surnames() -> Mapping[str, float]:
    return {k: float(v) for k, v in codelists.column("surnames", "frequency").items()}


@lru_cache(maxsize=1)
def _given() -> frozenset[str]:
    return frozenset(codelists.column("givennames", "score"))


@lru_cache(maxsize=1)
def _surname_spellings() -> frozenset[str]:
    table = codelists.column("pinyin", "pinyin")
    common = [s for s, f in _surnames().items() if f >= 20 and len(s) == 1]
    return frozenset(p for s in common for p in table.get(s, "").split())


_ROAD = re.compile(
    r"路|街(?!道|镇)|大道|弄|巷|胡同|里弄|公路|环线|支路|新村|小区|花园|家园|公寓|苑|村|庄|屯|组|社|大厦|广场|城|寨"
)
_NUMBERED = re.compile(
    r"[\dA-Za-z甲乙丙丁一二三四五六七八九十百]+(?:支)?(?:号|弄|室|栋|幢|座|单元|楼|层|组|巷|户|门|房|队|社|区|铺|院)"
)
_REGION_START = re.compile(r"[\u4e00-\u9fff]{2,7}?(?:省|市|区|县|镇|乡|街道|州|旗|自治区)")
_PROSE = re.compile(r"[。！？；!?]|，.*，")
_NO_ADDRESS_END = ("街道", "公司", "局", "会", "中心", "学校", "医院", "院", "所", "村")


def address(values: Sequence[str]) -> list[float]:
    """Return how far each value looks like an address below the level of a street.

    Example:
        >>> address(["延安西路900弄2号501室", "上海市"])
        [1.0, 0.0]
    """
    return [_address(v) for v in values]


def _address(value: str) -> float:
    if not 4 <= len(value) <= 80 or _PROSE.search(value):
        return 0.0
    road, numbered = _ROAD.search(value), _NUMBERED.search(value)
    if not road and not numbered:
        return 0.0
    region = _REGION_START.match(value)
    if numbered and (road or region):
        return 1.0
    if road and region and len(value) > 6 and not value.endswith(_NO_ADDRESS_END):
        return 0.7
    if road and re.search(r"\d", value):
        return 0.7
    return 0.3 if (numbered and len(value) > 5 and _HAN.search(value)) else 0.0


def region(values: Sequence[str]) -> list[float]:
    """Return how far each value names administrative divisions and nothing below.

    Example:
        >>> region(["江苏省南京市", "四平路"])
        [1.0, 0.0]
    """
    return [_region(v) for v in values]


_SMALL = re.compile(
    r"[\u4e00-\u9fff]{1,8}(?:街道|镇|乡|街道办事处|开发区|工业区|高新区|新区|自治县|自治州|地区|盟|旗|苏木)"
)
_SMALLER = re.compile(r"[\u4e00-\u9fff]{2,8}(?:社区|居委会|居民委员会|村委会|村民委员会|村|居委)")


def _region(value: str) -> float:
    known = codelists.scores("regions")
    if value in known:
        return 0.9
    rest, steps = value.replace(" ", "").replace("-", "").replace("/", "").replace(">", ""), 0
    while rest and steps < 5:
        sizes = _region_sizes().get(rest[0], ())
        size = next((n for n in sizes if n <= len(rest) and rest[:n] in known), 0)
        if not size:
            break
        rest, steps = rest[size:], steps + 1
    if not rest and steps:
        return 1.0
    if _SMALL.fullmatch(rest):
        return 0.9 if steps else 0.75
    if COMMITTEE.fullmatch(rest):  # the lowest division is told by its committee
        return 0.75
    if _SMALLER.fullmatch(rest):
        return 0.6 if steps else 0.45
    return 0.0


@lru_cache(maxsize=1)
def _region_sizes() -> Mapping[str, tuple[int, ...]]:
    """Return, for each character with which the name of a region begins, how long such names are."""
    sizes: dict[str, set[int]] = {}
    for name in codelists.scores("regions"):
        if 2 <= len(name) <= 11 and not name.isdigit():
            sizes.setdefault(name[0], set()).add(len(name))
    return {first: tuple(sorted(found, reverse=True)) for first, found in sizes.items()}


def region_code(values: Sequence[str]) -> list[float]:
    """Return whether each value is a statistical code of 9 or 12 digits in a known county."""
    known = codelists.scores("regions")
    return [float(len(v) in (9, 12) and v.isdigit() and v[:6] in known) for v in values]


_PLACE = re.compile(
    r".{2,40}(?:站|路口|广场|机场|大厦|商场|医院|小区|公园|酒店|宾馆|超市|学校|大学|中学|小学|路|街|交叉口|地铁站|车站|收费站|卡口|口|门|码头|港|桥|隧道|东侧|西侧|南侧|北侧|附近|门口|侧|处|旁|服务区|口岸|中心|城|园区|村|镇)"
)


def place(values: Sequence[str]) -> list[float]:
    """Return how far each value names a place of any kind."""
    return [
        1.0
        if _address(v) > 0.5 or _region(v) > 0.6
        else 0.8
        if _PLACE.fullmatch(v) and not _PROSE.search(v)
        else 0.0
        for v in values
    ]


_AMOUNT = re.compile(
    r"[¥￥]?-?\d{1,3}(?:,\d{3})+(?:\.\d+)?|[¥￥]?-?\d{1,12}(?:\.\d{1,6})?(?:e\+?\d+)?(?:元|万元|万|亿元|k|K)?(?:/月|/年)?"
)


def amount(values: Sequence[str]) -> list[float]:
    """Return whether each value is a figure, with or without a unit of money."""
    return [
        float(bool(_AMOUNT.fullmatch(v)) and not (v[0] == "0" and v.isdigit() and len(v) > 1)) for v in values
    ]


_PAIR = re.compile(r"[\[(]?(-?\d{1,3}\.\d{2,})[,，; |]{1,2}(-?\d{1,3}\.\d{2,})[\])]?")
_SINGLE = re.compile(r"\d{1,3}\.\d{3,}[°]?[NESWnesw]?")


def coordinate_pair(values: Sequence[str]) -> list[float]:
    """Return whether each value holds a longitude and a latitude within China, in either order."""
    return [float(_is_pair(v)) for v in values]


def _is_pair(value: str) -> bool:
    found = _PAIR.fullmatch(value)
    if not found:
        return False
    a, b = abs(float(found[1])), abs(float(found[2]))
    return (73 <= a <= 136 and 3 <= b <= 54) or (73 <= b <= 136 and 3 <= a <= 54)


def coordinate(values: Sequence[str]) -> list[float]:
    """Return whether each value is a longitude or a latitude of China.

    One city's coordinates lie close together: a column that spreads over more than 65 degrees is none.
    """
    numbers = [float(v.rstrip("°NESWnesw")) if _SINGLE.fullmatch(v) else None for v in values]
    real = sorted(n for n in numbers if n is not None)
    if not real:
        return [0.0] * len(values)
    middle = real[len(real) // 2]
    low, high = (73.0, 136.0) if middle >= 73 else (3.0, 54.0)
    precise = sum(len(v.split(".")[-1]) >= 4 for v in values if "." in v) >= 0.5 * len(real)
    tight = real[int(len(real) * 0.9)] - real[int(len(real) * 0.1)] < (20 if middle >= 73 else 15)
    factor = 1.0 if precise and tight else 0.45
    return [factor if n is not None and low <= n <= high else 0.0 for n in numbers]


def postal_code(values: Sequence[str]) -> list[float]:
    """Return whether each value is a postal code that may exist."""
    return [float(len(v) == 6 and v.isdigit() and is_postal_code(v)) for v in values]


_ONE_HAN = re.compile(r"[\u3400-\u9fff]")
_SENTENCE = re.compile(r"[，。；！？,;!?：:]")

_FUNCTION = re.compile(r"[已未待请需了并后与向]|不[^锈明详]")


def prose(values: Sequence[str]) -> list[float]:
    """Return how far each value is running text: long, with punctuation, not one term."""
    return [_prose(v) for v in values]


def _prose(value: str) -> float:
    if len(value) < 6:
        return 0.0
    if len(value) < 9:  # 准许原告撤诉。 已退款并致歉
        short = len(_ONE_HAN.findall(value)) >= 5
        return 0.0 if not short else 0.8 if value[-1] in "。！" else 0.42 if _FUNCTION.match(value) else 0.0
    if value[:1] in "{[" or value.startswith(("http", "data:")):
        return 0.0
    han = 0 if value.isascii() else len(_ONE_HAN.findall(value))
    marks = han >= 8 and _SENTENCE.search(value) is not None
    if han >= 12 and marks:
        return 1.0
    if han >= 8 and marks and value[-1] in "。！？":
        return 0.9
    if han >= 25:
        return 0.8
    if han >= 6 and _FUNCTION.search(value):  # a short note: 已电话通知本人
        return 0.42
    words = value.count(" ")
    if han < 3 and words >= 6 and len(value) > 30:
        return 0.9
    return 0.35 if han >= 8 and marks else 0.2 if han >= 10 else 0.0


_MOVE = re.compile(r"乘|抵达|到达|前往|途经|途径|返回|入住|离开|自驾|从.{2,12}(?:到|至|出发)")
_STOP = re.compile(r"\d+[月日:时]|站|机场|酒店")


def itinerary(values: Sequence[str]) -> list[float]:
    """Return whether each value is a sequence of places, or a stay at one with its time."""
    return [_itinerary(v) for v in values]


def _itinerary(value: str) -> float:
    if "→" in value or "->" in value:
        return 1.0
    if value.count(".") >= 6 and len(_PAIR.findall(value)) >= 3:
        return 1.0
    if value.isascii() or len(value) <= 7:
        return 0.0
    return 0.9 if _MOVE.search(value) and _STOP.search(value) else 0.0


JUDGES: Mapping[str, Judge] = MappingProxyType(
    {
        "address": address,
        "amount": amount,
        "birth_date": timevalues.birth_date,
        "coordinate": coordinate,
        "coordinate_pair": coordinate_pair,
        "date": timevalues.date,
        "disease": terms.disease,
        "itinerary": itinerary,
        "medication": terms.medication,
        "occupation": terms.occupation,
        "organization": organization,
        "person_name": person_name,
        "place": place,
        "postal_code": postal_code,
        "prose": prose,
        "region": region,
        "region_code": region_code,
    }
)
"""Judges by the name under which a cell of the vocabulary asks for them."""

SCRIPTS: Mapping[str, str] = MappingProxyType(
    dict.fromkeys(("address", "place"), "han")
    | dict.fromkeys(("coordinate", "postal_code", "region_code"), "ascii")
)
"""Judges that only values with (``han``) or without (``ascii``) Chinese characters concern."""
