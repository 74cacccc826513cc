"""What a purpose asks for: which of its items names a column, and what to say of a name nobody knows."""

from __future__ import annotations

from hushu.errors import ConfigError
from hushu.model import Column, Purpose, PurposeItem, Table
from hushu.rules import vocabulary


def unknown_name(what: str, name: str, known: list[str]) -> ConfigError:
    """Return the error for a name that the inventory does not hold, with the nearest ones."""
    from difflib import get_close_matches

    close = get_close_matches(name, known, n=3)
    hint = f"did you mean {', '.join(close)}?" if close else "hushu scan lists tables, columns and types"
    return ConfigError(what, where=f"purpose: {name}", why="no such name", fix=hint, code="HS-E132")


def names(item: PurposeItem, column: Column, table: Table) -> bool:
    """Return whether an item names a column, by its own name, its type or its comment."""
    if item.item in {f"{table.name}.{column.name}", column.name}:
        return True
    if column.type is None:
        return False
    entry = vocabulary.load().get(column.type)
    return item.item == column.type or (entry is not None and item.item in {entry.zh, column.comment})


def item_for(column: Column, table: Table, purpose: Purpose) -> PurposeItem | None:
    """Return the item of the purpose that names a column, the most outspoken first."""
    matching = [item for item in purpose.items if names(item, column, table)]
    # A column named outright outranks its type.
    matching.sort(key=lambda item: item.item not in {f"{table.name}.{column.name}", column.name})
    return matching[0] if matching else None
