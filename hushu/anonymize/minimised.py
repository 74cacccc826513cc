"""A table on its way out: what applying a plan made of it, and what was measured."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from hushu.anonymize.gates import Check
from hushu.anonymize.privacy.tabulating import Tabulation
from hushu.anonymize.transforming import TableTransform


@dataclass(frozen=True, slots=True)
class Minimised:
    """One table as it may leave, with what was measured on the way.

    ``rows`` is empty where only ``counts`` leave, by their names in the release.
    """

    name: str
    rows: pa.Table
    transform: TableTransform
    source_sha256: str
    source_rows: int
    unplanned: tuple[str, ...]
    risk_before: dict[str, Any] | None
    risk_after: dict[str, Any] | None
    suppressed: int
    loss: float | None
    fingerprint: dict[str, Any] | None
    clashes: Check
    presence: Check | None = None
    counts: Mapping[str, Tabulation] = field(default_factory=dict)

    @property
    def outputs(self) -> Mapping[str, pa.Table]:
        """What leaves: the rows under the table's name, or its tables of counts under theirs."""
        if self.counts:
            return {name: made.frame for name, made in self.counts.items()}
        return {self.name: self.rows}
