"""What a database driver said, fit to be shown."""

from __future__ import annotations

import re

from hushu.errors import HushuError


def driver_reason(error: Exception) -> str:
    """Return why a driver failed, in its own first words, without whatever may be a value.

    Example:
        >>> driver_reason(ValueError('invalid input for integer: "13800138000"'))
        'HS-E233 the database refused: ValueError invalid input for integer: …'
    """
    from sqlalchemy.exc import DBAPIError

    if isinstance(error, HushuError):
        return f"{error.code} {error.what}"
    cause = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    words = str(cause.args[-1] if cause.args else cause).strip().partition("\n")[0]
    masked = re.sub(r"['\"`].*['\"`]|[^\x20-\x7e]+|\d{5,}", "…", words)
    return f"HS-E233 the database refused: {type(cause).__name__} {masked}"[:300]
