"""What people decide and ask for, and what leaves: decisions, purposes, plans, releases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from hushu.model.findings import Reason, Status
from hushu.model.inventory import PackRef

Action = Literal["keep", "drop", "transform"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A person's confirmation or correction of one column (or of a table, when ``column`` is empty)."""

    table: str
    column: str = ""
    status: Status = "confirmed"
    type: str | None = None
    type_decided: bool = False  # True: `type` is the decision, even when it is None
    levels: Mapping[str, str] = field(default_factory=dict)
    attributes: Mapping[str, str] = field(default_factory=dict)
    by: str = ""
    at: str = ""
    kind: str = ""
    reason: str = ""
    basis: str = ""
    expires: str = ""
    origin: str = field(default="", compare=False)  # file and line it was read from, for messages


@dataclass(frozen=True, slots=True, kw_only=True)
class PurposeItem:
    """One thing the recipient needs, at the coarsest grain that serves.

    ``item`` names a type of the vocabulary, or a column as ``table.column``.
    """

    item: str
    grain: str = "exact"
    why: str = ""
    alias: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)  # for the operator, e.g. what counts as "yes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Purpose:
    """Who asks for what, for which matter, on what basis (order 809, art. 20: five request fields)."""

    id: str
    title: str
    matter: str
    provider: str
    recipient: str
    basis: str
    scenario: str
    scope: str
    mode: str
    until: str
    use: str = "share"
    items: tuple[PurposeItem, ...] = ()
    tables: tuple[str, ...] = ()
    retention: str = ""
    privacy: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanColumn:
    """The fate of one column: kept, dropped or transformed, and the article that says so."""

    name: str
    type: str | None
    action: Action
    operator: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)
    grain: str = "drop"
    output: str = ""
    proposed: str = "drop"  # the grain that the planner chose; a finer one needs `reason`
    why: str = ""
    because: tuple[Reason, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanTable:
    """The fate of one table."""

    name: str
    columns: tuple[PlanColumn, ...]
    rows: str = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """For every column its fate. A column nobody asked for is dropped (default-deny)."""

    purpose: Purpose
    packs: tuple[PackRef, ...]
    tables: tuple[PlanTable, ...]
    inventory_sha256: str = ""
    privacy: Mapping[str, Any] = field(default_factory=dict)
    refused: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """What left: the frame or the folder, and the certificate that proves how."""

    certificate: Mapping[str, Any]
    frame: Any = None
    path: str = ""
