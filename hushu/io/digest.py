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
    columns: list[hashlib._Hash] = []
    header = hashlib.sha256()
    for batch in batches:
        if not columns:
            columns = [hashlib.sha256() for _ in batch.schema.names]
            header.update(
                repr([(f.name, str(f.type)) for f in batch.schema]).encode("utf-8", "backslashreplace")
            )
        for digest, array in zip(columns, batch.columns, strict=True):
            _update(digest, array)
    for digest in columns:
        header.update(digest.digest())
    return header.hexdigest()


def _update(digest: hashlib._Hash, array: pa.Array) -> None:
    """Feed an array as length-prefixed text, null as its own mark, so that no two columns collide."""
    import pyarrow as pa
    import pyarrow.compute as pc

    try:
        texts = array if pa.types.is_large_string(array.type) else pc.cast(array, pa.large_string())
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        texts = pa.array([None if v is None else repr(v) for v in array.to_pylist()], pa.large_string())
    lengths = pc.fill_null(pc.binary_length(texts), -1)
    joined = pc.binary_join_element_wise(
        pc.cast(lengths, pa.large_string()), pc.fill_null(texts, ""), pa.scalar(":", pa.large_string())
    )
    chunk = pa.chunked_array([joined])
    for piece in chunk.chunks:
        offsets = piece.buffers()[1]
        if offsets is None or not len(piece):
            continue
        first, last = _bounds(piece)
        data = piece.buffers()[2]
        if data is not None:
            digest.update(memoryview(data)[first:last])


def _bounds(array: pa.Array) -> tuple[int, int]:
    import numpy as np

    offsets = np.frombuffer(array.buffers()[1], dtype=np.int64)
    return int(offsets[array.offset]), int(offsets[array.offset + len(array)])
