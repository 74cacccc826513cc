"""Which columns reach a level: the gate of ``hushu scan --fail-on``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hushu.errors import ConfigError
from hushu.model import Grade, Inventory
from hushu.rules.packload import DEFAULT, load_packs


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
    knowing = orders_with(level, packs or [pack.id for pack in inventory.packs])
    return tuple(
        f"{table.name}.{column.name}"
        for table in inventory
        for column in table
        if _reaches(column.grades, level, knowing)
    )


def orders_with(level: str, packs: Sequence[str] = DEFAULT) -> Mapping[str, list[str]]:
    """Return the packs that know a level, each with its levels from low to high.

    Raises:
        ConfigError: HS-E141, none of the packs has such a level.

    Example:
        >>> orders_with("G4", ["cn-national"])
        {'cn-national': ['G1', 'G2', 'G3', 'G4', 'important', 'core']}
    """
    orders = {pack.id: [known.id for known in pack.levels] for pack in load_packs(packs)}
    knowing = {pack: order for pack, order in orders.items() if level in order}
    if not knowing:
        known = ", ".join(dict.fromkeys(name for order in orders.values() for name in order))
        raise ConfigError("unknown level", where=f"--fail-on {level}", fix=f"one of: {known}", code="HS-E141")
    return knowing


def _reaches(grades: Mapping[str, Grade], level: str, orders: Mapping[str, list[str]]) -> bool:
    return any(
        pack in grades and grades[pack].level in order[order.index(level) :] for pack, order in orders.items()
    )
