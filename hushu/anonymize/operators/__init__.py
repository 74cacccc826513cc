"""The operators by name: ``get("mask")``, ``make("bucket", {"width": 5})``, ``names()``.

An unkeyed hash is not among them and never will be: whoever has the list of possible values
(every telephone number, every identity number of a district) undoes it by trying them all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, get_type_hints

from hushu.errors import ConfigError, PolicyError

if TYPE_CHECKING:
    from hushu.anonymize.operators.base import Context, Loss, Operator

__all__ = ["Context", "Loss", "Operator", "get", "make", "names"]

_WHERE = {
    "bucket": "bucket:Bucket",
    "constant": "constant:Constant",
    "coordinate": "coordinate:Coordinate",
    "date_part": "date_part:DatePart",
    "date_shift": "date_shift:DateShift",
    "derive": "derive:Derive",
    "drop": "drop:Drop",
    "encrypt": "encrypt:Encrypt",
    "format_preserving": "format_preserving:FormatPreserving",
    "generalize": "generalize:Generalize",
    "keep": "keep:Keep",
    "mask": "mask:Mask",
    "mask_screen": "mask:ScreenMask",
    "microaggregate": "microaggregate:Microaggregate",
    "noise": "noise:Noise",
    "null": "null:Null",
    "pseudonym": "pseudonym:Pseudonym",
    "redact_text": "redact_text:RedactText",
    "regex": "regex:Regex",
    "round": "rounding:Round",
    "shuffle": "shuffle:Shuffle",
    "surrogate": "surrogate:Surrogate",
    "topcode": "topcode:TopCode",
    "truncate": "truncate:Truncate",
    "yes_no": "yes_no:YesNo",
}
_HASHES = {"hash", "md5", "sha1", "sha256", "sha512", "sm3", "blake2b", "crc32"}


def names() -> tuple[str, ...]:
    """Return the names of all operators, sorted."""
    return tuple(sorted(_WHERE))


def get(name: str) -> type[Operator]:
    """Return the operator class of that name.

    Raises:
        PolicyError: HS-E351, a hash without a key was asked for.
        ConfigError: HS-E150, no such operator.

    Example:
        >>> get("truncate").name
        'truncate'
    """
    if name.lower().replace("-", "") in _HASHES:
        raise PolicyError(
            "a hash without a key is refused",
            where=f"operator {name}",
            why="telephone and identity numbers can all be tried: a plain hash hides nothing",
            fix="use the operator pseudonym (HMAC-SHA256 or HMAC-SM3) with a key",
            code="HS-E351",
        )
    if name not in _WHERE:
        raise ConfigError("unknown operator", where=name, fix="one of: " + ", ".join(names()), code="HS-E150")
    module, attribute = _WHERE[name].split(":")
    found: type[Operator] = getattr(import_module(f"{__name__}.{module}"), attribute)
    return found


def make(name: str, params: Mapping[str, Any] | None = None) -> Operator:
    """Return the operator with its parameters checked.

    Raises:
        ConfigError: HS-E150, no such operator; HS-E151, a parameter it does not know or cannot use.
        PolicyError: HS-E351, a hash without a key.

    Example:
        >>> make("truncate", {"keep": 6}).explain("en")
        'the first 6 characters are kept'
    """
    kind, given = get(name), params or {}
    readers = _readers(kind)
    unknown = sorted(set(given) - set(readers))
    if unknown:
        raise _misfit(name, ", ".join(unknown), "it knows: " + (", ".join(readers) or "none"))
    try:
        return kind(**{key: _read(name, key, readers[key], value) for key, value in given.items()})
    except TypeError as error:
        lacking = ", ".join(field.name for field in fields(kind) if field.name not in given)
        raise _misfit(name, lacking, "it needs more parameters than were given") from error


@cache
def _readers(kind: type[Operator]) -> dict[str, Any]:
    from pydantic import TypeAdapter

    hints = get_type_hints(kind)
    return {field.name: TypeAdapter(hints[field.name]) for field in fields(kind)}


def _read(name: str, parameter: str, reader: Any, value: Any) -> Any:
    from pydantic import ValidationError

    try:
        return reader.validate_python(value)
    except ValidationError as error:
        raise _misfit(name, parameter, error.errors(include_input=False)[0]["msg"]) from error


def _misfit(name: str, where: str, why: str) -> ConfigError:
    return ConfigError(
        f"the operator {name} does not take these parameters",
        where=where,
        why=why,
        fix="correct the params of this column in the plan",
        code="HS-E151",
    )


def __getattr__(name: str) -> Any:
    if name in {"Context", "Loss", "Operator"}:
        return getattr(import_module(f"{__name__}.base"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
