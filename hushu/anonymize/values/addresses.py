"""Reading a Chinese address from its front, and cutting it at a depth.

Province, city and district are read from the gazetteer (GB/T 2260); street, road, lane and number
from their suffixes. What cannot be read is not guessed: the cut yields None.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Literal, get_args

from hushu.anonymize.values.normalizing import fold

Depth = Literal["province", "city", "district", "street", "road", "lane", "number"]
DEPTHS: tuple[Depth, ...] = get_args(Depth)

_ETHNIC = re.compile(r"(?:省|市|(?:壮族|回族|维吾尔)?自治区|特别行政区)$")
_HAN = r"[\u3400-\u9fff]"
_STREET = re.compile(rf"{_HAN}{{1,8}}?(?:街道(?:办事处)?|镇|乡|苏木)")
_COMMUNITY = re.compile(rf"{_HAN}{{1,10}}?(?:社区|居委会|居民委员会|村委会|村民委员会|行政村)")
_ROAD = re.compile(
    rf"{_HAN}{{1,12}}?(?:大道|公路|大街|胡同|新村|小区|花园|家园|[路街道巷里坊村苑])(?!{_HAN}{{0,2}}[路街])"
)
_LANE = re.compile(r"\d+弄(?:\d+支弄)?")
_LONGEST = 15  # characters of the longest name of a division
_NUMBER = re.compile(r"\d+(?:-\d+)?号")


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Divisions by code, and their names below each division (``""``: only names that are unique)."""

    names: Mapping[str, str]
    below: Mapping[str, Mapping[str, str]]

    def full_name(self, code: str) -> str:
        """Return the name with the names above it; 市辖区 and its like are left out."""
        parts = [self.names.get(code[:n], "") for n in (2, 4, 6) if n <= len(code)]
        return "".join(
            p for p in parts if p not in ("市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划")
        )


@lru_cache(maxsize=1)
def gazetteer() -> Gazetteer:
    """Return the divisions of the vocabulary's code list (GB/T 2260).

    Divisions that were abolished keep their name under their code, for identity numbers; addresses
    are read with the current ones.
    """
    text = (files("hushu.rules") / "codes" / "regions.csv").read_text("utf-8")
    rows = [row for row in csv.DictReader(text.splitlines()) if row["value"].isdecimal()]
    names = {_trimmed(row["value"]): row["name"] for row in rows}
    newest = max(row["score"] for row in rows)
    below: dict[str, dict[str, str]] = {}
    seen: dict[str, list[str]] = {}
    for code in (_trimmed(row["value"]) for row in rows if row["score"] == newest):
        for spelling in _spellings(code, names[code]):
            seen.setdefault(spelling, []).append(code)
            for parent in {code[:n] for n in (2, 4) if n < len(code)}:
                below.setdefault(parent, {}).setdefault(spelling, code)
    below[""] = {spelling: codes[0] for spelling, codes in seen.items() if len(codes) == 1}
    return Gazetteer(names, below)


def _trimmed(code: str) -> str:
    """310000 → 31, 310100 → 3101."""
    return code[:2] if code.endswith("0000") else code[:4] if code.endswith("00") else code


def _spellings(code: str, name: str) -> set[str]:
    if len(code) == 2:
        return {name, _ETHNIC.sub("", name)}
    if len(code) == 4 and name.endswith("市") and len(name) > 2:
        return {name, name[:-1]}
    return {name}


def locate(value: str) -> tuple[str, str]:
    """Return the code of the deepest division at the front of an address, and the text after it.

    Example:
        >>> locate("上海市浦东新区世纪大道100号")
        ('310115', '世纪大道100号')
        >>> locate("南京东路1号")
        ('', '南京东路1号')
    """
    divisions = gazetteer()
    start = fold(value).replace(" ", "")
    code, rest = "", start
    while len(code) < 6:
        table = divisions.below.get(code, {})
        found = next((rest[:n] for n in range(min(_LONGEST, len(rest)), 1, -1) if rest[:n] in table), "")
        if not found:
            break
        code, rest = table[found], rest[len(found) :]
        if len(code) == 2:  # 上海市上海市浦东新区
            rest = rest.removeprefix(divisions.names[code])
    # A short spelling ("上海", "南京") only counts when a division follows: 南京东路 is a road.
    written_out = (divisions.names[code[:n]] for n in (2, 4) if n <= len(code))
    if len(code) < 6 and rest and not start.startswith(tuple(written_out)):
        return "", start
    return code, rest


def cut(value: str, depth: Depth) -> str | None:
    """Return the address down to ``depth``, or None when that depth cannot be read.

    A depth that the address lacks (no street between district and road) yields the next coarser
    part that it has, down to the district; an address without a readable division yields None.

    Example:
        >>> cut("浦东新区世纪大道100号2栋301室", "district")
        '上海市浦东新区'
        >>> cut("上海市静安区南京西路1000弄5号601室", "lane")
        '上海市静安区南京西路1000弄'
    """
    code, rest = locate(value)
    if not code:
        return None
    names = gazetteer()
    wanted = DEPTHS.index(depth)
    if wanted <= 2:
        return names.full_name(code[: 2 * (wanted + 1)])
    kept = names.full_name(code)
    for step, pattern in ((3, _STREET), (4, _COMMUNITY), (4, _ROAD), (5, _LANE), (6, _NUMBER)):
        found = pattern.match(rest)
        if found and step <= wanted:
            kept, rest = kept + found.group(), rest[found.end() :]
    return kept
