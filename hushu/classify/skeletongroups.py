"""Values of one skeleton, and what a form says of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Group:
    """Values of one skeleton: their bytes, one row each, and their places among all values."""

    skeleton: bytes
    bytes: Any
    places: Any
    values: Any

    def texts(self, rows: Any) -> Any:
        """Return the values of some rows as an Arrow array."""
        return self.values.take(self.places[rows])


@dataclass(slots=True)
class Found:
    """What a form says of a group: masks over its rows.

    ``whole`` and ``within`` by type, ``traits`` by name, and ``open``: rows it cannot tell.
    """

    whole: dict[str, Any]
    within: dict[str, Any]
    traits: dict[str, Any]
    open: Any
