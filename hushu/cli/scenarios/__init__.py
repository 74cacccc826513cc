"""The demo's synthetic cases: each builds a database and says for what purpose it is asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from hushu.errors import ConfigError


@dataclass(frozen=True, slots=True)
class Scenario:
    """One case: its titles, a function that writes the SQLite file, and its purpose file."""

    id: str
    zh: str
    en: str
    build: Callable[[Path], None]
    purpose: str


_MODULES = ("registration", "hotline", "renting")


def scenarios() -> Mapping[str, Scenario]:
    """Return every scenario by its id.

    Example:
        >>> "registration" in scenarios()
        True
    """
    found = (import_module(f"hushu.cli.scenarios.{name}").SCENARIO for name in _MODULES)
    return {scenario.id: scenario for scenario in found}


def scenario(name: str) -> Scenario:
    """Return one scenario.

    Raises:
        ConfigError: HS-E107, no such scenario.
    """
    known = scenarios()
    if name not in known:
        raise ConfigError(
            "unknown scenario", where=f"--scenario {name}", fix=f"one of: {', '.join(known)}", code="HS-E107"
        )
    return known[name]
