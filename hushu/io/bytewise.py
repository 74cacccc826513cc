"""What stands in the bytes of a file: in C where the extension was built, else by numpy and Arrow."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

try:
    import hushu.io._bytes as _bytes
except ImportError:  # without a compiler
    _bytes = None

LEAVES_UTF8_TO_ARROW = _bytes is None
"""Whether Arrow has to check that text is UTF-8, cell by cell; :func:`is_utf8` is faster when built."""


def nuls_and_quotes(block: memoryview) -> tuple[int, int]:
    """Return how many NULs and how many double quotes stand in a block.

    Example:
        >>> nuls_and_quotes(memoryview(b'"a"' + bytes(2)))
        (2, 2)
    """
    if _bytes is not None:
        nuls, quotes = _bytes.count(block)
        return nuls, quotes
    import numpy as np

    values = np.frombuffer(block, np.uint8)
    return values.size - int(np.count_nonzero(values)), int(np.count_nonzero(values == ord('"')))


def is_utf8(batch: pa.RecordBatch) -> bool:
    """Tell whether every string of a batch is UTF-8, whatever Arrow was told to check."""
    if _bytes is not None:
        return bool(_bytes.utf8(*batch.__arrow_c_array__()))
    import pyarrow as pa

    try:
        batch.validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True
