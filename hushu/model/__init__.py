"""The data that flows through hushu: frozen, slotted, without a raw value of any person.

One way through the house: a source is scanned into an :class:`Inventory`; people add
:class:`Decision`; a :class:`Purpose` turns it into a :class:`Plan`; applying the plan yields a
:class:`Release`. Each class converts to and from the JSON that the contracts fix
(``hushu.inventory/1`` and friends).
"""

from hushu.model.findings import (
    Content,
    Evidence,
    EvidenceKind,
    Finding,
    Grade,
    Reason,
    Span,
    Status,
    Verified,
)
from hushu.model.inventory import (
    INVENTORY_SCHEMA,
    Column,
    Inventory,
    NotExamined,
    PackRef,
    Table,
)
from hushu.model.release import (
    Action,
    Decision,
    Plan,
    PlanColumn,
    PlanTable,
    Purpose,
    PurposeItem,
    Release,
)

__all__ = [
    "INVENTORY_SCHEMA",
    "Action",
    "Column",
    "Content",
    "Decision",
    "Evidence",
    "EvidenceKind",
    "Finding",
    "Grade",
    "Inventory",
    "NotExamined",
    "PackRef",
    "Plan",
    "PlanColumn",
    "PlanTable",
    "Purpose",
    "PurposeItem",
    "Reason",
    "Release",
    "Span",
    "Status",
    "Table",
    "Verified",
]
