"""Group privacy within a release: no published person stands in a class smaller than k.

The targets come from the purpose: ``k``, ``l``, ``t``, or a release model (GB/T 42460-2023
Annex D as restated by a secondary source: fully public 20, controlled 5, enclave 3).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from hushu.anonymize.measuring import quasi_identifiers, sensitive
from hushu.errors import PolicyError
from hushu.model import PlanTable

MODEL_K = {"public": 20, "controlled": 5, "enclave": 3}
_DEFAULT_SUPPRESSION = 0.05


@dataclass(frozen=True, slots=True)
class Grouped:
    """The rows after recoding; ``loss`` is None when none was asked for."""

    rows: pa.Table
    suppressed: int
    loss: float | None
    changed: bool


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


def grouped(rows: pa.Table, table: PlanTable, privacy: Mapping[str, Any]) -> Grouped:
    """Return the rows recoded until the purpose's group targets hold.

    Raises:
        PolicyError: HS-E321, the table is too small for the target.
    """
    k = target_k(privacy)
    quasi = [name for name in quasi_identifiers(table, privacy) if name in rows.column_names]
    if k is None or k < 2 or not quasi or rows.num_rows == 0:
        return Grouped(rows, 0, None, False)
    if rows.num_rows < k:
        raise PolicyError(
            "the table has fewer rows than the class size asked for",
            where=f"{table.name}: {rows.num_rows} rows, k = {k}",
            why="no release of so few persons can hide one among k",
            fix="release counts instead, or extend the scope",
            code="HS-E321",
        )
    from hushu.anonymize.privacy.kanonymity import k_anonymize

    protected = [name for name in sensitive(table) if name not in quasi]
    result = k_anonymize(
        rows,
        quasi,
        k,
        hierarchies=privacy.get("hierarchies"),
        l=privacy.get("l") if protected else None,
        t=privacy.get("t") if protected else None,
        sensitive=protected or None,
        max_suppression=float(privacy.get("max_suppression", _DEFAULT_SUPPRESSION)),
        recoding=privacy.get("recoding", "local"),
    )
    return Grouped(result.frame, result.suppressed, result.information_loss, True)
