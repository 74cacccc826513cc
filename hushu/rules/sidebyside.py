"""One inventory under many packs: where they differ, and which rule of each says so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from hushu.model import Grade, Inventory, Reason
from hushu.rules.citation import cite
from hushu.rules.engine import sets
from hushu.rules.grading import grade
from hushu.rules.pack import Pack
from hushu.rules.packload import load_pack


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One column that the packs do not grade alike: its grade under each."""

    column: str
    type: str | None
    grades: Mapping[str, Grade]

    def explain(self, lang: str = "zh") -> str:
        """Return one line a pack: its level and what decided it, with its citation."""
        lines = []
        for pack, given in self.grades.items():
            reason = deciding(given)
            if reason is None:
                lines.append(f"{pack}: {given.level}")
                continue
            text = reason.text if lang == "zh" else reason.text_en or reason.text
            lines.append(f"{pack}: {given.level}  {text}  {cite(reason, lang)}")
        return "\n".join(lines)


def side_by_side(
    inventory: Inventory, packs: Sequence[str] | Sequence[Pack], *, as_of: date | None = None
) -> tuple[Difference, ...]:
    """Return the columns that ``packs`` do not grade alike.

    Packs of one scale (the same level ids) differ when their levels do; packs of different scales always
    stand side by side.

    Args:
        inventory: a scan's result, graded or not.
        packs: two or more ids or loaded packs.
        as_of: the day whose law counts; the inventory's own unless told.

    Example:
        >>> from hushu.model import Column, Finding, Table
        >>> number = Column(name="sfzh", finding=Finding(type="CN_RESIDENT_ID"))
        >>> table = Table(name="t", rows=1, examined=1, columns=(number,))
        >>> found = side_by_side(Inventory(tables=(table,)), ["cn-gbt35273", "cn-gbt45574"])
        >>> {pack: given.level for pack, given in found[0].grades.items()}
        {'cn-gbt35273': 'L4', 'cn-gbt45574': 'L3'}
    """
    loaded = [pack if isinstance(pack, Pack) else load_pack(pack) for pack in packs]
    day = as_of or (date.fromisoformat(inventory.as_of) if inventory.as_of else date.today())
    graded = grade(inventory, loaded, as_of=day)
    scales = {pack.id: tuple(level.id for level in pack.levels) for pack in loaded}
    return tuple(
        Difference(column=f"{table.name}.{column.name}", type=column.type, grades=column.grades)
        for table in graded
        for column in table
        if len({(scales[pack], given.level) for pack, given in column.grades.items()}) > 1
    )


def deciding(given: Grade) -> Reason | None:
    """Return the reason that set the level, or None when nothing did.

    Example:
        >>> deciding(Grade(level="G1")) is None
        True
    """
    return next((reason for reason in given.because if sets(reason, given.level)), None)
