"""Names for people: types, packs, levels and citations in the language of the report."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from hushu.errors import HushuError
from hushu.model import Grade, Inventory, PackRef, Reason
from hushu.reports.view import Chip, Citation
from hushu.reports.words import Say, speaker
from hushu.rules import vocabulary
from hushu.rules.citation import cite, mark
from hushu.rules.engine import UNGRADED
from hushu.rules.pack import Pack, Text
from hushu.rules.packload import load_pack

MAIN = "cn-national"  # where it graded, its levels speak for the whole
_CODE = 3  # a level id up to this long stands for itself, like G4
_BRACKET = re.compile(r"\s*[（(][^（()）]*[)）]$")  # what stands in brackets at the end


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """Looks names up for one inventory in one language."""

    lang: str
    say: Say
    packs: tuple[str, ...]

    def type(self, type_id: str | None) -> str:
        """Return the name of a type; what nobody named stays visible as its id."""
        if not type_id:
            return self.say("type.none")
        entry = vocabulary.load().get(type_id)
        if entry is None:
            return type_id
        return entry.zh if self.lang == "zh" else entry.en

    def pack(self, pack_id: str) -> str:
        """Return a pack's title; its id when its file is not here."""
        pack = _pack(pack_id)
        return pack_id if pack is None else self._in(pack.title)

    def pack_in_short(self, pack_id: str) -> str:
        """Return a pack's title without what stands in brackets behind it."""
        return _BRACKET.sub("", self.pack(pack_id))

    def rank(self, pack_id: str, level: str) -> float:
        """Return where a level stands on the ramp of colours, 0 (lowest) to 1; an unknown one stands highest.

        Levels that rules may set take the lower 0.6; those for people alone (important, core) stand above.
        """
        pack = _pack(pack_id)
        levels = pack.levels if pack else ()
        ruled = [known.id for known in levels if not known.for_people]
        if level in ruled:
            return 0.6 * ruled.index(level) / max(1, len(ruled) - 1)
        above = [known.id for known in levels if known.for_people]
        return 0.6 + 0.4 * (above.index(level) + 1) / len(above) if level in above else 1.0

    def levels(self, pack_id: str) -> tuple[str, ...]:
        """Return the names of a pack's levels, lowest first."""
        pack = _pack(pack_id)
        return tuple(self.level(pack_id, level.id) for level in pack.levels) if pack else ()

    def level(self, pack_id: str, level: str) -> str:
        """Return a level's name, led by its id where that is short enough to be a letter code."""
        if level == UNGRADED:
            return self.say("level.none")
        pack = _pack(pack_id)
        for known in pack.levels if pack else ():
            if known.id == level:
                title = self._in(known.title)
                return title if len(level) > _CODE or level in title else f"{level} {title}"
        return level

    def level_in_short(self, pack_id: str, level: str) -> str:
        """Return a level's letter code, else its name without what stands in brackets behind it."""
        return level if len(level) <= _CODE else _BRACKET.sub("", self.level(pack_id, level))

    def loaded_packs(self) -> tuple[Pack, ...]:
        """Return the packs of the inventory whose files are here."""
        return tuple(pack for pack in map(_pack, self.packs) if pack)

    def scope(self, rule: str) -> str:
        """Return what a rule speaks about (``column``, ``table``, ...); empty when it is not known."""
        pack_id, _, rule_id = rule.partition("/")
        pack = _pack(pack_id)
        known = pack.rule(rule_id) if pack else None
        return known.scope if known else ""

    def category(self, pack_id: str, category: str) -> str:
        """Return the name of a pack's category."""
        pack = _pack(pack_id)
        known = pack.categories.get(category) if pack else None
        return self._in(known) if known else category

    def _in(self, text: Text) -> str:
        return text.zh if self.lang == "zh" else text.en

    def chip(self, pack_id: str, grade: Grade | None) -> Chip:
        """Return the chip of a grade; ungraded is said, not left blank."""
        title = self.pack_in_short(pack_id)
        if grade is None or grade.level == UNGRADED:
            return Chip(text=self.say("level.none"), title=title, tone="muted")
        text = self.level_in_short(pack_id, grade.level)
        if grade.review:
            text += self.say("level.review")
        return Chip(text=text, title=title, rank=self.rank(pack_id, grade.level))

    def citation(self, reason: Reason) -> Citation:
        """Return a reason as it may be printed: never without the mark of how far it was verified."""
        return _citation(reason, self.lang)

    def differs(self, pack: PackRef) -> bool:
        """Return whether the pack on this machine is not the one that graded."""
        here = _pack(pack.id)
        return here is not None and here.sha256 != pack.sha256


@lru_cache(maxsize=4096)
def _citation(reason: Reason, lang: str) -> Citation:
    return Citation(
        rule=reason.rule,
        text=reason.text if lang == "zh" or not reason.text_en else reason.text_en,
        basis=cite(replace(reason, verified="fulltext"), lang),
        verified=reason.verified,
        mark=mark(reason.verified, lang),
    )


@lru_cache(maxsize=64)
def _pack(pack_id: str) -> Pack | None:
    # A report is made from the inventory alone: a pack that is not on this machine keeps its ids.
    try:
        return load_pack(pack_id)
    except HushuError:
        return None


def names_for(inventory: Inventory, lang: str) -> Names:
    """Return the names for an inventory: the national pack first, the others as they graded."""
    seen: Mapping[str, None] = dict.fromkeys(pack.id for pack in inventory.packs)
    graded = dict.fromkeys(p for t in inventory.tables for p in t.grades)
    return Names(
        lang=lang, say=speaker(lang), packs=tuple(sorted({**seen, **graded}, key=lambda pack: pack != MAIN))
    )
