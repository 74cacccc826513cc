"""From the grain a purpose asks for to the least revealing operator that meets it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, NamedTuple

from hushu.errors import ConfigError, PolicyError


class Choice(NamedTuple):
    """The operator that meets a grain, its parameters, and what the recipient will see."""

    operator: str
    params: Mapping[str, Any]
    output: str


def grains_of(type_id: str | None) -> tuple[str, ...]:
    """Return the grains that make sense for a type, in the order of the table.

    Example:
        >>> grains_of("AGE")
        ('drop', 'count', 'yes_no', 'exact', 'encrypted', 'redacted', 'band')
    """
    return tuple(_grains(type_id))


def operator_for(
    type_id: str | None, grain: str, facts: Mapping[str, Any] = MappingProxyType({}), lang: str = "zh"
) -> Choice:
    """Return the least revealing operator that meets a grain of a type.

    Args:
        type_id: a type of the vocabulary, or None for a column nobody recognised.
        grain: ``exact``, ``masked``, ``pseudonym``, ``surrogate``, ``band``, ``district``, ``month``,
            ``year``, ``yes_no``, ``count``, ``drop`` …; :func:`grains_of` lists a type's own.
        facts: what is known of the column: ``data_type`` (of the source), ``as_of`` (ISO day at
            which ages are counted; needed for ``age`` and ``band`` of a birth date), ``width`` (of
            the bands of a measured number).
        lang: ``zh`` or ``en``, of the output's description.

    Raises:
        PolicyError: HS-E352, the type never leaves (passwords, biometric templates).
        ConfigError: HS-E154, the grain makes no sense for the type.

    Example:
        >>> operator_for("ADDRESS", "district", lang="en")
        Choice(operator='generalize', params={'hierarchy': 'address', 'level': 'district'}, output='district')
    """
    sealed = type_id in _load()["sealed"]
    if sealed and grain not in ("drop", "count", "yes_no"):
        raise PolicyError(
            "a value of this type never leaves",
            where=f"{type_id}, grain {grain}",
            why="a leaked password can be changed, a leaked face cannot; no purpose needs either",
            fix="ask for yes_no, or leave the item out",
            code="HS-E352",
        )
    found = _grains(type_id).get(grain) or _by_storage(grain, facts)
    if found is None:
        raise ConfigError(
            "this grain makes no sense for this type",
            where=f"{type_id or 'no type'}, grain {grain}",
            why=_why_not(type_id, grain),
            fix="one of: " + ", ".join(grains_of(type_id)),
            code="HS-E154",
        )
    told: dict[Any, Any] = {
        "{as_of}": str(facts.get("as_of", "")),
        "{width}": float(facts.get("width") or 10),
    }
    params = {key: told.get(value, value) for key, value in found.get("params", {}).items()}
    return Choice(found["operator"], params, found["output"]["zh" if lang.startswith("zh") else "en"])


def _by_storage(grain: str, facts: Mapping[str, Any]) -> Mapping[str, Any] | None:
    # A date column of any type can be coarsened as a date.
    stored = str(facts.get("data_type", "")).lower()
    if any(word in stored for word in ("date", "time")):
        found: Mapping[str, Any] | None = _load()["groups"]["dated"].get(grain)
        return found
    return None


def _grains(type_id: str | None) -> Mapping[str, Mapping[str, Any]]:
    table = _load()
    own = table["types"].get(type_id, {})
    if isinstance(own, list):
        own = {grain: entry for group in own for grain, entry in table["groups"][group].items()}
    return {**table["any"], **own}


def _why_not(type_id: str | None, grain: str) -> str:
    if grain == "pseudonym":
        return "it has few values: frequencies would tell which token is which"
    return f"nothing of {type_id or 'an unknown column'} is a {grain}"


@lru_cache(maxsize=1)
def _load() -> Mapping[str, Any]:
    import yaml

    text = (files("hushu.anonymize.operators") / "grains.yaml").read_text("utf-8")
    return MappingProxyType(yaml.safe_load(text))
