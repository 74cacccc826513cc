"""Which columns reach a level: the gate of ``hushu scan --fail-on``."""

from __future__ import annotations

from collections.abc import Mapping

from hushu.errors import ConfigError
from hushu.model import Grade, Inventory
from hushu.rules.packload import load_packs


def at_or_above(inventory: Inventory, level: str, packs: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Return the columns whose grade reaches ``level`` under any pack that knows it.

    Args:
        inventory: a graded inventory.
        level: a level id, such as ``G4`` or ``closed``.
        packs: ids or files of the packs it was graded under; default: those the inventory names.

    Raises:
        ConfigError: HS-E141, no pack of the inventory has such a level.

    Example:
        >>> at_or_above(Inventory(), "G4", ("cn-national",))
        ()
    """
    loaded = load_packs(list(packs) or [pack.id for pack in inventory.packs])
    orders = {pack.id: [known.id for known in pack.levels] for pack in loaded}
    knowing = {pack: order for pack, order in orders.items() if level in order}
    if not knowing:
        known = ", ".join(dict.fromkeys(name for order in orders.values() for name in order))
        raise ConfigError("unknown level", where=f"--fail-on {level}", fix=f"one of: {known}", code="HS-E141")
    return tuple(
        f"{table.name}.{column.name}"
        for table in inventory
        for column in table
        if _reaches(column.grades, level, knowing)
    )


def _reaches(grades: Mapping[str, Grade], level: str, orders: Mapping[str, list[str]]) -> bool:
    return any(
        pack in grades and grades[pack].level in order[order.index(level) :] for pack, order in orders.items()
    )
