"""Rows of a database driver as Arrow columns, with the types that the database declares."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa
    from sqlalchemy.types import TypeEngine


def arrow_type(declared: TypeEngine[Any]) -> pa.DataType:
    """Return the Arrow type that holds a declared type; text for whatever Arrow has no type for.

    Example:
        >>> from sqlalchemy import types
        >>> str(arrow_type(types.INTEGER())), str(arrow_type(types.JSON()))
        ('int64', 'string')
    """
    import pyarrow as pa
    from sqlalchemy import types

    if isinstance(declared, types.Boolean):
        return pa.bool_()
    if isinstance(declared, types.Integer):
        return pa.uint64() if getattr(declared, "unsigned", False) else pa.int64()
    if isinstance(declared, types.Float):
        return pa.float64()
    if isinstance(declared, types.Numeric):
        return _decimal(declared.precision, declared.scale)
    if isinstance(declared, types.DateTime):
        return pa.timestamp("us", tz="UTC" if declared.timezone else None)
    if isinstance(declared, types.Date):
        return pa.date32()
    if isinstance(declared, types.LargeBinary):
        return pa.binary()
    return pa.string()


def stored_type(classes: set[str]) -> pa.DataType:
    """Return the Arrow type that holds values of SQLite's storage classes.

    Example:
        >>> str(stored_type({"integer"})), str(stored_type({"integer", "text"}))
        ('int64', 'string')
    """
    import pyarrow as pa

    if classes == {"integer"}:
        return pa.int64()
    if classes and classes <= {"integer", "real"}:
        return pa.float64()
    return pa.binary() if classes == {"blob"} else pa.string()


def to_array(values: Sequence[Any], kind: pa.DataType) -> pa.Array:
    """Return one column of rows; as text when the values do not keep to the declared type.

    Example:
        >>> import pyarrow as pa
        >>> to_array([1, None, "x"], pa.int64()).to_pylist()
        ['1', None, 'x']
    """
    import pyarrow as pa

    try:
        return pa.array(values, kind)
    except (pa.ArrowException, TypeError, ValueError, OverflowError, UnicodeError):
        return pa.array([as_text(v) for v in values], pa.string())


def as_text(value: Any) -> str | None:
    """Return a driver's value as text that UTF-8 can hold."""
    if value is None or isinstance(value, str):
        text = value
    elif isinstance(value, (bytes, bytearray, memoryview)):
        return _bytes(bytes(value))
    elif isinstance(value, (dict, list)):
        text = json.dumps(value, ensure_ascii=False, default=str)
    else:
        text = str(value)
    return text if text is None else text.encode("utf-8", "replace").decode("utf-8")


def _bytes(value: bytes) -> str:
    for name in ("utf-8", "gb18030"):
        try:
            return value.decode(name)
        except UnicodeDecodeError:
            continue
    return value.hex()


def _decimal(precision: int | None, scale: int | None) -> pa.DataType:
    import pyarrow as pa

    if precision is None or precision > 76:
        return pa.string()
    make = pa.decimal128 if precision <= 38 else pa.decimal256
    return make(precision, scale or 0)
