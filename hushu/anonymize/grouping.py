"""Group privacy within a release: no published person stands in a class smaller than k.

The targets come from the purpose: ``k``, ``l``, ``t``, or a release model (GB/T 42460-2023
Annex D as restated by a secondary source: fully public 20, controlled 5, enclave 3).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from hushu.anonymize.measuring import quasi_identifiers, sensitive
from hushu.anonymize.privacy.population import PopulationMatch
from hushu.anonymize.privacy.presence import Presence
from hushu.errors import PolicyError
from hushu.model import PlanTable

MODEL_K = {"public": 20, "controlled": 5, "enclave": 3}
_DEFAULT_SUPPRESSION = 0.05


@dataclass(frozen=True, slots=True)
class Grouped:
    """The recoded columns, in the order of the rows, and what recoding cost.

    ``match`` holds the figures against the population where the purpose names one.
    """

    columns: Mapping[str, pa.Array | pa.ChunkedArray]
    suppressed: int
    loss: float
    match: PopulationMatch | None = None


def target_k(privacy: Mapping[str, Any]) -> int | None:
    """Return the class size that a purpose asks for, or its release model implies.

    Example:
        >>> target_k({"model": "public"})
        20
    """
    asked = privacy.get("k")
    if asked is not None:
        return int(asked)
    return MODEL_K.get(str(privacy.get("model", "")))


def target_presence(privacy: Mapping[str, Any]) -> Presence | None:
    """Return what a purpose asks of its rows among the population; None when nothing.

    Example:
        >>> target_presence({"k_map": 5, "population": "register.csv"})
        Presence(k_map=5, presence=None)
    """
    k_map, presence = privacy.get("k_map"), privacy.get("presence")
    return None if k_map is None and presence is None else Presence(k_map, presence)


def grouped_columns(
    columns: Sequence[str], table: PlanTable, privacy: Mapping[str, Any]
) -> tuple[list[str], list[str]]:
    """Return the published columns to recode and the sensitive ones to protect; none without a target."""
    aimed = (target_k(privacy) or 1) > 1 or target_presence(privacy) is not None
    quasi = [name for name in quasi_identifiers(table, privacy) if name in columns]
    if not aimed or not quasi:
        return [], []
    return quasi, [name for name in sensitive(table) if name in columns and name not in quasi]


def grouped(rows: pa.Table, quasi: Sequence[str], protected: Sequence[str], table: PlanTable,
            privacy: Mapping[str, Any], population: pa.Table | None = None) -> Grouped:  # fmt: skip
    """Recode columns until the purpose's group targets hold.

    Args:
        rows: the columns of :func:`grouped_columns`, all rows of them: a class needs to see them all.
        quasi: the columns to recode.
        protected: the sensitive columns.
        table: their plan.
        privacy: the purpose's targets.
        population: everybody, at the grains of the plan, where a target is against the population.

    Raises:
        PolicyError: HS-E321, the table is too small for the target; HS-E322, no recoding hides its rows
            among the population.
    """
    k = target_k(privacy) or 1
    if rows.num_rows == 0:
        return Grouped({}, 0, 0.0)
    if rows.num_rows < k:
        raise PolicyError(
            "the table has fewer rows than the class size asked for",
            where=f"{table.name}: {rows.num_rows} rows, k = {k}",
            why="no release of so few persons can hide one among k",
            fix="release counts instead, or extend the scope",
            code="HS-E321",
        )
    from hushu.anonymize.privacy.kanonymity import k_anonymize

    options: dict[str, Any] = {
        "hierarchies": privacy.get("hierarchies"),
        "l": privacy.get("l") if protected else None,
        "t": privacy.get("t") if protected else None,
        "sensitive": list(protected) or None,
        "max_suppression": float(privacy.get("max_suppression", _DEFAULT_SUPPRESSION)),
        "recoding": privacy.get("recoding", "local"),
    }
    asked, match = target_presence(privacy), None
    if asked is not None and population is not None:
        from hushu.anonymize.privacy.presence import hide_in_population

        result, match = hide_in_population(rows, list(quasi), population, asked, k, **options)
    else:
        result = k_anonymize(rows, list(quasi), k, **options)
    recoded = {name: result.frame[name] for name in quasi}
    return Grouped(recoded, result.suppressed, result.information_loss, match)
