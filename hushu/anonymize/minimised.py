"""A table on its way out: what applying a plan made of it, and what was measured."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from hushu.anonymize.gates import Outcome
from hushu.anonymize.identities import Identities
from hushu.anonymize.transforming import TableTransform
from hushu.io.spooling import Rows


@dataclass(frozen=True, slots=True)
class Minimised:
    """One table as it may leave, with what was measured on the way.

    ``held`` names the columns that had to be in memory at once; ``outcome`` is what the gates found
    in the rows while they were written.
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
