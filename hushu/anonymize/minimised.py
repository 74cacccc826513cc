"""A table on its way out: what applying a plan made of it, and what was measured."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from hushu.anonymize.gates import Outcome
from hushu.anonymize.identities import Identities
from hushu.anonymize.privacy.population import PopulationMatch
from hushu.anonymize.privacy.tabulating import Tabulation
from hushu.anonymize.transforming import TableTransform
from hushu.io.spooling import Held, Rows


@dataclass(frozen=True, slots=True)
class Minimised:
    """One table as it may leave, with what was measured on the way.

    ``rows`` is empty where only ``counts`` leave, by their names in the release. ``held`` names the
    columns that had to be in memory at once; ``match`` is what the rows are among the population, where
    the purpose names one; ``outcome`` is what the gates found in the rows while they were written, or in
    the counts.
    """

    name: str
    rows: Rows
    transform: TableTransform
    source_sha256: str
    source_rows: int
    unplanned: tuple[str, ...]
    risk_before: dict[str, Any] | None
    suppressed: int
    loss: float | None
    fingerprint: dict[str, Any] | None
    held: tuple[str, ...]
    known_events: Mapping[str, Mapping[str, Any]]
    identities: Identities = field(repr=False)
    outcome: Outcome | None = None
    match: PopulationMatch | None = None
    counts: Mapping[str, Tabulation] = field(default_factory=dict)

    @property
    def outputs(self) -> Mapping[str, Rows]:
        """What leaves: the rows under the table's name, or its tables of counts under theirs."""
        if self.counts:
            return {name: Held(made.frame) for name, made in self.counts.items()}
        return {self.name: self.rows}
