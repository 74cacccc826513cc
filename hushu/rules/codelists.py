"""Code lists of the vocabulary: small tables of ``rules/codes`` that say which values belong to a type."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType


@lru_cache(maxsize=64)
def scores(name: str) -> Mapping[str, float]:
    """Return how far each value of a code list may be trusted without a header.

    Args:
        name: file of ``rules/codes`` without its suffix, with the columns ``value`` and ``score``.

    Example:
        >>> scores("gender")["男"]
        0.85
    """
    return MappingProxyType({row["value"]: float(row["score"]) for row in rows(name)})


@lru_cache(maxsize=64)
def column(name: str, field: str) -> Mapping[str, str]:
    """Return one column of a code list by ``value``.

    Example:
        >>> column("gender", "name")["1"]
        '男'
    """
    return MappingProxyType({row["value"]: row[field] for row in rows(name)})


def rows(name: str) -> list[dict[str, str]]:
    """Return the rows of a code list in the order of its file."""
    path = files("hushu.rules") / "codes" / f"{name}.csv"
    return list(csv.DictReader(path.read_text("utf-8").splitlines()))
