"""Reading and writing ``inventory.json``."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from hushu.errors import ConfigError, InputError
from hushu.io import indented
from hushu.io.atomic import atomic_write
from hushu.model import INVENTORY_SCHEMA, Inventory


def read_inventory(path: str | Path) -> Inventory:
    """Return the inventory in a file.

    Raises:
        InputError: HS-E201, no such file; HS-E240, not JSON.
        ConfigError: HS-E104, JSON of another schema; HS-E108, its day is no date.

    Example:
        >>> read_inventory("inventory.json")  # doctest: +SKIP
    """
    file = Path(path)
    if not file.is_file():
        raise InputError(
            "no such file", where=str(path), fix="hushu scan SOURCE --format json -o FILE", code="HS-E201"
        )
    try:
        data = json.loads(file.read_text("utf-8"))
    except (ValueError, UnicodeDecodeError) as problem:
        raise InputError(
            "the inventory is not JSON", where=str(path), why=type(problem).__name__, code="HS-E240"
        ) from None
    if not isinstance(data, dict) or data.get("schema") != INVENTORY_SCHEMA:
        raise ConfigError(
            "this is not an inventory",
            where=str(path),
            why=f"its schema is not {INVENTORY_SCHEMA}",
            fix="hushu scan SOURCE --format json -o inventory.json",
            code="HS-E104",
        )
    _check_day(data.get("as_of", ""), str(path))
    return Inventory.from_dict(data)


def _check_day(day: Any, where: str) -> None:
    """Refuse a day that no law can be looked up for; files are edited by hand."""
    if day == "":
        return
    try:
        date.fromisoformat(day)
    except (TypeError, ValueError):
        raise ConfigError(
            "the inventory's day is no date",
            where=f"{where}: as_of",
            why="the law in force on that day is applied",
            fix="write it as 2026-11-21, or scan again",
            code="HS-E108",
        ) from None


def write_inventory(inventory: Inventory, path: str | Path) -> None:
    """Write an inventory whole and at once, as stable UTF-8 JSON."""
    text = indented.dumps(inventory.to_dict())
    with atomic_write(path) as handle:
        handle.write((text + "\n").encode("utf-8"))
