"""What every catalogue is told of a column or a table, under names that do not depend on it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from hushu.model import Column, Grade, Inventory, Table

CONFIRMED = frozenset({"confirmed", "overridden", "locked"})
_NAME = re.compile(r"[^a-z0-9._-]+")


def facts(column: Column) -> dict[str, Any]:
    """Return what is known of a column: type, levels with their articles, status; no value."""
    return {
        "type": column.type,
        "confidence": round(column.confidence, 2),
        "contains": [content.type for content in column.contains],
        "status": column.status,
        "levels": {pack: grade.level for pack, grade in column.grades.items()},
        "basis": basis(column.grades),
    }


def basis(grades: Mapping[str, Grade]) -> list[str]:
    """Return the articles behind the grades, each with the mark of how far it was verified."""
    from hushu.rules.citation import cite

    reasons = (cite(reason, "zh") for grade in grades.values() for reason in grade.because)
    return list(dict.fromkeys(reasons))


def labels(part: Column | Table) -> list[str]:
    """Return one label a pack, such as ``cn-national:G4``."""
    return [f"{pack}:{grade.level}" for pack, grade in part.grades.items()]


def platform(inventory: Inventory) -> str:
    """Return the kind of the source as catalogues name it: postgres, mysql, sqlite, file."""
    scheme = inventory.source.partition("://")[0].partition("+")[0] if "://" in inventory.source else ""
    if inventory.source.endswith((".sqlite", ".db", ".sqlite3")):
        scheme = "sqlite"
    return {"postgresql": "postgres", "mariadb": "mysql", "": "file"}.get(scheme, scheme)


def database(inventory: Inventory) -> str:
    """Return the name of the database or file, without host, user or folder."""
    tail = inventory.source.rstrip("/").rpartition("/")[2] if inventory.source else "source"
    return tail.partition("?")[0] or "source"


def slug(name: str) -> str:
    """Return a name that catalogues accept as an identifier; Chinese becomes its code points.

    Example:
        >>> slug("t_Person"), slug("人口")
        ('t_person', 'u4eba-u53e3')
    """
    spelled = "".join(c if c.isascii() else f"-u{ord(c):x}-" for c in name.lower())
    return _NAME.sub("-", re.sub(r"-{2,}", "-", spelled)).strip("-.") or "unnamed"


def as_json(document: Any) -> str:
    """Return a document as stable, readable UTF-8 JSON."""
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"
