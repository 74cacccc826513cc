"""hushu's operators inside Presidio's ``AnonymizerEngine``.

::

    engine = AnonymizerEngine()
    for operator in operators_for_presidio():
        engine.add_anonymizer(operator)
    OperatorConfig("hushu_mask")
    OperatorConfig("hushu_pseudonym", {"keys": ring, "dataset": "2026-17", "recipient": "民政局"})
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa
from presidio_anonymizer.operators import Operator as PresidioOperator
from presidio_anonymizer.operators import OperatorType

from hushu.anonymize import operators
from hushu.anonymize.operators.base import Context

_CONTEXT = ("keys", "dataset", "recipient")
_PREFIX = "hushu_"


def operators_for_presidio() -> list[type[PresidioOperator]]:
    """Return one Presidio operator class for each of hushu's that works on single values.

    Each is called ``hushu_<name>`` and takes the parameters of hushu's operator; the keyed ones
    also ``keys`` (a key ring), ``dataset`` and ``recipient``.

    Example:
        >>> "hushu_mask" in {kind().operator_name() for kind in operators_for_presidio()}
        True
    """
    single = [name for name in operators.names() if operators.get(name).reads == "value"]
    return [to_presidio(name) for name in (*single, "surrogate")]


def to_presidio(name: str) -> type[PresidioOperator]:
    """Return hushu's operator of that name as a class that ``AnonymizerEngine.add_anonymizer`` takes.

    Raises:
        ConfigError: HS-E150, no such operator.
    """
    operators.get(name)

    class Adapted(PresidioOperator):
        """One operator of hushu, value by value."""

        def operate(self, text: str, params: Mapping[str, Any] | None = None) -> str:
            """Return the replacement of one span; what is dropped becomes nothing."""
            given = dict(params or {})
            made = operators.make(name, _own(given))(pa.array([text], pa.string()), _context(given))
            return str(made[0].as_py() or "")

        def validate(self, params: Mapping[str, Any] | None = None) -> None:
            """Check the parameters as a plan's are checked (ConfigError, HS-E151)."""
            operators.make(name, _own(dict(params or {})))

        def operator_name(self) -> str:
            """Return ``hushu_<name>``."""
            return _PREFIX + name

        def operator_type(self) -> OperatorType:
            """Every one of them anonymises."""
            return OperatorType.Anonymize

    Adapted.__name__ = Adapted.__qualname__ = "Hushu" + name.title().replace("_", "")
    return Adapted


def _own(params: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in params.items() if key not in (*_CONTEXT, "entity_type")}


def _context(params: Mapping[str, Any]) -> Context:
    scope = {key: params[key] for key in _CONTEXT if key in params}
    return Context(type=params.get("entity_type", ""), column=params.get("entity_type", ""), **scope)
