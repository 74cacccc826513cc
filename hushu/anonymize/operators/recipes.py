"""How a value of each type is masked: the shapes of ``masks.yaml``, and one value at a time."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Literal

from hushu.anonymize.values.normalizing import family
from hushu.errors import ConfigError

Level = Literal["strict", "screen"]

_DIGITS = "0123456789"
PROVINCES = "京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新"
_UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
ALPHABETS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "none": frozenset(),
        "digits": frozenset(_DIGITS),
        "digits_x": frozenset(_DIGITS + "X"),
        "alnum": frozenset(_DIGITS + _UPPER),
        "date": frozenset(_DIGITS + "-"),
        "plate": frozenset(_DIGITS + _UPPER + PROVINCES + "警学挂试超港澳领使应急"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """One shape that a normalised value may have, and what of it stays visible."""

    keep: Literal["ends", "name", "domain", "region", "road", "dotted"]
    fill: str
    alphabet: str = "none"
    starts: str = ""
    min: int = 0
    max: int = 0
    head: int = 0
    tail: int = 0

    def mask(self, value: str) -> str | None:
        """Return the masked value, or None when the value does not have this shape."""
        return _KEEPERS[self.keep](self, value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """The shapes of one type at one level, tried in order, and what remains to be guessed from."""

    type: str
    level: Level
    shapes: tuple[Shape, ...]
    residual: Mapping[str, str]

    def mask(self, value: str) -> str:
        """Return the masked form of a normalised value; one that fits no shape shows nothing."""
        for shape in self.shapes:
            masked = shape.mask(value)
            if masked is not None:
                return masked
        return self.shapes[0].fill


def recipe(type_id: str, level: Level) -> Recipe:
    """Return the recipe of a type; types without one hide everything.

    Example:
        >>> recipe("PHONE_NUMBER", "strict").mask("13800138000")
        '138********'
    """
    table = _load()
    return table.get((family(type_id), level)) or table["*", level]


@lru_cache(maxsize=1)
def _load() -> Mapping[tuple[str, str], Recipe]:
    import yaml

    text = (files("hushu.anonymize.operators") / "masks.yaml").read_text("utf-8")
    made: dict[tuple[str, str], Recipe] = {}
    levels: tuple[Level, Level] = ("strict", "screen")
    for entry in yaml.safe_load(text):
        for level in levels:
            shapes = tuple(_shape(item, entry["type"]) for item in entry[level])
            made[entry["type"], level] = Recipe(
                type=entry["type"], level=level, shapes=shapes, residual=entry["residual"][level]
            )
    return MappingProxyType(made)


def _shape(item: Mapping[str, Any], type_id: str) -> Shape:
    try:
        return Shape(**item)
    except TypeError as error:
        raise ConfigError(
            "a mask recipe has a field nobody reads", where=f"masks.yaml, {type_id}", code="HS-E151"
        ) from error


@lru_cache(maxsize=1)
def compound_surnames() -> frozenset[str]:
    """Return the surnames of two characters, which a mask keeps whole."""
    text = (files("hushu.rules") / "codes" / "surnames.csv").read_text("utf-8")
    return frozenset(row["value"] for row in csv.DictReader(text.splitlines()) if len(row["value"]) == 2)


def _ends(shape: Shape, value: str) -> str | None:
    if shape.alphabet == "plate" and value[:1] not in PROVINCES:
        return None
    if not shape.min <= len(value) <= shape.max or not ALPHABETS[shape.alphabet].issuperset(value):
        return None
    if shape.starts and value[0] not in shape.starts:
        return None
    return value[: shape.head] + shape.fill + (value[-shape.tail :] if shape.tail else "")


def _name(shape: Shape, value: str) -> str | None:
    if len(value) < 2 or not value[0].isalpha():
        return None
    surname = 2 if value[:2] in compound_surnames() and len(value) > 2 else 1
    return value[:surname] + shape.fill


def _domain(shape: Shape, value: str) -> str | None:
    local, at, domain = value.partition("@")
    if not (local and at and "." in domain) or "@" in domain:
        return None
    return local[: shape.head] + shape.fill + "@" + domain


def _dotted(shape: Shape, value: str) -> str | None:
    parts = value.split(".")
    if len(parts) != 4 or not all(part.isdecimal() and int(part) < 256 for part in parts):
        return None
    return ".".join(parts[: shape.head] + [shape.fill] * (4 - shape.head))


def _region(shape: Shape, value: str) -> str | None:
    from hushu.anonymize.values.addresses import cut

    kept = cut(value, "district")
    return None if kept is None else kept + shape.fill


def _road(shape: Shape, value: str) -> str | None:
    from hushu.anonymize.values.addresses import cut

    kept = cut(value, "road")
    return None if kept is None else kept + shape.fill


_KEEPERS = {
    "ends": _ends,
    "name": _name,
    "domain": _domain,
    "region": _region,
    "road": _road,
    "dotted": _dotted,
}
