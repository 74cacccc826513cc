"""What people type into a cell, as the ids that the packs and the vocabulary know."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from hushu.errors import HushuError
from hushu.model import Inventory
from hushu.reports.review_fields import OPENING, SHARING
from hushu.reports.review_reading import plain
from hushu.reports.review_rows import main_pack
from hushu.rules import vocabulary
from hushu.rules.pack import Level
from hushu.rules.packload import load_pack

_NUMERALS = {n: i for i, n in enumerate("一二三四五六七八九", start=1)}
_STEP = re.compile(r"(?:第|一般|数据|级别|等级|level|g|l|s)*([1-9一二三四五六七八九])(?:级|级别|級|等)?")
_SYNONYMS: Mapping[str, str] = {
    "不予": "withheld",
    "不共享": "withheld",
    "不予开放": "closed",
    "不开放": "closed",
    "禁止开放": "closed",
    "禁止": "closed",
    "否": "closed",
    "受限开放": "conditional",
    "受限": "conditional",
}
_NOTHING = {"未识别", "无", "none", "null", "-", "—"}
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")


class Scales:
    """The packs whose levels the sheet's columns ask for: 数据级别, 共享类型 and 是否向社会开放."""

    def __init__(self, inventory: Inventory) -> None:
        parts = [table.grades for table in inventory.tables]
        parts += [column.grades for table in inventory.tables for column in table.columns]
        graded = {pack for grades in parts for pack in grades}
        wanted = {"level": main_pack(inventory), "sharing": SHARING, "opening": OPENING}
        self.packs = {key: pack for key, pack in wanted.items() if pack in graded}
        self._levels = {key: _levels(pack) for key, pack in self.packs.items()}

    def level(self, key: str, said: str) -> str | None:
        """Return the id of the level that was meant in a column of the sheet, or None."""
        return level_of(said, self._levels[key])

    def lower(self, key: str, said: str, was: str) -> bool:
        """Return whether the level that was meant lies below the one that stood there."""
        order = [level.id for level in self._levels[key]]
        level, before = self.level(key, said), self.level(key, was)
        return level is not None and before is not None and order.index(level) < order.index(before)

    def same(self, key: str, said: str, was: str) -> bool:
        """Return whether another spelling means what stood there: 三级 over G3 agrees."""
        if key in self.packs:
            level = self.level(key, said)
            return level is not None and level == self.level(key, was)
        return key == "type" and type_of(said)[0] and type_of(said) == type_of(was)


def _levels(pack: str) -> tuple[Level, ...]:
    try:
        return load_pack(pack).levels
    except HushuError:
        return ()


def level_of(said: str, levels: Sequence[Level]) -> str | None:
    """Return the id of the level that a person meant, or None when that is not certain.

    ``3``, ``三级``, ``L3``, ``G3``, ``3级`` and the level's own names are the same level.

    Example:
        >>> from hushu.rules.packload import load_pack
        >>> [level_of(said, load_pack("cn-national").levels) for said in ("3", "三级", "L3", "Ｇ３", "高")]
        ['G3', 'G3', 'G3', 'G3', None]
    """
    word = plain(said)
    if not word:
        return None
    for level in levels:
        names = (level.id, level.title.zh, level.title.en, f"{level.id}{level.title.zh}")
        if word in {plain(name) for name in names}:
            return level.id
    known = {level.id for level in levels}
    if _SYNONYMS.get(word) in known:
        return _SYNONYMS[word]
    step = _STEP.fullmatch(word)
    if step:
        return _numbered(step[1], levels)
    begun = [level.id for level in levels if len(word) > 1 and plain(level.title.zh).startswith(word)]
    return begun[0] if len(begun) == 1 else None


def _numbered(numeral: str, levels: Sequence[Level]) -> str | None:
    number = _NUMERALS.get(numeral) or int(numeral)
    # Only a scale that counts its own levels may be answered by a bare number.
    return next((level.id for level in levels if re.fullmatch(rf"[A-Za-z]+{number}", level.id)), None)


def type_of(said: str) -> tuple[bool, str | None]:
    """Return (understood, type id or None for "nothing in the vocabulary").

    Example:
        >>> type_of("居民身份证号"), type_of("未识别"), type_of("什么")
        ((True, 'CN_RESIDENT_ID'), (True, None), (False, None))
    """
    word = plain(said)
    if word in _NOTHING:
        return True, None
    found = _types().get(word)
    return found is not None, found


@lru_cache(maxsize=1)
def _types() -> Mapping[str, str]:
    entries = vocabulary.load().values()
    return {plain(name): entry.id for entry in entries for name in (entry.id, entry.zh, entry.en)}


def day_of(said: str) -> str | None:
    """Return a day as 2026-11-21, or None when it is not one.

    Example:
        >>> day_of("2026年11月21日"), day_of("2026/1/5"), day_of("下周")
        ('2026-11-21', '2026-01-05', None)
    """
    from datetime import date

    found = _DATE.match(said.strip())
    if found is None:
        return None
    try:
        return date(int(found[1]), int(found[2]), int(found[3])).isoformat()
    except ValueError:
        return None
