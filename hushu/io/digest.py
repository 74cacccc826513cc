"""SHA-256 of files and of tables: what a certificate pins down."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

_CHUNK = 1 << 20


def file_sha256(path: str | Path) -> str:
    """Return the SHA-256 of a file's bytes, in hex, reading a mebibyte at a time.

    Example:
        >>> import tempfile
        >>> empty = tempfile.NamedTemporaryFile()
        >>> file_sha256(empty.name)[:8]
        'e3b0c442'
    """
    digest = hashlib.sha256()
    with Path(path).open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def batches_sha256(batches: Iterable[pa.RecordBatch]) -> str:
    """Return the SHA-256 of a table's names, types and values, independent of how it is cut in batches.

    Two tables with equal columns in equal order and equal rows in equal order have one digest,
    whichever library holds them and however they are sliced.

    Example:
        >>> import pyarrow as pa
        >>> whole = pa.record_batch({"a": [1, 2, None]})
        >>> batches_sha256([whole]) == batches_sha256([whole.slice(0, 1), whole.slice(1)])
        True
    """
    digest = TableDigest()
    for batch in batches:
        digest.add(batch)
    return digest.hexdigest()


class TableDigest:
    """What :func:`batches_sha256` computes, batch by batch."""

    def __init__(self) -> None:
        self._header = hashlib.sha256()
        self._columns: list[tuple[hashlib._Hash, hashlib._Hash]] = []

    def add(self, batch: pa.RecordBatch) -> None:
        """Take in the rows of one batch."""
        if not self._columns:
            self._columns = [(hashlib.sha256(), hashlib.sha256()) for _ in batch.schema.names]
            self._header.update(
                repr([(f.name, str(f.type)) for f in batch.schema]).encode("utf-8", "backslashreplace")
            )
        for (lengths, texts), array in zip(self._columns, batch.columns, strict=True):
            _update(lengths, texts, array)

    def hexdigest(self) -> str:
        """Return the SHA-256 of everything so far."""
        whole = self._header.copy()
        for lengths, texts in self._columns:
            whole.update(lengths.digest() + texts.digest())
        return whole.hexdigest()


def _update(lengths: hashlib._Hash, texts: hashlib._Hash, array: pa.Array) -> None:
    """Feed an array as text and the lengths of its values, null as -1, so that no two columns collide."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    if not (pa.types.is_string(array.type) or pa.types.is_large_string(array.type)):
        array = _as_text(array)
    if array.null_count:  # a null may hide bytes
        held = pc.fill_null(pc.binary_length(array), -1)
        array = pc.fill_null(array, "")
    else:
        held = pc.binary_length(array)
    lengths.update(np.ascontiguousarray(held.to_numpy(zero_copy_only=False), "<i8").data)
    wide = pa.types.is_large_string(array.type)
    data = array.buffers()[2]
    if data is not None and len(array):
        offsets = np.frombuffer(array.buffers()[1], np.int64 if wide else np.int32)
        first, last = int(offsets[array.offset]), int(offsets[array.offset + len(array)])
        texts.update(memoryview(data)[first:last])


def _as_text(array: pa.Array) -> pa.Array:
    import pyarrow as pa
    import pyarrow.compute as pc

    try:
        return pc.cast(array, pa.large_string())
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return pa.array([None if v is None else repr(v) for v in array.to_pylist()], pa.large_string())
