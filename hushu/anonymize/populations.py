"""The population of a purpose (``privacy.population``): read and coarsened as the plan says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

import pyarrow as pa

from hushu.anonymize.gates import Check, Outcome
from hushu.anonymize.grouping import target_presence
from hushu.anonymize.measuring import quasi_identifiers
from hushu.anonymize.privacy.columns import read_table
from hushu.anonymize.privacy.population import PopulationMatch
from hushu.anonymize.transforming import TableTransform
from hushu.errors import ConfigError
from hushu.model import PlanTable


def population_rows(
    privacy: Mapping[str, Any], transform: TableTransform, table: PlanTable
) -> pa.Table | None:
    """Return everybody, by the published quasi-identifiers at the grains of the plan; None when not asked.

    The register may hold the source's columns, which then go through the plan's operators, or the
    published ones already.

    Raises:
        ConfigError: HS-E175, no population is named, or it lacks a column.
        InputError: HS-E2xx, it cannot be read.
    """
    if target_presence(privacy) is None:
        return None
    steps = [s for s in transform.steps if s.column.output in quasi_identifiers(table, privacy)]
    if not steps:
        return None
    path = privacy.get("population")
    if not path:
        raise _wrong("privacy.population", "k_map and presence are measured against a register")
    register = read_table(path, None)
    have = register.column_names
    if all(step.column.name in have for step in steps):
        return replace(transform, steps=tuple(steps), records=())(register)
    published = [step.column.output for step in steps]
    missing = [name for name in published if name not in have]
    if missing:
        raise _wrong(f"privacy.population: {path}", f"it has no column {', '.join(missing)}")
    return register.select(published)


def _wrong(where: str, why: str) -> ConfigError:
    return ConfigError(
        "the population cannot be compared with the table",
        where=where,
        why=why,
        fix="name a table that holds the quasi-identifiers as the source or the release names them",
        code="HS-E175",
    )


def against_population(
    outcome: Outcome, table: str, privacy: Mapping[str, Any], match: PopulationMatch | None
) -> Outcome:
    """Return what was found in the rows with what was asked against the population.

    Where there is a population, the journalist's risk is taken from it.

    Args:
        outcome: what the gates found in the rows.
        table: its name.
        privacy: the purpose's targets.
        match: the rows among the population; None when there is nothing to match.
    """
    presence = check_presence(table, privacy, match)
    checks = outcome.checks if presence is None else (*outcome.checks, presence)
    if match is None:
        return Outcome(checks, outcome.risk)
    journalist = {"max": match.greatest, "mean": match.mean}
    risk = {**(outcome.risk or {}), "population": asdict(match), "journalist": journalist}
    return Outcome(checks, {**risk, "basis": "population"})


def check_presence(table: str, privacy: Mapping[str, Any], match: PopulationMatch | None) -> Check | None:
    """Check that what was asked against the population holds; None when nothing was."""
    asked = target_presence(privacy)
    if asked is None:
        return None
    if match is None:
        return Check("population", True, f"{table}: nothing in it could be linked")
    holds = (asked.k_map is None or match.k_map == 0 or match.k_map >= asked.k_map) and (
        asked.presence is None or match.delta[1] <= asked.presence + 1e-9
    )
    detail = f"{table}: k-map = {match.k_map}, target {asked.k_map}; "
    detail += f"presence at most {match.delta[1]:.3f}, target {asked.presence}"
    return Check("population", holds, detail)
