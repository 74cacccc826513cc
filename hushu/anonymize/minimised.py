"""A table on its way out: what applying a plan made of it, and what was measured."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from hushu.anonymize.gates import Check
from hushu.anonymize.transforming import TableTransform


@dataclass(frozen=True, slots=True)
class Minimised:
    """One table as it may leave, with what was measured on the way."""

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
